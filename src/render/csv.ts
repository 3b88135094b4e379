import type { Column, Report } from '../model/index.ts';

import { exact, isQuantity } from './exact.ts';
import { rowsOf, valueAt } from './rows.ts';
import { safeText } from './text.ts';

/**
 * The rows as RFC 4180 text with the exact values of JSON; an unknown value is an empty cell. Lines end in LF, as the
 * tools that read them from a pipe expect.
 *
 * Spreadsheets run text that begins with `= + - @` as a formula, and names come from strangers: such text gets a `'` in
 * front (owasp.org/www-community/attacks/CSV_Injection). Numbers do not, and JSON never has it.
 */
export function* renderCsv(report: Report): Iterable<string> {
  const { columns } = report.table;
  yield `${columns.map((column) => quotedCell(column.name)).join(',')}\n`;
  for (const row of rowsOf(report)) yield `${columns.map((column) => csvCell(row, column)).join(',')}\n`;
}

function csvCell(row: unknown, column: Column): string {
  const value = valueAt(row, column.path);
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return quotedCell(inert(safeText(value)));
  const known = typeof value === 'object' && isQuantity(value) ? exact(value) : value;
  return known === null ? '' : quotedCell(String(known));
}

const inert = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quotedCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

import type { Report } from '../model/index.ts';
import { columnTexts, isNumeric } from './cells.ts';
import { costNotes } from './notes.ts';
import type { RenderOptions } from './options.ts';
import { rowsOf, shownColumns, totalOf, valueAt } from './rows.ts';
import { safeText } from './text.ts';

/** The rows as a GitHub-flavoured table (github.github.com/gfm/#tables-extension-), the total in bold below them. */
export function* renderMarkdown(report: Report, options: Pick<RenderOptions, 'zone'>): Iterable<string> {
  const columns = shownColumns(report);
  const rows = rowsOf(report);
  const { above = [], below = [] } = report.around ?? {};
  for (const text of above) yield text === '' ? '\n' : `${markup(safeText(text))}  \n`;
  if (above.length > 0 && above.at(-1) !== '') yield '\n';
  const total = totalOf(report);
  const all = total === undefined ? rows : [...rows, total];
  const cells = columns.map((column) =>
    columnTexts(
      column,
      all.map((row) => valueAt(row, column.path)),
      options.zone,
    ).map(markup),
  );
  yield line(columns.map(({ label }) => markup(label)));
  yield line(columns.map((column) => (isNumeric(column) ? '---:' : '---')));
  for (let i = 0; i < rows.length; i++) yield line(cells.map((column) => column[i]!));
  if (total !== undefined && rows.length > 0) {
    yield line(cells.map((column, i) => `**${i === 0 ? 'total' : column[rows.length]!}**`));
  }
  const notes = costNotes(report).flatMap(({ text, details }) => [
    `- ${markup(text)}`,
    ...details.map((detail) => `  - ${markup(detail)}`),
  ]);
  if (notes.length > 0) yield `\n${notes.join('\n')}\n`;
  for (const text of below) yield text === '' ? '\n' : `${markup(safeText(text))}  \n`;
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

/** Names come from strangers: nothing in them is markup, a link or the end of a cell. */
export const markup = (text: string): string =>
  text.replace(/[\\|`*[\]<&]/g, (character) => MARKUP[character]!);

const MARKUP: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '|': '\\|',
  '`': '\\`',
  '*': '\\*',
  '[': '\\[',
  ']': '\\]',
  '<': '&lt;',
  '&': '&amp;',
};

import type { Column, Report } from '../model/index.ts';
import { columnTexts, isNumeric, rowsOf, valueAt } from './cells.ts';
import { costNotes } from './notes.ts';
import type { RenderOptions } from './options.ts';
import { cellWidth, cutMiddle, padLeft, padRight } from './text.ts';

/**
 * The rows as aligned columns without borders: a heading, the rows, the total, and what is to be known about it.
 * Where `width` is given it fits: first droppable columns go, then the widest texts are cut.
 */
export function* renderTable(report: Report, options: RenderOptions): Iterable<string> {
  const rows = rowsOf(report);
  const total = report.table.total === undefined ? undefined : report.body[report.table.total];
  const all = total === undefined ? rows : [...rows, total];
  const columns = fitting(
    report.table.columns
      .map((column) => layOut(column, all, rows.length, options))
      .filter(({ empty, column }) => !(empty && (column.droppable ?? 0) > 0)),
    options.width,
  );
  const cut = options.width !== undefined;
  yield line(columns, cut, (column) => column.heading);
  for (let i = 0; i < rows.length; i++) yield line(columns, cut, (column) => column.cells[i]!);
  if (total !== undefined && rows.length > 0) {
    yield `${'─'.repeat(totalWidth(columns))}\n`;
    yield line(columns, cut, (column, i) => (i === 0 ? 'total' : column.cells[rows.length]!));
  }
  const notes = costNotes(report);
  if (notes.length > 0) yield `\n${notes.join('\n')}\n`;
}

const GAP = 2;
/** A text is not cut below this: less tells nothing. */
const NARROWEST = 8;
/** Where nothing is cut, longer text does not push the other rows away. */
const WIDEST = 60;

type LaidOut = {
  readonly column: Column;
  readonly heading: string;
  readonly cells: readonly string[];
  /** Nothing to see in any row: absent or 0. */
  readonly empty: boolean;
  width: number;
};

function layOut(column: Column, rows: readonly unknown[], shown: number, options: RenderOptions): LaidOut {
  const values = rows.map((row) => valueAt(row, column.path));
  const texts = columnTexts(column, values, options.zone);
  const cells = options.width === undefined || isNumeric(column) ? texts : shortened(column, texts);
  const heading = column.label.toUpperCase();
  return {
    column,
    heading,
    cells,
    empty: values.slice(0, shown).every((value) => value === undefined || value === null || value === 0),
    width: Math.min(
      cells.reduce((widest, cell) => Math.max(widest, cellWidth(cell)), cellWidth(heading)),
      options.width ?? WIDEST,
    ),
  };
}

/** Hexadecimal digests and ids at the length that still tells them apart; whole where nobody is looking. */
function shortened(column: Column, texts: readonly string[]): readonly string[] {
  const hex = /^[0-9a-f]{16,}$/;
  const ids = [...new Set(texts.filter((text) => hex.test(text)))].sort();
  let length = 8;
  for (let i = 1; i < ids.length; i++) length = Math.max(length, commonPrefix(ids[i - 1]!, ids[i]!) + 1);
  const mark = column.show === 'id' ? '' : '…';
  return texts.map((text) => (hex.test(text) && length < text.length ? text.slice(0, length) + mark : text));
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Columns that fit: the most droppable go first, then the widest texts give way, none below what still tells something. */
function fitting(columns: readonly LaidOut[], available: number | undefined): readonly LaidOut[] {
  let left = columns;
  if (available === undefined) return left;
  while (totalWidth(left) > available) {
    const next = Math.max(0, ...left.map(({ column }) => column.droppable ?? 0));
    if (next === 0) break;
    left = left.filter(({ column }) => column.droppable !== next);
  }
  const texts = left.filter(({ column }) => !isNumeric(column) && column.show !== 'time');
  for (let excess = totalWidth(left) - available; excess > 0; excess--) {
    const widest = texts.reduce<LaidOut | undefined>(
      (best, one) => (one.width > (best?.width ?? NARROWEST) ? one : best),
      undefined,
    );
    if (widest === undefined) break;
    widest.width--;
  }
  return left;
}

const totalWidth = (columns: readonly LaidOut[]): number =>
  columns.reduce((sum, { width }) => sum + width, GAP * (columns.length - 1));

function line(
  columns: readonly LaidOut[],
  cut: boolean,
  text: (column: LaidOut, index: number) => string,
): string {
  const cells = columns.map((column, i) => {
    const cell = cut ? cutMiddle(text(column, i), column.width) : text(column, i);
    return isNumeric(column.column) ? padLeft(cell, column.width) : padRight(cell, column.width);
  });
  return `${cells.join(' '.repeat(GAP)).trimEnd()}\n`;
}

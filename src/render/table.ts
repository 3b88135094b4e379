import type { Column, Report } from '../model/index.ts';
import { columnTexts, isNumeric } from './cells.ts';
import { UNKNOWN } from './format.ts';
import { costNotes, noteLines } from './notes.ts';
import type { RenderOptions } from './options.ts';
import { paint } from './paint.ts';
import { rowsOf, shownColumns, totalOf, valueAt } from './rows.ts';
import { cellWidth, cutMiddle, padLeft, padRight, safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/**
 * The rows as aligned columns without borders: a heading, the rows, the total, and what is to be known about it; nothing
 * where there are no rows.
 * Where `width` is given it fits: first droppable columns go, then the widest texts are cut.
 */
export function* renderTable(whole: Report, options: RenderOptions): Iterable<string> {
  const report = uncut(whole, options);
  const rows = rowsOf(report);
  yield* lines(report.around?.above ?? [], options);
  if (rows.length > 0) yield* table(report, rows, options);
  yield* lines(report.around?.below ?? [], options);
}

function* lines(texts: readonly string[], { width }: RenderOptions): Iterable<string> {
  for (const text of texts)
    for (const one of wrapped(safeText(text), width, `${indentOf(text)}  `)) yield `${one}\n`;
}

const indentOf = (text: string): string => ' '.repeat(text.length - text.trimStart().length);

/** The report as it is where its table fits, else in its narrow shape if it has one. */
function uncut(report: Report, options: RenderOptions): Report {
  const { narrow, ...rest } = report;
  if (narrow === undefined || fits(rest, options)) return rest;
  return { ...rest, table: { ...rest.table, columns: narrow.columns }, around: narrow.around };
}

/** Whether the table, without the lines around it, stands in the width with nothing cut. */
export function fits({ around: _, ...report }: Report, { width, zone }: RenderOptions): boolean {
  if (width === undefined) return true;
  const text = [...renderTable(report, { width: undefined, color: false, zone })].join('');
  return text.split('\n').every((line) => cellWidth(line.trimEnd()) <= width);
}

function* table(report: Report, rows: readonly unknown[], options: RenderOptions): Iterable<string> {
  const total = totalOf(report);
  const all = total === undefined ? rows : [...rows, total];
  const filled = shownColumns(report)
    .map((column) => layOut(column, all, rows.length, options))
    .filter(({ empty, column }) => !(empty && (column.droppable ?? 0) > 0));
  const [first] = filled;
  if (first !== undefined && total !== undefined) first.width = Math.max(first.width, TOTAL.length);
  const columns = fitting(filled, options.width);
  const last = columns.at(-1);
  // Nothing stands beside it: how far a text in it reaches matters for the rule above the total only.
  if (options.width === undefined && last !== undefined && !isNumeric(last.column))
    last.width = Math.min(last.width, LONGEST_RULE);
  const { bold, dim } = paint(options.color);
  const cut = options.width !== undefined;
  const strong = (cell: string): string => bold(cell);
  const quiet = (cell: string, text: string): string => (NOTHING.has(text) ? dim(cell) : cell);
  yield line(columns, cut, (column) => column.heading, strong);
  for (let i = 0; i < rows.length; i++) yield line(columns, cut, (column) => column.cells[i]!, quiet);
  if (total !== undefined) {
    yield `${dim('─'.repeat(totalWidth(columns)))}\n`;
    yield line(columns, cut, (column, i) => (i === 0 ? TOTAL : column.cells[rows.length]!), strong);
  }
  const notes = costNotes(report);
  if (notes.length > 0)
    yield `\n${noteLines(notes)
      .map((note) => dim(note))
      .join('\n')}\n`;
}

/** Cells that say that there is nothing to see. */
const NOTHING: ReadonlySet<string> = new Set([UNKNOWN, '0', '$0', '0%']);
/** Stands in the first column, which is never narrower. */
const TOTAL = 'total';
const GAP = 2;
/** Texts are cut to this before columns are left out for them. */
const COMFORTABLE = 24;
/** A text is not cut below this: less tells nothing. */
const NARROWEST = 8;
/** Where nothing is cut, columns are as wide as their widest text; a longer one than this sticks out alone. */
const WIDEST = 200;
const LONGEST_RULE = 60;

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
    width:
      options.width === undefined
        ? widestOf([heading, ...cells.filter((cell) => cell.length <= WIDEST)], WIDEST)
        : widestOf([heading, ...cells], options.width),
  };
}

/** Hexadecimal digests and ids no longer than tells them apart: their beginning, or both ends where beginnings are alike. */
function shortened(column: Column, texts: readonly string[]): readonly string[] {
  const hex = /^[0-9a-f]{16,}$/;
  const ids = [...new Set(texts.filter((text) => hex.test(text)))].sort();
  let length = 8;
  for (let i = 1; i < ids.length; i++) length = Math.max(length, commonPrefix(ids[i - 1]!, ids[i]!) + 1);
  const mark = column.show === 'id' ? '' : '…';
  const short = (id: string): string => {
    const cut = length <= 12 ? id.slice(0, length) + mark : `${id.slice(0, 8)}…${id.slice(-8)}`;
    return cut.length < id.length ? cut : id;
  };
  if (new Set(ids.map(short)).size < ids.length) return texts;
  return texts.map((text) => (hex.test(text) ? short(text) : text));
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The widest text, or `limit` if that is less. Of longer texts only the beginning is measured, which takes time. */
function widestOf(texts: readonly string[], limit: number): number {
  let widest = 0;
  for (const text of texts) {
    if (widest >= limit) break;
    widest = Math.max(widest, cellWidth(text.length > 2 * limit ? text.slice(0, 2 * limit) : text));
  }
  return Math.min(widest, limit);
}

/**
 * Columns that fit: those that never go, then the others as there is room, the least droppable first. If even that is too
 * wide, the widest texts give way, none below what still tells something.
 */
function fitting(columns: readonly LaidOut[], available: number | undefined): readonly LaidOut[] {
  if (available === undefined) return columns;
  const levelOf = ({ column }: LaidOut): number => column.droppable ?? 0;
  const levels = [...new Set(columns.map(levelOf))].sort((a, b) => a - b);
  const shown = new Set([0]);
  const left = () => columns.filter((column) => shown.has(levelOf(column)));
  for (const level of levels) {
    if (shown.has(level)) continue;
    shown.add(level);
    if (totalWidth(left(), COMFORTABLE) > available) shown.delete(level);
  }
  return narrowed(left(), available);
}

function narrowed(left: readonly LaidOut[], available: number): readonly LaidOut[] {
  for (let excess = totalWidth(left) - available; excess > 0; excess--) {
    const widest = left
      .filter(isCuttable)
      .reduce<LaidOut | undefined>(
        (best, one) => (one.width > (best?.width ?? NARROWEST) ? one : best),
        undefined,
      );
    if (widest === undefined) break;
    widest.width--;
  }
  return left;
}

const isCuttable = ({ column }: LaidOut): boolean => column.show === 'text' || column.show === 'id';

/** What the columns take beside each other, texts cut to `text`. */
function totalWidth(columns: readonly LaidOut[], text = Number.POSITIVE_INFINITY): number {
  const widths = columns.map((column) => (isCuttable(column) ? Math.min(column.width, text) : column.width));
  return widths.reduce((sum, width) => sum + width, GAP * (columns.length - 1));
}

function line(
  columns: readonly LaidOut[],
  cut: boolean,
  text: (column: LaidOut, index: number) => string,
  painted: (cell: string, text: string) => string,
): string {
  const cells = columns.map((column, i) => {
    const whole = text(column, i);
    const cell = cut ? cutMiddle(nearEnds(whole, column.width), column.width) : whole;
    const last = i === columns.length - 1;
    const padded = isNumeric(column.column)
      ? padLeft(cell, column.width)
      : last
        ? cell
        : padRight(cell, column.width);
    return painted(padded, whole);
  });
  return `${cells.join(' '.repeat(GAP))}\n`;
}

/** Both ends of a text that will be cut in the middle: measuring all of it would take long and change nothing. */
const nearEnds = (text: string, width: number): string =>
  text.length > 4 * width ? text.slice(0, 2 * width) + text.slice(-2 * width) : text;

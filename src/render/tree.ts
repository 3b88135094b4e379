import type { Report, TraceView } from '../model/index.ts';
import { formatCount } from './format.ts';
import type { RenderOptions } from './options.ts';
import { type Paint, paint } from './paint.ts';
import { cutEnd, safeText } from './text.ts';
import { detailLines } from './tree-details.ts';
import { headLines, shortId } from './tree-head.ts';
import { layOut, type SpanRow, spanLine, spanRow } from './tree-line.ts';
import { pathLines } from './tree-path.ts';
import { type Row, treeRows } from './tree-rows.ts';

export type TreeOptions = RenderOptions & {
  /** Tell repeated steps in one line; default true. */
  readonly fold?: boolean;
};

/**
 * Runs as trees on their time axis. Where `width` is given every line fits, and names are cut in the middle; without it
 * nothing is cut. Pieces are whole lines.
 */
export function* renderTree(report: Report, options: TreeOptions): Iterable<string> {
  let between = '';
  for (const trace of report.traces ?? []) {
    yield between;
    yield* renderTrace(trace, options);
    between = '\n';
  }
}

/** The lines are gone through twice, first for how wide they are: nothing is kept of any of them. */
function* renderTrace(trace: TraceView, options: TreeOptions): Iterable<string> {
  const paints = paint(options.color);
  const rows = (): Iterable<Row> =>
    treeRows(trace, { fold: options.fold ?? true, levels: levelsAt(options.width) });
  const layout = layOut(spanLines(rows(), trace), trace, options.width);
  yield headLines(trace, options, paints);
  for (const row of rows()) {
    if (row.type === 'span') yield spanLine(row.guide, spanRow(row.spans, trace), layout, paints);
    else yield* otherLines(row, options, paints);
  }
  yield* pathLines(trace, options, paints);
}

function* spanLines(
  rows: Iterable<Row>,
  trace: TraceView,
): Iterable<{ readonly guide: string; readonly row: SpanRow }> {
  for (const row of rows) {
    if (row.type === 'span') yield { guide: row.guide, row: spanRow(row.spans, trace) };
  }
}

/** A third of the screen for the lines of the tree; on paper and in pipes, as many as a reader can follow. */
const levelsAt = (width: number | undefined): number =>
  width === undefined ? 20 : Math.max(3, Math.floor(width / 9));

function* otherLines(
  row: Exclude<Row, { type: 'span' }>,
  { width, zone }: RenderOptions,
  paints: Paint,
): Iterable<string> {
  const fitted = (text: string): string =>
    width === undefined ? text : cutEnd(text, Math.max(1, width - row.guide.length));
  if (row.type === 'detail') {
    for (const line of detailLines(row.of, zone)) yield `${paints.dim(row.guide + fitted(line))}\n`;
  } else if (row.type === 'hidden') {
    yield `${paints.dim(row.guide + fitted(`… ${formatCount(row.count)} more`))}\n`;
  } else {
    const id = safeText(row.parent);
    const shown = width === undefined ? id : shortId(id);
    yield `${paints.dim(row.guide)}${paints.yellow(fitted(`(missing parent ${shown})`))}\n`;
  }
}

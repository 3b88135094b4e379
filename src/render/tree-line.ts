import { isModelKind, type SpanView, type TraceView } from '../model/index.ts';
import { formatCount, formatDuration } from './format.ts';
import type { Paint } from './paint.ts';
import { cellWidth, cutMiddle, padLeft } from './text.ts';
import { isSingle, spanLabel, spanParts } from './tree-parts.ts';
import { type Part, tailText, tailWidth } from './tree-tail.ts';
import { type Axis, bar, bars, type Interval, openBar } from './waterfall.ts';

/** What a line of a tree says about its span, or about several told together; not yet laid out. */
export type SpanRow = {
  readonly spans: readonly SpanView[];
  readonly label: string;
  readonly labelWidth: number;
  readonly duration: string;
  readonly intervals: readonly Interval[];
  readonly parts: readonly Part[];
};

export function spanRow(spans: readonly SpanView[], trace: TraceView): SpanRow {
  const label = spanLabel(spans[0]!) + (spans.length > 1 ? ` ×${formatCount(spans.length)}` : '');
  const durations = spans.map((span) => span.duration_ms.nanos);
  const total = durations.some((nanos) => nanos === undefined)
    ? undefined
    : durations.reduce<number>((sum, nanos) => sum + nanos!, 0);
  return {
    spans,
    label,
    labelWidth: cellWidth(label),
    duration: `${spans.length > 1 ? 'Σ ' : ''}${formatDuration(total)}`,
    intervals: spans.flatMap((span) => intervalOf(span, trace)),
    parts: spanParts(spans, { nanos: trace.duration_ms.nanos ?? 0, single: isSingle(trace) }),
  };
}

function intervalOf(span: SpanView, trace: TraceView): Interval[] {
  if (span.start.at === undefined || trace.start.at === undefined) return [];
  const from = Number(span.start.at - trace.start.at);
  return [{ from, to: from + (span.duration_ms.nanos ?? 0) }];
}

/** The columns of a trace's lines. */
export type Layout = {
  readonly label: number;
  readonly duration: number;
  readonly axis: Axis;
  /** For what stands right of the bar; undefined: as long as it is. */
  readonly tail: number | undefined;
};

/** Without a screen, longer labels do not push the bars of the others away. */
const WIDEST_LABEL = 80;
const BAR = 30;

/** Columns that suit all lines of a trace. `guides` are the widths of what stands before the labels. */
export function layOut(
  rows: readonly SpanRow[],
  guides: readonly number[],
  trace: TraceView,
  width: number | undefined,
): Layout {
  let label = 0;
  let duration = 0;
  let tail = 0;
  for (let i = 0; i < rows.length; i++) {
    const span = rows[i]!;
    label = Math.max(label, guides[i]! + span.labelWidth);
    duration = Math.max(duration, span.duration.length);
    tail = Math.max(tail, tailWidth(span.parts));
  }
  const nanos = trace.duration_ms.nanos ?? 0;
  if (width === undefined) {
    const columns = { label: Math.min(label, WIDEST_LABEL), duration, tail: undefined };
    return { ...columns, axis: { duration: nanos, width: BAR } };
  }
  const labels = Math.min(label, Math.max(16, Math.floor(width * 0.45)));
  const free = width - labels - duration - 2;
  // The bar takes what the rest leaves, within reason: long texts give way, and a screen too narrow for both has no bar.
  const reserved = Math.min(tail, Math.max(30, Math.floor(width * 0.35)));
  const wished = Math.min(Math.max(free - 1 - reserved, Math.floor(width / 10)), Math.floor(width / 3));
  const axis = { duration: nanos, width: wished >= 6 && free - wished > 10 ? wished : 0 };
  return { label: labels, duration, axis, tail: Math.max(0, free - axis.width - (axis.width > 0 ? 1 : 0)) };
}

/** Guide, label, duration, bar, and what is to be said about the span. */
export function spanLine(guide: string, row: SpanRow, layout: Layout, paints: Paint): string {
  const { label: columns, duration, axis, tail } = layout;
  const room = Math.max(1, columns - guide.length);
  const label = tail === undefined ? row.label : cutMiddle(row.label, room);
  const used = tail === undefined ? row.labelWidth : Math.min(cellWidth(label), room);
  const painted = paints.dim(guide) + labelColour(row.spans[0]!, paints)(label);
  const gap = ' '.repeat(Math.max(0, columns - guide.length - used));
  const tailed = tailText(row.parts, tail, paints);
  const drawn = axis.width === 0 ? '' : barOf(row, axis);
  const told =
    drawn === ''
      ? tailed
      : `${barColour(row.spans, paints)(tailed === '' ? drawn.trimEnd() : drawn)} ${tailed}`;
  return `${`${painted}${gap} ${padLeft(row.duration, duration)} ${told}`.trimEnd()}\n`;
}

function labelColour({ kind, failed }: SpanView, paints: Paint): (text: string) => string {
  if (failed) return paints.red;
  if (isModelKind(kind)) return paints.magenta;
  if (kind === 'tool') return paints.cyan;
  return kind === 'agent' || kind === 'workflow' ? paints.bold : (text) => text;
}

function barColour(spans: readonly SpanView[], paints: Paint): (text: string) => string {
  if (spans[0]!.failed) return paints.red;
  return spans.some((span) => (span.critical_ms.nanos ?? 0) > 0) ? paints.yellow : paints.blue;
}

function barOf({ intervals, spans }: SpanRow, axis: Axis): string {
  if (intervals.length === 0) return ' '.repeat(axis.width);
  if (intervals.length > 1) return bars(axis, intervals);
  return spans[0]!.duration_ms.nanos === undefined
    ? openBar(axis, intervals[0]!.from)
    : bar(axis, intervals[0]!);
}

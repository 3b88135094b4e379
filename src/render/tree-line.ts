import { type Instant, isModelKind, type SpanView, type TraceView } from '../model/index.ts';
import { formatCount, formatDuration } from './format.ts';
import type { Paint } from './paint.ts';
import { cellWidth, cutMiddle } from './text.ts';
import { isSingle, spanLabel, spanParts } from './tree-parts.ts';
import { type Part, tailText, tailWidth } from './tree-tail.ts';
import { type Axis, bar, bars, type Interval, openBar } from './waterfall.ts';

/** What a line of a tree says about its span, or about several told together; not yet laid out. */
export type SpanRow = {
  readonly spans: readonly SpanView[];
  readonly label: string;
  readonly labelWidth: number;
  readonly duration: string;
  readonly parts: readonly Part[];
};

export function spanRow(spans: readonly SpanView[], trace: TraceView): SpanRow {
  const label = spanLabel(spans[0]!) + (spans.length > 1 ? ` ×${formatCount(spans.length)}` : '');
  return {
    spans,
    label,
    labelWidth: cellWidth(label),
    duration: `${spans.length > 1 ? 'Σ ' : ''}${formatDuration(totalDuration(spans))}`,
    parts: spanParts(spans, { nanos: trace.duration_ms.nanos ?? 0, single: isSingle(trace) }),
  };
}

/** Undefined as soon as one of them is not known. */
function totalDuration(spans: readonly SpanView[]): number | undefined {
  let total = 0;
  for (const { duration_ms: duration } of spans) {
    if (duration.nanos === undefined) return undefined;
    total += duration.nanos;
  }
  return total;
}

/** When the spans ran, of those whose start is known. */
function* intervals(spans: readonly SpanView[], began: Instant): Iterable<Interval> {
  for (const { start, duration_ms: duration } of spans) {
    if (start.at === undefined) continue;
    const from = Number(start.at - began);
    yield { from, to: from + (duration.nanos ?? 0) };
  }
}

/** The columns of a trace's lines. */
export type Layout = {
  readonly label: number;
  readonly duration: number;
  /** Where the axis begins; undefined where no time is known. */
  readonly began: Instant | undefined;
  readonly axis: Axis;
  /** For what stands right of the bar; undefined: as long as it is. */
  readonly tail: number | undefined;
};

/** Without a screen, longer labels do not push the bars of the others away. */
const WIDEST_LABEL = 80;
const BAR = 30;

/** Columns that suit all lines of a trace, each with what stands before its label. */
export function layOut(
  lines: Iterable<{ readonly guide: string; readonly row: SpanRow }>,
  trace: TraceView,
  width: number | undefined,
): Layout {
  let label = 0;
  let duration = 0;
  let tail = 0;
  for (const { guide, row } of lines) {
    label = Math.max(label, guide.length + row.labelWidth);
    duration = Math.max(duration, row.duration.length);
    tail = Math.max(tail, tailWidth(row.parts));
  }
  const began = trace.start.at;
  const nanos = trace.duration_ms.nanos ?? 0;
  if (width === undefined) {
    const columns = { label: Math.min(label, WIDEST_LABEL), duration, tail: undefined };
    return { ...columns, began, axis: { duration: nanos, width: BAR } };
  }
  const labels = Math.min(label, Math.max(16, Math.floor(width * 0.45)));
  const free = width - labels - duration - 2;
  // The bar takes what the rest leaves, within reason: long texts give way, and a screen too narrow for both has no bar.
  const reserved = Math.min(tail, Math.max(30, Math.floor(width * 0.35)));
  const wished = Math.min(Math.max(free - 1 - reserved, Math.floor(width / 10)), Math.floor(width / 3));
  const axis = { duration: nanos, width: wished >= 6 && free - wished > 10 ? wished : 0 };
  const left = Math.max(0, free - axis.width - (axis.width > 0 ? 1 : 0));
  return { label: labels, duration, began, axis, tail: left };
}

/** Guide, label, duration, bar, and what is to be said about the span. */
export function spanLine(guide: string, row: SpanRow, layout: Layout, paints: Paint): string {
  const { label: columns, duration, began, axis, tail } = layout;
  const room = Math.max(1, columns - guide.length);
  const label = tail === undefined ? row.label : cutMiddle(row.label, room);
  const used = tail === undefined ? row.labelWidth : Math.min(cellWidth(label), room);
  const painted = paints.dim(guide) + labelColour(row.spans[0]!, paints)(label);
  const gap = ' '.repeat(Math.max(0, columns - guide.length - used));
  const tailed = tailText(row.parts, tail, paints);
  const drawn = axis.width === 0 ? '' : barOf(row.spans, began, axis);
  const told =
    drawn === ''
      ? tailed
      : `${barColour(row.spans, paints)(tailed === '' ? drawn.trimEnd() : drawn)} ${tailed}`;
  return `${`${painted}${gap} ${row.duration.padStart(duration)} ${told}`.trimEnd()}\n`;
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

function barOf(spans: readonly SpanView[], began: Instant | undefined, axis: Axis): string {
  if (began === undefined) return ' '.repeat(axis.width);
  const ran = intervals(spans, began);
  if (spans.length > 1) return bars(axis, ran);
  const [interval] = ran;
  if (interval === undefined) return ' '.repeat(axis.width);
  return spans[0]!.duration_ms.nanos === undefined ? openBar(axis, interval.from) : bar(axis, interval);
}

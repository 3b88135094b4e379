import { FLAG, type Forest, NANOS_PER_MILLI } from '../model/index.ts';

/** Where the spans of one trace lie on its time axis, in integer nanoseconds; index 0 is position `first`. */
export type Timing = {
  readonly trace: number;
  readonly first: number;
  readonly length: number;
  /**
   * NaN where neither the span nor anything below it has a time. An open span lasts as long as what is below it, and a
   * span without a time spans what is below it: something was going on there, and the path leads through it.
   */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The coarsest clock tick that fits every time of the trace: 1 ms, 1 µs or 1 ns. */
  readonly resolution: number;
};

/** The intervals of a trace. One pass from the last position to the first, so children come before their parents. */
export function timing(forest: Forest, trace: number): Timing {
  const { table, row, parent } = forest;
  const first = forest.traceFrom[trace]!;
  const length = forest.traceFrom[trace + 1]! - first;
  const start = new Float64Array(length);
  const end = new Float64Array(length);
  const earliestBelow = new Float64Array(length).fill(Number.NaN);
  const latestBelow = new Float64Array(length).fill(Number.NaN);
  let resolution: number = NANOS_PER_MILLI;
  for (let i = length - 1; i >= 0; i--) {
    const position = first + i;
    const offset = forest.offset(position);
    if (offset === undefined) {
      start[i] = earliestBelow[i]!;
      end[i] = latestBelow[i]!;
    } else {
      const duration = forest.duration(position);
      while (resolution > 1 && (offset % resolution !== 0 || duration % resolution !== 0)) resolution /= 1000;
      start[i] = offset;
      end[i] = table.has(row[position]!, FLAG.hasEnd) ? offset + duration : later(latestBelow[i]!, offset);
    }
    const above = parent[position]! - first;
    if (above < 0) continue;
    earliestBelow[above] = earlier(earlier(earliestBelow[above]!, start[i]!), earliestBelow[i]!);
    latestBelow[above] = later(later(latestBelow[above]!, end[i]!), latestBelow[i]!);
  }
  return { trace, first, length, start, end, resolution };
}

/** The smaller and the larger of two times, of which either may be unknown (NaN). */
const earlier = (a: number, b: number): number => (a <= b || Number.isNaN(b) ? a : b);
const later = (a: number, b: number): number => (a >= b || Number.isNaN(b) ? a : b);

/**
 * How far two spans may overlap and still count as one after the other: a clock tick, or 1 % of what encloses them.
 * Clocks of one run differ by that much (Jaeger loses back-to-back spans without it: jaegertracing/jaeger#9173).
 */
export const slackOf = (resolution: number, enclosing: number): number =>
  Math.max(resolution, enclosing / 100);

/**
 * Time in which a span ran and none of its children did, by position; NaN where the span's duration is not known.
 *
 *     |------- parent -------|
 *        |-- a --|     |-- c --|
 *           |-- b --|                   own time of the parent: before a, between b and c
 */
export function selfTimes(forest: Forest, times: Timing): Float64Array {
  const { first, length, start, end } = times;
  const self = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const position = first + i;
    const known =
      forest.table.has(forest.row[position]!, FLAG.hasEnd) && forest.offset(position) !== undefined;
    self[i] = known ? end[i]! - start[i]! - coveredByChildren(forest, times, position) : Number.NaN;
  }
  return self;
}

function coveredByChildren(forest: Forest, times: Timing, position: number): number {
  const { first, start, end } = times;
  const from = start[position - first]!;
  const to = end[position - first]!;
  let covered = 0;
  let until = from;
  for (const child of childrenByStart(forest, times, position)) {
    const begin = Math.max(start[child - first]!, until);
    const finish = Math.min(end[child - first]!, to);
    if (finish <= begin) continue;
    covered += finish - begin;
    until = finish;
  }
  return covered;
}

/** Children with a known place on the time axis, by start. */
export function childrenByStart(forest: Forest, times: Timing, position: number): number[] {
  const { first, start } = times;
  const children: number[] = [];
  let sorted = true;
  let previous = Number.NEGATIVE_INFINITY;
  const to = position + forest.size[position]!;
  for (let child = position + 1; child < to; child += forest.size[child]!) {
    const begin = start[child - first]!;
    if (Number.isNaN(begin)) continue;
    if (begin < previous) sorted = false;
    previous = begin;
    children.push(child);
  }
  return sorted ? children : children.sort((a, b) => start[a - first]! - start[b - first]! || a - b);
}

/**
 * How long a span ran on after its parent had ended; 0 where it did not, by more than a clock tick and what an SDK needs to end
 * one span after the other: 1 % of the parent, a millisecond at most.
 */
export function overrun(forest: Forest, times: Timing, position: number): number {
  const { first, start, end, resolution } = times;
  const parent = forest.parent[position]!;
  if (parent < 0 || isHandedOver(forest, parent, position)) return 0;
  const past = end[position - first]! - end[parent - first]!;
  const length = end[parent - first]! - start[parent - first]!;
  return past > Math.max(resolution, Math.min(length / 100, NANOS_PER_MILLI)) ? past : 0;
}

/**
 * Work that its parent does not wait for, whatever the tree says: a message of a producer that a consumer takes, and a span that
 * OpenTracing calls FOLLOWS_FROM: caused by its parent, which has no use for what comes of it. OpenTelemetry says nothing of the
 * kind about other spans, and its links make nobody a parent.
 */
export function isHandedOver({ table, row }: Forest, parent: number, child: number): boolean {
  const flags = table.flagsOf(row[child]!);
  if ((flags & FLAG.followsFrom) !== 0) return true;
  return table.spanKindOf(row[parent]!) === 'producer' && table.spanKindOf(row[child]!) === 'consumer';
}

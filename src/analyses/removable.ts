import type { Forest, Selection } from '../model/index.ts';
import { type Blocking, blockingChildren, topLevel } from './blocking.ts';
import { slackOf, type Timing } from './timing.ts';

/**
 * How much sooner a trace would have ended if the chosen spans had taken no time of their own, in nanoseconds.
 *
 * A child is taken to begin when the last of the siblings that had ended before it ends, plus the gap that lay between
 * them; a parent ends after the last child it waited for, plus the time it then took for itself. So a sibling that ran
 * beside a chosen span takes over as what is waited for:
 *
 *     |---- a ----||-- c --|        without a:  |-- b --||-- c --|
 *     |-- b --|
 */
export function removableTime(forest: Forest, times: Timing, chosen: Selection): number {
  const { first, length, start, end } = times;
  const duration = forest.traceDuration(times.trace);
  const shortened = new Float64Array(length);
  for (let i = length - 1; i >= 0; i--) {
    const position = first + i;
    if (Number.isNaN(start[i]!)) continue;
    const children = blockingChildren(forest, times, position);
    shortened[i] = lengthWithout(times, children, start[i]!, end[i]!, shortened, chosen(position));
  }
  return duration - lengthWithout(times, topLevel(forest, times), 0, duration, shortened, false);
}

/** The length of `[from, to]` once its children have their shortened lengths and, if `idle`, its own time is gone. */
function lengthWithout(
  times: Timing,
  { positions, ends }: Blocking,
  from: number,
  to: number,
  shortened: Float64Array,
  idle: boolean,
): number {
  if (positions.length === 0) return idle ? 0 : to - from;
  const { first, start, resolution } = times;
  const slack = slackOf(resolution, to - from);
  const starts = positions.map((position) => start[position - first]!);
  const seenEnding = ends.map((finish, i) => Math.max(starts[i]!, finish - slack));
  const byEnd = byNumber(seenEnding);
  const movedEnds: number[] = [];
  /** The latest end so far: as it was, and as it is without the chosen time (from the start of the interval). */
  let was = from;
  let is = 0;
  let next = 0;
  const passUntil = (time: number, before: number): void => {
    for (; next < byEnd.length && seenEnding[byEnd[next]!]! <= time && byEnd[next]! < before; next++) {
      const child = byEnd[next]!;
      was = Math.max(was, ends[child]!);
      is = Math.max(is, movedEnds[child]!);
    }
  };
  for (let i = 0; i < positions.length; i++) {
    passUntil(starts[i]!, i);
    const gap = starts[i]! - was;
    const length = Math.min(shortened[positions[i]! - first]!, ends[i]! - starts[i]!);
    // Siblings may overlap by a clock tick (a gap below 0), but none moves to before its parent's start by that.
    const earliest = Math.min(0, starts[i]! - from);
    movedEnds.push(Math.max(earliest, is + (idle ? Math.min(gap, 0) : gap)) + length);
  }
  passUntil(Number.POSITIVE_INFINITY, positions.length);
  return Math.max(0, is + (idle ? 0 : to - was));
}

/** Indexes in ascending order of their values; equal values keep their order. */
function byNumber(values: readonly number[]): number[] {
  const indexes = values.map((_, i) => i);
  if (values.every((value, i) => i === 0 || values[i - 1]! <= value)) return indexes;
  return indexes.sort((a, b) => values[a]! - values[b]! || a - b);
}

import type { Forest, Selection } from '../model/index.ts';
import { type Blocking, blockingChildren, topLevel } from './blocking.ts';
import { slackOf, type Timing } from './timing.ts';

/** How much sooner the trace would have ended if these positions had taken no time of their own, in nanoseconds. */
export type Removals = (chosen: Iterable<number>) => number;

/**
 * What a trace would lose without some of its spans (drag), to be asked about one set of them after the other.
 *
 * A child is taken to begin when the last of the siblings that had ended before it ends, plus the gap that lay between
 * them; a parent ends after the last child it waited for, plus the time it then took for itself. So a sibling that ran
 * beside a chosen span takes over as what is waited for:
 *
 *     |---- a ----||-- c --|        without a:  |-- b --||-- c --|
 *     |-- b --|
 *
 * Who waits for whom is found out once. A question then looks at the chosen spans, what is above them and the children
 * of these: nothing else moves.
 */
export function removals(forest: Forest, times: Timing): Removals {
  const { first, length, start, end } = times;
  const duration = forest.traceDuration(times.trace);
  const state = new Uint8Array(length);
  const shortened = new Float64Array(length);
  const waits = new Map<number, Waits>();
  const top = waitsIn(times, topLevel(forest, times), 0, duration);

  const waitsOf = (position: number): Waits => {
    let found = waits.get(position);
    if (found === undefined) {
      const i = position - first;
      found = waitsIn(times, blockingChildren(forest, times, position), start[i]!, end[i]!);
      waits.set(position, found);
    }
    return found;
  };
  const childLength = (position: number): number =>
    state[position - first] === STAYS ? Number.POSITIVE_INFINITY : shortened[position - first]!;

  return (chosen) => {
    const moved: number[] = [];
    for (const position of chosen) {
      if (state[position - first] === STAYS) moved.push(position);
      state[position - first] = CHOSEN;
      let above = forest.parent[position]!;
      for (; above >= 0 && state[above - first] === STAYS; above = forest.parent[above]!) {
        state[above - first] = ABOVE;
        moved.push(above);
      }
    }
    if (moved.length === 0) return 0;
    // Pre-order: what is below a span stands behind it.
    for (const position of Int32Array.from(moved).sort().reverse()) {
      const i = position - first;
      if (Number.isNaN(start[i]!)) continue;
      const idle = state[i] === CHOSEN;
      shortened[i] =
        forest.size[position] === 1 && idle ? 0 : lengthWithout(waitsOf(position), childLength, idle);
    }
    const left = lengthWithout(top, childLength, false);
    for (const position of moved) state[position - first] = STAYS;
    return duration - left;
  };
}

/** The same of one set. */
export function removableTime(forest: Forest, times: Timing, chosen: Selection): number {
  const positions: number[] = [];
  for (let p = times.first; p < times.first + times.length; p++) if (chosen(p)) positions.push(p);
  return removals(forest, times)(positions);
}

/** What a question makes of a position. */
const STAYS = 0;
/** Something below it is chosen. */
const ABOVE = 1;
const CHOSEN = 2;

/** What each child of an interval waited for, by its place among the children, which are by start. */
type Waits = {
  readonly length: number;
  readonly positions: readonly number[];
  /** How long each child was, as the interval saw it. */
  readonly lengths: Float64Array;
  /** Children in the order in which they were seen ending, */
  readonly ended: Int32Array;
  /** and how many of these a child saw before it began. */
  readonly seen: Int32Array;
  /** From the latest end that a child saw to its start; below 0 where they overlap by a clock tick. */
  readonly gaps: Float64Array;
  /** Where a child begins at the earliest: at 0, or where it did begin if that was before its parent. */
  readonly earliest: Float64Array;
  /** From the end of the last child to the end of the interval. */
  readonly rest: number;
  /** Where children end, for the question at hand. */
  readonly ends: Float64Array;
};

function waitsIn(times: Timing, { positions, ends }: Blocking, from: number, to: number): Waits {
  const { first, start, resolution } = times;
  const count = positions.length;
  const slack = slackOf(resolution, to - from);
  const starts = Float64Array.from(positions, (position) => start[position - first]!);
  const seenEnding = Float64Array.from(ends, (finish, i) => Math.max(starts[i]!, finish - slack));
  const ended = byNumber(seenEnding);
  const seen = new Int32Array(count);
  const gaps = new Float64Array(count);
  const earliest = new Float64Array(count);
  let latest = from;
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (; next < count && seenEnding[ended[next]!]! <= starts[i]! && ended[next]! < i; next++) {
      latest = Math.max(latest, ends[ended[next]!]!);
    }
    seen[i] = next;
    gaps[i] = starts[i]! - latest;
    earliest[i] = Math.min(0, starts[i]! - from);
  }
  for (; next < count; next++) latest = Math.max(latest, ends[ended[next]!]!);
  return {
    length: to - from,
    positions,
    lengths: starts.map((begin, i) => ends[i]! - begin),
    ended,
    seen,
    gaps,
    earliest,
    rest: to - latest,
    ends: new Float64Array(count),
  };
}

/** The length of an interval once its children have their shortened lengths and, if `idle`, its own time is gone. */
function lengthWithout(waits: Waits, childLength: (position: number) => number, idle: boolean): number {
  const { positions, lengths, ended, seen, gaps, earliest, ends } = waits;
  const count = positions.length;
  if (count === 0) return idle ? 0 : waits.length;
  let until = 0;
  let next = 0;
  for (let i = 0; i < count; i++) {
    for (const to = seen[i]!; next < to; next++) until = Math.max(until, ends[ended[next]!]!);
    const gap = gaps[i]!;
    // Siblings may overlap by a clock tick (a gap below 0), but none moves to before its parent's start by that.
    const begin = Math.max(earliest[i]!, until + (idle && gap > 0 ? 0 : gap));
    ends[i] = begin + Math.min(childLength(positions[i]!), lengths[i]!);
  }
  for (; next < count; next++) until = Math.max(until, ends[ended[next]!]!);
  return Math.max(0, until + (idle ? 0 : waits.rest));
}

/** Indexes in ascending order of their values; equal values keep their order. */
function byNumber(values: Float64Array): Int32Array {
  const indexes = Int32Array.from(values, (_, i) => i);
  if (values.every((value, i) => i === 0 || values[i - 1]! <= value)) return indexes;
  return indexes.sort((a, b) => values[a]! - values[b]! || a - b);
}

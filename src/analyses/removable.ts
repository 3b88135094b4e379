import type { Forest, Selection } from '../model/index.ts';
import { type Blocking, blockingChildren, RUN, topLevel } from './blocking.ts';
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
  const waits = waitsOf(forest, times);
  const state = new Uint8Array(length);
  const shortened = new Float64Array(length);

  const shorten = (position: number): void => {
    const i = position - first;
    if (Number.isNaN(start[i]!)) return;
    const idle = state[i] === CHOSEN;
    if (forest.size[position] === 1) shortened[i] = idle ? 0 : end[i]! - start[i]!;
    else shortened[i] = waits.lengthWithout(position, state, shortened, idle);
  };
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
    const order = Int32Array.from(moved).sort();
    for (let i = order.length - 1; i >= 0; i--) shorten(order[i]!);
    const left = waits.lengthWithout(RUN, state, shortened, false);
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

/** What is asked of a span again and again: how long it takes once those below it have their shortened lengths. */
type Waits = {
  /** `idle`: the span's own time is gone, too. Spans below it that stay as they are (`STAYS`) have no shortened length. */
  readonly lengthWithout: (
    position: number,
    state: Uint8Array,
    shortened: Float64Array,
    idle: boolean,
  ) => number;
};

/**
 * What each child of a span waited for, in columns of the whole trace: a child has one parent, so the children of all spans
 * fit. Those of a span stand side by side, by start, from `block` on, and are put there when the span is asked about first.
 */
function waitsOf(forest: Forest, times: Timing): Waits {
  const { first, length, start, end, resolution } = times;
  /** By span, the last one stands for the run: where its children are plus 1 (0: not known yet), how many, what follows. */
  const block = new Int32Array(length + 1);
  const count = new Int32Array(length + 1);
  const rest = new Float64Array(length + 1);
  let used = 0;
  /** By child: its position minus the first, and how long it was as its parent saw it. */
  const child = new Int32Array(length);
  const whole = new Float64Array(length);
  /** Children in the order in which they were seen ending, and how many of these a child saw before it began. */
  const ended = new Int32Array(length);
  const seen = new Int32Array(length);
  /** From the latest end that a child saw to its start; below 0 where they overlap by a clock tick. */
  const gaps = new Float64Array(length);
  /** Where a child begins at the earliest: at 0, or where it did begin if that was before its parent. */
  const earliest = new Float64Array(length);
  /** Where children end, for the question at hand. */
  const ends = new Float64Array(length);

  const look = (position: number, { positions, ends: finish }: Blocking, from: number, to: number): void => {
    const slack = slackOf(resolution, to - from);
    const size = positions.length;
    const at = used;
    const startOf = (i: number): number => start[positions[i]! - first]!;
    const seenEnding = Float64Array.from(finish, (nanos, i) => Math.max(startOf(i), nanos - slack));
    const order = byNumber(seenEnding);
    let latest = from;
    let next = 0;
    for (let i = 0; i < size; i++) {
      const begin = startOf(i);
      for (; next < size && seenEnding[order[next]!]! <= begin && order[next]! < i; next++) {
        latest = Math.max(latest, finish[order[next]!]!);
      }
      child[at + i] = positions[i]! - first;
      whole[at + i] = finish[i]! - begin;
      ended[at + i] = at + order[i]!;
      seen[at + i] = at + next;
      gaps[at + i] = begin - latest;
      earliest[at + i] = Math.min(0, begin - from);
    }
    for (; next < size; next++) latest = Math.max(latest, finish[order[next]!]!);
    const index = position === RUN ? length : position - first;
    block[index] = at + 1;
    count[index] = size;
    rest[index] = to - latest;
    used += size;
  };
  look(RUN, topLevel(forest, times), 0, forest.traceDuration(times.trace));

  return {
    lengthWithout(position, state, shortened, idle) {
      const index = position === RUN ? length : position - first;
      if (block[index] === 0)
        look(position, blockingChildren(forest, times, position), start[index]!, end[index]!);
      const from = block[index]! - 1;
      const to = from + count[index]!;
      let until = 0;
      let next = from;
      for (let i = from; i < to; i++) {
        for (const last = seen[i]!; next < last; next++) {
          const finish = ends[ended[next]!]!;
          if (finish > until) until = finish;
        }
        const gap = gaps[i]!;
        // Siblings may overlap by a clock tick (a gap below 0), but none moves to before its parent's start by that.
        const begin = Math.max(earliest[i]!, idle && gap > 0 ? until : until + gap);
        const below = child[i]!;
        const stays = state[below] === STAYS || shortened[below]! > whole[i]!;
        ends[i] = begin + (stays ? whole[i]! : shortened[below]!);
      }
      for (; next < to; next++) {
        const finish = ends[ended[next]!]!;
        if (finish > until) until = finish;
      }
      return idle ? until : Math.max(0, until + rest[index]!);
    },
  };
}

/** Indexes in ascending order of their values; equal values keep their order. */
function byNumber(values: Float64Array): Int32Array {
  const indexes = Int32Array.from(values, (_, i) => i);
  if (values.every((value, i) => i === 0 || values[i - 1]! <= value)) return indexes;
  return indexes.sort((a, b) => values[a]! - values[b]! || a - b);
}

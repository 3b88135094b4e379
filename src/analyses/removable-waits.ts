import type { Forest } from '../model/index.ts';
import { type Blocking, blockingChildren, RUN, topLevel } from './blocking.ts';
import { slackOf, type Timing } from './timing.ts';

/** The spans below one that move, in a question about a trace; index 0 is the trace's first position, the last is the run. */
type Moved = {
  /** A child of the span that moves, plus 1, and the next one of the same parent; 0: no more. */
  readonly firstChild: Int32Array;
  readonly nextChild: Int32Array;
  /** 1 for a span that takes another time now, which is in `shortened`. */
  readonly isMoved: Uint8Array;
  readonly shortened: Float64Array;
};

/** How long a span (or `RUN`) takes once those below it have their shortened lengths; `idle`: and none for itself. */
export type LengthWithout = (position: number, moved: Moved, idle: boolean) => number;

/**
 * What each child of a span waited for, in columns of the whole trace: a child has one parent, so the children of all spans
 * fit. Those of a span stand side by side, by start, and are put there when the span is asked about first.
 *
 * Where all earlier siblings had ended when a child began, a new stretch begins: what happened before reaches the children
 * from there on by one number, the latest end. If that comes sooner by so much, so does the whole stretch. A question works
 * out anew only the stretches in which a child moves.
 *
 *     |-- a --|  |---- b ----|       |-- e --|
 *     |--- c --|     |-- d ---|                     three stretches: a c, b d, e
 */
export function waitsOf(forest: Forest, times: Timing): LengthWithout {
  const { first, length, start, end, resolution } = times;
  /** By span: where its children are plus 1 (0: not known yet), where they end, how long it was, what followed the last. */
  const block = new Int32Array(length + 1);
  const blockEnd = new Int32Array(length + 1);
  const lasted = new Float64Array(length + 1);
  const rest = new Float64Array(length + 1);
  let used = 0;
  /** Where the span stands as a child plus 1; 0 if its parent did not wait for it. */
  const place = new Int32Array(length);
  /** By child: the span, and how long it was as its parent saw it. */
  const child = new Int32Array(length);
  const whole = new Float64Array(length);
  /** Children in the order in which they were seen ending, and how many of these a child saw before it began. */
  const ended = new Int32Array(length);
  const seen = new Int32Array(length);
  /** The latest end that a child saw, from the start of its parent; then its start, below 0 where they overlap by a tick. */
  const before = new Float64Array(length);
  const gaps = new Float64Array(length);
  /** Where a child begins at the earliest: at 0, or where it did begin if that was before its parent. */
  const earliest = new Float64Array(length);
  /** Where the stretch of a child begins, and the end of one that begins here. */
  const stretch = new Int32Array(length);
  const stretchEnd = new Int32Array(length);
  /** Where children end, for the question at hand. */
  const ends = new Float64Array(length);

  const look = (index: number, { positions, ends: finish }: Blocking, from: number, to: number): void => {
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
      place[positions[i]! - first] = at + i + 1;
      whole[at + i] = finish[i]! - begin;
      ended[at + i] = at + order[i]!;
      seen[at + i] = at + next;
      before[at + i] = latest - from;
      gaps[at + i] = begin - latest;
      earliest[at + i] = Math.min(0, begin - from);
      stretch[at + i] = next === i ? at + i : stretch[at + i - 1]!;
      stretchEnd[stretch[at + i]!] = at + i + 1;
    }
    for (; next < size; next++) latest = Math.max(latest, finish[order[next]!]!);
    block[index] = at + 1;
    blockEnd[index] = at + size;
    lasted[index] = to - from;
    rest[index] = to - latest;
    used += size;
  };
  look(length, topLevel(forest, times), 0, forest.traceDuration(times.trace));

  /** The latest end after the children `[from, to)` of one or more stretches that begin after `until`. */
  const pass = (from: number, to: number, until: number, { isMoved, shortened }: Moved, idle: boolean) => {
    let latest = until;
    let next = from;
    for (let i = from; i < to; i++) {
      for (const last = seen[i]!; next < last; next++) latest = Math.max(latest, ends[ended[next]!]!);
      const gap = gaps[i]!;
      // Siblings may overlap by a clock tick (a gap below 0), but none moves to before its parent's start by that.
      const begin = Math.max(earliest[i]!, idle && gap > 0 ? latest : latest + gap);
      const span = child[i]!;
      const longest = whole[i]!;
      ends[i] = begin + (isMoved[span] === 1 ? Math.min(shortened[span]!, longest) : longest);
    }
    for (; next < to; next++) latest = Math.max(latest, ends[ended[next]!]!);
    return latest;
  };

  return (position, moved, idle) => {
    const index = position === RUN ? length : position - first;
    if (block[index] === 0)
      look(index, blockingChildren(forest, times, position), start[index]!, end[index]!);
    const to = blockEnd[index]!;
    const from = block[index]! - 1;
    if (idle) return pass(from, to, 0, moved, true);
    const slack = slackOf(resolution, lasted[index]!);
    const touched = stretchesOf(moved, index, place, stretch);
    const endOf = (at: number): number => (at === to ? lasted[index]! - rest[index]! : before[at]!);
    let sooner = 0;
    let asked = 0;
    for (let at = from; at < to; ) {
      const target = touched[asked] ?? to;
      // Later than the slack no overlap is so long that it would lead to before the parent's start.
      if (at < target && (sooner === 0 || before[at]! - sooner >= slack)) {
        at = target;
        continue;
      }
      if (at === target) asked++;
      const next = stretchEnd[at]!;
      sooner = endOf(next) - pass(at, next, before[at]! - sooner, moved, false);
      at = next;
    }
    return Math.max(0, lasted[index]! - sooner);
  };
}

/** Where the stretches begin in which a child of a span moves, each once and in order. */
function stretchesOf(
  { firstChild, nextChild }: Moved,
  index: number,
  place: Int32Array,
  stretch: Int32Array,
): number[] {
  const touched: number[] = [];
  let sorted = true;
  for (let next = firstChild[index]!; next !== 0; next = nextChild[next - 1]!) {
    if (place[next - 1] === 0) continue;
    const at = stretch[place[next - 1]! - 1]!;
    const last = touched.at(-1);
    if (at === last) continue;
    if (last !== undefined && at < last) sorted = false;
    touched.push(at);
  }
  return sorted ? touched : [...new Set(touched)].sort((a, b) => a - b);
}

/** Indexes in ascending order of their values; equal values keep their order. */
function byNumber(values: Float64Array): Int32Array {
  const indexes = Int32Array.from(values, (_, i) => i);
  if (values.every((value, i) => i === 0 || values[i - 1]! <= value)) return indexes;
  return indexes.sort((a, b) => values[a]! - values[b]! || a - b);
}

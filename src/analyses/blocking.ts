import type { Forest } from '../model/index.ts';
import { childrenByStart, isHandedOver, slackOf, type Timing } from './timing.ts';

/** Children that their parent may have waited for, by start, each with the end that its parent saw. */
export type Blocking = {
  readonly positions: readonly number[];
  readonly ends: readonly number[];
};

const NONE: Blocking = { positions: [], ends: [] };

/** Stands for the trace above its top-level spans. */
export const RUN = -1;

/**
 * Children whose end can have moved their parent's end. Left out: messages handed to a consumer, children wholly before
 * or after their parent, and children that outlive it beside one that it saw end.
 *
 *     |-------- parent --------|
 *        |---- awaited ----|                the parent waited for this one
 *          |-------- outlives ---------|    left out; without `awaited`, clipped to the parent's end
 */
export function blockingChildren(forest: Forest, times: Timing, parent: number): Blocking {
  if (parent === RUN) return blockingTops(forest, times);
  if (forest.size[parent] === 1) return NONE;
  const { first, start, end, resolution } = times;
  const from = start[parent - first]!;
  const to = end[parent - first]!;
  const slack = slackOf(resolution, to - from);
  const inside: number[] = [];
  let lastSeen = Number.NEGATIVE_INFINITY;
  for (const child of childrenByStart(forest, times, parent)) {
    const finish = end[child - first]!;
    if (start[child - first]! >= to || finish <= from || isHandedOver(forest, parent, child)) continue;
    inside.push(child);
    if (finish <= to + slack && finish > lastSeen) lastSeen = finish;
  }
  const positions: number[] = [];
  const ends: number[] = [];
  for (const child of inside) {
    const finish = end[child - first]!;
    if (finish > to + slack && start[child - first]! < lastSeen - slack) continue;
    positions.push(child);
    ends.push(Math.min(finish, to));
  }
  return { positions, ends };
}

/** All top-level spans with a known place on the time axis, by start. */
export function topLevel(forest: Forest, times: Timing): Blocking {
  const { first, length, start, end } = times;
  const positions: number[] = [];
  for (let p = first; p < first + length; p += forest.size[p]!) {
    if (!Number.isNaN(start[p - first]!)) positions.push(p);
  }
  positions.sort((a, b) => start[a - first]! - start[b - first]! || a - b);
  return { positions, ends: positions.map((p) => end[p - first]!) };
}

/** Roots, and those orphans that run while no root does: the others happened somewhere inside a root. */
function blockingTops(forest: Forest, times: Timing): Blocking {
  const { first, start, end } = times;
  const tops = topLevel(forest, times).positions;
  const isRoot = (p: number): boolean => forest.top(p) !== 'orphan';
  const rootAfter = new Float64Array(tops.length);
  let next = Number.POSITIVE_INFINITY;
  for (let i = tops.length - 1; i >= 0; i--) {
    rootAfter[i] = next;
    if (isRoot(tops[i]!)) next = start[tops[i]! - first]!;
  }
  let rootUntil = Number.NEGATIVE_INFINITY;
  const positions = tops.filter((p, i) => {
    if (isRoot(p)) {
      rootUntil = Math.max(rootUntil, end[p - first]!);
      return true;
    }
    return start[p - first]! >= rootUntil && end[p - first]! <= rootAfter[i]!;
  });
  return { positions, ends: positions.map((p) => end[p - first]!) };
}

import type { Forest } from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';

/** The time of a trace that is on nobody's path, in nanoseconds: with the path's length it is the trace's duration, exactly. */
export type OffPath = {
  /** No root ran, but something that no root waited for did: tails of asynchronous spans, detached ones. */
  readonly beside: number;
  /** Nothing ran at all: pauses between roots. */
  readonly idle: number;
};

/**
 *     |== root ==|              |== root ==|
 *          |---- upload ----|                   path, beside, idle, path
 */
export function offPath(forest: Forest, { timing, length }: CriticalPath): OffPath {
  const duration = forest.traceDuration(timing.trace);
  if (length === duration) return { beside: 0, idle: 0 };
  const busy = covered(timing.start, timing.end);
  return { beside: busy - length, idle: duration - busy };
}

/** Length of the union of intervals; those that are not known (NaN) are left out. */
function covered(starts: Float64Array, ends: Float64Array): number {
  // Typed arrays sort NaN to the end. Which end belongs to which start does not matter for how many are open.
  const from = starts.toSorted();
  const to = ends.toSorted();
  let sum = 0;
  let open = 0;
  let since = 0;
  for (let i = 0, j = 0; j < to.length && !Number.isNaN(to[j]!); ) {
    if (i < from.length && from[i]! <= to[j]!) {
      if (open++ === 0) since = from[i]!;
      i++;
    } else if (--open === 0) sum += to[j++]! - since;
    else j++;
  }
  return sum;
}

import type { Forest } from './forest.ts';

/** The trace that a position belongs to. */
export function traceAt({ traceFrom, traces }: Forest, position: number): number {
  let low = 0;
  let high = traces - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (traceFrom[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Sees to it that what is worked out a trace at a time is there for a position: `fill` is called once for every trace that
 * is asked about, with its positions `[from, to)`. Tells which trace that is. Questions in the order of positions, and about one
 * trace, cost least.
 */
export function traceByTrace(
  forest: Forest,
  fill: (from: number, to: number, trace: number) => void,
): (position: number) => number {
  const filled = new Uint8Array(forest.traces);
  let from = 0;
  let to = 0;
  let next = 0;
  return (position) => {
    if (position >= from && position < to) return next - 1;
    const trace = position === to && next < forest.traces ? next : traceAt(forest, position);
    from = forest.traceFrom[trace]!;
    to = forest.traceFrom[trace + 1]!;
    next = trace + 1;
    if (filled[trace] === 0) {
      filled[trace] = 1;
      fill(from, to, trace);
    }
    return trace;
  };
}

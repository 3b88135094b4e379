import type { Modes, Window } from '../engine/values.ts';
import { type PromFunction, windowed } from './function.ts';

/** How much counters and gauges move in a window, and how often. */
export const RATES: readonly (readonly [string, PromFunction])[] = [
  ['rate', windowed((window, _at, modes) => extrapolated(window, true, true, modes))],
  ['increase', windowed((window, _at, modes) => extrapolated(window, true, false, modes))],
  ['delta', windowed((window, _at, modes) => extrapolated(window, false, false, modes))],
  ['irate', windowed((window) => ofLastTwo(window, true))],
  ['idelta', windowed((window) => ofLastTwo(window, false))],
  ['resets', windowed((window) => times(window, (before, value) => value < before))],
  ['changes', windowed((window) => times(window, differ))],
];

/**
 * What a series moved by, as if its samples reached to the edges of the window; nothing for fewer than two samples
 * (prometheus/promql/functions.go, `extrapolatedRate`).
 *
 *     start                                        end
 *       |---- toStart ----x----x----x----x-- toEnd --|
 */
function extrapolated(
  { times, values, from, to, start, end }: Window,
  counter: boolean,
  perSecond: boolean,
  { clampLast }: Modes,
): number | undefined {
  if (to - from < 2) return undefined;
  const first = values[from]!;
  let moved = values[to - 1]! - first;
  if (counter) {
    let before = first;
    for (let i = from + 1; i < to; i++) {
      const value = values[i]!;
      // A counter that fell began at zero again.
      if (value < before) moved += before;
      before = value;
    }
  }
  const sampled = (times[to - 1]! - times[from]!) / 1000;
  const between = sampled / (to - from - 1);
  // An edge this near would have been reached by the series; one further away, half an interval towards it.
  const near = between * 1.1;
  const toZero = counter && moved > 0 && first >= 0 ? sampled * (first / moved) : Number.POSITIVE_INFINITY;

  let toStart = (times[from]! - start) / 1000;
  if (!clampLast && toZero < toStart) toStart = toZero;
  if (toStart >= near) toStart = between / 2;
  if (clampLast && toZero < toStart) toStart = toZero;
  let toEnd = (end - times[to - 1]!) / 1000;
  if (toEnd >= near) toEnd = between / 2;

  const factor = (sampled + toStart + toEnd) / sampled;
  return moved * (perSecond ? factor / seconds(end - start) : factor);
}

/** As Go's `Duration.Seconds` divides: whole seconds and the rest apart. */
function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) + (milliseconds % 1000) / 1000;
}

/** What the last two samples moved by, per second or not (prometheus/promql/functions.go, `instantValue`). */
function ofLastTwo({ times, values, from, to }: Window, perSecond: boolean): number | undefined {
  if (to - from < 2) return undefined;
  const [before, last] = [values[to - 2]!, values[to - 1]!];
  const interval = times[to - 1]! - times[to - 2]!;
  if (interval === 0) return undefined;
  if (!perSecond) return last - before;
  return (last < before ? last : last - before) / (interval / 1000);
}

function differ(before: number, value: number): boolean {
  return value !== before && !(Number.isNaN(value) && Number.isNaN(before));
}

/** How many samples stand so to the one before them. */
function times({ values, from, to }: Window, so: (before: number, value: number) => boolean): number {
  let count = 0;
  for (let i = from + 1; i < to; i++) if (so(values[i - 1]!, values[i]!)) count++;
  return count;
}

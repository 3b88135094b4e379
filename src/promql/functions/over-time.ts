import type { Modes, Window } from '../engine/values.ts';
import { absentRows } from './absent.ts';
import { type PromFunction, windowed } from './function.ts';
import { KahanSum } from './kahan.ts';
import { quantileOf } from './quantile.ts';

/** Values of a window that are put in order. */
let scratch = new Float64Array(256);

/** What the samples of a window come to, whenever they were. */
export const OVER_TIME: readonly (readonly [string, PromFunction])[] = [
  ['absent_over_time', { ...windowed(() => 1), finish: absentRows }],
  ['avg_over_time', windowed((window, _at, modes) => (modes.kahanSum ? mean : incrementalMean)(window))],
  ['count_over_time', windowed(({ from, to }) => to - from)],
  ['last_over_time', { ...windowed(({ values, to }) => values[to - 1]!), keepsName: true }],
  ['max_over_time', windowed((window) => foremost(window, (value, best) => value > best))],
  ['min_over_time', windowed((window) => foremost(window, (value, best) => value < best))],
  ['present_over_time', windowed(() => 1)],
  [
    'quantile_over_time',
    windowed(({ values, from, to }, _at, _modes, q) => {
      const count = to - from;
      if (scratch.length < count) scratch = new Float64Array(2 * count);
      for (let i = 0; i < count; i++) scratch[i] = values[from + i]!;
      return quantileOf(q, scratch, count);
    }),
  ],
  ['stddev_over_time', windowed((window, _at, modes) => Math.sqrt(variance(window, modes)))],
  ['stdvar_over_time', windowed((window, _at, modes) => variance(window, modes))],
  ['sum_over_time', windowed(total)],
];

/** The value that no other is in front of; NaN only where there is nothing else. */
function foremost({ values, from, to }: Window, leads: (value: number, best: number) => boolean): number {
  let best = values[from]!;
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    if (leads(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

/** A Kahan sum without an object, as it is asked for most (prometheus/promql/functions.go, `funcSumOverTime`). */
function total({ values, from, to }: Window): number {
  let sum = 0;
  let lost = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return isInfinite(sum) ? sum : sum + lost;
}

/** The sum divided, and only where that overflows the incremental mean (`funcAvgOverTime`, since 3.5). */
function mean({ values, from, to }: Window): number {
  const sum = new KahanSum(true).reset(values[from]!);
  let i = from + 1;
  for (; i < to; i++) {
    const { sum: before, lost } = sum;
    sum.add(values[i]!);
    if (!isInfinite(sum.sum)) continue;
    sum.reset(before / (i - from), lost / (i - from));
    break;
  }
  const count = to - from;
  if (i === to) return sum.sum / count + sum.lost / count;
  for (; i < to; i++) {
    const so = i - from + 1;
    const share = (so - 1) / so;
    sum.reset(share * sum.sum, share * sum.lost);
    sum.add(values[i]! / so);
  }
  return sum.total;
}

/** `funcAvgOverTime` of 2.42. */
function incrementalMean({ values, from, to }: Window): number {
  const average = new KahanSum(false);
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const so = i - from + 1;
    // Neither a finite value nor more of the same changes an infinite mean; the difference of both would be NaN.
    if (isInfinite(average.sum) && (Number.isFinite(value) || value === average.sum)) continue;
    average.add(value / so - average.sum / so);
  }
  return isInfinite(average.sum) ? average.sum : average.total;
}

/** Welford's, of the whole population (prometheus/promql/functions.go, `varianceOverTime`). */
function variance({ values, from, to }: Window, { kahanSum }: Modes): number {
  const average = new KahanSum(kahanSum);
  const squares = new KahanSum(kahanSum);
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const delta = value - average.total;
    average.add(delta / (i - from + 1));
    squares.add(delta * (value - average.total));
  }
  return squares.total / (to - from);
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

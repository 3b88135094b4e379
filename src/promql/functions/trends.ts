import { EvaluationError } from '../engine/evaluation-error.ts';
import type { Modes, Window } from '../engine/values.ts';
import { type PromFunction, windowed } from './function.ts';
import { KahanSum } from './kahan.ts';

/** Where the samples of a window lead. All need two of them. */
export const TRENDS: readonly (readonly [string, PromFunction])[] = [
  [
    'deriv',
    windowed((window, _at, modes) => {
      if (window.to - window.from < 2) return undefined;
      return regression(window, window.times[window.from]!, modes).slope;
    }),
  ],
  [
    'predict_linear',
    windowed((window, at, modes, ahead) => {
      if (window.to - window.from < 2) return undefined;
      // From the time of evaluation, whatever the offset of the window.
      const { slope, intercept } = regression(window, at, modes);
      return slope * ahead + intercept;
    }),
  ],
  ['holt_winters', windowed((window, _at, _modes, smoothing, trend) => smoothed(window, smoothing, trend))],
];

/** Least squares: per second, and where the line is at `origin` (prometheus/promql/functions.go, `linearRegression`). */
function regression(
  { times, values, from, to }: Window,
  origin: number,
  { kahanSum }: Modes,
): { readonly slope: number; readonly intercept: number } {
  const [x, y, xy, xx] = [
    new KahanSum(kahanSum),
    new KahanSum(kahanSum),
    new KahanSum(kahanSum),
    new KahanSum(kahanSum),
  ];
  const first = values[from]!;
  let constant = true;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const time = (times[i]! - origin) / 1000;
    if (i > from && value !== first) constant = false;
    x.add(time);
    y.add(value);
    xy.add(time * value);
    xx.add(time * time);
  }
  if (constant)
    return Number.isFinite(first) || Number.isNaN(first)
      ? { slope: 0, intercept: first }
      : { slope: Number.NaN, intercept: Number.NaN };
  const count = to - from;
  const covariance = xy.total - (x.total * y.total) / count;
  const slope = covariance / (xx.total - (x.total * x.total) / count);
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}

/** Double exponential smoothing (prometheus/promql/functions.go, `funcHoltWinters`). */
function smoothed({ values, from, to }: Window, smoothing: number, trend: number): number | undefined {
  if (smoothing <= 0 || smoothing >= 1)
    throw new EvaluationError(`invalid smoothing factor. Expected: 0 < sf < 1, got: ${sixDigits(smoothing)}`);
  if (trend <= 0 || trend >= 1)
    throw new EvaluationError(`invalid trend factor. Expected: 0 < tf < 1, got: ${sixDigits(trend)}`);
  if (to - from < 2) return undefined;
  let before = 0;
  let level = values[from]!;
  let slope = values[from + 1]! - level;
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) slope = trend * (level - before) + (1 - trend) * slope;
    const next = smoothing * values[i]! + (1 - smoothing) * (level + slope);
    before = level;
    level = next;
  }
  return level;
}

/** Go's `%f`. */
function sixDigits(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(6);
  return value > 0 ? '+Inf' : '-Inf';
}

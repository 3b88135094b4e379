import type { Labels, SeriesSource } from '../../model/index.ts';
import type { Expr } from '../ast.ts';
import { documentedType, typeOf } from '../types.ts';
import { EvaluationError } from './evaluation-error.ts';
import { Evaluator, type Ranged } from './evaluator.ts';
import { byLabels, type LabelSet } from './label-sets.ts';
import { Samples } from './samples.ts';
import { lastLook } from './selectors.ts';
import { type Modes, modesOf, type Rows, type Steps, timeOf } from './values.ts';

/** Times and lengths are integer milliseconds. */
export type EvaluationOptions = {
  /** An instant is a range that ends where it starts. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly version: 2 | 3;
  /** How old the newest sample of a series may be; 5m if left out. */
  readonly lookback?: number;
  /** The step of subqueries that name none, in Prometheus the interval of evaluation; 1m if left out. */
  readonly defaultStep?: number;
  /** How many steps there may be; 11,000 if left out, as in Prometheus' API. */
  readonly maxSteps?: number;
  /** How many samples may be held at once; 50 million if left out, as in Prometheus. */
  readonly maxSamples?: number;
  /** What to do otherwise than the version does. */
  readonly modes?: Partial<Modes>;
};

/** Numbers and the times they are of, in the order of the times. */
type Points = { readonly times: readonly number[]; readonly values: readonly number[] };
export type ResultSeries = Points & { readonly labels: Labels };

/** A vector is the matrix with one point in each series. A range is sorted by labels, an instant as its functions sort it. */
export type Value =
  | { readonly type: 'scalar'; readonly points: Points }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] };

const MINUTE = 60_000;

/** What an expression yields at the times from `start` to `end`; throws an `EvaluationError` with Prometheus' words. */
export function evaluate(expr: Expr, source: SeriesSource, options: EvaluationOptions): Value {
  const { start, end, version } = options;
  const steps = stepsOf(options);
  const type = typeOf(expr);
  const instant = start === end;
  if (!instant && (type === 'matrix' || type === 'string'))
    throw new EvaluationError(
      `invalid expression type "${documentedType(type)}" for range query, must be Scalar or instant Vector`,
    );
  const evaluator = new Evaluator({
    source,
    start,
    end,
    version,
    modes: { ...modesOf(version), ...options.modes },
    lookback: options.lookback ?? 5 * MINUTE,
    defaultStep: options.defaultStep ?? MINUTE,
    maxSamples: options.maxSamples ?? 50_000_000,
  });
  switch (type) {
    case 'string':
      return { type, value: evaluator.text(expr) };
    case 'scalar':
      return { type, points: { times: timesOf(steps), values: numbersOf(evaluator.scalar(expr, steps)) } };
    case 'vector': {
      const series = seriesOf(evaluator.vector(expr, steps), steps);
      return { type: 'matrix', series: (instant ? series : series.sort(byLabels)).map(result) };
    }
    case 'matrix':
      return { type, series: rangeOf(evaluator.ranged(expr, steps)).map(result) };
  }
}

function stepsOf({ start, end, step, maxSteps = 11_000 }: EvaluationOptions): Steps {
  if (end < start) throw new EvaluationError('end timestamp must not be before start time');
  if (start === end) return { start, step: Math.max(1, step), count: 1 };
  if (!(step > 0))
    throw new EvaluationError(
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  const count = Math.floor((end - start) / step) + 1;
  if (count - 1 > maxSteps)
    throw new EvaluationError(
      `exceeded maximum resolution of ${maxSteps.toLocaleString('en-US')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  return { start, step, count };
}

type LabelledPoints = Points & { readonly labels: LabelSet };

function result({ labels, times, values }: LabelledPoints): ResultSeries {
  return { labels: labels.labels, times, values };
}

/** The rows that have samples. */
function seriesOf(rows: Rows, steps: Steps): LabelledPoints[] {
  const all = timesOf(steps);
  const series: LabelledPoints[] = [];
  for (const { labels, values, present } of rows) {
    if (!present.includes(1)) continue;
    if (!present.includes(0)) series.push({ labels, times: all, values: numbersOf(values) });
    else
      series.push({
        labels,
        times: all.filter((_, step) => present[step] === 1),
        values: numbersOf(values.filter((_, step) => present[step] === 1)),
      });
  }
  return series;
}

/** As an array; `Array.from` takes the numbers one by one from an iterator. */
function numbersOf(values: Float64Array): number[] {
  const numbers = new Array<number>(values.length);
  for (let index = 0; index < values.length; index++) numbers[index] = values[index]!;
  return numbers;
}

function timesOf(steps: Steps): number[] {
  return Array.from({ length: steps.count }, (_, index) => timeOf(steps, index));
}

/** The samples themselves of a range vector at one time. */
function rangeOf({ looks, series }: Ranged): LabelledPoints[] {
  const samples = new Samples();
  const to = lastLook(looks);
  const points = series.map(({ labels, load }) => {
    load(samples);
    const times = [...samples.times.subarray(0, samples.length)].filter((time) => time <= to);
    return { labels, times, values: [...samples.values.subarray(0, times.length)] };
  });
  return points.filter(({ times }) => times.length > 0);
}

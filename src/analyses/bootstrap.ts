import { type Random, randomOf } from './random.ts';

/** What is compared: figures of runs before and after. `paired`: those at the same place belong together. */
export type Samples = {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly paired: boolean;
};

export const STATISTICS = ['mean', 'median'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** How much larger the later figures are, as a ratio: 1 is no change, 1.1 is 10 % more. */
export type Ratio = {
  readonly ratio: number;
  /** The ends of the interval: the ratio lies above `low`, and below `high`, with a confidence of `1 - ALPHA` each. */
  readonly low: number;
  readonly high: number;
  /** Standard error of the logarithm of the ratio. */
  readonly error: number;
  /** How likely data like these are if the ratio is not above the limit, and if it is not below. */
  readonly pAbove: number;
  readonly pBelow: number;
};

/** How often a comparison may say yes where the truth is exactly the limit. */
export const ALPHA = 0.05;
const RESAMPLES = 10_000;

export type BootstrapOptions = {
  /** The ratio that the p-values are about. */
  readonly limit: number;
  readonly seed: readonly (string | number)[];
  readonly resamples?: number;
};

/**
 * The ratio of two means or medians, and what the data can tell about it, by resampling them with replacement: pairs as
 * pairs, otherwise each side by itself. Needs two figures a side, none negative; the same figures in any order give the same answer.
 *
 * The mean is studentized on the logarithmic scale (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter
 * 12), which holds its level for skewed figures such as costs. The median has no simple standard error, and neither has a
 * mean that rests on a few figures: these take the percentiles of the resampled ratios. The median of pairs is that of
 * their ratios.
 */
export function bootstrapRatio(samples: Samples, statistic: Statistic, options: BootstrapOptions): Ratio {
  const sorted = inOrder(samples);
  const random = randomOf(...options.seed, statistic);
  const count = options.resamples ?? RESAMPLES;
  const limit = Math.log(options.limit);
  if (statistic === 'median') return percentiles(medians(sorted, random, count), limit);
  const drawn = means(sorted, random, count);
  return isSparse(sorted.before) || isSparse(sorted.after)
    ? percentiles(drawn, limit)
    : studentized(drawn, limit);
}

/** Fewer figures than these that are not 0, and their mean may well be 0 in a resample. */
const FEW = 8;

const isSparse = (figures: readonly number[]): boolean => figures.filter((one) => one !== 0).length < FEW;

/** An order that depends on nothing but the figures. */
function inOrder({ before, after, paired }: Samples): Samples {
  if (!paired) return { before: before.toSorted(ascending), after: after.toSorted(ascending), paired };
  const pairs = before.map((one, i) => [one, after[i]!] as const);
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { before: pairs.map(([one]) => one), after: pairs.map(([, other]) => other), paired };
}

const ascending = (a: number, b: number): number => a - b;

/** The logarithm of a ratio as found and as resampled, with its standard errors where there are some. */
type Drawn = {
  readonly found: number;
  readonly error: number;
  readonly ratios: Float64Array;
  readonly errors: Float64Array;
};

/** Nothing against nothing is no change; something against nothing is without bounds. */
const logRatio = (after: number, before: number): number =>
  after === before ? 0 : Math.log(after) - Math.log(before);

function means(samples: Samples, random: Random, count: number): Drawn {
  const draw = samples.paired ? pairSums(samples, random) : sideSums(samples, random);
  const ratios = new Float64Array(count);
  const errors = new Float64Array(count);
  const found = draw(false);
  for (let i = 0; i < count; i++) {
    const { ratio, error } = draw(true);
    ratios[i] = ratio;
    errors[i] = error;
  }
  return { found: found.ratio, error: found.error, ratios, errors };
}

type Draw = (resampled: boolean) => { readonly ratio: number; readonly error: number };

/** Both sides by themselves; the error by the delta method, the two being independent. */
function sideSums({ before, after }: Samples, random: Random): Draw {
  const [first, second] = [meanDraw(before, random), meanDraw(after, random)];
  return (resampled) => {
    const [earlier, later] = [first(resampled), second(resampled)];
    return {
      ratio: logRatio(later.mean, earlier.mean),
      error: Math.sqrt(earlier.relativeVariance + later.relativeVariance),
    };
  };
}

/** A mean, and its variance as a part of its square. */
type Mean = { readonly mean: number; readonly relativeVariance: number };

/** Of a sample, or of a resample. */
function meanDraw(figures: readonly number[], random: Random): (resampled: boolean) => Mean {
  const n = figures.length;
  const values = Float64Array.from(figures);
  const places = Int32Array.from(values, (_, i) => i);
  return (resampled) => {
    if (resampled) random.fill(places, n);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = values[places[i]!]!;
      sum += value;
      squares += value * value;
    }
    const mean = sum / n;
    return { mean, relativeVariance: Math.max(0, squares - sum * mean) / ((n - 1) * n * mean * mean) };
  };
}

/** Pairs as pairs: what both sides have in common adds nothing to the error. */
function pairSums({ before, after }: Samples, random: Random): Draw {
  const [first, second] = [Float64Array.from(before), Float64Array.from(after)];
  const n = first.length;
  const places = Int32Array.from(first, (_, i) => i);
  return (resampled) => {
    if (resampled) random.fill(places, n);
    let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const a = first[places[i]!]!;
      const b = second[places[i]!]!;
      sumA += a;
      sumB += b;
      squaresA += a * a;
      squaresB += b * b;
      products += a * b;
    }
    const [meanA, meanB] = [sumA / n, sumB / n];
    const residuals =
      squaresA / (meanA * meanA) + squaresB / (meanB * meanB) - (2 * products) / (meanA * meanB);
    return { ratio: logRatio(meanB, meanA), error: Math.sqrt(Math.max(0, residuals) / (n * (n - 1))) };
  };
}

function medians(samples: Samples, random: Random, count: number): Drawn {
  const { before, after, paired } = samples;
  const ratios = new Float64Array(count);
  let found: number;
  if (paired) {
    const logs = Float64Array.from(before, (one, i) => logRatio(after[i]!, one)).sort();
    const draw = medianDraw(logs, random);
    found = medianOf(logs);
    for (let i = 0; i < count; i++) ratios[i] = draw();
  } else {
    const sides = [Float64Array.from(before), Float64Array.from(after)] as const;
    const [first, second] = [medianDraw(sides[0], random), medianDraw(sides[1], random)];
    found = logRatio(medianOf(sides[1]), medianOf(sides[0]));
    for (let i = 0; i < count; i++) {
      const drawn = first();
      ratios[i] = logRatio(second(), drawn);
    }
  }
  return { found, error: deviation(ratios), ratios, errors: new Float64Array(0) };
}

const medianOf = (sorted: Float64Array): number =>
  between(sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!);

/** Between "no longer there" and "was not there before" nothing can be said. */
function between(a: number, b: number): number {
  const middle = a === b ? a : (a + b) / 2;
  return Number.isNaN(middle) ? 0 : middle;
}

/** The median of a resample of sorted values: how often each was drawn says where the middle is, nothing is sorted. */
function medianDraw(sorted: Float64Array, random: Random): () => number {
  const n = sorted.length;
  const counts = new Int32Array(n);
  const places = new Int32Array(n);
  return () => {
    counts.fill(0);
    random.fill(places, n);
    for (let i = 0; i < n; i++) counts[places[i]!]!++;
    let at = -1;
    let seen = 0;
    while (seen <= (n - 1) >> 1) seen += counts[++at]!;
    const lower = sorted[at]!;
    while (seen <= n >> 1) seen += counts[++at]!;
    return between(lower, sorted[at]!);
  };
}

function deviation(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, one) => sum + one, 0) / finite.length;
  return Math.sqrt(finite.reduce((sum, one) => sum + (one - mean) ** 2, 0) / finite.length);
}

function studentized({ found, error, ratios, errors }: Drawn, limit: number): Ratio {
  const pivots = ratios.map((ratio, i) => standardized(ratio - found, errors[i]!)).sort();
  const distance = standardized(found - limit, error);
  return {
    ratio: Math.exp(found),
    low: Math.exp(found - scaledBy(quantile(pivots, 1 - ALPHA), error)),
    high: Math.exp(found - scaledBy(quantile(pivots, ALPHA), error)),
    error,
    pAbove: atLeast(pivots, distance),
    pBelow: atMost(pivots, distance),
  };
}

/** A point is no distance from itself, however small the error. */
function standardized(difference: number, error: number): number {
  if (Math.abs(difference) < SAME) return 0;
  return Number.isFinite(difference) ? difference / error : difference;
}

const scaledBy = (pivot: number, error: number): number => (error === 0 ? 0 : pivot * error);

/** What adding up in another order may change. */
const SAME = 1e-12;

function percentiles({ found, error, ratios }: Drawn, limit: number): Ratio {
  const sorted = ratios.slice().sort();
  return {
    ratio: Math.exp(found),
    low: Math.exp(quantile(sorted, ALPHA)),
    high: Math.exp(quantile(sorted, 1 - ALPHA)),
    error,
    pAbove: atMost(sorted, limit),
    pBelow: atLeast(sorted, limit),
  };
}

/** The outer of the two values that a quantile lies between: an interval is never too narrow for want of resamples. */
function quantile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  return sorted[q < 0.5 ? Math.floor(place) : Math.ceil(place)]!;
}

/** Shares of the resamples, what was found counted as one of them: never 0 (Davison and Hinkley, Bootstrap Methods, 1997, 4.2). */
const atMost = (sorted: Float64Array, limit: number): number =>
  (1 + placeOf(sorted, (value) => value <= limit)) / (1 + sorted.length);
const atLeast = (sorted: Float64Array, limit: number): number =>
  (1 + sorted.length - placeOf(sorted, (value) => value < limit)) / (1 + sorted.length);

/** How many of the sorted values hold; those that do stand first. */
function placeOf(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Which p-values are below a level together (Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979): each as
 * it is to be compared with the level, in the order given.
 */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, values[i]! * (values.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}

/** How often a true increase of the size that `detectable` names is found. */
const POWER = 0.8;

/** The smallest ratio that would be found above the limit four times out of five, with as much spread as this data has. */
export const detectable = ({ error }: Pick<Ratio, 'error'>, limit: number, comparisons: number): number =>
  limit * Math.exp((normalQuantile(1 - ALPHA / comparisons) + normalQuantile(POWER)) * error);

/** For p from 0.5 up, to 0.00045 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23). */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p));
  const over = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - over / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

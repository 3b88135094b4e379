/** What a step usually takes, from its own past: nanoseconds of its own, and how far their logarithms spread. */
export type History = { readonly count: number; readonly usual: number; readonly spread: number };

/** So many other values make a history. */
const ENOUGH = 8;
/** Robust z from which a value is no chance: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), section 3.3. */
const Z = 3.5;
/** Of normally distributed values, the standard deviation is so many times the median deviation, and half the quartiles'. */
const SIGMA_OF_MAD = 1.4826;
const SIGMA_OF_QUARTILES = 1 / 1.349;
/** Steps that always take the same are slow from about a fifth more on, not from a clock tick more. */
const LEAST_SPREAD = 0.05;
/** And whatever they spread, nothing is slow for less: 100 ms. */
const LEAST_EXCESS = 100e6;
/** Without a history a step is slow that decides so much of its runs. */
const LARGE_SHARE = 0.25;

/**
 * Median and median absolute deviation on a log scale, because times are skewed. Where more than half of them are equal
 * the quartiles stand in, and below that a least spread. Sorts the values.
 */
export function historyOf(nanos: Float64Array): History {
  nanos.sort();
  const usual = middle(nanos, 0.5);
  const center = logOf(usual);
  const deviations = nanos.map((value) => Math.abs(logOf(value) - center)).sort();
  const deviation = SIGMA_OF_MAD * middle(deviations, 0.5);
  const quartiles = middle(nanos, 0.75, logOf) - middle(nanos, 0.25, logOf);
  const spread = deviation > 0 ? deviation : SIGMA_OF_QUARTILES * quartiles;
  return { count: nanos.length, usual, spread: Math.max(spread, LEAST_SPREAD) };
}

/** Is there enough of it outside the run that is looked at, of which `here` values are? */
export const tells = ({ count }: History, here: number): boolean => count - here >= ENOUGH;

/** Longer than what was usual in other runs, and by more than anybody's clock is off. */
export function isSlow(nanos: number, { usual, spread }: History): boolean {
  return nanos - usual >= LEAST_EXCESS && logOf(nanos) - logOf(usual) > Z * spread;
}

/** What is slow where there is nothing to compare it with. */
export const isLarge = (share: number): boolean => share >= LARGE_SHARE;

/** Nothing takes less than a nanosecond. */
const logOf = (nanos: number): number => Math.log(Math.max(nanos, 1));

function middle(sorted: Float64Array, q: number, of: (value: number) => number = (value) => value): number {
  const rank = q * (sorted.length - 1);
  const low = Math.floor(rank);
  const [a, b] = [of(sorted[low]!), of(sorted[Math.ceil(rank)]!)];
  return a + (b - a) * (rank - low);
}

/** The buckets of a classic histogram, by upper bound; counts are cumulative. What is behind `length` says nothing. */
export type Buckets = {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  readonly length: number;
};

/** The buckets with those of one bound added up, in the same arrays. */
export function coalesced({ bounds, counts, length }: Buckets): Buckets {
  let last = 0;
  for (let i = 1; i < length; i++) {
    if (bounds[i] === bounds[last]) counts[last]! += counts[i]!;
    else {
      last++;
      bounds[last] = bounds[i]!;
      counts[last] = counts[i]!;
    }
  }
  return { bounds, counts, length: last + 1 };
}

/** prometheus/promql/quantile.go, `bucketQuantile`. Changes the counts where they fall. */
export function quantileOfBuckets(q: number, buckets: Buckets, tolerant: boolean): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const { bounds, counts, length } = buckets;
  const last = length - 1;
  if (last < 1 || bounds[last] !== Number.POSITIVE_INFINITY) return Number.NaN;
  forceMonotonic(buckets, tolerant ? 1e-12 : 0);
  const observations = counts[last]!;
  if (observations === 0) return Number.NaN;

  let rank = q * observations;
  const bucket = firstReaching(rank, counts, last);
  // What is above all finite bounds is somewhere above the highest of them.
  if (bucket === last) return bounds[last - 1]!;
  const end = bounds[bucket]!;
  if (bucket === 0 && end <= 0) return end;
  let start = 0;
  let count = counts[bucket]!;
  if (bucket > 0) {
    start = bounds[bucket - 1]!;
    count -= counts[bucket - 1]!;
    rank -= counts[bucket - 1]!;
  }
  return start + (end - start) * (rank / count);
}

/** The first of the buckets in front of `last` that counts so many, or `last`. */
function firstReaching(rank: number, counts: Float64Array, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A bucket that counts less than one below it counts as much; so does one that differs by no more than the tolerance. */
function forceMonotonic({ counts, length }: Buckets, tolerance: number): void {
  let before = counts[0]!;
  for (let i = 1; i < length; i++) {
    const count = counts[i]!;
    if (count < before || almostEqual(before, count, tolerance)) counts[i] = before;
    else before = count;
  }
}

const SMALLEST_NORMAL = 2 ** -1022;

/** prometheus/util/almost/almost.go. Nothing is almost equal with a tolerance of 0. */
function almostEqual(a: number, b: number, tolerance: number): boolean {
  if (tolerance === 0) return false;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < tolerance * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < tolerance;
}

/** The part of the observations between two values (prometheus/promql/quantile.go, `BucketFraction`, since 3.8). */
export function fractionBetween(lower: number, upper: number, buckets: Buckets): number {
  const { bounds, counts, length } = buckets;
  const count = counts[length - 1]!;
  if (bounds[length - 1] !== Number.POSITIVE_INFINITY) return Number.NaN;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets) - rankOf(lower, buckets)) / count;
}

/** How many observations are below a value. */
function rankOf(value: number, { bounds, counts, length }: Buckets): number {
  const all = counts[length - 1]!;
  // Without a bound below zero there is nothing below zero.
  let start = bounds[0]! > 0 ? 0 : Number.NEGATIVE_INFINITY;
  let below = 0;
  for (let i = 0; i < length; i++) {
    if (start >= value) return Math.min(below, all);
    const end = bounds[i]!;
    const upTo = counts[i]!;
    if (end > value) {
      const rank =
        start === Number.NEGATIVE_INFINITY
          ? upTo
          : below + ((upTo - below) * (value - start)) / (end - start);
      return rank > all ? all : rank;
    }
    below = upTo;
    start = end;
  }
  return all;
}

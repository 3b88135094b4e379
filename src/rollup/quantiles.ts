/** Up to this many values quantiles are exact: every value is kept, 8 bytes each. */
export const EXACT_VALUES = 100_000;
/** Beyond it, what a quantile may be off by, relative to the true value. */
export const QUANTILE_ERROR = 0.005;

/**
 * Buckets of the sketch: bucket `i` holds the values in (γ^(i−1), γ^i], and the value told for it, 2γ^i/(γ+1), is off by
 * the stated error at most. DDSketch, https://arxiv.org/abs/1908.10693, sections 2.1 and 2.2, without collapsing: all the
 * doubles there are fall into 142,000 buckets of either sign, and what is measured of one thing into a few thousand.
 */
const GAMMA = (1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
const MIDDLE = 2 / (GAMMA + 1);

/**
 * Quantiles of any number of values in bounded memory: exact up to `EXACT_VALUES`, then within `QUANTILE_ERROR` of the true
 * value. What they are depends on the values alone, not on their order nor on how they came together by `merge`.
 * Between two values it is interpolated linearly, as Prometheus' `quantile()` and NumPy do: rank q·(n − 1).
 */
export class Quantiles {
  readonly #values: number[] = [];
  #sorted = true;
  #sketch: Sketch | undefined;
  #count = 0;

  /** Values so far. */
  get count(): number {
    return this.#count;
  }

  get exact(): boolean {
    return this.#sketch === undefined;
  }

  /** What is not a finite number is not counted. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.#sketch === undefined && this.#count === EXACT_VALUES) this.#sketch = this.#sketched();
    if (this.#sketch === undefined) this.#keep(value);
    else this.#sketch.add(value, 1);
    this.#count++;
  }

  /** Takes in all values of another, which stays as it is. */
  merge(other: Quantiles): void {
    const count = this.#count + other.#count;
    if (other.#sketch === undefined) {
      for (const value of other === this ? [...other.#values] : other.#values) this.add(value);
      return;
    }
    this.#sketch ??= this.#sketched();
    this.#sketch.merge(other.#sketch);
    this.#count = count;
  }

  /** The quantile of a fraction from 0 to 1; undefined where there is no value. */
  at(q: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.min(Math.max(q, 0), 1) * (this.#count - 1);
    const lower = Math.floor(rank);
    const [low, high] = this.#sketch?.pair(lower) ?? this.#pair(lower);
    return between(low, high, rank - lower);
  }

  #keep(value: number): void {
    this.#values.push(value);
    this.#sorted = false;
  }

  /** The values of a rank, counted from 0, and of the next. */
  #pair(rank: number): readonly [number, number] {
    if (!this.#sorted) this.#values.sort((a, b) => a - b);
    this.#sorted = true;
    const low = this.#values[rank]!;
    return [low, rank + 1 < this.#count ? this.#values[rank + 1]! : low];
  }

  #sketched(): Sketch {
    const sketch = new Sketch();
    for (const value of this.#values) sketch.add(value, 1);
    this.#values.length = 0;
    return sketch;
  }
}

/** Counts of values by their size; the smallest and the largest value are exact. */
class Sketch {
  readonly #negative = new Map<number, number>();
  readonly #positive = new Map<number, number>();
  #zeros = 0;
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  /** Buckets in the order of their values, with the number of values up to each; made when it is asked for. */
  #order: { readonly values: Float64Array; readonly ends: Float64Array } | undefined;

  add(value: number, times: number): void {
    this.#order = undefined;
    this.#count += times;
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    if (value === 0) this.#zeros += times;
    else addTo(value < 0 ? this.#negative : this.#positive, bucketOf(Math.abs(value)), times);
  }

  merge(other: Sketch): void {
    this.#order = undefined;
    this.#count += other.#count;
    this.#least = Math.min(this.#least, other.#least);
    this.#most = Math.max(this.#most, other.#most);
    this.#zeros += other.#zeros;
    for (const [bucket, times] of [...other.#negative]) addTo(this.#negative, bucket, times);
    for (const [bucket, times] of [...other.#positive]) addTo(this.#positive, bucket, times);
  }

  /** The values of a rank, counted from 0, and of the next. */
  pair(rank: number): readonly [number, number] {
    return [this.#valueAt(rank), this.#valueAt(Math.min(rank + 1, this.#count - 1))];
  }

  #valueAt(rank: number): number {
    if (rank === 0) return this.#least;
    if (rank === this.#count - 1) return this.#most;
    this.#order ??= this.#inOrder();
    const { values, ends } = this.#order;
    let from = 0;
    let to = ends.length - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (ends[middle]! > rank) to = middle;
      else from = middle + 1;
    }
    return Math.min(Math.max(values[from]!, this.#least), this.#most);
  }

  #inOrder() {
    const buckets: (readonly [number, number])[] = [
      ...[...this.#negative].map(([bucket, times]) => [-middleOf(bucket), times] as const),
      ...(this.#zeros === 0 ? [] : [[0, this.#zeros] as const]),
      ...[...this.#positive].map(([bucket, times]) => [middleOf(bucket), times] as const),
    ].sort(([a], [b]) => a - b);
    const values = new Float64Array(buckets.length);
    const ends = new Float64Array(buckets.length);
    let end = 0;
    for (const [i, [value, times]] of buckets.entries()) {
      end += times;
      values[i] = value;
      ends[i] = end;
    }
    return { values, ends };
  }
}

const bucketOf = (size: number): number => Math.ceil(Math.log(size) / LOG_GAMMA);

/** Above the largest double it is infinite, and what is told is the largest value there was. */
const middleOf = (bucket: number): number => Math.exp(bucket * LOG_GAMMA) * MIDDLE;

function addTo(buckets: Map<number, number>, bucket: number, times: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + times);
}

/** Nothing is added to equal values, so that they come back as they were; the way between two is never infinite. */
function between(low: number, high: number, part: number): number {
  if (low === high || part === 0) return low;
  const way = high - low;
  return Number.isFinite(way) ? low + way * part : low * (1 - part) + high * part;
}

import type { Family } from './family.ts';

/** Sums of whole numbers below this stay exact when one more is added that is below it, too. */
const FULL = 2 ** 52;

/** What the events `[from, to)` of a family add up to, in its unit: exact, as long as a double can hold it. */
export function sumOf({ values, divisor }: Family, from: number, to: number): number {
  if (values === undefined) return (to - from) / divisor;
  let rest = 0;
  let whole = 0n;
  for (let i = from; i < to; i++) {
    rest += values[i]!;
    if (Math.abs(rest) < FULL || !Number.isInteger(rest)) continue;
    whole += BigInt(rest);
    rest = 0;
  }
  return whole === 0n ? rest / divisor : (Number(whole) + rest) / divisor;
}

/** The upper bounds of a histogram in the unit of its events, without the infinite one. */
export function boundsOf({ metric, divisor }: Family): readonly number[] {
  const { buckets = [] } = metric;
  return divisor === 1 ? buckets : buckets.map((bound) => Math.round(bound * divisor));
}

/** The first bucket that a value fits into; their number is that of the infinite one. */
export function bucketOf(bounds: readonly number[], value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  return bucket;
}

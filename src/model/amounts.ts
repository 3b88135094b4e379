import { type Money, usd } from './report.ts';

/** What calls cost together: unknown where none of them has a price, a lower bound where some have none. */
export const costOfCalls = (pico: bigint, calls: number, unpricedCalls: number): Money =>
  unpricedCalls > 0 && unpricedCalls === calls ? usd(undefined) : usd(pico, unpricedCalls > 0);

/** A part of a whole from 0 to 1, rounded to a billionth; 0 of nothing. */
export const shareOf = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number((part * 2_000_000_000n + whole) / (2n * whole)) / 1e9;

/** For sorting, the smallest first. */
export const compareAmounts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

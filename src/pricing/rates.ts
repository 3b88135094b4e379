import type { Instant } from '../model/index.ts';

/**
 * What a price row can say, in the order it is billed. Token rates are picodollars a token
 * (USD per million tokens × 10^6), `web_search` and `request` are picodollars each (USD per thousand × 10^9).
 */
export const RATE_KEYS = [
  'input',
  'output',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'input_audio',
  'cache_read_audio',
  'output_audio',
  'output_reasoning',
  'web_search',
  'request',
] as const;
export type RateKey = (typeof RATE_KEYS)[number];

/** Decimal places between the quoted price and picodollars a unit. */
export const rateScale = (key: RateKey): number => (key === 'web_search' || key === 'request' ? 9 : 6);

/** A rate, or one that changes for every token of a call whose whole prompt is longer than a threshold. */
export type Rate = number | { readonly base: number; readonly above: readonly (readonly [number, number])[] };
export type Rates = { readonly [K in RateKey]?: Rate };

/** Some stretch of time. Seconds since the epoch; `until` is the first second after. */
type Dated = {
  readonly from?: number;
  readonly until?: number;
  /** Seconds of the day in UTC, half-open; the end may lie on the next day. */
  readonly window?: readonly [number, number];
  /** Days the window applies to, 0 for Sunday; every day when absent. */
  readonly weekdays?: readonly number[];
};

/** The rates of one model for some stretch of time. */
export type RateRow = Dated & {
  readonly rates: Rates;
  readonly serviceTiers?: ReadonlyMap<string, Rates>;
  readonly free?: boolean;
  /** Rates the data does not list and how they were made, e.g. `2x_input`. */
  readonly derived?: { readonly [K in RateKey]?: string };
  /** What using the row takes for granted, e.g. `first_price=2026-11-21`. */
  readonly assume?: string;
  /** The model is sold by something no trace counts (audio hours, pages): named here when it has no token rate. */
  readonly soldBy?: readonly string[];
};

/** Rows in ascending order of how much they say: a later row that holds at a moment beats an earlier one. */
export function inOrder(rows: readonly RateRow[]): readonly RateRow[] {
  return [...rows].sort(
    (a, b) =>
      (a.from ?? Number.NEGATIVE_INFINITY) - (b.from ?? Number.NEGATIVE_INFINITY) ||
      Number(a.window !== undefined) - Number(b.window !== undefined),
  );
}

/** The row of `rows` (in order) that holds at `second`; -1 when none does. Without a time, windows never hold. */
export function rowAt(rows: readonly Dated[], second: number, timed: boolean): number {
  for (let index = rows.length - 1; index >= 0; index--) if (holds(rows[index]!, second, timed)) return index;
  return -1;
}

const DAY = 86_400;

function holds(row: Dated, second: number, timed: boolean): boolean {
  if (row.from !== undefined && second < row.from) return false;
  if (row.until !== undefined && second >= row.until) return false;
  if (row.window === undefined) return true;
  if (!timed) return false;
  const [start, end] = row.window;
  const ofDay = ((second % DAY) + DAY) % DAY;
  if (start <= end ? ofDay < start || ofDay >= end : ofDay < start && ofDay >= end) return false;
  // 1970-01-01 was a Thursday.
  return row.weekdays === undefined || row.weekdays.includes((((Math.floor(second / DAY) + 4) % 7) + 7) % 7);
}

/**
 * 2020: no model was sold by the token before. Traces whose clock does not know the date count from 1970; such a time says no
 * more about the price than none.
 */
export const FIRST_SALE = 1_577_836_800;

/** The second at which something was bought; undefined where nobody knows. */
export function secondOfSale(at: Instant | number | undefined): number | undefined {
  const second = typeof at === 'bigint' ? Number(at / 1_000_000_000n) : (at ?? 0);
  return second < FIRST_SALE ? undefined : second;
}

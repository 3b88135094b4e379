import { decimal } from './decimal.ts';
import { RATE_KEYS, type Rate, type RateKey, type RateRow, type Rates, rateScale } from './rates.ts';

/** A price as a person would quote it, with every digit: USD per million tokens, per thousand for fees. */
export const quote = (key: RateKey, rate: number): string => decimal(rate, rateScale(key));

/** `3`, or `3 (> 200,000: 6)` where large prompts cost more. */
export function quoteAll(key: RateKey, rate: Rate): string {
  if (typeof rate === 'number') return quote(key, rate);
  const levels = rate.above.map(([above, upper]) => `> ${thousands(above)}: ${quote(key, upper)}`);
  return `${quote(key, rate.base)} (${levels.join(', ')})`;
}

/** `200,000`. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A row as a price file has it: what `parsePrices` reads. */
export function writtenRow(row: RateRow): object {
  return {
    ...(row.from === undefined ? {} : { from: dateOf(row.from) }),
    ...(row.until === undefined ? {} : { until: dateOf(row.until) }),
    ...(row.window === undefined ? {} : { window: row.window.map(clock).join('-') }),
    ...(row.free === true ? { free: true } : {}),
    ...writtenRates(row.rates),
    ...(row.serviceTiers === undefined
      ? {}
      : {
          service_tiers: Object.fromEntries(
            [...row.serviceTiers].map(([tier, rates]) => [tier, writtenRates(rates)]),
          ),
        }),
  };
}

function writtenRates(rates: Rates): object {
  const written = RATE_KEYS.flatMap((key): [string, unknown][] => {
    const rate = rates[key];
    if (rate === undefined) return [];
    const number = (value: number): number => Number(quote(key, value));
    if (typeof rate === 'number') return [[key, number(rate)]];
    const above = Object.fromEntries(rate.above.map(([tokens, upper]) => [tokens, number(upper)]));
    return [[key, { base: number(rate.base), above }]];
  });
  return Object.fromEntries(written);
}

/** A day where it is one, else a time: `2026-07-01`, `2025-09-05T16:00:00Z`. */
export function dateOf(second: number): string {
  const text = new Date(second * 1000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}

/** A second as a day in UTC. */
export const dayOf = (second: number): string => new Date(second * 1000).toISOString().slice(0, 10);

/** Seconds of the day as `16:30`. */
export function clock(second: number): string {
  const minutes = Math.floor(second / 60);
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The same price for every prompt; sources put one threshold a token apart. */
export function sameRate(a: Rate, b: Rate): boolean {
  const [left, right] = [a, b].map((rate) =>
    typeof rate === 'number' ? { base: rate, above: [] as Exclude<Rate, number>['above'] } : rate,
  ) as [Exclude<Rate, number>, Exclude<Rate, number>];
  if (left.base !== right.base || left.above.length !== right.above.length) return false;
  return left.above.every(([above, upper], index) => {
    const [otherAbove, otherUpper] = right.above[index]!;
    return upper === otherUpper && Math.abs(above - otherAbove) <= 1;
  });
}

import { parse } from 'yaml';
import { instant, type Price, type PricedCall, type Usage } from '../../src/model/index.ts';
import { createPriceBook, type PriceConfig, parsePrices } from '../../src/pricing/index.ts';

/** Usage of nothing but what is named. */
export function usage(counts: Partial<Usage>): Usage {
  return {
    reportedInput: 0,
    reportedOutput: 0,
    uncachedInput: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: 0,
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
    webSearches: 0,
    totalOnly: 0,
    ...counts,
  };
}

/** A chat call of one model; 1,500 tokens in and 800 out unless told otherwise. */
export function call(model: string | undefined, about: Partial<PricedCall> = {}): PricedCall {
  return {
    provider: undefined,
    model,
    requestModel: undefined,
    serviceTier: undefined,
    embedding: false,
    usage: usage({ uncachedInput: 1500, output: 800 }),
    at: time('2026-09-30T12:00:00Z'),
    ...about,
  };
}

export const time = (date: string) => instant(BigInt(Date.parse(date)) * 1_000_000n);

/** The price of a call as `prices:` in YAML would have it, or without any configuration. */
export function price(priced: PricedCall, yaml?: string): Price {
  return createPriceBook(yaml === undefined ? {} : { config: config(yaml) }).priceOf(priced);
}

/** A `prices:` section without faults. */
export function config(yaml: string): PriceConfig {
  return parsePrices(parse(yaml, { mapAsMap: true }), [], {
    fault: (path, message) => {
      throw new Error(`${path.join('.')}: ${message}`);
    },
    placeOf: (path) => path.join('.'),
  });
}

/** Dollars with every digit; `free`, or why there is no price. */
export function dollars(priced: Price): string {
  if (priced.status === 'free') return 'free';
  if (priced.status === 'unpriced') return priced.reason;
  const digits = priced.amount.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12).replace(/0+$/, '')}`.replace(/\.$/, '');
}

/** The row a price came from and what it assumes; throws when there is none. */
export function matchOf(priced: Price) {
  if (priced.status === 'unpriced') throw new Error(`${priced.reason}: ${priced.hint}`);
  return priced.match;
}

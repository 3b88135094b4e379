import type { Usage } from './agent-span.ts';
import type { UnpricedReason } from './report.ts';
import type { Instant, Pico } from './units.ts';

/** What a call is priced by. */
export type PricedCall = {
  readonly provider: string | undefined;
  /** As the answer named it. */
  readonly model: string | undefined;
  /** As it was asked for: the biller's name on gateways. */
  readonly requestModel: string | undefined;
  readonly serviceTier: string | undefined;
  readonly embedding: boolean;
  readonly usage: Usage;
  /** Undefined: the prices of the catalogue's own date. */
  readonly at: Instant | undefined;
  /** The telemetry said how long cache writes live, so `usage.cacheWrite5m` assumes nothing. */
  readonly cacheTtlTold?: boolean;
};

export type Price =
  | {
      readonly status: 'computed';
      readonly amount: Pico;
      readonly lines: readonly PriceLine[];
      readonly match: PriceMatch;
    }
  | { readonly status: 'free'; readonly match: PriceMatch }
  | { readonly status: 'unpriced'; readonly reason: UnpricedReason; readonly hint: string | undefined };

/** One product of the arithmetic: `tokens` × `rate` (picodollars a token) = `amount`. */
export type PriceLine = {
  readonly bucket: string;
  readonly tokens: number;
  readonly rate: number;
  readonly amount: Pico;
  /** Where the rate comes from; a row of one layer inherits the rates it does not name from the next. */
  readonly layer?: PriceMatch['layer'];
};

/** Which catalogue row was used, and how the name was matched to it. */
export type PriceMatch = {
  readonly layer: 'config' | 'file' | 'preset' | 'catalogue';
  /** `provider/model` of the row. */
  readonly row: string;
  readonly kind: 'exact' | 'alias' | 'variant' | 'glob';
  /** What had to be assumed, e.g. `cache_write_ttl=5m`, `service_tier=standard`. */
  readonly assumptions: readonly string[];
  /** How the reported name became the row's, step by step. */
  readonly steps?: readonly string[];
  /** The day the rates began to hold, `2026-08-21`; absent where nobody says. */
  readonly effective?: string;
};

/** Where prices come from, for the footer and JSON. */
export type PriceSource = {
  readonly source: string;
  readonly version: string;
  readonly as_of: string;
  readonly overrides: number;
  /** Of the data the prices were compiled from. */
  readonly sha256?: string;
};

/** Prices as the rest of the house sees them. `priceOf` is pure: same call, same answer. */
export type PriceBook = {
  readonly source: PriceSource;
  readonly priceOf: (call: PricedCall) => Price;
};

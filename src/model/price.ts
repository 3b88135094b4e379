import type { Usage } from './agent-span.ts';
import type { CallTable } from './call-table.ts';
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
  /** A point in time, or seconds since the epoch. Undefined: the prices of the catalogue's own date. */
  readonly at: Instant | number | undefined;
  /** The telemetry said how long cache writes live, so `usage.cacheWrite5m` assumes nothing. */
  readonly cacheTtlTold?: boolean;
  /** Only what was read or only what was written was told: the other count of `usage` is 0 for want of a number. */
  readonly halfTold?: boolean;
  /** The same counts read the other way, where nothing proved which way is meant (`otherReading`). */
  readonly otherReading?: Usage | undefined;
  /** Only what it costs is asked, not how that came about: without lines, reading, and what was assumed of this call. */
  readonly brief?: boolean | undefined;
  /** A cost that the telemetry records; it only helps to choose between two readings. */
  readonly recorded?: Pico | undefined;
};

export type Price =
  | {
      readonly status: 'computed';
      readonly amount: Pico;
      readonly lines: readonly PriceLine[];
      readonly match: PriceMatch;
      /** Set where two readings of the counts differ by more than 1 %: what the one not taken comes to. */
      readonly reading?: Reading;
    }
  | { readonly status: 'free'; readonly match: PriceMatch }
  | {
      readonly status: 'unpriced';
      readonly reason: UnpricedReason;
      readonly hint: string | undefined;
      /** Between which amounts the cost lies, where that much is known; `high` is undefined where nothing limits it. */
      readonly bounds?: { readonly low: Pico; readonly high: Pico | undefined };
    };

/**
 * Why one of two readings was taken: `recorded_cost` equals it and not the other, or it is what the dialect usually means.
 */
export type Reading = {
  readonly taken: 'input_inclusive' | 'input_exclusive';
  readonly because: 'recorded_cost' | 'dialect';
  readonly other: Pico;
};

/** A fee for every use of a tool or connector, and which row says so. */
export type ToolPrice = {
  readonly perCall: Pico;
  readonly row: string;
  readonly layer: 'config' | 'file';
};

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
  readonly layer: 'config' | 'file' | 'import' | 'preset' | 'catalogue';
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
  /** Imported price files that have a say, newest last. */
  readonly imports?: readonly PriceImport[];
};

/** One `prices import`: what was imported, and the day from which its prices hold. */
export type PriceImport = {
  readonly origin: string;
  readonly format: string;
  readonly sha256: string;
  readonly as_of: string;
};

/** What is the same for all calls of one kind. */
export type PricedKind = Pick<
  PricedCall,
  'provider' | 'model' | 'requestModel' | 'serviceTier' | 'embedding'
>;

/** The prices of one kind of calls for as long as they hold, without how they came about. */
export type Tariff = {
  /** Seconds since the epoch: the first one, and the first one after. */
  readonly from: number;
  readonly until: number;
  /** Somebody wrote the prices for themselves. */
  readonly isOwn: boolean;
  /** Picodollars of an entry of the calls, as `priceOf` has them; NaN where only `priceOf` can tell. */
  readonly amountOf: (usage: CallTable['usage'], call: number) => number;
};

/** Prices as the rest of the house sees them. `priceOf` is pure: same call, same answer. */
export type PriceBook = {
  readonly source: PriceSource;
  readonly priceOf: (call: PricedCall) => Price;
  /** The tariff of a kind of calls that holds at a second; for calls without a time, and earlier than all prices, at 0. */
  readonly tariffOf?: ((kind: PricedKind, second: number) => Tariff) | undefined;
  /**
   * The fee for one use of a tool or connector; undefined where no row names it. Without a time: the newest fee.
   * The same names may be asked for a million times.
   */
  readonly toolPrice?:
    | ((name: string, kind: 'tool' | 'connector', at: Instant | undefined) => ToolPrice | undefined)
    | undefined;
};

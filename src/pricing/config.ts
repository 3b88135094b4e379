import type { RateRow } from './rates.ts';

/** The `prices:` section of agentobs.yaml, or a file of that shape, after `parsePrices` has found no fault in it. */
export type PriceConfig = {
  readonly aliases: readonly ConfigAlias[];
  readonly models: readonly ConfigModel[];
  readonly tools: readonly ConfigTool[];
  readonly discounts: readonly ConfigDiscount[];
  readonly costMode: 'auto' | 'computed' | 'recorded' | undefined;
};

/** `key` is as written; `at` is `file:line`, for messages. */
export type ConfigAlias = { readonly key: string; readonly target: string; readonly at: string };
export type ConfigModel = { readonly key: string; readonly rows: readonly RateRow[]; readonly at: string };
export type ConfigTool = { readonly key: string; readonly fees: readonly Fee[]; readonly at: string };
/** Picodollars for one use of a tool, for some stretch of time as in `RateRow`. */
export type Fee = { readonly from?: number; readonly until?: number; readonly perCall: number };
/** `keep` of 10^8 is what is left of a price after the discount. */
export type ConfigDiscount = { readonly provider: string; readonly keep: number; readonly at: string };

/** A file named with `--prices`. */
export type PriceFile = { readonly path: string; readonly prices: PriceConfig };

/** `ConfigDiscount.keep` of a price without a discount. */
export const WHOLE = 100_000_000;

/** Where a value stands: keys and indexes from the top of the file. */
export type ConfigPath = readonly (string | number)[];

/** How a reader of files hears of faults and tells places; mappings arrive as `Map`, because keys are the user's. */
export type ConfigContext = {
  readonly fault: (path: ConfigPath, message: string) => void;
  readonly placeOf: (path: ConfigPath) => string;
};

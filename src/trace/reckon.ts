import {
  type CostStatus,
  FLAG,
  type Forest,
  otherReading,
  type Pico,
  type Price,
  type PriceBook,
  pico,
  type Reckoning,
  type RecordedCost,
  type SpanTable,
  type Usage,
} from '../model/index.ts';
import type { Names, ProfileTerms } from './terms.ts';
import { toolFee } from './tool-uses.ts';

/** Which of a recorded and a computed cost counts. `auto`: the recorded one where it is evidence. */
export type CostMode = 'auto' | 'computed' | 'recorded';

/** What amounts are worked out with. */
export type Prices = Pick<PriceBook, 'priceOf' | 'tariffOf' | 'toolPrice'>;

/** What decides about amounts, for a whole run. `brief`: nobody looks at the lines of prices. */
export type Pricing = {
  readonly prices: Prices;
  readonly mode: CostMode;
  readonly brief: boolean;
  readonly terms: ProfileTerms;
};

export type Reckoned = Reckoning & { readonly status: CostStatus };

/**
 * What one counted span cost. A recorded cost beats a computed one unless it is 0 for a call that used tokens; prices that
 * the user wrote beat costs that an SDK asserted, and nothing but `computed` mode beats what the biller said. `usage` stands in for the span's own.
 */
export function reckon(
  forest: Forest,
  position: number,
  others: readonly number[] | undefined,
  isToolUse: boolean,
  pricing: Pricing,
  usage?: Usage,
): Reckoned {
  const { table, row } = forest;
  const rows = others === undefined ? undefined : others.map((p) => row[p]!);
  const known = reckonRow(table, row[position]!, rows, isToolUse, pricing, usage);
  const { recorded, ignored, price, counted, amount, conflict, status } = known;
  if (recorded === undefined) return known;
  const from = others?.find((p) => row[p] === recorded.from) ?? position;
  const said = { amount: recorded.amount, authority: recorded.authority, from };
  return { recorded: said, ignored, price, counted, amount, conflict, status };
}

/** The same of a row of the table, whose other reports are rows too, `from` as well; `usage` stands in for the row's own. */
export function reckonRow(
  table: SpanTable,
  row: number,
  others: readonly number[] | undefined,
  isToolUse: boolean,
  pricing: Pricing,
  usage?: Usage,
): Reckoned {
  const { prices, mode } = pricing;
  const recorded = recordedCost(table, row, others);
  const price =
    mode === 'recorded'
      ? undefined
      : isToolUse
        ? fee(table, row, prices)
        : computed(table, row, others, recorded?.amount, pricing, usage);
  const ignored = recorded === undefined ? undefined : whyIgnored(recorded, price, table, row, mode);
  let status: CostStatus;
  let counted: Reckoning['counted'];
  let amount = pico(0);
  let conflict = false;
  if (recorded !== undefined && ignored === undefined) {
    const isBilled = recorded.authority !== 'not_billed';
    status = isBilled ? 'recorded' : 'not_billed';
    if (isBilled) {
      counted = 'recorded';
      amount = recorded.amount;
      conflict = price?.status === 'computed' && differ(amount, price.amount);
    }
  } else if (mode === 'recorded') status = 'unpriced:no_recorded_cost';
  else if (price === undefined)
    status = table.has(row, FLAG.invalidUsage) ? 'unpriced:invalid_usage' : 'unpriced:no_usage';
  else if (price.status === 'unpriced') status = `unpriced:${price.reason}`;
  else {
    status = price.status;
    counted = 'computed';
    if (price.status === 'computed') amount = price.amount;
  }
  return { recorded, ignored, price, counted, amount, conflict, status };
}

function whyIgnored(
  { amount, authority }: NonNullable<Reckoning['recorded']>,
  price: Price | undefined,
  table: SpanTable,
  row: number,
  mode: CostMode,
): Reckoning['ignored'] {
  if (mode === 'computed') return 'cost_mode';
  if (mode === 'recorded' || authority === 'not_billed') return undefined;
  if (authority === 'billed' && amount > 0) return undefined;
  const layer = price?.status === 'computed' ? price.match.layer : undefined;
  if (layer === 'config' || layer === 'file') return 'own_price';
  return amount > 0 || !table.hasUsage(row) || price?.status === 'free' ? undefined : 'zero_with_usage';
}

/** Rounding and price changes of a day aside: 1 % and a microdollar. */
export function differ(recorded: number, computed: number): boolean {
  const difference = Math.abs(recorded - computed);
  return difference > 1e6 && difference > 0.01 * Math.max(recorded, computed);
}

/**
 * What the biller said, of whichever report of the call; else that a gateway had the answer; else the span's own cost, and
 * that of another report where it has none or 0.
 */
function recordedCost(
  table: SpanTable,
  row: number,
  others: readonly number[] | undefined,
): Reckoning['recorded'] {
  let best = table.recordedCostOf(row);
  let from = row;
  for (const other of others ?? NONE) {
    const candidate = table.recordedCostOf(other);
    if (candidate === undefined || (best !== undefined && weight(candidate) <= weight(best))) continue;
    best = candidate;
    from = other;
  }
  return best && { amount: best.amount, authority: best.authority, from };
}

const NONE: readonly number[] = [];

function weight({ amount, authority }: RecordedCost): number {
  if (authority === 'not_billed') return 2;
  if (amount === 0) return 0;
  return authority === 'billed' ? 3 : 1;
}

/** The fee of a tool as a price of one line. */
function fee(table: SpanTable, use: number, { toolPrice }: Prices): Price | undefined {
  const found = toolFee(table, use, toolPrice);
  if (found === undefined) return undefined;
  const { perCall, row, layer } = found;
  return {
    status: 'computed',
    amount: perCall,
    lines: [{ bucket: 'call', tokens: 1, rate: perCall, amount: perCall, layer }],
    match: { layer, row, kind: 'exact', assumptions: [] },
  };
}

/**
 * Priced by the span's own usage; what it does not say of the model, another report of the same call may, and where its
 * name for the model has no price, that of another report.
 */
function computed(
  table: SpanTable,
  row: number,
  others: readonly number[] | undefined,
  recorded: Pico | undefined,
  pricing: Pricing,
  counters: Usage | undefined,
): Price | undefined {
  const call = table.calls.of(row);
  if (call < 0 || !table.calls.hasUsage(call)) return undefined;
  const usage = counters ?? table.calls.usageOf(call);
  const reading = otherReading(usage, table.strings.text(table.calls.ruleOf(call)));
  if (others === undefined) {
    const own = pricing.terms.of(row);
    return priceAs(own, own.serviceTier, table, row, usage, reading, recorded, pricing);
  }
  const told = toldNames(row, others, pricing.terms);
  const price = priceAs(told, told.serviceTier, table, row, usage, reading, recorded, pricing);
  if (price.status !== 'unpriced' || price.reason !== 'unknown_model') return price;
  for (const other of others) {
    const names = pricing.terms.of(other);
    if (names.model === undefined && names.requestModel === undefined) continue;
    const second = priceAs(names, told.serviceTier, table, row, usage, reading, recorded, pricing);
    if (second.status !== 'unpriced') return second;
  }
  return price;
}

/** The price of a row's usage by names that it may have from another report. */
function priceAs(
  { provider, model, requestModel }: Names,
  serviceTier: string | undefined,
  table: SpanTable,
  row: number,
  usage: Usage,
  reading: Usage | undefined,
  recorded: Pico | undefined,
  { prices, brief, terms }: Pricing,
): Price {
  const { embedding, timed, cacheTtlTold, halfTold } = terms.of(row);
  return prices.priceOf({
    provider,
    model,
    requestModel,
    serviceTier,
    embedding,
    usage,
    at: timed ? table.startSecondOf(row) : undefined,
    cacheTtlTold,
    halfTold,
    otherReading: reading,
    brief,
    recorded,
  });
}

/** What a span says of the model, and where it is silent, the first other report that does. */
function toldNames(row: number, others: readonly number[], terms: ProfileTerms): Names {
  let { provider, model, requestModel, serviceTier } = terms.of(row);
  for (const other of others) {
    const names = terms.of(other);
    provider ??= names.provider;
    model ??= names.model;
    requestModel ??= names.requestModel;
    serviceTier ??= names.serviceTier;
  }
  return { provider, model, requestModel, serviceTier };
}

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
  type UnpricedReason,
  type Usage,
} from '../model/index.ts';
import { toolFee } from './tool-uses.ts';

/** Which of a recorded and a computed cost counts. `auto`: the recorded one where it is evidence. */
export type CostMode = 'auto' | 'computed' | 'recorded';

/** What amounts are worked out with. */
export type Prices = Pick<PriceBook, 'priceOf' | 'toolPrice'>;

/** What decides about amounts, for a whole run. `brief`: nobody looks at the lines of prices. */
export type Pricing = { readonly prices: Prices; readonly mode: CostMode; readonly brief: boolean };

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
  const ignored = recorded === undefined ? undefined : whyIgnored(recorded, price, table.hasUsage(row), mode);
  // Written out, as all of this runs for every call: spread objects take ten times as long.
  const reckoned = (
    status: CostStatus,
    counted: Reckoning['counted'],
    amount = pico(0),
    conflict = false,
  ): Reckoned => ({ recorded, ignored, price, counted, amount, conflict, status });
  if (recorded !== undefined && ignored === undefined) {
    if (recorded.authority === 'not_billed') return reckoned('not_billed', undefined);
    const { amount } = recorded;
    const conflict = price?.status === 'computed' && differ(amount, price.amount);
    return reckoned('recorded', 'recorded', amount, conflict);
  }
  if (mode === 'recorded') return reckoned('unpriced:no_recorded_cost', undefined);
  if (price === undefined) {
    const reason: UnpricedReason = table.has(row, FLAG.invalidUsage) ? 'invalid_usage' : 'no_usage';
    return reckoned(`unpriced:${reason}`, undefined);
  }
  if (price.status === 'unpriced') return reckoned(`unpriced:${price.reason}`, undefined);
  return reckoned(price.status, 'computed', price.status === 'free' ? pico(0) : price.amount);
}

function whyIgnored(
  { amount, authority }: NonNullable<Reckoning['recorded']>,
  price: Price | undefined,
  hasUsage: boolean,
  mode: CostMode,
): Reckoning['ignored'] {
  if (mode === 'computed') return 'cost_mode';
  if (mode === 'recorded' || authority === 'not_billed') return undefined;
  if (authority === 'billed' && amount > 0) return undefined;
  const layer = price?.status === 'computed' ? price.match.layer : undefined;
  if (layer === 'config' || layer === 'file') return 'own_price';
  return amount > 0 || !hasUsage || price?.status === 'free' ? undefined : 'zero_with_usage';
}

/** Rounding and price changes of a day aside: 1 % and a microdollar. */
function differ(recorded: Pico, computed: Pico): boolean {
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
  for (const other of others ?? []) {
    const candidate = table.recordedCostOf(other);
    if (candidate === undefined || (best !== undefined && weight(candidate) <= weight(best))) continue;
    best = candidate;
    from = other;
  }
  return best && { amount: best.amount, authority: best.authority, from };
}

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
  { prices: { priceOf }, brief }: Pricing,
  counters: Usage | undefined,
): Price | undefined {
  if (!table.hasUsage(row)) return undefined;
  const usage = counters ?? table.usageAt(row);
  const reading = otherReading(usage, table.textOf('usageRule', row));
  const flags = table.flagsOf(row);
  const told = toldNames(table, row, others);
  const priceAs = ({ provider, model, requestModel }: Names): Price =>
    priceOf({
      provider,
      model,
      requestModel,
      serviceTier: told.serviceTier,
      embedding: table.kindOf(row) === 'embedding',
      usage,
      at: (flags & FLAG.hasStart) === 0 ? undefined : table.startSecondOf(row),
      cacheTtlTold: (flags & FLAG.cacheTtlTold) !== 0,
      halfTold: (flags & FLAG.halfTold) !== 0,
      otherReading: reading,
      brief,
      recorded,
    });
  const price = priceAs(told);
  if (others === undefined || price.status !== 'unpriced' || price.reason !== 'unknown_model') return price;
  for (const other of others) {
    const names = namesOf(table, other);
    if (names.model === undefined && names.requestModel === undefined) continue;
    const second = priceAs(names);
    if (second.status !== 'unpriced') return second;
  }
  return price;
}

type Names = Readonly<Record<'provider' | 'model' | 'requestModel' | 'serviceTier', string | undefined>>;

function namesOf(table: SpanTable, row: number): Names {
  const { profiles, strings } = table;
  const profile = table.profileOf(row);
  return {
    provider: strings.text(profiles.textIdOf('provider', profile)),
    model: strings.text(profiles.textIdOf('model', profile)),
    requestModel: strings.text(profiles.textIdOf('requestModel', profile)),
    serviceTier: strings.text(profiles.textIdOf('serviceTier', profile)),
  };
}

/** What a span says of the model, and where it is silent, the first other report that does. */
function toldNames(table: SpanTable, row: number, others: readonly number[] | undefined): Names {
  const own = namesOf(table, row);
  if (others === undefined) return own;
  let { provider, model, requestModel, serviceTier } = own;
  for (const other of others) {
    const names = namesOf(table, other);
    provider ??= names.provider;
    model ??= names.model;
    requestModel ??= names.requestModel;
    serviceTier ??= names.serviceTier;
  }
  return { provider, model, requestModel, serviceTier };
}

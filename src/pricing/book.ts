import {
  type Price,
  type PriceBook,
  type PricedCall,
  type PriceMatch,
  type PriceSource,
  pico,
  type Reading,
  type UnpricedReason,
  type Usage,
} from '../model/index.ts';
import { type BillOptions, bill, type Needed } from './bill.ts';
import { boundsOfTotal } from './bounds.ts';
import { type Card, cardOf, type Held } from './card.ts';
import { catalogue } from './catalogue.ts';
import type { PriceConfig, PriceFile } from './config.ts';
import { modelLine } from './hints.ts';
import { createOverrides, type Discount, type Overrides } from './overrides.ts';
import { type RateRow, rowAt } from './rates.ts';
import { chosen, type Sum } from './readings.ts';
import { createResolver, type Resolved, type Unresolved } from './resolve.ts';
import { createToolPrices } from './tools.ts';

/**
 * Prices from all layers, the first that names a rate deciding: the configuration, price files in the order given,
 * the shipped preset, the catalogue. The catalogue is read when the first price or the source is asked for.
 * Throws a `UserError` when two configured keys claim a model with equal right.
 */
export function createPriceBook(
  options: { readonly config?: PriceConfig; readonly files?: readonly PriceFile[] } = {},
): PriceBook {
  const files = options.files ?? [];
  const overrides: Overrides[] = [];
  if (options.config !== undefined) overrides.push(createOverrides(options.config, 'config'));
  for (const file of files) overrides.push(createOverrides(file.prices, 'file'));
  const toolPrice = createToolPrices([
    { layer: 'config', tools: options.config?.tools ?? [] },
    ...files.map(({ prices }) => ({ layer: 'file' as const, tools: prices.tools })),
  ]);
  const layers = [
    ...(options.config === undefined ? [] : [options.config]),
    ...files.map(({ prices }) => prices),
  ];
  const configured = layers.reduce((sum, { models, tools }) => sum + models.length + tools.length, 0);
  let planOf: ((call: PricedCall) => Plan) | undefined;
  return {
    get source(): PriceSource {
      const { source, version, as_of, sha256 } = catalogue();
      return { source, version, as_of, overrides: configured, sha256 };
    },
    priceOf: (call) => {
      planOf ??= createPlanner(overrides);
      return priceBy(planOf(call), call);
    },
    toolPrice,
  };
}

/** What is the same for all calls of one model, provider and service tier. */
type Plan = { readonly unpriced: Price } | PricedPlan;
type PricedPlan = {
  readonly unpriced: undefined;
  readonly resolved: Resolved;
  readonly serviceTier: string | undefined;
  readonly discount: Discount | undefined;
  /** Every layer has one row that always holds: there is one card, whatever the time. */
  readonly timeless: boolean;
  /** When the catalogue was published: the time of calls that tell none. */
  readonly asOf: number;
  /** By which row of each layer holds. */
  readonly cards: Map<number, PlanCard>;
};
type PlanCard =
  | { readonly unpriced: Price }
  | { readonly unpriced: undefined; readonly card: Card; readonly match: PriceMatch };

/** Distinct names stay few in honest traces; in others the memory must not grow without end. */
const MOST_PLANS = 5_000;
/** Service tiers that are billed at the list price. */
const STANDARD_TIERS = new Set([
  '',
  'auto',
  'default',
  'standard',
  'standard_only',
  'on_demand',
  'on-demand',
]);

type Names = Pick<PricedCall, 'provider' | 'model' | 'requestModel' | 'serviceTier'>;
type Branch<V> = Map<string | undefined, V>;

/** Remembers plans, because a trace has many calls and few models. */
function createPlanner(overrides: readonly Overrides[]): (call: PricedCall) => Plan {
  const resolve = createResolver(catalogue(), overrides);
  const asOf = Date.parse(catalogue().as_of) / 1000;
  const plans: Branch<Branch<Branch<Branch<Plan>>>> = new Map();
  let size = 0;
  return (call: Names) => {
    const { model, requestModel, provider, serviceTier } = call;
    const known = plans.get(model)?.get(requestModel)?.get(provider)?.get(serviceTier);
    if (known !== undefined) return known;
    if (size++ === MOST_PLANS) {
      plans.clear();
      size = 1;
    }
    const plan = planFor(resolve(call), serviceTier, overrides, asOf);
    const byTier = branch(branch(branch(plans, model), requestModel), provider);
    byTier.set(serviceTier, plan);
    return plan;
  };
}

function branch<V>(map: Branch<Branch<V>>, key: string | undefined): Branch<V> {
  let next = map.get(key);
  if (next === undefined) {
    next = new Map();
    map.set(key, next);
  }
  return next;
}

function planFor(
  resolved: Resolved | Unresolved,
  servedTier: string | undefined,
  overrides: readonly Overrides[],
  asOf: number,
): Plan {
  if ('reason' in resolved) return { unpriced: unpriced(resolved.reason, resolved.hint) };
  const tier = servedTier?.trim().toLowerCase() ?? resolved.serviceTier;
  const { biller, layers } = resolved;
  let discount: Discount | undefined;
  if (biller !== undefined) for (const layer of overrides) discount ??= layer.discountOf(biller);
  return {
    unpriced: undefined,
    resolved,
    serviceTier: tier === undefined || STANDARD_TIERS.has(tier) ? undefined : tier,
    discount,
    timeless: layers.every(({ rows }) => rows.length === 1 && isTimeless(rows[0]!)),
    asOf,
    cards: new Map(),
  };
}

function isTimeless(row: RateRow): boolean {
  return row.from === undefined && row.until === undefined && row.window === undefined;
}

function priceBy(plan: Plan, call: PricedCall): Price {
  if (plan.unpriced !== undefined) return plan.unpriced;
  const planned = cardAt(plan, call.at);
  if (planned.unpriced !== undefined) return planned.unpriced;
  const { card, match } = planned;
  if (isGiven(card, call.usage)) return { status: 'free', match };
  const options: BillOptions = {
    embedding: call.embedding,
    ttlTold: call.cacheTtlTold === true,
    discount: plan.discount,
  };
  const { totalOnly } = call.usage;
  if (totalOnly > 0 && !call.embedding)
    return unpriced('total_only', onlyTotal, boundsOfTotal(card, call.usage, options));
  const usage = totalOnly > 0 ? { ...call.usage, uncachedInput: totalOnly } : call.usage;
  const billed = bill(card, usage, options);
  if (billed === 'too_large') return TOO_LARGE;
  if (billed.missing !== undefined) return missingRate(plan.resolved, billed.missing, billed.amount);
  const other = call.otherReading === undefined ? undefined : bill(card, call.otherReading, options);
  if (other === undefined || other === 'too_large' || other.missing !== undefined)
    return priced(match, billed);
  const { taken, reading } = chosen(billed, other, usage, call.recorded);
  return priced(match, taken, reading);
}

/** A model that costs nothing, searches of the web included. */
function isGiven({ free, levels }: Card, { webSearches }: Usage): boolean {
  return free && (webSearches === 0 || levels[0]!.parts.web_search?.rate === 0);
}

function priced(match: PriceMatch, { amount, lines, assumptions }: Sum, reading?: Reading): Price {
  const assumed = reading?.because === 'dialect' ? [...assumptions, reading.taken] : assumptions;
  const whole = assumed.length === 0 ? match : { ...match, assumptions: [...match.assumptions, ...assumed] };
  const price = { status: 'computed', amount: pico(amount), lines, match: whole } as const;
  return reading === undefined ? price : { ...price, reading };
}

/** The rates that hold at the time of a call. */
function cardAt(plan: PricedPlan, at: PricedCall['at']): PlanCard {
  const { layers } = plan.resolved;
  let key = at === undefined ? 1 : 0;
  const indexes: number[] = [];
  if (!plan.timeless) {
    const second = at === undefined ? plan.asOf : Number(at / 1_000_000_000n);
    for (const { layer, rows } of layers) {
      // What a person wrote may be newer than the catalogue: without a time, their newest price holds.
      const own = at === undefined && (layer === 'config' || layer === 'file');
      const index = rowAt(rows, own ? Math.max(second, newest(rows)) : second, at !== undefined);
      indexes.push(index);
      key = key * (rows.length + 1) + index + 1;
    }
  }
  let card = plan.cards.get(key);
  if (card === undefined) {
    card = planCard(plan, plan.timeless ? layers.map(() => 0) : indexes, at === undefined);
    plan.cards.set(key, card);
  }
  return card;
}

function newest(rows: readonly RateRow[]): number {
  return Math.max(...rows.map((row) => row.from ?? 0));
}

/** `indexes`: the row of each layer that holds, -1 for none. */
function planCard(plan: PricedPlan, indexes: readonly number[], untimed: boolean): PlanCard {
  const { resolved, serviceTier } = plan;
  const held = resolved.layers.flatMap(({ layer, row: name, kind, rows }, at): Held[] => {
    const row = rows[indexes[at]!];
    return row === undefined ? [] : [{ layer, name, kind, row }];
  });
  const name = resolved.layers[0]!.row;
  if (held.length === 0) return noRate(`no price of ${name} holds at the time of the call`);
  const card = cardOf(held, serviceTier);
  const { input, output } = card.levels[0]!.parts;
  if (card.soldBy !== undefined && input === undefined && output === undefined)
    return noRate(`${name} is sold by ${card.soldBy.join(' and ')}, which traces do not count`);
  const assumptions = [...resolved.assumptions];
  if (card.tierUnknown) assumptions.push('service_tier=standard');
  if (untimed && !plan.timeless) assumptions.push(`time=${dayOf(plan.asOf)}`);
  const { first, since } = card;
  const match: PriceMatch = {
    layer: first.layer,
    row: first.name,
    kind: first.kind,
    assumptions,
    steps: resolved.steps,
    ...(since === undefined ? {} : { effective: dayOf(since) }),
  };
  return { unpriced: undefined, card, match };
}

function noRate(hint: string): PlanCard {
  return { unpriced: unpriced('missing_rate', () => hint) };
}

function dayOf(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 10);
}

const onlyTotal = (): string =>
  'only a total of tokens was reported; input and output tokens do not cost the same';
const TOO_LARGE = unpriced('invalid_usage', () => 'the token counts are too large to be those of one call');

/** The rest has a price, which is the least that the call cost. */
function missingRate({ layers }: Resolved, rate: Needed, rest: number): Price {
  const { row } = layers[0]!;
  const hint = (): string => `${row} has no ${rate} rate; ${modelLine(row, [rate])}`;
  return unpriced('missing_rate', hint, { low: pico(rest), high: undefined });
}

type Bounds = Extract<Price, { status: 'unpriced' }>['bounds'];

/** `hint` is made when it is first read: of a million calls that have no price, a person sees a few. */
function unpriced(reason: UnpricedReason, hint: () => string, bounds?: Bounds): Price {
  let made: string | undefined;
  return {
    status: 'unpriced',
    reason,
    get hint() {
      made ??= hint();
      return made;
    },
    ...(bounds === undefined ? {} : { bounds }),
  };
}

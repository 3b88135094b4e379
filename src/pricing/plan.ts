import type { Price, PricedCall, PriceMatch } from '../model/index.ts';
import { type Card, cardOf, type Held } from './card.ts';
import { catalogue } from './catalogue.ts';
import type { Discount, Overrides } from './overrides.ts';
import { type RateRow, rowAt } from './rates.ts';
import { createResolver, type LayerRows, type Resolved, type Unresolved } from './resolve.ts';
import { unpriced } from './unpriced.ts';

/** What is the same for all calls of one model, provider and service tier. */
export type Plan = { readonly unpriced: Price } | PricedPlan;
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
export function createPlanner(overrides: readonly Overrides[]): (call: PricedCall) => Plan {
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

/**
 * 2020: no model was sold by the token before. Traces whose clock does not know the date count from 1970; such a time says no
 * more about the price than none.
 */
const FIRST_SALE = 1_577_836_800_000_000_000n;

/** The rates that hold at the time of a call. */
export function rowsAt(plan: PricedPlan, told: PricedCall['at']): PlanCard {
  const at = told !== undefined && told < FIRST_SALE ? undefined : told;
  const { layers } = plan.resolved;
  let key = at === undefined ? 1 : 0;
  let indexes: readonly number[] | undefined;
  if (!plan.timeless) {
    indexes = indexesAt(layers, at === undefined ? undefined : Number(at / 1_000_000_000n), plan.asOf);
    for (let i = 0; i < layers.length; i++) key = key * (layers[i]!.rows.length + 1) + indexes[i]! + 1;
  }
  let card = plan.cards.get(key);
  if (card === undefined) {
    card = planCard(plan, heldBy(layers, indexes ?? layers.map(() => 0)), at === undefined);
    plan.cards.set(key, card);
  }
  return card;
}

/** The row of each layer that holds at a second; without one, each layer's own idea of today. */
export function heldAt(layers: readonly LayerRows[], second: number | undefined, asOf: number): Held[] {
  return heldBy(layers, indexesAt(layers, second, asOf));
}

/** -1 for a layer none of whose rows holds. */
function indexesAt(layers: readonly LayerRows[], second: number | undefined, asOf: number): number[] {
  return layers.map(({ layer, rows }) => {
    if (second !== undefined) return rowAt(rows, second, true);
    // What a person wrote or imported may be newer than the catalogue: without a time, their newest price holds.
    const shipped = layer === 'preset' || layer === 'catalogue';
    return rowAt(rows, shipped ? asOf : Math.max(asOf, newest(rows)), false);
  });
}

function newest(rows: readonly RateRow[]): number {
  return Math.max(...rows.map((row) => row.from ?? 0));
}

function heldBy(layers: readonly LayerRows[], indexes: readonly number[]): Held[] {
  return layers.flatMap(({ layer, row: name, kind, rows }, at): Held[] => {
    const row = rows[indexes[at]!];
    return row === undefined ? [] : [{ layer, name, kind, row }];
  });
}

function planCard(plan: PricedPlan, held: readonly Held[], untimed: boolean): PlanCard {
  const { resolved, serviceTier } = plan;
  const name = resolved.layers[0]!.row;
  if (held.length === 0) return noRate(`no price of ${name} holds at the time of the call`);
  const card = cardOf(held, serviceTier);
  const { input, output } = card.levels[0]!.parts;
  if (card.soldBy !== undefined && input === undefined && output === undefined)
    return noRate(`${name} is sold by ${card.soldBy.join(' and ')}, which traces do not count`);
  const assumptions = [...resolved.assumptions, ...held.flatMap(({ row }) => row.assume ?? [])];
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

/** A second as a day in UTC. */
export function dayOf(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 10);
}

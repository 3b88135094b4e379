import type { Price, PricedCall, PricedKind, PriceMatch, Tariff } from '../model/index.ts';
import { type Card, cardOf, type Held } from './card.ts';
import { catalogue } from './catalogue.ts';
import type { Discount, Overrides } from './overrides.ts';
import { FIRST_SALE, type RateRow, rowAt, secondOfSale } from './rates.ts';
import { createResolver, type LayerRows, type Resolved, type Unresolved } from './resolve.ts';
import { noTariff, tariffOf } from './tariff.ts';
import { unpriced } from './unpriced.ts';
import { dayOf } from './written-rates.ts';

/** What is the same for all calls of one model, provider and service tier. */
export type Plan = { readonly unpriced: Price } | PricedPlan;
type PricedPlan = {
  readonly unpriced: undefined;
  readonly resolved: Resolved;
  readonly serviceTier: string | undefined;
  readonly discount: Discount | undefined;
  /** Every second from which other rows hold; undefined where hours of the day decide too. */
  readonly changes: readonly number[] | undefined;
  /** When the catalogue was published: the time of calls that tell none. */
  readonly asOf: number;
  /** By which stretch of time, or by which row of each layer where hours decide. */
  readonly cards: Map<number, PlanCard>;
  /** By stretch of time, -1 for what has no time, doubled, and 1 more for embeddings. */
  readonly tariffs: Map<number, Tariff>;
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

type Names = Omit<PricedKind, 'embedding'>;
type Branch<V> = Map<string | undefined, V>;

/** Remembers plans, because a trace has many calls and few models. */
export function createPlanner(overrides: readonly Overrides[]): (call: Names) => Plan {
  const resolve = createResolver(catalogue(), overrides);
  const asOf = Date.parse(catalogue().as_of) / 1000;
  const plans: Branch<Branch<Branch<Branch<Plan>>>> = new Map();
  /** Of each model the names that were asked for last: mostly it has no other ones. */
  const lately: Branch<Names & { readonly plan: Plan }> = new Map();
  let size = 0;
  return (call: Names) => {
    const { model, requestModel, provider, serviceTier } = call;
    const last = lately.get(model);
    if (
      last !== undefined &&
      last.requestModel === requestModel &&
      last.provider === provider &&
      last.serviceTier === serviceTier
    )
      return last.plan;
    const plan = planOf(call);
    lately.set(model, { model, requestModel, provider, serviceTier, plan });
    return plan;
  };

  function planOf(call: Names): Plan {
    const { model, requestModel, provider, serviceTier } = call;
    const known = plans.get(model)?.get(requestModel)?.get(provider)?.get(serviceTier);
    if (known !== undefined) return known;
    if (size++ === MOST_PLANS) {
      plans.clear();
      lately.clear();
      size = 1;
    }
    const plan = planFor(resolve(call), serviceTier, overrides, asOf);
    const byTier = branch(branch(branch(plans, model), requestModel), provider);
    byTier.set(serviceTier, plan);
    return plan;
  }
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
    changes: changesOf(layers),
    asOf,
    cards: new Map(),
    tariffs: new Map(),
  };
}

function changesOf(layers: readonly LayerRows[]): readonly number[] | undefined {
  const rows = layers.flatMap((layer) => layer.rows);
  if (rows.some(({ window }) => window !== undefined)) return undefined;
  const seconds = rows.flatMap(({ from, until }) => [from, until].filter((second) => second !== undefined));
  return [...new Set(seconds)].sort((a, b) => a - b);
}

/** The rates that hold at the time of a call. */
export function rowsAt(plan: PricedPlan, at: PricedCall['at']): PlanCard {
  const { changes, cards, resolved } = plan;
  const second = secondOfSale(at);
  const key =
    second === undefined
      ? -1
      : changes === undefined
        ? keyOf(resolved.layers, second)
        : stretchOf(changes, second);
  let card = cards.get(key);
  if (card === undefined) {
    card = planCard(plan, heldAt(resolved.layers, second, plan.asOf), second === undefined);
    cards.set(key, card);
  }
  return card;
}

/** The tariff that holds at a second, and how long it does. */
export function tariffAt(plan: Plan, second: number, embedding: boolean): Tariff {
  if (plan.unpriced !== undefined || plan.changes === undefined) return NO_TARIFF;
  const stretch = second < FIRST_SALE ? -1 : stretchOf(plan.changes, second);
  const key = 2 * stretch + Number(embedding);
  let tariff = plan.tariffs.get(key);
  if (tariff === undefined) {
    tariff = planTariff(plan, plan.changes, stretch, embedding);
    plan.tariffs.set(key, tariff);
  }
  return tariff;
}

const FOREVER = Number.POSITIVE_INFINITY;
const NO_TARIFF = noTariff(0, FOREVER);

function planTariff(
  plan: PricedPlan,
  changes: readonly number[],
  stretch: number,
  embedding: boolean,
): Tariff {
  const from = stretch < 0 ? 0 : Math.max(FIRST_SALE, changes[stretch - 1] ?? 0);
  const until = stretch < 0 ? FIRST_SALE : (changes[stretch] ?? FOREVER);
  const planned = rowsAt(plan, from);
  if (planned.unpriced !== undefined || plan.discount !== undefined) return noTariff(from, until);
  return tariffOf(planned.card, embedding, from, until);
}

/** How many changes lie before a second. */
function stretchOf(changes: readonly number[], second: number): number {
  let stretch = 0;
  while (stretch < changes.length && changes[stretch]! <= second) stretch++;
  return stretch;
}

/** Which row of each layer holds, as one number. */
function keyOf(layers: readonly LayerRows[], second: number): number {
  let key = 0;
  for (const { rows } of layers) key = key * (rows.length + 1) + rowAt(rows, second, true) + 1;
  return key;
}

/** The row of each layer that holds at a second; without one, each layer's own idea of today. */
export function heldAt(layers: readonly LayerRows[], second: number | undefined, asOf: number): Held[] {
  return layers.flatMap(({ layer, row: name, kind, rows }): Held[] => {
    // What a person wrote or imported may be newer than the catalogue: without a time, their newest price holds.
    const shipped = layer === 'preset' || layer === 'catalogue';
    const today = shipped ? asOf : Math.max(asOf, newest(rows));
    const row = rows[rowAt(rows, second ?? today, second !== undefined)];
    return row === undefined ? [] : [{ layer, name, kind, row }];
  });
}

function newest(rows: readonly RateRow[]): number {
  return Math.max(...rows.map((row) => row.from ?? 0));
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
  if (untimed && plan.changes?.length !== 0) assumptions.push(`time=${dayOf(plan.asOf)}`);
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

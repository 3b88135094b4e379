import {
  type Price,
  type PriceBook,
  type PricedCall,
  type PricedKind,
  type PriceMatch,
  type PriceSource,
  pico,
  type Reading,
  type Usage,
} from '../model/index.ts';
import { type BillOptions, bill, type Needed } from './bill.ts';
import { boundsOfTotal } from './bounds.ts';
import type { Card } from './card.ts';
import { catalogue } from './catalogue.ts';
import { modelLine } from './hints.ts';
import { createLayers, type PriceSources } from './layers.ts';
import { createPlanner, type Plan, rowsAt, tariffAt } from './plan.ts';
import { chosen, type Sum } from './readings.ts';
import type { Resolved } from './resolve.ts';
import { createToolPrices } from './tools.ts';
import { unpriced } from './unpriced.ts';

/**
 * Prices from all layers, the first that names a rate deciding: the configuration, price files in the order given, what
 * was imported, the shipped preset, the catalogue. The catalogue is read when the first price or the source is asked for.
 * Throws a `UserError` when two configured keys claim a model with equal right, or an alias stands for nothing.
 */
export function createPriceBook(sources: PriceSources = {}): PriceBook {
  const layers = createLayers(sources);
  const toolPrice = createToolPrices(
    layers.configured.map(({ layer, prices }) => ({ layer, tools: prices.tools })),
  );
  const overrides = layers.configured.reduce(
    (sum, { prices }) => sum + prices.models.length + prices.tools.length,
    0,
  );
  const imports = sources.imported?.imports ?? [];
  let known: ((kind: Omit<PricedKind, 'embedding'>) => Plan) | undefined;
  const planOf: NonNullable<typeof known> = (kind) => {
    known ??= createPlanner(layers.overrides);
    return known(kind);
  };
  return {
    get source(): PriceSource {
      const { source, version, as_of, sha256 } = catalogue();
      const all = { source, version, as_of, overrides, sha256 };
      return imports.length === 0 ? all : { ...all, imports };
    },
    priceOf: (call) => priceBy(planOf(call), call),
    tariffOf: (kind, second) => tariffAt(planOf(kind), second, kind.embedding),
    toolPrice,
  };
}

function priceBy(plan: Plan, call: PricedCall): Price {
  if (plan.unpriced !== undefined) return plan.unpriced;
  const planned = rowsAt(plan, call.at);
  if (planned.unpriced !== undefined) return planned.unpriced;
  const { card, match } = planned;
  if (isGiven(card, call.usage)) return { status: 'free', match };
  const options: BillOptions = {
    embedding: call.embedding,
    ttlTold: call.cacheTtlTold === true,
    halfTold: call.halfTold === true,
    discount: plan.discount,
    brief: call.brief === true,
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
    return priced(match, billed, options);
  const { taken, reading } = chosen(billed, other, usage, call.recorded);
  return priced(match, taken, options, reading);
}

/** A model that costs nothing, searches of the web included. */
function isGiven({ free, levels }: Card, { webSearches }: Usage): boolean {
  return free && (webSearches === 0 || levels[0]!.parts.web_search?.rate === 0);
}

function priced(
  match: PriceMatch,
  { amount, lines, assumptions }: Sum,
  { brief }: BillOptions,
  reading?: Reading,
): Price {
  if (brief) return { status: 'computed', amount: pico(amount), lines, match };
  const assumed = reading?.because === 'dialect' ? [...assumptions, reading.taken] : assumptions;
  const whole = assumed.length === 0 ? match : { ...match, assumptions: [...match.assumptions, ...assumed] };
  const price = { status: 'computed', amount: pico(amount), lines, match: whole } as const;
  return reading === undefined ? price : { ...price, reading };
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

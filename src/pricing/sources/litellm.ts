import { canonicalProvider } from '../overrides.ts';
import type { Rate, RateKey, RateRow, Rates } from '../rates.ts';
import { Collector, isObject, isZero, type JsonObject, own, rateOf, type SourcePrices } from './source.ts';

// https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json: USD a token, one object a model.
// Thresholds, the lifetime of cache writes and service tiers are parts of the key, in either order:
// input_cost_per_token_above_272k_tokens_priority, cache_creation_input_token_cost_above_1hr.

const STEMS: ReadonlyMap<string, RateKey> = new Map([
  ['input_cost_per_token', 'input'],
  ['output_cost_per_token', 'output'],
  ['cache_read_input_token_cost', 'cache_read'],
  ['cache_creation_input_token_cost', 'cache_write'],
  ['cache_creation_input_token_cost_above_1hr', 'cache_write_1h'],
  ['input_cost_per_audio_token', 'input_audio'],
  ['cache_read_input_audio_token_cost', 'cache_read_audio'],
  ['output_cost_per_audio_token', 'output_audio'],
  ['output_cost_per_reasoning_token', 'output_reasoning'],
  ['input_cost_per_request', 'request'],
]);
const TIERS: ReadonlyMap<string, string> = new Map([
  ['flex', 'flex'],
  ['priority', 'priority'],
  ['batches', 'batch'],
]);
/** USD a unit to picodollars a unit. */
const DIGITS = 12;
/** The description of the format stands in it as if it were a model. */
const SPECIMEN = 'sample_spec';

export const isLiteLlm = (file: JsonObject): boolean =>
  Object.values(file).some((entry) => isObject(entry) && typeof own(entry, 'litellm_provider') === 'string');

export function readLiteLlm(file: JsonObject): SourcePrices {
  const found = new Collector();
  for (const [key, entry] of Object.entries(file)) {
    if (key === SPECIMEN || !isObject(entry)) continue;
    const vendor = own(entry, 'litellm_provider');
    if (typeof vendor !== 'string' || vendor === '') {
      found.leave('odd_name', key);
      continue;
    }
    const row = readEntry(entry);
    if (row === 'inexact') found.leave('inexact_price', key);
    else if (row.rates.input === undefined && row.rates.output === undefined)
      found.leave('no_token_price', key);
    else if (isZero(row)) found.leave('zero_price', key);
    else found.add({ ...nameOf(vendor, key), rows: [row] });
  }
  return found.done();
}

/** `vertex_ai-language-models` is Google like `vertex_ai`; a key may begin with the vendor's name or leave it out. */
function nameOf(vendor: string, key: string): { provider: string; model: string } {
  const provider = canonicalProvider(vendor.startsWith('vertex_ai-') ? 'vertex_ai' : vendor);
  const slash = key.indexOf('/');
  const first = key.slice(0, Math.max(0, slash));
  const named = first === vendor || (first !== '' && canonicalProvider(first) === provider);
  return { provider, model: (named ? key.slice(slash + 1) : key).toLowerCase() };
}

type Building = Map<RateKey, { base?: number; above: [number, number][] }>;

function readEntry(entry: JsonObject): RateRow | 'inexact' {
  const standard: Building = new Map();
  const tiers = new Map<string, Building>();
  for (const [key, value] of Object.entries(entry)) {
    const place = placeOf(key);
    if (place === undefined || value === null) continue;
    const rate = rateOf(value, DIGITS);
    if (rate === 'inexact') return 'inexact';
    if (rate === undefined) continue;
    let rates = standard;
    if (place.tier !== undefined) {
      rates = tiers.get(place.tier) ?? new Map();
      tiers.set(place.tier, rates);
    }
    const building = rates.get(place.rate) ?? { above: [] };
    rates.set(place.rate, building);
    if (place.above === undefined) building.base = rate;
    else building.above.push([place.above, rate]);
  }
  const search = searchFee(own(entry, 'search_context_cost_per_query'));
  if (search === 'inexact') return 'inexact';
  const rates = { ...built(standard), ...(search === undefined ? {} : { web_search: search }) };
  const named = [...tiers]
    .map(([tier, building]) => [tier, built(building)] as const)
    .filter(([, own]) => Object.keys(own).length > 0);
  return named.length === 0 ? { rates } : { rates, serviceTiers: new Map(named) };
}

type Place = { readonly rate: RateKey; readonly above?: number; readonly tier?: string };

function placeOf(key: string): Place | undefined {
  let stem = key;
  let above: number | undefined;
  let tier: string | undefined;
  for (;;) {
    const rate = STEMS.get(stem);
    if (rate !== undefined)
      return { rate, ...(above === undefined ? {} : { above }), ...(tier === undefined ? {} : { tier }) };
    const threshold = /^(.+)_above_(\d{1,6})k_tokens$/.exec(stem);
    const served = /^(.+)_(flex|priority|batches)$/.exec(stem);
    if (threshold !== null && above === undefined) {
      above = Number(threshold[2]) * 1000;
      stem = threshold[1]!;
    } else if (served !== null && tier === undefined) {
      tier = TIERS.get(served[2]!);
      stem = served[1]!;
    } else return undefined;
  }
}

/** A rate without a base holds for no short prompt: it is left to whoever names one. */
function built(building: Building): Rates {
  const rates: { [K in RateKey]?: Rate } = {};
  for (const [key, { base, above }] of building) {
    if (base === undefined) continue;
    rates[key] = above.length === 0 ? base : { base, above: above.sort((a, b) => a[0] - b[0]) };
  }
  return rates;
}

/** One fee, where it does not depend on how much a search brings in. */
function searchFee(value: unknown): number | 'inexact' | undefined {
  if (!isObject(value)) return undefined;
  const fees = new Set(Object.values(value));
  const [only] = fees;
  return fees.size === 1 && only !== 0 ? rateOf(only, DIGITS) : undefined;
}

import { canonicalProvider } from '../overrides.ts';
import type { Rate, RateKey, RateRow } from '../rates.ts';
import { Collector, isObject, isZero, type JsonObject, own, rateOf, type SourcePrices } from './source.ts';

// https://models.dev/api.json: providers by id, each with models by id, USD per million tokens under `cost`. Larger
// prompts stand under `tiers` ({ tier: { type: context, size }, …rates }), before that under `context_over_200k`.

const KEYS: ReadonlyMap<string, RateKey> = new Map([
  ['input', 'input'],
  ['output', 'output'],
  ['cache_read', 'cache_read'],
  ['cache_write', 'cache_write'],
  ['input_audio', 'input_audio'],
  ['output_audio', 'output_audio'],
  ['reasoning', 'output_reasoning'],
]);
const DIGITS = 6;
const OLD_THRESHOLD = 200_000;

export const isModelsDev = (file: JsonObject): boolean =>
  Object.values(file).some((provider) => isObject(provider) && isObject(own(provider, 'models')));

export function readModelsDev(file: JsonObject): SourcePrices {
  const found = new Collector();
  for (const [id, provider] of Object.entries(file)) {
    const models = isObject(provider) ? own(provider, 'models') : undefined;
    if (!isObject(models)) continue;
    // Vertex sells other makers' models under ids of their own: google-vertex-anthropic.
    const seller = canonicalProvider(id.startsWith('google-vertex') ? 'google-vertex' : id);
    for (const [name, model] of Object.entries(models)) {
      const cost = isObject(model) ? own(model, 'cost') : undefined;
      const row = isObject(cost) ? readCost(cost) : undefined;
      if (row === 'inexact') found.leave('inexact_price', `${id}/${name}`);
      else if (row === undefined || (row.rates.input === undefined && row.rates.output === undefined))
        found.leave('no_token_price', `${id}/${name}`);
      else if (isZero(row)) found.leave('zero_price', `${id}/${name}`);
      else found.add({ provider: seller, model: name.toLowerCase(), rows: [row] });
    }
  }
  return found.done();
}

function readCost(cost: JsonObject): RateRow | 'inexact' {
  const levels = levelsOf(cost);
  const rates: { [K in RateKey]?: Rate } = {};
  for (const [key, name] of KEYS) {
    const base = rateOf(own(cost, key), DIGITS);
    if (base === 'inexact') return 'inexact';
    if (base === undefined) continue;
    const above: [number, number][] = [];
    for (const { size, costs } of levels) {
      const upper = rateOf(own(costs, key), DIGITS);
      if (upper === 'inexact') return 'inexact';
      if (upper !== undefined) above.push([size, upper]);
    }
    rates[name] = above.length === 0 ? base : { base, above: above.sort((a, b) => a[0] - b[0]) };
  }
  return { rates };
}

function levelsOf(cost: JsonObject): { readonly size: number; readonly costs: JsonObject }[] {
  const tiers = own(cost, 'tiers');
  if (Array.isArray(tiers))
    return tiers.flatMap((costs: unknown) => {
      const tier = isObject(costs) ? own(costs, 'tier') : undefined;
      if (!isObject(costs) || !isObject(tier) || own(tier, 'type') !== 'context') return [];
      const size = own(tier, 'size');
      return typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? [{ size, costs }] : [];
    });
  const over = own(cost, 'context_over_200k');
  return isObject(over) ? [{ size: OLD_THRESHOLD, costs: over }] : [];
}

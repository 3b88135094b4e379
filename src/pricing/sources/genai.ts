import { quoted } from '../decimal.ts';
import { inOrder, RATE_KEYS, type Rate, type RateKey, type RateRow, rateScale } from '../rates.ts';
import { Collector, isObject, type Json, type JsonObject, own, type SourcePrices } from './source.ts';

// https://github.com/pydantic/genai-prices/tree/main/prices: a list of providers, each with models, USD per million tokens
// or per thousand. The shipped catalogue is compiled from the same data by these functions.

const RATE_OF: ReadonlyMap<string, RateKey> = new Map([
  ['input_mtok', 'input'],
  ['output_mtok', 'output'],
  ['cache_read_mtok', 'cache_read'],
  ['cache_write_mtok', 'cache_write'],
  ['cache_write_1h_mtok', 'cache_write_1h'],
  ['input_audio_mtok', 'input_audio'],
  ['cache_audio_read_mtok', 'cache_read_audio'],
  ['output_audio_mtok', 'output_audio'],
  ['output_reasoning_mtok', 'output_reasoning'],
  ['web_searches_kcount', 'web_search'],
  ['requests_kcount', 'request'],
]);

// DeepSeek bills the off-peak rate all day at weekends from this day on; the data has no place for weekdays
// (https://github.com/pydantic/genai-prices/issues/582). Peak hours fall on the same day in Beijing and UTC.
const WEEKDAYS_ONLY = { provider: 'deepseek', prefix: 'deepseek-v4-', from: '2026-08-23' };

// Only Anthropic sells cache writes that live an hour, for twice the input price on every platform
// (https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing). The data lists the rate for
// Anthropic itself and leaves it out where others sell the same models.
const HOUR_WRITES = { family: 'claude', times: 2, note: '2x_input' };

/** A price that cannot be written in picodollars, or a shape that is not the data's. */
class UnreadablePrice extends Error {}

/** The list of providers in a file, as it is published or with its units around it. */
export function providersOf(file: Json): readonly JsonObject[] | undefined {
  const list = Array.isArray(file) ? file : isObject(file) ? own(file, 'providers') : undefined;
  if (!Array.isArray(list)) return undefined;
  const providers = list.filter(isObject);
  const isList = providers.some(
    (provider) => typeof own(provider, 'id') === 'string' && Array.isArray(own(provider, 'models')),
  );
  return isList ? providers : undefined;
}

export function readGenai(providers: readonly JsonObject[]): SourcePrices {
  const found = new Collector();
  for (const provider of providers) {
    const id = own(provider, 'id');
    const models = own(provider, 'models');
    if (typeof id !== 'string' || !Array.isArray(models)) continue;
    for (const model of models.filter(isObject)) {
      const name = own(model, 'id');
      if (typeof name !== 'string') continue;
      try {
        const rows = compileRows(id, name, own(model, 'prices'));
        if (rows.every(({ soldBy }) => soldBy !== undefined)) found.leave('no_token_price', `${id}/${name}`);
        else if (rows.every(({ rates }) => Object.keys(rates).length === 0))
          found.leave('zero_price', `${id}/${name}`);
        else
          for (const alias of new Set(
            [name, ...equalsOf(own(model, 'match'))].map((one) => one.toLowerCase()),
          ))
            found.add({ provider: id, model: alias, rows });
      } catch (error) {
        if (!(error instanceof UnreadablePrice)) throw error;
        found.leave('inexact_price', `${id}/${name}`);
      }
    }
  }
  return found.done();
}

/** The rules of the data are two levels deep. */
const DEEPEST = 20;

/**
 * The names that a match rule spells out.
 * @public scripts/compile-prices.js reads it from the build.
 */
export function equalsOf(rule: Json, depth = 0): string[] {
  if (!isObject(rule) || depth > DEEPEST) return [];
  const either = own(rule, 'or');
  if (Array.isArray(either)) return either.flatMap((part) => equalsOf(part, depth + 1));
  const name = own(rule, 'equals');
  return typeof name === 'string' ? [name] : [];
}

/**
 * Dated rows as ranges of their own. The data lists, in rising order of precedence, a first price, prices from a day
 * on, and prices for hours of the day. Hours carry no day, so they would reach back before the day that introduced
 * them: they are given the latest start before them. Hours without any start are of no known day; there the part
 * that covers more of the day is the list price, all day.
 * @public scripts/compile-prices.js reads it from the build.
 */
export function compileRows(provider: string, model: string, prices: Json): readonly RateRow[] {
  if (isObject(prices)) return [compileRates(model, prices)];
  if (!Array.isArray(prices)) throw new UnreadablePrice(`${provider}/${model}: no prices`);
  const rows: RateRow[] = [];
  let from: number | undefined;
  for (const item of prices) {
    const dated = isObject(item) ? own(item, 'prices') : undefined;
    if (!isObject(item) || !isObject(dated)) throw new UnreadablePrice(`${provider}/${model}: no prices`);
    const compiled = compileRates(model, dated);
    const constraint = own(item, 'constraint');
    if (!isObject(constraint)) {
      rows.push(compiled);
      continue;
    }
    const day = own(constraint, 'start_date');
    if (typeof day === 'string') {
      from = secondsOf(day, model);
      rows.push({ from, ...compiled });
      continue;
    }
    const window = [
      secondOfDay(own(constraint, 'start_time'), model),
      secondOfDay(own(constraint, 'end_time'), model),
    ] as const;
    if (from !== undefined) rows.push(...windowRows(provider, model, from, window, compiled));
    else if ((window[1] - window[0] + 86_400) % 86_400 > 43_200) rows.splice(0, rows.length, compiled);
  }
  return inOrder(rows);
}

function windowRows(
  provider: string,
  model: string,
  from: number,
  window: readonly [number, number],
  compiled: RateRow,
): RateRow[] {
  if (provider !== WEEKDAYS_ONLY.provider || !model.startsWith(WEEKDAYS_ONLY.prefix))
    return [{ from, window, ...compiled }];
  const change = secondsOf(WEEKDAYS_ONLY.from, model);
  return [
    { from, until: change, window, ...compiled },
    { from: change, window, weekdays: [1, 2, 3, 4, 5], ...compiled },
  ];
}

function compileRates(model: string, prices: JsonObject): RateRow {
  const rates: { [K in RateKey]?: Rate } = {};
  const others: string[] = [];
  for (const [key, price] of Object.entries(prices)) {
    const name = RATE_OF.get(key);
    if (name !== undefined) rates[name] = compileRate(model, name, price);
    else others.push(key.replace(/_(mtok|kcount|kpages|hours)$/, (_, unit: string) => ` ${unit}`));
  }
  const sorted: { [K in RateKey]?: Rate } = {};
  for (const key of RATE_KEYS) if (rates[key] !== undefined) sorted[key] = rates[key];
  const { input, cache_write: write, cache_write_1h: hour, output } = rates;
  const isClaude = model.toLowerCase().includes(HOUR_WRITES.family);
  if (isClaude && hour === undefined && write !== undefined && input !== undefined)
    return {
      rates: { ...sorted, cache_write_1h: times(input, HOUR_WRITES.times) },
      derived: { cache_write_1h: HOUR_WRITES.note },
    };
  const soldBy = input === undefined && output === undefined && others.length > 0;
  return soldBy ? { rates: sorted, soldBy: others } : { rates: sorted };
}

function compileRate(model: string, key: RateKey, price: Json): Rate {
  if (typeof price === 'number') return exact(model, key, price);
  const tiers = isObject(price) ? own(price, 'tiers') : undefined;
  if (!isObject(price) || !Array.isArray(tiers)) throw new UnreadablePrice(`${model}: ${key} is no price`);
  const above = tiers.map((tier: Json): readonly [number, number] => {
    const start = isObject(tier) ? own(tier, 'start') : undefined;
    if (!isObject(tier) || typeof start !== 'number')
      throw new UnreadablePrice(`${model}: ${key} has a tier without a start`);
    return [start, exact(model, key, own(tier, 'price'))];
  });
  return { base: exact(model, key, own(price, 'base')), above: above.sort((a, b) => a[0] - b[0]) };
}

function times(rate: Rate, factor: number): Rate {
  if (typeof rate === 'number') return rate * factor;
  return { base: rate.base * factor, above: rate.above.map(([start, price]) => [start, price * factor]) };
}

/**
 * One price, a twelfth of a dollar for Gemini's cache writes on OpenRouter, is no whole number of picodollars a token; it
 * is the nearest, four millionths off.
 */
function exact(model: string, key: RateKey, price: Json): number {
  const rate = typeof price === 'number' && price >= 0 ? quoted(price, rateScale(key)) : undefined;
  if (rate === undefined)
    throw new UnreadablePrice(`${model}: ${key} of ${String(price)} cannot be written in picodollars a unit`);
  return rate;
}

function secondsOf(date: string, model: string): number {
  const millis = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(millis)) throw new UnreadablePrice(`${model}: ${date} is no date`);
  return millis / 1000;
}

function secondOfDay(time: Json, model: string): number {
  const match = /^(\d{2}):(\d{2}):(\d{2})Z$/.exec(String(time));
  if (match === null) throw new UnreadablePrice(`${model}: ${String(time)} is no UTC time of day`);
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

// Compiles the data of @pydantic/genai-prices into pricing/catalogue.json, the index the price book reads.
// Runs after tsc on the folder it is given, because it shares the exact decimal arithmetic with the program.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { waitForUpdate } from '@pydantic/genai-prices';

const built = join(resolve(process.argv[2] ?? 'dist'), 'pricing');
const { scaled } = await import(pathToFileURL(join(built, 'decimal.js')));
const { inOrder, RATE_KEYS, rateScale } = await import(pathToFileURL(join(built, 'rates.js')));

// The package carries no date, so the day each version was published stands here (`npm view <package> time`).
// A new version of the data does not build until its date is written down.
const PUBLISHED = { '0.1.8': '2026-09-23' };

// DeepSeek bills the off-peak rate all day at weekends from this day on; the data has no place for weekdays
// (https://github.com/pydantic/genai-prices/issues/582). Peak hours fall on the same day in Beijing and UTC.
const WEEKDAYS_ONLY = { provider: 'deepseek', prefix: 'deepseek-v4-', from: '2026-08-23' };

// Only Anthropic sells cache writes that live an hour, for twice the input price on every platform
// (https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing). The data lists the rate for
// Anthropic itself and leaves it out where others sell the same models.
const HOUR_WRITES = { owner: 'anthropic', times: 2, note: '2x_input' };

const SOURCE = '@pydantic/genai-prices';
const RATE_OF = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cache_read',
  cache_write_mtok: 'cache_write',
  cache_write_1h_mtok: 'cache_write_1h',
  input_audio_mtok: 'input_audio',
  cache_audio_read_mtok: 'cache_read_audio',
  output_audio_mtok: 'output_audio',
  output_reasoning_mtok: 'output_reasoning',
  web_searches_kcount: 'web_search',
  requests_kcount: 'request',
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'node_modules', SOURCE, 'package.json'), 'utf8'));
const published = PUBLISHED[version];
if (published === undefined)
  throw new Error(`${SOURCE} ${version}: add its publication date to ${import.meta.url}`);

const providers = await waitForUpdate();
const hourWriters = providers.find((provider) => provider.id === HOUR_WRITES.owner).model_match.contains;
const catalogue = {
  source: 'genai-prices',
  version,
  as_of: published,
  sha256: createHash('sha256').update(JSON.stringify(providers)).digest('hex'),
  providers: providers.map(compileProvider),
};
writeFileSync(join(built, 'catalogue.json'), JSON.stringify(catalogue));
// The data is shipped inside ours, so its licence goes with it.
copyFileSync(join(root, 'node_modules', SOURCE, 'LICENSE'), join(built, 'catalogue.LICENSE'));

function compileProvider(provider) {
  return {
    id: provider.id,
    fallback: provider.fallback_model_providers,
    owns: provider.model_match,
    models: provider.models.map((model) => compileModel(provider.id, model)),
  };
}

function compileModel(provider, model) {
  const equals = equalsOf(model.match).filter((name) => name !== model.id);
  return {
    id: model.id,
    names: equals.length === 0 ? undefined : equals,
    rule: isOpenEnded(model.match) ? model.match : undefined,
    rows: compileRows(provider, model),
  };
}

function equalsOf(rule) {
  if (rule.or !== undefined) return rule.or.flatMap(equalsOf);
  return rule.equals === undefined ? [] : [rule.equals];
}

function isOpenEnded(rule) {
  return rule.or === undefined ? rule.equals === undefined : rule.or.some(isOpenEnded);
}

/**
 * Dated rows as ranges of their own. The data lists, in rising order of precedence, a first price, prices from a day
 * on, and prices for hours of the day. Hours carry no day, so they would reach back before the day that introduced
 * them: they are given the latest start before them. Hours without any start are of no known day; there the part
 * that covers more of the day is the list price, all day.
 */
function compileRows(provider, model) {
  if (!Array.isArray(model.prices)) return [compileRates(model, model.prices)];
  const rows = [];
  let from;
  for (const { constraint, prices } of model.prices) {
    const compiled = compileRates(model, prices);
    if (constraint === undefined) rows.push(compiled);
    else if (constraint.type === 'start_date') {
      from = seconds(constraint.start_date);
      rows.push({ from, ...compiled });
    } else if (constraint.type === 'time_of_date') {
      const window = [secondOfDay(constraint.start_time), secondOfDay(constraint.end_time)];
      if (from !== undefined) rows.push(...windowRows(provider, model, from, window, compiled));
      else if ((window[1] - window[0] + 86_400) % 86_400 > 43_200) rows.splice(0, rows.length, compiled);
    } else throw new Error(`${provider}/${model.id}: unknown constraint ${JSON.stringify(constraint)}`);
  }
  return inOrder(rows);
}

function windowRows(provider, model, from, window, compiled) {
  if (provider !== WEEKDAYS_ONLY.provider || !model.id.startsWith(WEEKDAYS_ONLY.prefix))
    return [{ from, window, ...compiled }];
  const change = seconds(WEEKDAYS_ONLY.from);
  return [
    { from, until: change, window, ...compiled },
    { from: change, window, weekdays: [1, 2, 3, 4, 5], ...compiled },
  ];
}

function compileRates(model, prices) {
  const rates = {};
  const others = [];
  for (const [key, price] of Object.entries(prices)) {
    const name = RATE_OF[key];
    if (name === undefined) others.push(key.replace(/_(mtok|kcount|kpages|hours)$/, (_, unit) => ` ${unit}`));
    else rates[name] = compileRate(model, name, price);
  }
  const sorted = Object.fromEntries(RATE_KEYS.filter((key) => key in rates).map((key) => [key, rates[key]]));
  if (
    model.id.toLowerCase().includes(hourWriters) &&
    rates.cache_write_1h === undefined &&
    rates.cache_write !== undefined
  )
    return {
      rates: { ...sorted, cache_write_1h: times(rates.input, HOUR_WRITES.times) },
      derived: { cache_write_1h: HOUR_WRITES.note },
    };
  const soldBy = rates.input === undefined && rates.output === undefined && others.length > 0;
  return soldBy ? { rates: sorted, soldBy: others } : { rates: sorted };
}

function compileRate(model, key, price) {
  if (typeof price === 'number') return exact(model, key, price);
  const tiers = [...price.tiers].sort((a, b) => a.start - b.start);
  return {
    base: exact(model, key, price.base),
    above: tiers.map((tier) => [tier.start, exact(model, key, tier.price)]),
  };
}

function times(rate, factor) {
  if (typeof rate === 'number') return rate * factor;
  return { base: rate.base * factor, above: rate.above.map(([start, price]) => [start, price * factor]) };
}

/**
 * The data holds products of doubles (0.18000000000000002): twelve digits are the price, the rest must be noise.
 * One price, a twelfth of a dollar for Gemini's cache writes on OpenRouter, is no whole number of picodollars a
 * token; it is the nearest, four millionths off.
 */
function exact(model, key, price) {
  const digits = rateScale(key);
  const quoted = Number(price.toPrecision(12));
  const isNoise = Math.abs(quoted - price) <= price * 1e-14;
  const rate = (isNoise ? scaled(quoted, digits) : undefined) ?? scaled(price.toFixed(digits), digits);
  if (Math.abs(rate / 10 ** digits - price) > price * 5e-6)
    throw new Error(`${model.id}: ${key} of ${price} cannot be written in picodollars a unit`);
  return rate;
}

function seconds(date) {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

function secondOfDay(time) {
  const match = /^(\d{2}):(\d{2}):(\d{2})Z$/.exec(time);
  if (match === null) throw new Error(`${time}: only UTC times of day are understood`);
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

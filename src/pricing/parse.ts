import type {
  ConfigAlias,
  ConfigContext,
  ConfigDiscount,
  ConfigModel,
  ConfigPath,
  PriceConfig,
} from './config.ts';
import { WHOLE } from './config.ts';
import { scaled } from './decimal.ts';
import { parseTools } from './parse-tools.ts';
import { entries, kindOf, mapping, parseTime, parseWindow } from './parse-values.ts';
import { inOrder, RATE_KEYS, type Rate, type RateKey, type RateRow, type Rates, rateScale } from './rates.ts';

/** Reads a `prices:` section. Every fault is reported; what is returned counts only if there was none. */
export function parsePrices(value: unknown, path: ConfigPath, context: ConfigContext): PriceConfig {
  const section = mapping(value, path, context, SECTION_KEYS);
  const currency = section.get('currency');
  if (currency !== undefined && currency !== 'USD')
    context.fault(
      [...path, 'currency'],
      'only USD is understood; convert the prices and leave the rest as it is',
    );
  const costMode = section.get('cost_mode');
  if (costMode !== undefined && !isCostMode(costMode))
    context.fault([...path, 'cost_mode'], `expected one of ${COST_MODES.join(', ')}`);
  return {
    aliases: parseAliases(section.get('aliases'), [...path, 'aliases'], context),
    models: parseModels(section.get('models'), [...path, 'models'], context),
    tools: parseTools(section.get('tools'), [...path, 'tools'], context),
    discounts: parseDiscounts(section.get('discounts'), [...path, 'discounts'], context),
    costMode: isCostMode(costMode) ? costMode : undefined,
  };
}

const SECTION_KEYS = ['currency', 'aliases', 'models', 'tools', 'discounts', 'cost_mode'];
const COST_MODES = ['auto', 'computed', 'recorded'] as const;
const ROW_KEYS = [...RATE_KEYS, 'free', 'from', 'until', 'window', 'service_tiers'];

function isCostMode(value: unknown): value is (typeof COST_MODES)[number] {
  return COST_MODES.some((mode) => mode === value);
}

function parseAliases(value: unknown, path: ConfigPath, context: ConfigContext): ConfigAlias[] {
  const aliases: ConfigAlias[] = [];
  for (const [key, target] of entries(value, path, context)) {
    const at = [...path, key];
    if (typeof target !== 'string' || target.trim() === '')
      context.fault(
        at,
        `expected the name of a model, like anthropic/claude-sonnet-4, found ${kindOf(target)}`,
      );
    else if (target.includes('*'))
      context.fault(at, 'an alias stands for one model; the name cannot hold a *');
    else aliases.push({ key, target, at: context.placeOf(at) });
  }
  return aliases;
}

function parseModels(value: unknown, path: ConfigPath, context: ConfigContext): ConfigModel[] {
  const models: ConfigModel[] = [];
  for (const [key, price] of entries(value, path, context)) {
    const at = [...path, key];
    let faults = 0;
    const fault: ConfigContext['fault'] = (where, message) => {
      faults++;
      context.fault(where, message);
    };
    const list = Array.isArray(price) ? price : [price];
    if (list.length === 0) fault(at, 'expected at least one price');
    const own = { ...context, fault };
    const rows = list.map((row, index) => parseRow(row, Array.isArray(price) ? [...at, index] : at, own));
    const ordered = inOrder(rows);
    // A row without its faulty date looks like another row's twin.
    const twins = ordered.some((row, index) => index > 0 && sameTime(row, ordered[index - 1]!));
    if (twins && faults === 0)
      fault(at, 'two prices start at the same time; give one of them another `from`');
    models.push({ key, rows: ordered, at: context.placeOf(at) });
  }
  return models;
}

function sameTime(a: RateRow, b: RateRow): boolean {
  return (
    a.from === b.from &&
    (a.window === undefined) === (b.window === undefined) &&
    a.window?.[0] === b.window?.[0]
  );
}

function parseRow(value: unknown, path: ConfigPath, context: ConfigContext): RateRow {
  const row = mapping(value, path, context, ROW_KEYS);
  const rates = parseRates(row, path, context);
  const tiers = parseServiceTiers(row.get('service_tiers'), [...path, 'service_tiers'], context);
  const from = parseTime(row.get('from'), [...path, 'from'], context);
  const until = parseTime(row.get('until'), [...path, 'until'], context);
  const window = parseWindow(row.get('window'), [...path, 'window'], context);
  const free = row.get('free');
  if (free !== undefined && typeof free !== 'boolean')
    context.fault([...path, 'free'], `expected true or false, found ${kindOf(free)}`);
  if (free === true && (Object.keys(rates).length > 0 || tiers !== undefined))
    context.fault([...path, 'free'], 'a free model has no rates; remove one or the other');
  if (from !== undefined && until !== undefined && until <= from)
    context.fault([...path, 'until'], '`until` is not later than `from`');
  const empty = !RATE_KEYS.some((key) => row.has(key)) && tiers === undefined;
  if (free !== true && empty && (value instanceof Map || value === null))
    context.fault(path, 'names no rate; give input and output in USD per million tokens, or free: true');
  return {
    rates,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(window === undefined ? {} : { window }),
    ...(tiers === undefined ? {} : { serviceTiers: tiers }),
    ...(free === true ? { free } : {}),
  };
}

function parseRates(row: ReadonlyMap<string, unknown>, path: ConfigPath, context: ConfigContext): Rates {
  const rates: { [K in RateKey]?: Rate } = {};
  for (const key of RATE_KEYS) {
    const value = row.get(key);
    const rate = value === undefined ? undefined : parseRate(key, value, [...path, key], context);
    if (rate !== undefined) rates[key] = rate;
  }
  return rates;
}

function parseRate(key: RateKey, value: unknown, path: ConfigPath, context: ConfigContext): Rate | undefined {
  if (!(value instanceof Map)) return parseAmount(key, value, path, context);
  const tiered = mapping(value, path, context, ['base', 'above']);
  const base = parseAmount(key, tiered.get('base'), [...path, 'base'], context);
  const above: (readonly [number, number])[] = [];
  for (const [threshold, price] of entries(tiered.get('above'), [...path, 'above'], context)) {
    const at = [...path, 'above', threshold];
    const amount = parseAmount(key, price, at, context);
    if (!/^\d{1,15}$/.test(threshold)) context.fault(at, 'expected a number of tokens, like 200000');
    else if (amount !== undefined) above.push([Number(threshold), amount]);
  }
  if (tiered.get('above') === undefined)
    context.fault(path, 'expected `above`, like { base: 3, above: { 200000: 6 } }');
  return base === undefined ? undefined : { base, above: above.sort((a, b) => a[0] - b[0]) };
}

function parseAmount(
  key: RateKey,
  value: unknown,
  path: ConfigPath,
  context: ConfigContext,
): number | undefined {
  const unit = rateScale(key) === 6 ? 'USD per million tokens' : 'USD per thousand';
  if (typeof value !== 'number') {
    context.fault(path, `expected a number (${unit}), found ${kindOf(value)}`);
    return undefined;
  }
  const rate = scaled(value, rateScale(key));
  if (rate === undefined)
    context.fault(
      path,
      `${value} cannot be billed exactly: ${unit}, not negative, at most ${rateScale(key)} decimals`,
    );
  return rate;
}

function parseServiceTiers(
  value: unknown,
  path: ConfigPath,
  context: ConfigContext,
): ReadonlyMap<string, Rates> | undefined {
  if (value === undefined) return undefined;
  const tiers = new Map<string, Rates>();
  for (const [name, rates] of entries(value, path, context)) {
    const at = [...path, name];
    tiers.set(name.toLowerCase(), parseRates(mapping(rates, at, context, RATE_KEYS), at, context));
  }
  return tiers;
}

function parseDiscounts(value: unknown, path: ConfigPath, context: ConfigContext): ConfigDiscount[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    context.fault(
      path,
      `expected a list like [{ provider: anthropic, percent: 20 }], found ${kindOf(value)}`,
    );
    return [];
  }
  const discounts: ConfigDiscount[] = [];
  value.forEach((item: unknown, index) => {
    const at = [...path, index];
    const discount = mapping(item, at, context, ['provider', 'percent']);
    const provider = discount.get('provider');
    const percent = discount.get('percent');
    const off = typeof percent === 'number' ? scaled(percent, 6) : undefined;
    if (typeof provider !== 'string' || provider.trim() === '')
      context.fault([...at, 'provider'], 'expected the name of a provider');
    else if (off === undefined || off > WHOLE)
      context.fault([...at, 'percent'], 'expected a number from 0 to 100, with at most 6 decimals');
    else discounts.push({ provider, keep: WHOLE - off, at: context.placeOf(at) });
  });
  return discounts;
}

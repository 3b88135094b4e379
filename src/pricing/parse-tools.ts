import type { ConfigContext, ConfigPath, ConfigTool, Fee } from './config.ts';
import { scaled } from './decimal.ts';
import { entries, kindOf, mapping, parseTime } from './parse-values.ts';

const FEE_KEYS = ['per_call', 'from', 'until'];
/** USD to picodollars. */
const DIGITS = 12;

/** Reads `tools:`: a fee, or a list of fees with dates, for each tool or connector. */
export function parseTools(value: unknown, path: ConfigPath, context: ConfigContext): ConfigTool[] {
  const tools: ConfigTool[] = [];
  for (const [key, price] of entries(value, path, context)) {
    const at = [...path, key];
    const list: readonly unknown[] = Array.isArray(price) ? price : [price];
    if (list.length === 0) context.fault(at, 'expected at least one price');
    const fees = list
      .map((fee, index) => parseFee(fee, Array.isArray(price) ? [...at, index] : at, context))
      .filter((fee) => fee !== undefined)
      .sort((a, b) => startOf(a) - startOf(b));
    if (fees.some((fee, index) => index > 0 && startOf(fee) === startOf(fees[index - 1]!)))
      context.fault(at, 'two prices start at the same time; give one of them another `from`');
    tools.push({ key, fees, at: context.placeOf(at) });
  }
  return tools;
}

const startOf = ({ from }: Fee): number => from ?? 0;

function parseFee(value: unknown, path: ConfigPath, context: ConfigContext): Fee | undefined {
  if (!(value instanceof Map)) {
    context.fault(path, `expected a price like { per_call: 0.01 }, found ${kindOf(value)}`);
    return undefined;
  }
  const fee = mapping(value, path, context, FEE_KEYS);
  const from = parseTime(fee.get('from'), [...path, 'from'], context);
  const until = parseTime(fee.get('until'), [...path, 'until'], context);
  if (from !== undefined && until !== undefined && until <= from)
    context.fault([...path, 'until'], '`until` is not later than `from`');
  const perCall = parsePerCall(fee.get('per_call'), path, context);
  if (perCall === undefined) return undefined;
  return { perCall, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

function parsePerCall(value: unknown, path: ConfigPath, context: ConfigContext): number | undefined {
  if (value === undefined) {
    context.fault(path, 'names no price; give per_call in USD, like { per_call: 0.01 }');
    return undefined;
  }
  const at = [...path, 'per_call'];
  if (typeof value !== 'number') {
    context.fault(at, `expected a number (USD per call), found ${kindOf(value)}`);
    return undefined;
  }
  const pico = scaled(value, DIGITS);
  if (pico === undefined)
    context.fault(at, `${value} cannot be billed exactly: USD per call, not negative, at most 12 decimals`);
  return pico;
}

import {
  COUNTED,
  type CountedName,
  isLabelSource,
  isValueName,
  LABEL_SOURCES,
  labelNamesOf,
  METRIC_TYPES,
  type Metric,
  type MetricLabel,
  type MetricType,
  PROFILES,
  partsOf,
  VALUES,
  valueNamed,
} from '../metrics/index.ts';
import { didYouMean, UserError } from '../model/index.ts';
import type { ConfigContext, ConfigPath } from '../pricing/index.ts';
import { entries, kindOf, mapping } from '../pricing/parse-values.ts';
import { type Condition, DIMENSIONS, parseCondition } from '../rollup/index.ts';

/** What `agentobs.yaml` says under `metrics:`, or a file that `--profile` names. */
export type MetricSettings = {
  readonly profile: string | undefined;
  readonly prefix: string | undefined;
  /** Labels of all series. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly maxSeries: number | undefined;
  /** Metrics of the user's own; one with the name of another takes its place. */
  readonly define: readonly Metric[];
};

const KEYS = ['profile', 'prefix', 'labels', 'max_series', 'define'];
const METRIC_KEYS = ['help', 'type', 'unit', 'spans', 'where', 'labels', 'value', 'buckets'];
/** Those of Prometheus' client libraries, in seconds. */
const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MOST_BUCKETS = 200;

export const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Why a label cannot have this name; undefined where it can. */
export function faultOfLabel(name: string): string | undefined {
  if (name === 'le' || name === 'quantile') return `"${name}" means something else to Prometheus`;
  return LABEL_NAME.test(name)
    ? undefined
    : `"${name}" is no label name: letters, digits and _, no __ before it`;
}

/** Reads a `metrics:` section. Every fault is reported; what is returned counts only if there was none. */
export function parseMetrics(section: unknown, at: ConfigPath, context: ConfigContext): MetricSettings {
  const said = mapping(section, at, context, KEYS);
  const profile = textOf(said.get('profile'), [...at, 'profile'], context);
  if (profile !== undefined && !Object.hasOwn(PROFILES, profile)) {
    const known = Object.keys(PROFILES);
    context.fault(
      [...at, 'profile'],
      `no such profile${didYouMean(profile, known)} (there are ${known.join(', ')})`,
    );
  }
  const prefix = textOf(said.get('prefix'), [...at, 'prefix'], context);
  if (prefix !== undefined && !METRIC_NAME.test(prefix))
    context.fault([...at, 'prefix'], `"${prefix}" begins no metric name: letters, digits, _ and : only`);
  return {
    profile,
    prefix,
    labels: constants(said.get('labels'), [...at, 'labels'], context),
    maxSeries: wholeNumber(said.get('max_series'), [...at, 'max_series'], context),
    define: entries(said.get('define'), [...at, 'define'], context).flatMap(
      ([name, metric]) => parseMetric(name, metric, [...at, 'define', name], context) ?? [],
    ),
  };
}

function parseMetric(
  name: string,
  value: unknown,
  at: ConfigPath,
  context: ConfigContext,
): Metric | undefined {
  const said = mapping(value, at, context, METRIC_KEYS);
  const fault = (key: string, message: string): void => context.fault([...at, key], message);
  if (!METRIC_NAME.test(name))
    context.fault(at, `"${name}" is no metric name: letters, digits, _ and : only`);
  const type = oneOf<MetricType>(said, 'type', METRIC_TYPES, at, context) ?? 'counter';
  const spans =
    oneOf<CountedName>(said, 'spans', Object.keys(COUNTED) as CountedName[], at, context) ?? 'any';
  const help = textOf(said.get('help'), [...at, 'help'], context);
  if (help === undefined || help.trim() === '') fault('help', 'say in a sentence what it counts');
  const unit = textOf(said.get('unit'), [...at, 'unit'], context);
  const base = type === 'counter' ? name.replace(/_total$/, '') : name;
  if (type === 'counter' && base === name) context.fault(at, 'the name of a counter ends in _total');
  if (type !== 'counter' && name.endsWith('_total')) context.fault(at, 'only a counter ends in _total');
  if (/_(?:bucket|count|sum)$/.test(name))
    context.fault(at, 'names in _bucket, _count and _sum belong to histograms');
  if (unit !== undefined && !base.endsWith(`_${unit}`))
    fault('unit', `the name has to end in _${unit}${type === 'counter' ? '_total' : ''}`);
  const what = parseValue(said.get('value') ?? 'one', [...at, 'value'], context);
  if (what !== undefined) checkValue(type, what, fault);
  const metric: Metric = {
    name,
    help: help ?? '',
    type,
    ...(unit !== undefined && { unit }),
    spans,
    where: conditions(said.get('where'), [...at, 'where'], context),
    labels: parseLabels(said.get('labels'), [...at, 'labels'], context),
    value: what ?? 'one',
    ...(type === 'histogram' && { buckets: parseBuckets(said.get('buckets'), [...at, 'buckets'], context) }),
  };
  if (type !== 'histogram' && said.has('buckets')) fault('buckets', `a ${type} has none`);
  const names = labelNamesOf(metric);
  const twice = names.find((label, i) => names.indexOf(label) < i);
  if (twice !== undefined) fault('labels', `two labels are called "${twice}"`);
  return metric;
}

function checkValue(
  type: MetricType,
  value: Metric['value'],
  fault: (key: string, message: string) => void,
): void {
  const definitions = partsOf({ value }).map((part) => valueNamed(part.value));
  if (type === 'counter' && definitions.some(({ level }) => level !== undefined))
    fault('value', 'that is a level, which goes up and down: its type is gauge');
  if (type !== 'gauge' && definitions.some(({ level }) => level === 'running'))
    fault('value', 'what is running is a gauge');
  if (definitions.some(({ divisor }) => divisor !== definitions[0]!.divisor))
    fault('value', 'these values have different units: they belong in metrics of their own');
}

/** The name of a value, or `token_type: { input: input_tokens, output: output_tokens }`. */
function parseValue(value: unknown, at: ConfigPath, context: ConfigContext): Metric['value'] | undefined {
  const known = Object.keys(VALUES);
  const named = (name: unknown, path: ConfigPath) => {
    if (typeof name === 'string' && isValueName(name)) return name;
    const meant = typeof name === 'string' ? didYouMean(name, known) : '';
    context.fault(path, `no such value${meant} (there are ${known.join(', ')}, and attr:<key>)`);
    return undefined;
  };
  if (!(value instanceof Map)) return named(value, at);
  const [split, ...more] = entries(value, at, context);
  if (split === undefined || more.length > 0) {
    context.fault(at, 'expected one label with its values, like result: { hit: cache_hits }');
    return undefined;
  }
  const [label, values] = split;
  const wrong = faultOfLabel(label);
  if (wrong !== undefined) context.fault([...at, label], wrong);
  const of = entries(values, [...at, label], context).flatMap(([as, name]) => {
    const known = named(name, [...at, label, as]);
    return known === undefined ? [] : [{ as, value: known }];
  });
  if (of.length > 0) return { label, of };
  context.fault([...at, label], 'expected values, like { hit: cache_hits }');
  return undefined;
}

/** `[tool, user]`, or `{ tool_name: tool, tier: attr:customer.tier }`. */
function parseLabels(value: unknown, at: ConfigPath, context: ConfigContext): readonly MetricLabel[] {
  const pairs: readonly (readonly [string, unknown, string | number])[] = Array.isArray(value)
    ? value.map((from, i) => [nameOf(from), from, i])
    : entries(value, at, context).map(([name, from]) => [name, from, name]);
  return pairs.flatMap(([name, from, key]) => {
    const wrong = faultOfLabel(name);
    if (wrong !== undefined) context.fault([...at, key], wrong);
    if (typeof from === 'string' && isLabelSource(from)) return [{ name, from }];
    const known = [...Object.keys(DIMENSIONS), ...Object.keys(LABEL_SOURCES)];
    const meant = typeof from === 'string' ? didYouMean(from, known) : '';
    context.fault(
      [...at, key],
      `no such dimension${meant} (there are ${known.join(', ')}, attr:<key>, resource:<key>)`,
    );
    return [];
  });
}

/** What a label is called that is only said where it comes from: `attr:customer.tier` is `customer_tier`. */
const nameOf = (from: unknown): string =>
  String(from)
    .replace(/^(?:attr|resource):/, '')
    .replace(/[^a-zA-Z0-9_]/g, '_');

function conditions(value: unknown, at: ConfigPath, context: ConfigContext): readonly Condition[] {
  const texts: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return texts.flatMap((text, i) => {
    const path = Array.isArray(value) ? [...at, i] : at;
    if (typeof text !== 'string') {
      context.fault(path, `expected a condition like 'duration>2s', found ${kindOf(text)}`);
      return [];
    }
    try {
      return [parseCondition(text)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.fault(path, error.message.replace(/^--where /, ''));
      return [];
    }
  });
}

function parseBuckets(value: unknown, at: ConfigPath, context: ConfigContext): readonly number[] {
  if (value === undefined) return DEFAULT_BUCKETS;
  const bounds: readonly unknown[] = Array.isArray(value) ? value : [];
  const rising = bounds.every(
    (bound, i) =>
      typeof bound === 'number' && Number.isFinite(bound) && (i === 0 || bound > (bounds[i - 1] as number)),
  );
  if (bounds.length > 0 && bounds.length <= MOST_BUCKETS && rising) return bounds as readonly number[];
  context.fault(
    at,
    `expected a list of rising numbers, ${MOST_BUCKETS} at most, without +Inf: [0.1, 0.5, 1]`,
  );
  return DEFAULT_BUCKETS;
}

function constants(value: unknown, at: ConfigPath, context: ConfigContext): [string, string][] {
  return entries(value, at, context).flatMap(([name, text]) => {
    const wrong = faultOfLabel(name);
    if (wrong !== undefined) context.fault([...at, name], wrong);
    if (typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean')
      return [[name, String(text)]];
    context.fault([...at, name], `expected a text, found ${kindOf(text)}`);
    return [];
  });
}

function oneOf<T extends string>(
  said: ReadonlyMap<string, unknown>,
  key: string,
  known: readonly T[],
  at: ConfigPath,
  context: ConfigContext,
): T | undefined {
  const value = said.get(key);
  const found = known.find((one) => one === value);
  if (value === undefined || found !== undefined) return found;
  const meant = typeof value === 'string' ? didYouMean(value, known) : '';
  context.fault([...at, key], `expected one of ${known.join(', ')}, found ${kindOf(value)}${meant}`);
  return undefined;
}

function textOf(value: unknown, at: ConfigPath, context: ConfigContext): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  context.fault(at, `expected a text, found ${kindOf(value)}`);
  return undefined;
}

function wholeNumber(value: unknown, at: ConfigPath, context: ConfigContext): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) > 0))
    return value as number | undefined;
  context.fault(at, `expected a whole number from 1, found ${kindOf(value)}`);
  return undefined;
}

import { type LabelMatcher, nearest } from '../model/index.ts';
import { type Families, type Family, labelsAt } from './family.ts';
import { INSTANCE } from './instances.ts';
import type { Metric } from './metric.ts';

const SUFFIXES = ['_bucket', '_sum', '_count'] as const;
/** Values of a label that are listed. */
const LISTED = 5;

/**
 * Why a selector finds no series, as a sentence that says what to type instead: a name with a typing error or another
 * prefix, a histogram without a suffix, a label that no series has. `metrics` are those that were collected, also such as
 * nothing was found for.
 */
export function whyNothing(
  { families }: Pick<Families, 'families'>,
  metrics: readonly Metric[],
  matchers: readonly LabelMatcher[],
): string {
  const known = new Set(metrics.flatMap(namesOf));
  const ofName = matchers.filter(({ name }) => name === '__name__');
  const name = ofName.find(({ op }) => op === '=')?.value;
  if (name !== undefined && !known.has(name)) return unknownName(name, metrics, [...known]);
  const fits = (one: string): boolean => ofName.every(({ matches }) => matches(one));
  if (![...known].some(fits)) return `no metric has a name that fits ${ofName.map(text).join(', ')}`;
  const of = name ?? 'metrics of such names';
  const found = families.filter(({ metric }) => namesOf(metric).some(fits));
  if (found.length === 0) return `this data has nothing for ${of}`;
  for (const matcher of matchers) {
    if (matcher.name === '__name__' || matcher.name === 'le') continue;
    const why = unmatched(matcher, of, found);
    if (why !== undefined) return why;
  }
  const bound = matchers.find(({ name: label, op }) => label === 'le' && op === '=');
  const spelled = bound && unknownBound(bound.value, of, found);
  if (spelled !== undefined) return spelled;
  const all = matchers.filter((one) => one.name !== '__name__').map(text);
  return `no series of ${of} has all of ${all.join(', ')}`;
}

function namesOf({ name, type }: Metric): readonly string[] {
  return type === 'histogram' ? SUFFIXES.map((suffix) => name + suffix) : [name];
}

function unknownName(name: string, metrics: readonly Metric[], known: readonly string[]): string {
  const no = `no metric is called ${name}`;
  const histogram = metrics.some((metric) => metric.type === 'histogram' && metric.name === name);
  if (histogram)
    return `${name} is a histogram: its series are ${SUFFIXES.map((one) => name + one).join(', ')}`;
  const inner = longest(known.filter((one) => name.endsWith(`_${one}`)));
  if (inner !== undefined) {
    return `${no}, but ${inner} is there: --metric-prefix ${name.slice(0, -inner.length)} names it so`;
  }
  const outer = known.find((one) => one.endsWith(`_${name}`));
  if (outer !== undefined) return `${no}, but ${outer} is there`;
  const near = nearest(name, known);
  return near === undefined ? no : `${no}; the nearest is ${near}`;
}

/** Prometheus 2 takes bounds as they are exposed, 3 writes whole ones as `5.0`. */
function unknownBound(value: string, of: string, found: readonly Family[]): string | undefined {
  const bounds = [...new Set(found.flatMap(({ metric }) => metric.buckets ?? []))].sort((a, b) => a - b);
  if (bounds.length === 0 || value === '+Inf') return undefined;
  if (!bounds.includes(Number(value)) || value.trim() === '')
    return `no bucket of ${of} has le=${JSON.stringify(value)}; there is ${bounds.join(', ')}`;
  if (/^\d+$/.test(value)) return `le="${value}" is spelled le="${value}.0" in Prometheus 3`;
  if (/^\d+\.0$/.test(value)) return `le="${value}" is spelled le="${value.slice(0, -2)}" in Prometheus 2`;
  return undefined;
}

function unmatched(matcher: LabelMatcher, of: string, families: readonly Family[]): string | undefined {
  const values = new Set<string>();
  for (const family of families) {
    for (const at of family.series.keys()) {
      const value = labelsAt(family, at).get(matcher.name) ?? '';
      if (matcher.matches(value)) return undefined;
      values.add(value);
    }
  }
  values.delete('');
  const { name, op, value } = matcher;
  if (values.size === 0) {
    const add = op === '=' && value !== '' ? `: --label ${name}=${value} adds it to all` : '';
    const split =
      name === INSTANCE ? `${add === '' ? ':' : ','} --split-by resource tells processes apart` : '';
    return `no series of ${of} has a label ${name}${add}${split}`;
  }
  const some = [...values].sort().slice(0, LISTED);
  const more = values.size > LISTED ? `, and ${values.size - LISTED} more` : '';
  return `no series of ${of} has ${text(matcher)}; there is ${some.map((one) => JSON.stringify(one)).join(', ')}${more}`;
}

const text = ({ name, op, value }: LabelMatcher): string => `${name}${op}${JSON.stringify(value)}`;

const longest = (names: readonly string[]): string | undefined =>
  names.reduce<string | undefined>((best, one) => (one.length > (best?.length ?? 0) ? one : best), undefined);

import { CATALOGUE, type Family, labelNamesOf, type Metric, partsOf } from '../../metrics/index.ts';
import type { Labels } from '../../model/index.ts';

/** What is known of the series of one name. */
export type KnownSeries = {
  readonly name: string;
  /** `histogram`: the name of a whole histogram, under which no series stands. */
  readonly type: 'counter' | 'gauge' | 'bucket' | 'sum' | 'count' | 'histogram';
  /** The name of the metric: of a histogram the one without suffix. */
  readonly family: string;
  /** The metric of the catalogue that it is, whatever a profile calls it. */
  readonly standsFor: string;
  readonly labels: ReadonlySet<string>;
  /** Upper bounds of a histogram, ascending. */
  readonly buckets: readonly number[];
  readonly unit: 'usd' | 'seconds' | undefined;
  /** Shares from 0 to 1. */
  readonly ratio: boolean;
  /** Of a dump: the values that each label has there. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Of a dump: how many times something was counted or observed, in all series together. */
  readonly events: number | undefined;
};

/** What a rule may be about. */
export type Known = {
  readonly series: ReadonlyMap<string, KnownSeries>;
  /** Names before which a prefix was left out, or the other way round. */
  readonly names: readonly string[];
  /** There is a dump: what it has no series of matches nothing. */
  readonly hasData: boolean;
};

/** Every series that these metrics have; with families of a dump, those that it tells something of and their labels' values. */
export function knownSeries(
  metrics: readonly Metric[],
  labels: Labels,
  families: readonly Family[] | undefined,
): Known {
  const data = new Map(families?.map((family) => [family.metric.name, family]));
  const series = new Map<string, KnownSeries>();
  for (const metric of metrics)
    for (const one of seriesOf(metric, labels, data.get(metric.name))) {
      const before = series.get(one.name);
      // Of several profiles the first counts; none of their labels is unknown.
      if (before === undefined) series.set(one.name, one);
      else series.set(one.name, { ...before, labels: new Set([...before.labels, ...one.labels]) });
    }
  const names = [...series.values()].filter(({ type }) => type !== 'histogram').map(({ name }) => name);
  return { series, names, hasData: families !== undefined };
}

const CATALOGUE_NAMES: ReadonlySet<string> = new Set(CATALOGUE.map(({ name }) => name));

function* seriesOf(metric: Metric, extra: Labels, family: Family | undefined): Iterable<KnownSeries> {
  const { name, type, buckets = [] } = metric;
  const labels = new Set([...labelNamesOf(metric), ...extra.keys()]);
  const parts = partsOf(metric).map(({ value }) => value);
  const base = {
    family: name,
    standsFor: metric.standsFor ?? catalogueName(name),
    labels,
    buckets,
    unit: parts.includes('cost')
      ? ('usd' as const)
      : metric.unit === 'seconds'
        ? ('seconds' as const)
        : undefined,
    ratio: false,
    values: family === undefined ? undefined : valuesOf(family, extra),
    events: family?.from.at(-1),
  };
  if (type !== 'histogram') {
    yield { ...base, name, type };
    return;
  }
  yield { ...base, name, type };
  yield { ...base, name: `${name}_bucket`, type: 'bucket', labels: new Set([...labels, 'le']) };
  yield { ...base, name: `${name}_sum`, type: 'sum' };
  yield { ...base, name: `${name}_count`, type: 'count' };
}

/** A name with a prefix is that of the catalogue, too. */
function catalogueName(name: string): string {
  for (let at = 0; at >= 0; at = name.indexOf('_', at) + 1 || -1)
    if (CATALOGUE_NAMES.has(name.slice(at))) return name.slice(at);
  return name;
}

function valuesOf({ labelNames, series }: Family, extra: Labels): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  for (const [i, label] of labelNames.entries()) values.set(label, new Set(series.map((one) => one[i]!)));
  for (const [label, value] of extra) values.set(label, new Set([value]));
  return values;
}

import type { Selection } from '../model/index.ts';
import { type Dimension, Groups, matcher } from '../rollup/index.ts';
import { type Capped, capped, OTHER } from './cap.ts';
import { COUNTED } from './counted.ts';
import { Events, type SortedEvents } from './events.ts';
import { endOf, extentOf, startOf } from './extent.ts';
import type { Families, Family } from './family.ts';
import { instanceNotes, instancesOf } from './instances.ts';
import { sourceOf } from './label-sources.ts';
import { labelNamesOf, type Metric, partsOf } from './metric.ts';
import { ATTEMPT, type RetriesApart, retriesApart } from './retries.ts';
import { type MetricData, valueNamed } from './values.ts';

export type CollectOptions = {
  /** Labels of all series. */
  readonly constants?: readonly (readonly [name: string, value: string])[];
  /** Series a family may have; what is beyond becomes `other`. Absent: as many as there are. */
  readonly maxSeries?: number;
  /** The metrics have been split by process: each one was up around its own spans. */
  readonly split?: boolean;
};

/**
 * The families of these metrics in their order, those without a series left out. A span counts when it ends, one that is
 * still open never does; it is running from its start.
 */
export function collect(
  data: MetricData & { readonly selected?: Selection | undefined },
  metrics: readonly Metric[],
  { constants = [], maxSeries = Number.POSITIVE_INFINITY, split = false }: CollectOptions = {},
): Families {
  const { forest, selected } = data;
  const positions: number[] | undefined = selected === undefined ? undefined : [];
  if (selected !== undefined) for (let p = 0; p < forest.length; p++) if (selected(p)) positions!.push(p);
  const chosen = positions === undefined ? undefined : Int32Array.from(positions);
  const open = new Uint8Array(forest.length);
  const notes: string[] = [];
  const families = metrics.flatMap((metric) => {
    const family = collectFamily(data, metric, chosen, open, constants, maxSeries, notes);
    return family.series.length === 0 ? [] : [family];
  });
  const instances = split ? instancesOf(data, chosen) : undefined;
  const { start, end } = extentOf(data, chosen) ?? { start: undefined, end: undefined };
  return {
    families,
    data,
    start,
    end,
    instances,
    notes: [
      ...openNotes(open),
      ...unpricedNotes(data, metrics, chosen),
      ...notes,
      ...(instances === undefined ? [] : instanceNotes(instances)),
    ],
  };
}

function collectFamily(
  data: MetricData,
  metric: Metric,
  chosen: Int32Array | undefined,
  open: Uint8Array,
  constants: readonly (readonly [string, string])[],
  maxSeries: number,
  notes: string[],
): Family {
  const { forest } = data;
  const { table, row } = forest;
  const parts = partsOf(metric).map(({ as, value }) => {
    const { of, level, divisor } = valueNamed(value);
    return { as, of: of(data), level, divisor };
  });
  const fixed = [...(metric.fixed ?? []).map(([, value]) => value)];
  const ends = constants.map(([, value]) => value);
  const found: (readonly string[])[] = [];
  const apart = retriesApart(metric, data);
  const groups = new Groups(data, dimensions(metric, data, apart), (labels) => ({
    labels,
    series: new Map<number, number>(),
  }));
  const seriesOf = (p: number, part: number, retry = 0): number => {
    const group = groups.at(p);
    const key = part + retry * parts.length;
    let series = group.series.get(key);
    if (series === undefined) {
      const split = typeof metric.value === 'string' ? [] : [parts[part]!.as];
      const labels = apart?.labelled(group.labels, retry) ?? group.labels;
      series = found.push([...labels, ...fixed, ...split, ...ends]) - 1;
      group.series.set(key, series);
    }
    return series;
  };
  const isCounted = COUNTED[metric.spans].of(data);
  const fits = metric.where === undefined ? () => true : matcher(data, metric.where);
  const events = new Events();
  const count = chosen?.length ?? forest.length;
  for (let i = 0; i < count; i++) {
    const p = chosen === undefined ? i : chosen[i]!;
    if (!isCounted(p) || !fits(p)) continue;
    const end = endOf(table, row[p]!);
    for (let part = 0; part < parts.length; part++) {
      const { of, level } = parts[part]!;
      if (end === undefined && level !== 'running') {
        open[p] = 1;
        continue;
      }
      const value = of(p);
      if (value === undefined) continue;
      if (apart !== undefined) {
        for (const [retry, times] of apart.of(p, value)) events.add(seriesOf(p, part, retry), end!, times, p);
      } else if (level !== 'running') events.add(seriesOf(p, part), end!, value, p);
      else {
        const start = startOf(table, row[p]!);
        if (start === undefined) continue;
        events.add(seriesOf(p, part), start, value, p);
        if (end !== undefined) events.add(seriesOf(p, part), end, -value, p);
      }
    }
  }
  const labelNames = [...labelNamesOf(metric), ...constants.map(([name]) => name)];
  const fit = found.length > maxSeries ? capped(found, events.counts(found.length), maxSeries) : whole(found);
  notes.push(...capNotes(metric, labelNames, fit, maxSeries));
  const order = inOrder(fit.series);
  const place = new Uint32Array(order.length);
  for (const [at, series] of order.entries()) place[series] = at;
  const sorted = events.sorted(
    fit.as.map((series) => place[series]!),
    order.length,
  );
  if (parts.some(({ level }) => level === 'running')) accumulate(sorted);
  const { values } = sorted;
  return {
    metric,
    labelNames,
    series: Array.from(order, (series) => fit.series[series]!),
    ...sorted,
    values: values.every((value) => value === 1) ? undefined : values,
    divisor: parts[0]!.divisor,
  };
}

function dimensions(metric: Metric, data: MetricData, apart: RetriesApart | undefined): readonly Dimension[] {
  return metric.labels.map(({ from, absent }) => {
    if (apart !== undefined && from === ATTEMPT) return apart.dimension;
    const source = sourceOf(from, data);
    return absent === undefined ? source : { ...source, absent };
  });
}

const whole = (series: readonly (readonly string[])[]): Capped => ({
  as: Uint32Array.from(series.keys()),
  series,
  blamed: [],
});

/** By the texts of the labels, in the order of their code units: the order of spans changes nothing. */
function inOrder(series: readonly (readonly string[])[]): Uint32Array {
  return Uint32Array.from(series.keys()).sort((a, b) => {
    const [one, other] = [series[a]!, series[b]!];
    for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return one[i]! < other[i]! ? -1 : 1;
    return 0;
  });
}

/** Makes levels of what levels change by. */
function accumulate({ from, values }: SortedEvents): void {
  for (let s = 0; s + 1 < from.length; s++)
    for (let i = from[s]! + 1; i < from[s + 1]!; i++) values[i]! += values[i - 1]!;
}

function openNotes(open: Uint8Array): readonly string[] {
  let count = 0;
  for (const one of open) count += one;
  if (count === 0) return [];
  return [
    `${count === 1 ? '1 span has' : `${count} spans have`} no end: what has not ended is not counted, apart from what is running`,
  ];
}

/** Calls without a price are no cost of 0. */
function unpricedNotes(
  data: MetricData,
  metrics: readonly Metric[],
  chosen: Int32Array | undefined,
): readonly string[] {
  const costs = metrics.filter((metric) => partsOf(metric).some(({ value }) => value === 'cost'));
  if (costs.length === 0) return [];
  const unpriced = valueNamed('unpriced').of(data);
  let count = 0;
  for (let i = 0; i < (chosen?.length ?? data.forest.length); i++)
    count += unpriced(chosen === undefined ? i : chosen[i]!) ?? 0;
  if (count === 0) return [];
  const names = costs.map(({ name }) => name).join(', ');
  return [`${count === 1 ? '1 call has' : `${count} calls have`} no price: ${names} is a lower bound`];
}

function capNotes(
  { name }: Metric,
  labelNames: readonly string[],
  { blamed }: Capped,
  maxSeries: number,
): readonly string[] {
  return blamed.map(
    ({ label, values, kept }) =>
      `${name}: more than ${maxSeries} series, because of ${labelNames[label]} with ${values} values; all but ${kept} of them are "${OTHER}" (--max-series)`,
  );
}

import type { Report, Value } from '../model/index.ts';
import { backfill } from './backfill.ts';
import { exposition } from './exposition.ts';
import type { Families, Family } from './family.ts';
import { braced, labelText } from './text.ts';
import { boundsOf, bucketOf, sumOf } from './totals.ts';

type Options = {
  readonly profile: string;
  /** Milliseconds between scrapes: with it, OpenMetrics has samples over time. */
  readonly interval?: number | undefined;
};

/** Where no span was chosen, that is said anyway. */
const NOTHING =
  'no metric has a value: no span is a run of an agent, a call of a tool or a model, or the like';

/** The state of all series after the last event: as rows, and as text for Prometheus. */
export function metricsReport(families: Families, { profile, interval }: Options): Report {
  const isNothing = families.start !== undefined && families.families.length === 0;
  return {
    command: 'metrics',
    body: {
      profile,
      metrics: families.families.map(({ metric, series }) => ({
        name: metric.name,
        type: metric.type,
        unit: metric.unit ?? null,
        help: metric.help,
        series: series.length,
      })),
      rows: families.families.flatMap(rowsOf),
    },
    table: {
      rows: 'rows',
      columns: [
        { path: ['series'], name: 'series', label: 'series', show: 'text' },
        { path: ['type'], name: 'type', label: 'type', show: 'text', droppable: 2 },
        { path: ['value'], name: 'value', label: 'value', show: 'number' },
        { path: ['count'], name: 'count', label: 'count', show: 'count' },
        { path: ['sum'], name: 'sum', label: 'sum', show: 'number', droppable: 1 },
      ],
    },
    exposition: {
      prometheus: () => exposition(families, { format: 'prometheus' }),
      openmetrics: () =>
        interval === undefined
          ? exposition(families, { format: 'openmetrics' })
          : backfill(families, { interval }),
    },
    notes: isNothing ? [...families.notes, NOTHING] : families.notes,
  };
}

/** A histogram has a count, a sum and buckets, and anything else a value. */
function rowsOf(family: Family): readonly Value[] {
  const { metric, labelNames, series, from, values, divisor } = family;
  const bounds = boundsOf(family);
  return series.map((labels, s) => {
    const [first, end] = [from[s]!, from[s + 1]!];
    const row = {
      series: metric.name + braced(labelText(family, s)),
      metric: metric.name,
      type: metric.type,
      labels: Object.fromEntries(
        labels.flatMap((value, i) => (value === '' ? [] : [[labelNames[i]!, value]])),
      ),
    };
    if (metric.type === 'counter')
      return { ...row, value: sumOf(family, first, end), count: null, sum: null, buckets: null };
    if (metric.type === 'gauge')
      return { ...row, value: (values?.[end - 1] ?? 1) / divisor, count: null, sum: null, buckets: null };
    const counts = new Float64Array(bounds.length + 1);
    for (let i = first; i < end; i++)
      for (let b = bucketOf(bounds, values?.[i] ?? 1); b < counts.length; b++) counts[b]!++;
    return {
      ...row,
      value: null,
      count: end - first,
      sum: sumOf(family, first, end),
      buckets: [...(metric.buckets ?? []), null].map((le, b) => ({ le, count: counts[b]! })),
    };
  });
}

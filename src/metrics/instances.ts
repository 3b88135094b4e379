import { UserError } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';
import { OTHER } from './cap.ts';
import { type Extent, extentsBy } from './extent.ts';
import type { Families, Family } from './family.ts';
import { instanceIds } from './label-sources.ts';
import { labelNamesOf, type Metric, type MetricLabel } from './metric.ts';

/** The label that tells the processes of an application apart, by the name that a scrape gives it. */
export const INSTANCE = 'instance';
const LABEL: MetricLabel = { name: INSTANCE, from: 'instance', absent: '' };

/**
 * `--split-by resource`: every process is replayed by itself, its series labelled with the `service.instance.id` of its
 * resource. Throws a `UserError` where a metric calls something else so.
 */
export function splitByInstance(metrics: readonly Metric[]): readonly Metric[] {
  return metrics.map((metric) => {
    if (metric.labels.some(({ name, from }) => name === LABEL.name && from === LABEL.from)) return metric;
    if (labelNamesOf(metric).includes(INSTANCE))
      throw new UserError(`--split-by resource: ${metric.name} has a label "${INSTANCE}" of its own`);
    return { ...metric, labels: [...metric.labels, LABEL] };
  });
}

/**
 * From the first span of every process to its last, by the value of its label: '' are all those without a name. Only what may
 * stand for several that were too many is not among them.
 */
export function instancesOf(data: Measured, chosen: Int32Array | undefined): Map<string, Extent> {
  const { idOf, textOf } = instanceIds(data.forest);
  const extents = extentsBy(data, chosen, idOf);
  const instances = new Map([...extents].map(([id, extent]) => [textOf(id) ?? '', extent]));
  instances.delete(OTHER);
  return instances;
}

/** Where the data is split into processes: when the one behind a series was seen, of several together all of the data. */
export function lifeOf(
  { instances, start, end }: Pick<Families, 'instances' | 'start' | 'end'>,
  { labelNames, series }: Family,
  at: number,
): Extent | undefined {
  if (instances === undefined || start === undefined || end === undefined) return undefined;
  return instances.get(series[at]![labelNames.indexOf(INSTANCE)]!) ?? { start, end };
}

export function instanceNotes(instances: ReadonlyMap<string, Extent>): readonly string[] {
  if (instances.size !== 1 || !instances.has('')) return [];
  return ['no resource has a service.instance.id: --split-by resource splits nothing'];
}

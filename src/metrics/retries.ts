import type { Dimension } from '../rollup/index.ts';
import { type Metric, partsOf } from './metric.ts';
import type { MetricData } from './values.ts';

/** The label source whose values are numbers of retries. */
export const ATTEMPT = 'attempt';
/** A span may claim any number of retries: those beyond this many count under its last one. */
const MOST_TOLD_APART = 100;

/** How a metric tells retries apart of which a span may have made several. */
export type RetriesApart = {
  /** Which retries a span made, each with how many count under it; they add up to `count`. */
  readonly of: (position: number, count: number) => Iterable<readonly [retry: number, count: number]>;
  /** In place of the labels that name the retry. */
  readonly dimension: Dimension;
  /** The labels of a series, with this retry in its place. */
  readonly labelled: (labels: readonly string[], retry: number) => readonly string[];
};

/** Undefined where the metric does not count retries, or not by their number. */
export function retriesApart(metric: Metric, data: MetricData): RetriesApart | undefined {
  const places = new Set<number>();
  for (const [index, { from }] of metric.labels.entries()) if (from === ATTEMPT) places.add(index);
  if (places.size === 0 || !partsOf(metric).every(({ value }) => value === 'retries')) return undefined;
  const { numbers } = data.attempts();
  return {
    *of(position, count) {
      const last = (numbers.get(position) ?? 1) - 1;
      const told = Math.min(count, MOST_TOLD_APART);
      const first = last - count + 1;
      for (let i = 0; i + 1 < told; i++) yield [first + i, 1];
      yield [last, count - told + 1];
    },
    dimension: { help: '', absent: '', labels: () => ({ idOf: () => 0, textOf: () => undefined }) },
    labelled: (labels, retry) => labels.map((text, index) => (places.has(index) ? String(retry) : text)),
  };
}

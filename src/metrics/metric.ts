import type { Condition } from '../rollup/index.ts';
import type { CountedName } from './counted.ts';
import { columnsOfSource } from './label-sources.ts';
import type { ValueName } from './values.ts';

export const METRIC_TYPES = ['counter', 'gauge', 'histogram'] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

/** One family of series as data: which spans, by which labels, what of them. */
export type Metric = {
  /** As it is exposed; the samples of a histogram have `_bucket`, `_sum` and `_count` behind it. */
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  /** What the values are in; the name ends with it, before `_total`. */
  readonly unit?: string;
  readonly spans: CountedName;
  /** Which of these; all conditions hold. */
  readonly where?: readonly Condition[];
  readonly labels: readonly MetricLabel[];
  /** Labels that all series have. */
  readonly fixed?: readonly (readonly [name: string, value: string])[];
  readonly value: ValueName | Split;
  /** Upper bounds of a histogram, ascending, without the infinite one. */
  readonly buckets?: readonly number[];
  /** The metric of the catalogue that goes by this name in a profile. */
  readonly standsFor?: string;
};

/**
 * `from` is a `--by` key, or one of `LABEL_SOURCES`. `absent` is what spans without a value have, instead of what the source
 * calls it; where it is empty, they have no such label.
 */
export type MetricLabel = { readonly name: string; readonly from: string; readonly absent?: string };

/** One span counts in several series, which a label tells apart. */
export type Split = {
  readonly label: string;
  readonly of: readonly { readonly as: string; readonly value: ValueName }[];
};

/** The values of a metric, each with the text of the label that tells it apart. */
export function partsOf({ value }: Pick<Metric, 'value'>): Split['of'] {
  return typeof value === 'string' ? [{ as: '', value }] : value.of;
}

/** What has to be read of spans for these metrics, besides what every answer reads: `attr:` and `resource:` keys. */
export function columnsOf(metrics: readonly Metric[]): readonly string[] {
  const keys = metrics.flatMap((metric) => [
    ...metric.labels.flatMap(({ from }) => columnsOfSource(from)),
    ...(metric.where ?? []).map(({ key }) => key),
    ...partsOf(metric).map(({ value }) => value),
  ]);
  return [...new Set(keys.filter((key) => /^(attr|resource):/.test(key)))];
}

/** The names of the labels of every series, in order. */
export function labelNamesOf({ labels, fixed = [], value }: Metric): readonly string[] {
  return [
    ...labels.map(({ name }) => name),
    ...fixed.map(([name]) => name),
    ...(typeof value === 'string' ? [] : [value.label]),
  ];
}

import type { Labels } from '../model/index.ts';
import { quoted } from './quoting.ts';

/** The label that holds the name of a metric. */
export const METRIC_NAME = '__name__';

/** `{__name__="a", b="c"}` in the order of the names: labels as Prometheus' messages and unit tests print them. */
export function labelsText(labels: Labels): string {
  return `{${pairs([...labels.entries()]).join(', ')}}`;
}

/** `a{b="c"}`: a series as people write it. */
export function metricText(labels: Labels): string {
  const name = labels.get(METRIC_NAME) ?? '';
  const inside = pairs([...labels.entries()].filter(([label]) => label !== METRIC_NAME));
  if (name !== '' && !isMetricName(name)) return `{${[quoted(name), ...inside].join(', ')}}`;
  return name === '' || inside.length > 0 ? `${name}{${inside.join(', ')}}` : name;
}

/** Whether a label may have this name without quotes. */
export function isLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** Whether a metric may have this name without quotes. */
export function isMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

function pairs(labels: readonly (readonly [string, string])[]): string[] {
  return labels
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${isLabelName(name) ? name : quoted(name)}=${quoted(value)}`);
}

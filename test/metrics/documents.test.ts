import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  CATALOGUE,
  COUNTED,
  LABEL_SOURCES,
  labelNamesOf,
  type Metric,
  PROFILES,
  partsOf,
  VALUES,
} from '../../src/metrics/index.ts';
import { root } from '../agentobs.ts';

const PAGE = join(root, 'docs/metrics.md');
/** Writes the tables. */
const UPDATE = process.env['UPDATE_DOCS'] !== undefined;

const code = (text: string): string => `\`${text}\``;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

function labels(metric: Metric): string {
  const split = typeof metric.value === 'string' ? undefined : metric.value.label;
  const values = new Map(metric.fixed);
  return labelNamesOf(metric)
    .map((name) => {
      if (name === split)
        return `${code(name)} (${partsOf(metric)
          .map(({ as }) => as)
          .join(', ')})`;
      return values.has(name) ? `${code(name)} (${values.get(name)})` : code(name);
    })
    .join(', ');
}

const catalogue = table(
  ['metric', 'type', 'labels', 'what'],
  CATALOGUE.map((metric) => [
    code(metric.name),
    metric.type,
    labels(metric),
    metric.buckets === undefined ? metric.help : `${metric.help} Buckets: ${metric.buckets.join(' ')}`,
  ]),
);

const profiles = table(
  ['profile', 'in place of', 'metric', 'labels'],
  (['opencell', 'valuecanvas', 'otel'] as const).flatMap((profile) =>
    PROFILES[profile].metrics
      .filter(({ standsFor }) => standsFor !== undefined)
      .map((metric) => [code(profile), code(metric.standsFor!), code(metric.name), labels(metric)]),
  ),
);

const list = (known: Readonly<Record<string, { readonly help: string }>>): (readonly string[])[] =>
  Object.entries(known).map(([name, { help }]) => [code(name), help]);
const sources = [
  table(['`spans`', 'counts'], list(COUNTED)),
  table(['`value`', 'is'], [...list(VALUES), [code('attr:<key>'), 'the number in an attribute']]),
  table(['label from', 'is'], list(LABEL_SOURCES)),
].join('\n');

it('the page holds the catalogue, the profiles and what metrics can be made of', () => {
  const text = readFileSync(PAGE, 'utf8');
  let expected = text;
  for (const [name, rows] of Object.entries({ catalogue, profiles, sources })) {
    const place = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    expect(text).toMatch(place);
    expected = expected.replace(place, (_, before: string, after: string) => before + rows + after);
  }
  if (UPDATE) writeFileSync(PAGE, expected);
  expect(readFileSync(PAGE, 'utf8'), 'UPDATE_DOCS=1 writes the tables').toBe(expected);
});

it('every metric of a profile that stands for one of the catalogue says which', () => {
  const known = new Set(CATALOGUE.map(({ name }) => name));
  for (const { metrics } of Object.values(PROFILES)) {
    const names = (metrics as readonly Metric[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of metrics as readonly Metric[]) {
      expect(known.has(metric.standsFor ?? metric.name), metric.name).toBe(true);
    }
  }
});

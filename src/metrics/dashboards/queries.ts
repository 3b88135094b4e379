import type { Vocabulary } from '../vocabulary.ts';
import type { Panel, Query } from './panel.ts';

type Choice = NonNullable<Parameters<Vocabulary['select']>[1]>;

/** As long as several scrapes, so that a rate has something to go by. */
const WINDOW = '5m';
const HOUR = '1h';

/** Per second, by labels of the catalogue. What never happened is 0. */
export const rate = (
  say: Vocabulary,
  name: string,
  by: readonly string[] = [],
  choice: Choice = {},
): string => `sum${clause(say, name, by)}(rate(${say.select(name, { over: WINDOW, ...choice })}))`;

/** How much it grew in an hour. */
export const growth = (
  say: Vocabulary,
  name: string,
  by: readonly string[] = [],
  choice: Choice = {},
): string => `sum${clause(say, name, by)}(increase(${say.select(name, { over: HOUR, ...choice })}))`;

/** With a 0 where there is no series at all: what is counted and did not happen. */
export const orZero = (expr: string): string => `${expr} or on () vector(0)`;

/** One growth as a share of another, where there is any. What is no part of it yet is 0 of it. */
export const share = (part: string, whole: string): string => `(${part} or 0 * ${whole}) / (${whole} > 0)`;

/** A curve each for p50, p95 and p99. */
export function quantiles(say: Vocabulary, name: string, by: readonly string[] = []): readonly Query[] {
  return [0.5, 0.95, 0.99].map((q) => ({
    expr: quantile(say, q, name, by),
    legend: [`p${q * 100}`, ...legendOf(say, name, by)].join(' '),
  }));
}

function quantile(say: Vocabulary, q: number, name: string, by: readonly string[]): string {
  const labels = [...say.labels(name, ...by), 'le'].join(', ');
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${say.select(name, { of: 'bucket', over: WINDOW })})))`;
}

/** A query whose curves labels tell apart; `all` is what the curve is called where no label does. */
export function query(
  say: Vocabulary,
  name: string,
  by: readonly string[],
  expr: string,
  all: string,
): Query {
  const legend = legendOf(say, name, by).join(' ');
  return { expr, legend: legend === '' ? all : legend };
}

/** The panel if the profile has all these metrics. */
export function needing(say: Vocabulary, names: readonly string[], panel: () => Panel): Panel | undefined {
  return names.every((name) => say.has(name)) ? panel() : undefined;
}

const legendOf = (say: Vocabulary, name: string, by: readonly string[]): readonly string[] =>
  say.labels(name, ...by).map((label) => `{{${label}}}`);

function clause(say: Vocabulary, name: string, by: readonly string[]): string {
  const labels = say.labels(name, ...by);
  return labels.length === 0 ? '' : ` by (${labels.join(', ')}) `;
}

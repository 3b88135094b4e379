import type { Vocabulary } from '../../metrics/index.ts';

type Choice = NonNullable<Parameters<Vocabulary['select']>[1]>;

/** How much a metric grew in a window, summed by labels of the catalogue. */
export function growth(
  say: Vocabulary,
  name: string,
  by: readonly string[],
  choice: Choice & { readonly over: string },
): string {
  return `sum${clause(say, name, by)}(increase(${say.select(name, choice)}))`;
}

/**
 * One growth as a share of another, judged only where the whole is at least `least`. What never happened has no series yet:
 * it counts as 0 of the whole.
 */
export function share(part: string, whole: string, least: number): string {
  return `(${part} or 0 * ${whole})\n  / (${whole} >= ${least})`;
}

/** A quantile of a histogram over a window, of each group of labels. */
export function quantile(
  say: Vocabulary,
  q: number,
  name: string,
  by: readonly string[],
  over: string,
): string {
  const labels = [...say.labels(name, ...by), 'le'].join(', ');
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${say.select(name, { of: 'bucket', over })})))`;
}

/** ` by (agent_id) `, or nothing where there is nothing to tell apart. */
export function clause(say: Vocabulary, name: string, by: readonly string[]): string {
  const labels = say.labels(name, ...by);
  return labels.length === 0 ? '' : ` by (${labels.join(', ')}) `;
}

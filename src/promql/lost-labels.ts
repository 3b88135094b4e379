import type { SeriesSource } from '../model/index.ts';
import type { Aggregate, Expr } from './ast.ts';
import { METRIC_NAME } from './labels.ts';
import { selectorsOf } from './selectors.ts';
import { childrenOf } from './tree.ts';

/** A label of `by` that no series inside has. */
type LostLabel = {
  readonly label: string;
  /** The metrics inside, and the labels they have instead. */
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
};

/**
 * Labels that an expression groups by and no series has: all fall into one, and nobody is told. Where there are no series, or
 * where functions make labels of their own, there is nothing to say.
 */
export function lostLabels(expr: Expr, source: SeriesSource): LostLabel[] {
  const lost = new Map<string, LostLabel>();
  const open: Expr[] = [expr];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    for (const child of childrenOf(part)) open.push(child);
    if (part.type !== 'aggregate' || part.grouping === undefined || part.grouping.without) continue;
    if (makesLabels(part.expr)) continue;
    for (const one of lostIn(part, source)) lost.set(one.label, one);
  }
  return [...lost.values()];
}

function lostIn({ expr, grouping }: Aggregate, source: SeriesSource): LostLabel[] {
  const series = selectorsOf(expr).flatMap(({ selector }) => source.select(selector.matchers));
  if (series.length === 0) return [];
  const labels = new Set(series.flatMap((one) => [...one.labels.keys()]));
  const metrics = [...new Set(series.flatMap((one) => one.labels.get(METRIC_NAME) ?? []))];
  labels.delete(METRIC_NAME);
  return grouping!.labels
    .filter((label) => !labels.has(label))
    .map((label) => ({ label, metrics, labels: [...labels] }));
}

/** `label_replace` and `label_join` do, and so does `count_values`. */
function makesLabels(expr: Expr): boolean {
  const open: Expr[] = [expr];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.type === 'call' && part.name.startsWith('label_')) return true;
    if (part.type === 'aggregate' && part.op === 'count_values') return true;
    for (const child of childrenOf(part)) open.push(child);
  }
  return false;
}

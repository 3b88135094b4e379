import { INSTANCE, isLabelSource } from '../metrics/index.ts';
import type { SeriesSource } from '../model/index.ts';
import { type Expr, lostLabels } from '../promql/index.ts';

/**
 * What to say of labels that an expression groups by and its metrics do not have, though spans could tell them. That of
 * processes is no news: a scrape adds it.
 */
export function lostLabelNotes(expr: Expr, source: SeriesSource): string[] {
  return lostLabels(expr, source)
    .filter(({ label }) => isLabelSource(label) && label !== INSTANCE)
    .map(({ label, metrics, labels }) => {
      const has = labels.length === 0 ? 'no labels' : `labels ${labels.join(', ')}`;
      return `by (${label}) makes one of all series: ${metrics.join(', ')} has ${has}; with metrics.define in agentobs.yaml there can be one by ${label}`;
    });
}

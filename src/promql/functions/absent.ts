import type { Expr } from '../ast.ts';
import { labelSetOf } from '../engine/label-sets.ts';
import { emptyRow, type Rows } from '../engine/values.ts';
import { METRIC_NAME } from '../labels.ts';
import type { Context } from './function.ts';

/** 1 at every step at which no row has a sample, with what is known of the labels of the missing one. */
export function absentRows(rows: Rows, { call, steps }: Context): Rows {
  const row = emptyRow(labelSetOf(missingLabels(call.args[0])), steps.count);
  for (let step = 0; step < steps.count; step++) {
    if (rows.some(({ present }) => present[step] === 1)) continue;
    row.values[step] = 1;
    row.present[step] = 1;
  }
  return [row];
}

/**
 * The labels a selector asks for with `=`: none of a label that it asks for in two ways, unless the only `=` comes last
 * (prometheus/promql/functions.go, `createLabelsForAbsentFunction`).
 */
function missingLabels(expr: Expr | undefined): Map<string, string> {
  const labels = new Map<string, string>();
  const asked = new Set<string>();
  let inner = expr;
  while (inner?.type === 'paren') inner = inner.expr;
  const selector = inner?.type === 'matrix' ? inner.selector : inner;
  if (selector?.type !== 'selector') return labels;
  for (const { name, op, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (op === '=' && !asked.has(name)) {
      labels.set(name, value);
      asked.add(name);
    } else labels.delete(name);
  }
  return labels;
}

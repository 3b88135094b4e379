import { EvaluationError } from './evaluation-error.ts';
import type { Row, Rows } from './values.ts';

export const SAME_LABELS = 'vector cannot contain metrics with the same labelset';

/** One row for each set of labels; an error where two rows have a sample at the same step. */
export function merged(rows: Rows): Rows {
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const first = byKey.get(row.labels.key);
    if (first === undefined) byKey.set(row.labels.key, row);
    else addTo(first, row);
  }
  return byKey.size === rows.length ? rows : [...byKey.values()];
}

function addTo(row: Row, other: Row): void {
  for (let step = 0; step < row.present.length; step++) {
    if (other.present[step] === 0) continue;
    if (row.present[step] === 1) throw new EvaluationError(SAME_LABELS);
    row.present[step] = 1;
    row.values[step] = other.values[step]!;
  }
}

/** The rows that have samples; an error where two of them have the same labels, whatever their steps. */
export function distinct(rows: Rows): Rows {
  const kept = rows.filter((row) => row.present.includes(1));
  const keys = new Set<string>();
  for (const { labels } of kept) keys.add(labels.key);
  if (keys.size < kept.length) throw new EvaluationError(SAME_LABELS);
  return kept;
}

/** What was computed for one step, at `count` steps. */
export function repeated(rows: Rows, count: number): Rows {
  return rows.map(({ labels, values, present }) => ({
    labels,
    values: new Float64Array(count).fill(values[0]!),
    present: new Uint8Array(count).fill(present[0]!),
  }));
}

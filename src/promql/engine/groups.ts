import type { Grouping } from '../ast.ts';
import { METRIC_NAME } from '../labels.ts';
import { type LabelSet, NO_LABELS, only, without } from './label-sets.ts';
import { keyOfOnly, keyOfRest } from './match-keys.ts';
import type { Row, Rows } from './values.ts';

/** Rows that are aggregated together, and the labels of what comes of them. */
export type Group = { readonly labels: LabelSet; readonly rows: Row[] };

/** The groups of `by` or `without`, in the order of their first rows; without any samples there is no group. */
export function groupsOf(rows: Rows, grouping: Grouping | undefined): Group[] {
  const groups = new Map<string, Group>();
  const keyOf = keyBy(grouping);
  for (const row of rows) {
    if (!row.present.includes(1)) continue;
    const key = keyOf(row.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels: groupLabels(row.labels, grouping), rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()];
}

function keyBy(grouping: Grouping | undefined): (set: LabelSet) => string {
  if (grouping === undefined) return () => '';
  if (!grouping.without) return (set) => keyOfOnly(set, grouping.labels);
  const names = new Set([...grouping.labels, METRIC_NAME]);
  return (set) => keyOfRest(set, names);
}

/** What is left of labels under `by` or `without`. */
export function groupLabels(set: LabelSet, grouping: Grouping | undefined): LabelSet {
  if (grouping === undefined) return NO_LABELS;
  if (grouping.without) return without(set, [...grouping.labels, METRIC_NAME]);
  return only(set, grouping.labels);
}

import type { Matching } from '../ast.ts';
import { METRIC_NAME } from '../labels.ts';
import { type LabelSet, only, without } from './label-sets.ts';
import type { Rows } from './values.ts';

/** A text that is the same for label sets that agree in these labels. */
export function keyOfOnly(set: LabelSet, names: readonly string[]): string {
  let key = '';
  for (const name of names) key += lengthened(set.labels.get(name) ?? '');
  return key;
}

/** A text that is the same for label sets that agree in all other labels. */
export function keyOfRest(set: LabelSet, names: ReadonlySet<string>): string {
  let key = '';
  for (const [name, value] of set.labels) if (!names.has(name)) key += lengthened(name) + lengthened(value);
  return key;
}

/** Unlike any text with another one behind it: no value can pass for two. */
function lengthened(text: string): string {
  return `${text.length}:${text}`;
}

/** The text in which series have to agree to be matched by `on` or `ignoring`. */
function matchKeyOf(matching: Matching): (set: LabelSet) => string {
  if (matching.on) return (set) => keyOfOnly(set, matching.labels);
  const ignored = new Set([...matching.labels, METRIC_NAME]);
  return (set) => keyOfRest(set, ignored);
}

/** The labels in which series agree that `on` or `ignoring` matches. */
export function matchedLabels(set: LabelSet, matching: Matching): LabelSet {
  return matching.on ? only(set, matching.labels) : without(set, [...matching.labels, METRIC_NAME]);
}

/** The group of every row of two vectors; groups are counted from 0. */
export function matchGroups(
  left: Rows,
  right: Rows,
  matching: Matching,
): { readonly left: number[]; readonly right: number[]; readonly count: number } {
  const numbers = new Map<string, number>();
  const keyOf = matchKeyOf(matching);
  const groupOf = (set: LabelSet): number => {
    const key = keyOf(set);
    let group = numbers.get(key);
    if (group === undefined) {
      group = numbers.size;
      numbers.set(key, group);
    }
    return group;
  };
  const groups = {
    left: left.map((row) => groupOf(row.labels)),
    right: right.map((row) => groupOf(row.labels)),
  };
  return { ...groups, count: numbers.size };
}

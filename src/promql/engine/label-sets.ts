import type { Labels } from '../../model/index.ts';
import { METRIC_NAME } from '../labels.ts';

/** Labels in the order of their names, with a text that only these labels have and that sorts as Prometheus sorts them. */
export type LabelSet = { readonly labels: Labels; readonly key: string };

export const NO_LABELS: LabelSet = { labels: new Map(), key: '' };

const known = new WeakMap<Labels, LabelSet>();
const nameless = new WeakMap<LabelSet, LabelSet>();

/** The set of these labels; labels with an empty value are none. Remembered for as long as `labels` lives. */
export function labelSetOf(labels: Labels): LabelSet {
  let set = known.get(labels);
  if (set === undefined) {
    set = setOf([...labels]);
    known.set(labels, set);
  }
  return set;
}

/** The set without the name of the metric. */
export function withoutName(set: LabelSet): LabelSet {
  if (!set.labels.has(METRIC_NAME)) return set;
  let rest = nameless.get(set);
  if (rest === undefined) {
    rest = without(set, [METRIC_NAME]);
    nameless.set(set, rest);
  }
  return rest;
}

/** The set without these labels. */
export function without(set: LabelSet, names: readonly string[]): LabelSet {
  if (!names.some((name) => set.labels.has(name))) return set;
  return setOf([...set.labels].filter(([name]) => !names.includes(name)));
}

/** The set of only these labels. */
export function only(set: LabelSet, names: readonly string[]): LabelSet {
  return setOf([...set.labels].filter(([name]) => names.includes(name)));
}

/** The set with these labels changed; '' takes one away. */
export function withLabels(set: LabelSet, changes: Iterable<readonly [string, string]>): LabelSet {
  const labels = new Map(set.labels);
  for (const [name, value] of changes) labels.set(name, value);
  return setOf([...labels]);
}

/** A set from pairs of any order, no name twice. */
function setOf(pairs: (readonly [string, string])[]): LabelSet {
  const sorted = pairs.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  let key = '';
  for (const [name, value] of sorted) key += `${escaped(name)}\0\0${escaped(value)}\0\0`;
  return { labels: new Map(sorted), key };
}

/** No text holds two NULs in a row, so that two of them may stand between texts; the order stays. */
function escaped(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\0\x01') : text;
}

/** Negative, 0 or positive, as the labels of `a` sort before, like or behind those of `b`. */
export function byLabels(a: { readonly labels: LabelSet }, b: { readonly labels: LabelSet }): number {
  return a.labels.key < b.labels.key ? -1 : a.labels.key > b.labels.key ? 1 : 0;
}

import type { Dimension, Labels, Measured } from './dimensions.ts';

/** What positions with the same labels have in common: one thing for each, made when the first of them is seen. */
export class Groups<T> {
  readonly #dimensions: readonly (Labels & { readonly absent: string })[];
  readonly #make: (labels: readonly string[]) => T;
  /** By the number of the first dimension's label, then the second's, and so on. */
  readonly #tree: Branch<T> = new Map();
  /** The same by the labels themselves: several numbers may have one label. */
  readonly #groups = new Map<string, T>();

  /** Labels are in the order of the dimensions. */
  constructor(data: Measured, dimensions: readonly Dimension[], make: (labels: readonly string[]) => T) {
    this.#dimensions = dimensions.map(({ labels, absent }) => ({ ...labels(data), absent }));
    this.#make = make;
  }

  /** The group of a position. */
  at(position: number): T {
    const last = this.#dimensions.length - 1;
    let branch = this.#tree;
    for (let i = 0; i < last; i++) {
      const id = this.#dimensions[i]!.idOf(position);
      let next = branch.get(id);
      if (next === undefined) {
        next = { branch: new Map() };
        branch.set(id, next);
      }
      branch = next.branch!;
    }
    const id = last < 0 ? 0 : this.#dimensions[last]!.idOf(position);
    const known = branch.get(id);
    if (known !== undefined) return known.group!;
    const group = this.#labelled(position);
    branch.set(id, { group });
    return group;
  }

  /** In the order in which they were seen first. */
  all(): Iterable<T> {
    return this.#groups.values();
  }

  #labelled(position: number): T {
    const labels = this.#dimensions.map(({ idOf, textOf, absent }) => textOf(idOf(position)) ?? absent);
    const key = labels.length === 1 ? labels[0]! : JSON.stringify(labels);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.#make(labels);
      this.#groups.set(key, group);
    }
    return group;
  }
}

type Branch<T> = Map<number, { readonly branch?: Branch<T>; readonly group?: T }>;

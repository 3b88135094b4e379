import type { Dimension, Measured } from './dimensions.ts';
import { MEASURES, type MeasureName } from './measures.ts';

/** One group: its labels in the order of the dimensions, and exact sums of every measure. */
export type Group = {
  readonly labels: readonly string[];
  readonly sums: Readonly<Record<MeasureName, number>>;
  /** Picodollars, exact at any size. */
  readonly cost: bigint;
  /** Calls whose price is known, so that a cost of nothing known can be told from a cost of 0. */
  readonly priced: number;
};

/** Groups calls by dimensions and sums measures: the engine under costs, statistics, metrics and alerts. */
export class Rollup {
  readonly #groups = new Map<string, MutableGroup>();
  readonly #total = new MutableGroup([]);
  readonly #labels: readonly ((position: number) => string)[];
  readonly #data: Measured;

  constructor(data: Measured, dimensions: readonly Dimension[]) {
    this.#data = data;
    this.#labels = dimensions.map(({ labels, absent }) => {
      const label = labels(data);
      return (position) => label(position) ?? absent;
    });
  }

  add(position: number): void {
    const labels = this.#labels.map((label) => label(position));
    const key = labels.length === 1 ? labels[0]! : JSON.stringify(labels);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new MutableGroup(labels);
      this.#groups.set(key, group);
    }
    group.add(this.#data, position);
    this.#total.add(this.#data, position);
  }

  groups(): Group[] {
    return [...this.#groups.values()];
  }

  total(): Group {
    return this.#total;
  }
}

/** A group that no call fell into. */
export const emptyGroup = (labels: readonly string[]): Group => new MutableGroup(labels);

class MutableGroup implements Group {
  readonly labels: readonly string[];
  readonly sums = Object.fromEntries(Object.keys(MEASURES).map((name) => [name, 0])) as Record<
    MeasureName,
    number
  >;
  cost = 0n;
  priced = 0;

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  add(data: Measured, position: number): void {
    for (const name in MEASURES) {
      this.sums[name as MeasureName] += MEASURES[name as MeasureName].of(data, position);
    }
    const cost = data.bill.cost[position]!;
    if (cost !== 0) this.cost += BigInt(cost);
    if (!data.bill.status(position).startsWith('unpriced')) this.priced++;
  }
}

import type { Dimension, Measured } from './dimensions.ts';
import { MEASURES, type MeasureName } from './measures.ts';

/** One group: its labels in the order of the dimensions, and exact sums of every measure. */
export type Group = {
  readonly labels: readonly string[];
  readonly sums: Readonly<Record<MeasureName, number>>;
  /** Picodollars, exact at any size. */
  readonly cost: bigint;
};

/** Groups calls by dimensions and sums measures: the engine under costs, statistics, metrics and alerts. */
export class Rollup {
  readonly #groups = new Map<string, MutableGroup>();
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
    group.count(this.#data, position);
  }

  groups(): Group[] {
    return [...this.#groups.values()];
  }

  /** What all groups add up to. */
  total(): Group {
    const total = new MutableGroup([]);
    for (const group of this.#groups.values()) total.add(group);
    return total;
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

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  count(data: Measured, position: number): void {
    for (const name in MEASURES) {
      this.sums[name as MeasureName] += MEASURES[name as MeasureName].of(data, position);
    }
    const cost = data.bill.cost(position);
    if (cost !== 0) this.cost += BigInt(cost);
  }

  add({ sums, cost }: Group): void {
    for (const name in MEASURES) this.sums[name as MeasureName] += sums[name as MeasureName];
    this.cost += cost;
  }
}

import type { NumberColumn } from '../model/index.ts';
import type { Dimension, Measured } from './dimensions.ts';
import { Groups } from './groups.ts';
import { MEASURES, type Measure, type MeasureName } from './measures.ts';

/** One group: its labels in the order of the dimensions, and exact sums of every measure. */
export type Group = {
  readonly labels: readonly string[];
  readonly sums: Readonly<Record<MeasureName, number>>;
  /** Picodollars, exact at any size. */
  readonly cost: bigint;
};

const NAMES = Object.keys(MEASURES) as readonly MeasureName[];

/** Groups calls by dimensions and sums measures: the engine under costs, statistics, metrics and alerts. */
export class Rollup {
  readonly #data: Measured;
  readonly #groups: Groups<Sums>;
  /** Columns of the calls, and which measure each of them is a part of. */
  readonly #columns: readonly NumberColumn[];
  readonly #measures: readonly number[];
  /** What is counted where it holds of a call. */
  readonly #counters: readonly Counter[];

  constructor(data: Measured, dimensions: readonly Dimension[]) {
    this.#data = data;
    this.#groups = new Groups(data, dimensions, (labels) => new Sums(labels));
    const columns: NumberColumn[] = [];
    const measures: number[] = [];
    const counters: Counter[] = [];
    for (const [place, name] of NAMES.entries()) {
      const measure: Measure = MEASURES[name];
      if ('holds' in measure) counters.push({ measure: place, holds: measure.holds(data) });
      else
        for (const field of measure.tokens) {
          columns.push(data.forest.table.calls.usage[field]);
          measures.push(place);
        }
    }
    this.#columns = columns;
    this.#measures = measures;
    this.#counters = counters;
  }

  add(position: number): void {
    const { forest, bill } = this.#data;
    const group = this.#groups.at(position);
    const { measures } = group;
    group.pay(bill.cost(position));
    for (let i = 0; i < this.#counters.length; i++) {
      const { measure, holds } = this.#counters[i]!;
      if (holds(position)) measures[measure]!++;
    }
    const call = forest.table.calls.of(forest.row[position]!);
    if (call < 0 || bill.rule(position) === 'tool_price') return;
    for (let i = 0; i < this.#columns.length; i++)
      measures[this.#measures[i]!]! += this.#columns[i]!.get(call);
  }

  groups(): Group[] {
    return [...this.#groups.all()].map((sums) => sums.group());
  }

  /** What all groups add up to. */
  total(): Group {
    const total = new Sums([]);
    for (const sums of this.#groups.all()) total.add(sums);
    return total.group();
  }
}

type Counter = { readonly measure: number; readonly holds: (position: number) => boolean };

/** A group that no call fell into. */
export const emptyGroup = (labels: readonly string[]): Group => new Sums(labels).group();

/** Sums of picodollars below this stay exact when one more call is added: a call costs less than 2^52. */
const FULL = 2 ** 52;

class Sums {
  readonly measures = new Float64Array(NAMES.length);
  readonly #labels: readonly string[];
  #cost = 0n;
  /** Picodollars that are not in `#cost` yet. */
  #rest = 0;

  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  pay(cost: number): void {
    if (Math.abs(cost) >= FULL) this.#cost += BigInt(cost);
    else this.#rest += cost;
    if (Math.abs(this.#rest) >= FULL) this.#settle();
  }

  add(other: Sums): void {
    for (let i = 0; i < NAMES.length; i++) this.measures[i]! += other.measures[i]!;
    other.#settle();
    this.#cost += other.#cost;
  }

  group(): Group {
    this.#settle();
    const sums = Object.fromEntries(NAMES.map((name, i) => [name, this.measures[i]!]));
    return { labels: this.#labels, sums: sums as Record<MeasureName, number>, cost: this.#cost };
  }

  #settle(): void {
    this.#cost += BigInt(this.#rest);
    this.#rest = 0;
  }
}

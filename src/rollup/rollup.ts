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
  readonly #takers: readonly Taker[];
  readonly #groups: Groups<Sums>;

  constructor(data: Measured, dimensions: readonly Dimension[]) {
    this.#data = data;
    this.#takers = NAMES.map((name) => takerOf(data, MEASURES[name]));
    this.#groups = new Groups(data, dimensions, (labels) => new Sums(labels));
  }

  add(position: number): void {
    const { forest, bill } = this.#data;
    const call = bill.rule(position) === 'tool_price' ? -1 : forest.table.calls.of(forest.row[position]!);
    this.#groups.at(position).count(this.#takers, position, call, bill.cost(position));
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

/** How a measure is taken: from columns of the calls, or else of a position. */
type Taker = {
  readonly columns: readonly NumberColumn[];
  readonly of: ((position: number) => number) | undefined;
};

function takerOf(data: Measured, measure: Measure): Taker {
  if ('of' in measure) return { columns: [], of: (position) => measure.of(data, position) };
  const { usage } = data.forest.table.calls;
  return { columns: measure.tokens.map((field) => usage[field]), of: undefined };
}

/** A group that no call fell into. */
export const emptyGroup = (labels: readonly string[]): Group => new Sums(labels).group();

/** Sums of picodollars below this stay exact when one more call is added: a call costs less than 2^52. */
const FULL = 2 ** 52;

class Sums {
  readonly #labels: readonly string[];
  readonly #measures = new Float64Array(NAMES.length);
  #cost = 0n;
  /** Picodollars that are not in `#cost` yet. */
  #rest = 0;

  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  /** `call` is where the tokens of the call at a position are, -1 where none count. */
  count(takers: readonly Taker[], position: number, call: number, cost: number): void {
    for (let i = 0; i < takers.length; i++) {
      const { columns, of } = takers[i]!;
      if (of !== undefined) this.#measures[i]! += of(position);
      else if (call >= 0) for (const column of columns) this.#measures[i]! += column.get(call);
    }
    if (Math.abs(cost) >= FULL) this.#cost += BigInt(cost);
    else this.#rest += cost;
    if (Math.abs(this.#rest) >= FULL) this.#settle();
  }

  add(other: Sums): void {
    for (let i = 0; i < NAMES.length; i++) this.#measures[i]! += other.#measures[i]!;
    other.#settle();
    this.#cost += other.#cost;
  }

  group(): Group {
    this.#settle();
    const sums = Object.fromEntries(NAMES.map((name, i) => [name, this.#measures[i]!]));
    return { labels: this.#labels, sums: sums as Record<MeasureName, number>, cost: this.#cost };
  }

  #settle(): void {
    this.#cost += BigInt(this.#rest);
    this.#rest = 0;
  }
}

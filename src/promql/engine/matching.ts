import type { BinaryOp, Matching } from '../ast.ts';
import { labelsText, METRIC_NAME } from '../labels.ts';
import { COMPARISONS, dropsName, OPERATIONS } from './arithmetic.ts';
import { EvaluationError } from './evaluation-error.ts';
import { type LabelSet, only, withLabels, without, withoutName } from './label-sets.ts';
import { matchedLabels, matchGroups } from './match-keys.ts';
import { SAME_LABELS } from './rows.ts';
import { Slab } from './slab.ts';
import type { Modes, Row, Rows } from './values.ts';

const TWO_OF_MANY =
  'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
const TWO_OF_GROUP = 'multiple matches for labels: grouping labels must ensure unique matches';

export type Operator = { readonly op: BinaryOp; readonly bool: boolean; readonly matching: Matching };

/** An operator other than `and`, `or`, `unless` between two vectors. Of several faults the one at the first step is thrown. */
export function matched(operator: Operator, left: Rows, right: Rows, modes: Modes): Rows {
  // `many` may have several series for one of `one`.
  const swapped = operator.matching.card === 'one-to-many';
  const many = swapped ? right : left;
  const one = swapped ? left : right;
  if (many.length === 0 || one.length === 0) return [];
  const groups = matchGroups(many, one, operator.matching);
  const faults = new Faults();
  const partners = partnersOf(one, groups.right, groups.count, bothPresent(many, one), operator, faults);
  const slab = new Slab(many[0]!.present.length);
  const results = new Results(operator, sizesOf(groups.left, groups.count), faults, modes, slab);
  const compute = computation(operator, swapped);
  for (const [index, row] of many.entries()) {
    const group = groups.left[index]!;
    const partner = partners[group];
    if (partner === undefined) continue;
    results.begin(row, group);
    for (let step = 0; step < row.present.length; step++) {
      if (row.present[step] === 0) continue;
      const other = partner.at(step);
      if (other === undefined) continue;
      const value = compute(row.values[step]!, other.values[step]!);
      if (value !== undefined) results.add(other, step, index, value);
      else if (modes.matchesBeforeFilter) results.claim(other, step, index);
    }
  }
  faults.throwFirst();
  return results.rows();
}

/** The value of a pair, undefined where a comparison filters it away. The first argument is of the side with many. */
function computation(
  { op, bool }: Operator,
  swapped: boolean,
): (many: number, one: number) => number | undefined {
  const operation = OPERATIONS.get(op);
  if (operation !== undefined) return swapped ? (many, one) => operation(one, many) : operation;
  const compare = COMPARISONS.get(op)!;
  return (many, one) => {
    const left = swapped ? one : many;
    const holds = compare(left, swapped ? many : one);
    if (bool) return holds ? 1 : 0;
    return holds ? left : undefined;
  };
}

/** At which steps both sides have any sample: elsewhere nothing is matched and nothing can be wrong. */
function bothPresent(a: Rows, b: Rows): Uint8Array {
  const any = anyPresent(a);
  const other = anyPresent(b);
  for (let step = 0; step < any.length; step++) any[step] = any[step]! & other[step]!;
  return any;
}

function anyPresent(rows: Rows): Uint8Array {
  const any = new Uint8Array(rows[0]!.present.length);
  for (const { present } of rows)
    for (let step = 0; step < any.length; step++) any[step] = any[step]! | present[step]!;
  return any;
}

/** The row of a group that has a sample at a step, on the side where there may be only one. */
class Partner {
  readonly #first: Row;
  /** By step, once there is another row. */
  #rows: (Row | undefined)[] | undefined;

  constructor(first: Row) {
    this.#first = first;
  }

  at(step: number): Row | undefined {
    if (this.#rows !== undefined) return this.#rows[step];
    return this.#first.present[step] === 1 ? this.#first : undefined;
  }

  /** Where nobody else has a sample, it is the partner. */
  join(row: Row): void {
    const steps = Array.from(row.present.keys());
    this.#rows = steps.map((step) => this.at(step) ?? (row.present[step] === 1 ? row : undefined));
  }
}

/** The partner of each group; undefined: there is none. */
function partnersOf(
  rows: Rows,
  groups: readonly number[],
  count: number,
  judged: Uint8Array,
  { matching }: Operator,
  faults: Faults,
): (Partner | undefined)[] {
  const partners = new Array<Partner | undefined>(count).fill(undefined);
  for (const [index, row] of rows.entries()) {
    if (!row.present.includes(1)) continue;
    const group = groups[index]!;
    const partner = partners[group];
    if (partner === undefined) {
      partners[group] = new Partner(row);
      continue;
    }
    const step = row.present.findIndex(
      (present, at) => present === 1 && judged[at] === 1 && partner.at(at) !== undefined,
    );
    if (step < 0) partner.join(row);
    else faults.note(step, index - rows.length, duplicates(matching, row.labels, partner.at(step)!.labels));
  }
  return partners;
}

function duplicates(matching: Matching, second: LabelSet, first: LabelSet): string {
  const side = matching.card === 'one-to-many' ? 'left' : 'right';
  const group = labelsText(matchedLabels(second, matching).labels);
  const both = `${labelsText(second.labels)}, ${labelsText(first.labels)}`;
  return `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${both}];many-to-many matching not allowed: matching labels must be unique on one side`;
}

/** The first fault in the order in which Prometheus would meet them: by step, then by `order`. */
class Faults {
  #step = Infinity;
  #order = Infinity;
  #message = '';

  note(step: number, order: number, message: string): void {
    if (step > this.#step || (step === this.#step && order >= this.#order)) return;
    this.#step = step;
    this.#order = order;
    this.#message = message;
  }

  throwFirst(): void {
    if (this.#step < Infinity) throw new EvaluationError(this.#message);
  }
}

/** A row of the result and, at each step, the group (from 1) whose pair has its labels; 0: none. */
type Result = { readonly row: Row; groups: Int32Array | undefined };

/** The rows that come out of pairs of samples, by their labels. */
class Results {
  readonly #byKey = new Map<string, Result>();
  readonly #operator: Operator;
  readonly #faults: Faults;
  readonly #modes: Modes;
  readonly #slab: Slab;
  /** In one-to-one matching, the steps at which a group has its pair. */
  readonly #taken: (Uint8Array | undefined)[];
  readonly #oneToOne: boolean;
  /** How many rows of the side with many each group has: one alone has no rival. */
  readonly #sizes: Int32Array;
  #many: Row | undefined;
  #group = 0;
  #other: Row | undefined;
  #result: Result | undefined;

  constructor(operator: Operator, sizes: Int32Array, faults: Faults, modes: Modes, slab: Slab) {
    this.#slab = slab;
    this.#modes = modes;
    this.#operator = operator;
    this.#faults = faults;
    this.#oneToOne = operator.matching.card === 'one-to-one';
    this.#taken = new Array<Uint8Array | undefined>(sizes.length).fill(undefined);
    this.#sizes = sizes;
  }

  /** The pairs that follow are of this row. */
  begin(many: Row, group: number): void {
    this.#many = many;
    this.#group = group;
    this.#other = undefined;
  }

  add(other: Row, step: number, order: number, value: number): void {
    const { row } = this.claim(other, step, order);
    // What is there twice is refused where all results are at hand, behind the faults of matching.
    if (row.present[step] === 1) this.#faults.note(step, Number.MAX_SAFE_INTEGER, SAME_LABELS);
    row.values[step] = value;
    row.present[step] = 1;
  }

  /** The result of a pair, which no other pair of its group may have at this step. */
  claim(other: Row, step: number, order: number): Result {
    const result = this.#resultWith(other);
    const group = this.#group;
    if (this.#sizes[group] === 1) return result;
    if (this.#oneToOne) {
      const taken = this.#taken[group] ?? new Uint8Array(other.present.length);
      this.#taken[group] = taken;
      if (taken[step] === 1) this.#faults.note(step, order, TWO_OF_MANY);
      taken[step] = 1;
    } else {
      result.groups ??= new Int32Array(other.present.length);
      if (result.groups[step] === group + 1) this.#faults.note(step, order, TWO_OF_GROUP);
      result.groups[step] = group + 1;
    }
    return result;
  }

  rows(): Rows {
    return [...this.#byKey.values()].map(({ row }) => row);
  }

  #resultWith(other: Row): Result {
    if (other === this.#other && this.#result !== undefined) return this.#result;
    const labels = resultLabels(this.#many!.labels, other.labels, this.#operator, this.#modes);
    let result = this.#byKey.get(labels.key);
    if (result === undefined) {
      result = { row: this.#slab.row(labels), groups: undefined };
      this.#byKey.set(labels.key, result);
    }
    this.#other = other;
    this.#result = result;
    return result;
  }
}

function sizesOf(groups: readonly number[], count: number): Int32Array {
  const sizes = new Int32Array(count);
  for (const group of groups) sizes[group]!++;
  return sizes;
}

/** The labels of a pair: those of the side with many, and of the other what `group_left` or `group_right` name. */
function resultLabels(
  many: LabelSet,
  one: LabelSet,
  { op, bool, matching }: Operator,
  modes: Modes,
): LabelSet {
  let labels = dropsName(op, modes) ? withoutName(many) : many;
  if (matching.card === 'one-to-one')
    labels = matching.on ? only(labels, matching.labels) : without(labels, matching.labels);
  if (matching.include.length > 0)
    labels = withLabels(
      labels,
      matching.include.map((name) => [name, one.labels.get(name) ?? '']),
    );
  return bool && labels.labels.has(METRIC_NAME) ? withoutName(labels) : labels;
}

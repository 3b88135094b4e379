import { EvaluationError } from './evaluation-error.ts';
import type { Group } from './groups.ts';
import type { Modes, Row, Rows, Scalars } from './values.ts';

/**
 * `topk` and `bottomk`: takes away all samples of a group but the `k` greatest or least of each step. The rows of an instant
 * are in the order of their values, NaN last.
 */
export function ranked(op: 'topk' | 'bottomk', group: Group, parameters: Scalars, modes: Modes): Rows {
  const sinks = op === 'topk' ? (a: number, b: number) => a < b : (a: number, b: number) => a > b;
  const { rows } = group;
  const count = parameters.length;
  let order: readonly Row[] = rows;
  for (let step = 0; step < count; step++) {
    const size = Math.min(Math.trunc(parameters[step]!), rows.length);
    const best = new Heap(size, step, sinks, modes.ranksInPlace);
    for (const row of rows) {
      if (row.present[step] === 0) continue;
      row.present[step] = 0;
      best.offer(row);
    }
    for (const row of best.rows) row.present[step] = 1;
    if (count === 1) order = best.sorted();
  }
  return order;
}

/** Refuses what is not the number of rows to keep. */
export function checkRanks(parameters: Scalars, modes: Modes): void {
  for (const parameter of parameters) {
    if (Math.abs(parameter) < 2 ** 63) continue;
    if (modes.refusesNan && Number.isNaN(parameter)) throw new EvaluationError('Parameter value is NaN');
    const direction = modes.refusesNan && parameter < 0 ? 'underflows' : 'overflows';
    throw new EvaluationError(`Scalar value ${goText(parameter)} ${direction} int64`);
  }
}

function goText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

/** The best rows at a step, the worst of them first, as Go's `container/heap` keeps them: ties fall as they do there. */
class Heap {
  readonly rows: Row[] = [];
  readonly #size: number;
  readonly #step: number;
  readonly #sinks: (a: number, b: number) => boolean;
  readonly #inPlace: boolean;

  constructor(size: number, step: number, sinks: (a: number, b: number) => boolean, inPlace: boolean) {
    this.#size = size;
    this.#step = step;
    this.#sinks = sinks;
    this.#inPlace = inPlace;
  }

  offer(row: Row): void {
    const { rows } = this;
    if (this.#size < 1) return;
    if (rows.length < this.#size) {
      rows.push(row);
      this.#rise(rows.length - 1);
      return;
    }
    const worst = this.#value(rows[0]!);
    const value = this.#value(row);
    if (!this.#sinks(worst, value) && !(Number.isNaN(worst) && !Number.isNaN(value))) return;
    if (this.#inPlace || rows.length === 1) {
      rows[0] = row;
      this.#sink();
      return;
    }
    rows[0] = rows.pop()!;
    this.#sink();
    rows.push(row);
    this.#rise(rows.length - 1);
  }

  /** The best first. */
  sorted(): Row[] {
    return this.rows.toSorted((a, b) => {
      const nan = Number(Number.isNaN(this.#value(a))) - Number(Number.isNaN(this.#value(b)));
      if (nan !== 0 || Number.isNaN(this.#value(a))) return nan;
      return this.#worse(a, b) ? 1 : this.#worse(b, a) ? -1 : 0;
    });
  }

  #value(row: Row): number {
    return row.values[this.#step]!;
  }

  /** NaN is worse than anything, another NaN too: so it says in Prometheus' heap. */
  #worse(a: Row, b: Row): boolean {
    const value = this.#value(a);
    return Number.isNaN(value) || this.#sinks(value, this.#value(b));
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(this.rows[at]!, this.rows[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    const { rows } = this;
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= rows.length) return;
      if (child + 1 < rows.length && this.#worse(rows[child + 1]!, rows[child]!)) child++;
      if (!this.#worse(rows[child]!, rows[at]!)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const { rows } = this;
    [rows[a], rows[b]] = [rows[b]!, rows[a]!];
  }
}

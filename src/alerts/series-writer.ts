import type { Labels } from '../model/index.ts';
import type { Written, WrittenSource } from './written-series.ts';

/** Writes the series of one rule, and ends with a stale marker those that it no longer yields. */
export class SeriesWriter {
  readonly #source: WrittenSource;
  readonly #series = new Map<string, Written>();
  #before = new Set<string>();
  readonly #now = new Map<string, readonly [Labels, number]>();

  constructor(source: WrittenSource) {
    this.#source = source;
  }

  /** How many series were ever written. */
  get size(): number {
    return this.#series.size;
  }

  /** A sample for the next `commit`; `key` is a text that only these labels have. */
  write(key: string, labels: Labels, value: number): void {
    this.#now.set(key, [labels, value]);
  }

  commit(time: number): void {
    for (const [key, [labels, value]] of this.#now) {
      let written = this.#series.get(key);
      if (written === undefined) {
        written = this.#source.open(labels);
        this.#series.set(key, written);
      }
      append(written, time, value, false);
    }
    for (const key of this.#before) {
      if (!this.#now.has(key)) append(this.#series.get(key)!, time, Number.NaN, true);
    }
    this.#before = new Set(this.#now.keys());
    this.#now.clear();
  }
}

function append({ times, values, stale }: Written, time: number, value: number, isStale: boolean): void {
  times.push(time);
  values.push(value);
  stale.push(isStale);
}

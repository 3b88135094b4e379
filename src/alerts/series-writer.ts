import type { Labels } from '../model/index.ts';
import type { Written, WrittenSource } from './written-series.ts';

/** What Prometheus says where another rule has written another value to the same series at the same time. */
export const DUPLICATE_SAMPLE = 'duplicate sample for timestamp';

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

  /** False: some samples were not taken, because another rule has written others at this time. */
  commit(time: number): boolean {
    let isWhole = true;
    for (const [key, [labels, value]] of this.#now) {
      let written = this.#series.get(key);
      if (written === undefined) {
        written = this.#source.open(labels);
        this.#series.set(key, written);
      }
      isWhole = this.#append(written, time, value, false) && isWhole;
    }
    for (const key of this.#before) {
      if (!this.#now.has(key)) this.#append(this.#series.get(key)!, time, Number.NaN, true);
    }
    this.#before = new Set(this.#now.keys());
    this.#now.clear();
    return isWhole;
  }

  #append(written: Written, time: number, value: number, stale: boolean): boolean {
    const known = this.#source.other(written, time);
    if (known !== undefined) return known.stale === stale && (stale || Object.is(known.value, value));
    written.times.push(time);
    written.values.push(value);
    written.stale.push(stale);
    return true;
  }
}

import type { Series } from '../../model/index.ts';

/** Samples of one series at a time, in arrays that grow and are used again for the next series. */
export class Samples {
  times = new Float64Array(1024);
  values = new Float64Array(1024);
  /** 1 where the sample is a stale marker. */
  stale = new Uint8Array(1024);
  length = 0;

  /** Holds what `series` has in `from <= time <= to`. */
  read(series: Series, from: number, to: number): void {
    this.length = 0;
    series.read(from, to, this.#append);
  }

  /** The same without stale markers, which windows do not see. */
  readValues(series: Series, from: number, to: number): void {
    this.length = 0;
    series.read(from, to, this.#appendValue);
  }

  push(time: number, value: number, stale: boolean): void {
    const at = this.length;
    if (at === this.times.length) this.#grow();
    this.times[at] = time;
    this.values[at] = value;
    this.stale[at] = stale ? 1 : 0;
    this.length = at + 1;
  }

  readonly #append = (time: number, value: number, stale: boolean): void => this.push(time, value, stale);
  readonly #appendValue = (time: number, value: number, stale: boolean): void => {
    if (!stale) this.push(time, value, false);
  };

  #grow(): void {
    const { times, values, stale } = this;
    this.times = new Float64Array(2 * times.length);
    this.times.set(times);
    this.values = new Float64Array(2 * values.length);
    this.values.set(values);
    this.stale = new Uint8Array(2 * stale.length);
    this.stale.set(stale);
  }
}

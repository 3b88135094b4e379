import type { LabelSet } from './label-sets.ts';
import type { Row } from './values.ts';

/** How many samples are asked for at once, at most. */
const SLAB = 1 << 16;

/** Makes many rows of one length: they lie side by side in a few large arrays, which is much cheaper than arrays of their own. */
export class Slab {
  readonly #length: number;
  /** How many rows the next arrays hold: few at first, for most vectors are small. */
  #rows = 8;
  #values = new Float64Array(0);
  #present = new Uint8Array(0);
  #used = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** A row with no sample yet. */
  row(labels: LabelSet): Row {
    if (this.#used === this.#values.length) {
      this.#values = new Float64Array(this.#rows * this.#length);
      this.#present = new Uint8Array(this.#rows * this.#length);
      this.#used = 0;
      this.#rows = Math.min(2 * this.#rows, Math.max(8, Math.floor(SLAB / this.#length)));
    }
    const from = this.#used;
    this.#used += this.#length;
    return {
      labels,
      values: this.#values.subarray(from, this.#used),
      present: this.#present.subarray(from, this.#used),
    };
  }
}

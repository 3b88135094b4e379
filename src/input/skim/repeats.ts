import type { JsonValue } from '../format.ts';

/** A part of records that was written with these bytes. */
export type Part = { readonly bytes: Buffer; readonly value: JsonValue; readonly lines: number };

/** Processes and libraries that write into one input. */
const MOST = 8;
/** Longer parts are seldom written twice. */
const LONGEST = 16 * 1024;

/** Parts of records that are repeated to the letter, the resource above all: the last few different ones, each made once. */
export class Repeats {
  readonly #parts: Part[] = [];

  /** The part that stands here, if it was written before. */
  find(bytes: Buffer, at: number, end: number): Part | undefined {
    for (let i = 0; i < this.#parts.length; i++) {
      const part = this.#parts[i]!;
      const { length } = part.bytes;
      if (at + length > end || bytes.compare(part.bytes, 0, length, at, at + length) !== 0) continue;
      if (i > 0) {
        this.#parts.splice(i, 1);
        this.#parts.unshift(part);
      }
      return part;
    }
    return undefined;
  }

  add(bytes: Buffer, from: number, end: number, value: JsonValue, lines: number): void {
    if (end - from > LONGEST) return;
    if (this.#parts.length === MOST) this.#parts.pop();
    this.#parts.unshift({ bytes: Buffer.from(bytes.subarray(from, end)), value, lines });
  }
}

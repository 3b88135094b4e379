import { ByteStrings } from './byte-strings.ts';
import type { SlotValues } from './slot-values.ts';

const MOST_PATTERNS = 65_536;
/** Words of a pattern before those of its slots, and of each slot. */
const HEAD = 4;
const SLOT = 2;

/** Numbers for what spans have in common, which is a list of numbers itself. */
export class Patterns {
  readonly #known = new ByteStrings(MOST_PATTERNS);
  readonly #slots: (readonly number[])[] = [];
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  /** So many slots there are at most. */
  constructor(slots: number) {
    this.#words = new Int32Array(HEAD + SLOT * slots);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** The number of a pattern, from 1; 0 where there are too many. The slots that are found are in order. */
  number(name: number, kind: number, status: number, flags: number, found: SlotValues): number {
    const words = this.#words;
    words[0] = name;
    words[1] = kind;
    words[2] = status;
    words[3] = flags;
    let end = HEAD;
    for (let i = 0; i < found.count; i++) {
      const slot = found.slots[i]!;
      words[end++] = slot;
      words[end++] = found.tokens[slot]!;
    }
    const number = this.#known.intern(this.#bytes, 0, end * words.BYTES_PER_ELEMENT);
    if (number > this.#slots.length) this.#slots.push(found.withValues());
    return number;
  }

  /** The slots whose values rows of a pattern have. */
  slotsOf(pattern: number): readonly number[] {
    return this.#slots[pattern - 1]!;
  }
}

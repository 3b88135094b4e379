import { Records } from './columns.ts';
import { Interner } from './interner.ts';

/** Words of an entry: the id, and the row that said it first. */
const FIRST_ROW = 4;
const WORDS = 5;

/** Trace ids as 128-bit keys in an open-addressing table; an index per distinct id, in order of appearance. */
export class TraceIds {
  length = 0;
  readonly #entries = new Records(WORDS);
  /** Indexes and 1; 0 where there is none. */
  #slots = new Int32Array(256);
  readonly #texts = new Map<number, string>();
  /** The index that was asked for last: spans of one trace often follow each other. */
  #last = 0;

  /** Writes the id that a row of the table says into four words from `at` on. */
  write(id: string, words: Uint32Array, at: number, row: number): void {
    const hex = id.length === 32 && isHex(id);
    words.set(wordsOf(id, hex), at);
    if (hex) return;
    const { length } = this;
    const index = this.indexAt(words, at, row);
    if (index === length) this.#texts.set(index, id);
  }

  /** The index of the id in four words from `at` on, which a row of the table says. */
  indexAt(words: Uint32Array, at: number, row: number): number {
    if (this.length > 0 && this.#is(this.#last, words, at)) return this.#last;
    const found = this.#find(words, at);
    this.#last = found >= 0 ? found : this.#add(words, at, row);
    return this.#last;
  }

  /** Whether the id has an index. */
  has(id: string): boolean {
    return this.#find(wordsOf(id, id.length === 32 && isHex(id)), 0) >= 0;
  }

  id(index: number): string {
    const text = this.#texts.get(index);
    if (text !== undefined) return text;
    const words = this.#entries.chunk(index);
    const from = this.#entries.from(index);
    return toHex(words[from]!) + toHex(words[from + 1]!) + toHex(words[from + 2]!) + toHex(words[from + 3]!);
  }

  /** Negative where the first of two ids comes before the second as text. */
  compare(a: number, b: number): number {
    if (this.#texts.size > 0) return this.id(a) < this.id(b) ? -1 : 1;
    const wordsA = this.#entries.chunk(a);
    const wordsB = this.#entries.chunk(b);
    const fromA = this.#entries.from(a);
    const fromB = this.#entries.from(b);
    let word = 0;
    while (word < 3 && wordsA[fromA + word] === wordsB[fromB + word]) word++;
    return wordsA[fromA + word]! - wordsB[fromB + word]!;
  }

  /** Forgets ids that rows from `row` on were the first to say. What was added last is taken away first, so no chain breaks. */
  forget(row: number): void {
    while (this.length > 0 && this.#word(this.length - 1, FIRST_ROW) >= row) {
      const index = --this.length;
      const mask = this.#slots.length - 1;
      let slot = this.#hash(index) & mask;
      while (this.#slots[slot] !== index + 1) slot = (slot + 1) & mask;
      this.#slots[slot] = 0;
      this.#texts.delete(index);
    }
    this.#last = 0;
  }

  #find(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = mix(words, at) & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]! - 1;
      if (index < 0 || this.#is(index, words, at)) return index;
    }
  }

  #is(index: number, words: Uint32Array, at: number): boolean {
    const entry = this.#entries.chunk(index);
    const from = this.#entries.from(index);
    return (
      entry[from] === words[at] &&
      entry[from + 1] === words[at + 1] &&
      entry[from + 2] === words[at + 2] &&
      entry[from + 3] === words[at + 3]
    );
  }

  #add(words: Uint32Array, at: number, row: number): number {
    if ((this.length + 1) * 2 > this.#slots.length) this.#rehash();
    const index = this.length++;
    const entry = this.#entries.room(index);
    const from = this.#entries.from(index);
    for (let word = 0; word < FIRST_ROW; word++) entry[from + word] = words[at + word]!;
    entry[from + FIRST_ROW] = row;
    this.#place(index);
    return index;
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(index) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.length; index++) this.#place(index);
  }

  #hash(index: number): number {
    return mix(this.#entries.chunk(index), this.#entries.from(index));
  }

  #word(index: number, word: number): number {
    return this.#entries.chunk(index)[this.#entries.from(index) + word]!;
  }
}

/**
 * Span ids as two words. One that is not hex is hashed, and its text kept, found by the words.
 */
export class SpanIds {
  readonly #texts = new Interner();
  readonly #entries = new Records(2);
  #slots = new Int32Array(0);

  /** Writes an id into two words from `at` on. */
  write(id: string, words: Uint32Array, at: number): void {
    if (id.length === 16 && isHex(id)) {
      words[at] = hex32(id, 0);
      words[at + 1] = hex32(id, 8);
      return;
    }
    const [high, low] = hash64(id);
    words[at] = high;
    words[at + 1] = low;
    if (this.#find(high, low) === 0) this.#add(id, high, low);
  }

  /** The id as it was written. */
  text(high: number, low: number): string {
    const text = this.#slots.length === 0 ? undefined : this.#texts.text(this.#find(high, low));
    return text ?? toHex(high) + toHex(low);
  }

  /** The number of the text, 0 where there is none. */
  #find(high: number, low: number): number {
    if (this.#slots.length === 0) return 0;
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!;
      if (id === 0) return 0;
      const from = this.#entries.from(id);
      const words = this.#entries.chunk(id);
      if (words[from] === high && words[from + 1] === low) return id;
    }
  }

  #add(text: string, high: number, low: number): void {
    if (this.#texts.size * 2 >= this.#slots.length) this.#rehash();
    const id = this.#texts.id(text);
    const words = this.#entries.room(id);
    const from = this.#entries.from(id);
    words[from] = high;
    words[from + 1] = low;
    this.#place(id, low);
  }

  #place(id: number, low: number): void {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #rehash(): void {
    this.#slots = new Int32Array(Math.max(256, this.#slots.length * 2));
    for (let id = 1; id < this.#texts.size; id++)
      this.#place(id, this.#entries.chunk(id)[this.#entries.from(id) + 1]!);
  }
}

/** A hash of four words. */
function mix(words: Uint32Array, at: number): number {
  let h = Math.imul(words[at]!, 0x9e3779b1) ^ Math.imul(words[at + 1]!, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(words[at + 2]!, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39) ^ Math.imul(words[at + 3]!, 0x165667b1);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 64 bits of a text, as two unsigned words (FNV-1a over UTF-16 units with two bases, then an avalanche step). */
export function hash64(text: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return [a >>> 0, b >>> 0];
}

function wordsOf(traceId: string, isHex: boolean): Uint32Array {
  return Uint32Array.from(
    isHex
      ? [hex32(traceId, 0), hex32(traceId, 8), hex32(traceId, 16), hex32(traceId, 24)]
      : [...hash64(traceId), ...hash64(`${traceId}\0`)],
  );
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false;
  }
  return true;
}

function hex32(text: string, from: number): number {
  let value = 0;
  for (let i = from; i < from + 8; i++) {
    const c = text.charCodeAt(i);
    value = (value << 4) | (c <= 57 ? c - 48 : c - 87);
  }
  return value >>> 0;
}

/** Both digits of every byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const toHex = (word: number): string =>
  HEX[word >>> 24]! + HEX[(word >>> 16) & 0xff]! + HEX[(word >>> 8) & 0xff]! + HEX[word & 0xff]!;

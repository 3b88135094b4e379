import { enlarged } from './columns.ts';

/** Trace ids as 128-bit keys in an open-addressing table; an index per distinct id, in order of appearance. */
export class TraceIds {
  length = 0;
  #keys = new Uint32Array(4 * 64);
  #slots = new Int32Array(128).fill(-1);
  readonly #texts = new Map<number, string>();
  /** The row that an id was first said by. */
  #firstRow = new Int32Array(64);

  /** The index of an id that a row of the table says. */
  index(id: string, row: number): number {
    const hex = id.length === 32 && isHex(id);
    const [a, b, c, d] = wordsOf(id, hex);
    const found = this.#find(a!, b!, c!, d!);
    if (found >= 0) return found;
    const index = this.#add(a!, b!, c!, d!, row);
    if (!hex) this.#texts.set(index, id);
    return index;
  }

  /** The same of an id that stands in four words from `at` on. */
  indexAt(words: Uint32Array, at: number, row: number): number {
    const [a, b, c, d] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
    const found = this.#find(a, b, c, d);
    return found >= 0 ? found : this.#add(a, b, c, d, row);
  }

  /** Forgets ids that rows from `row` on were the first to say. */
  forget(row: number): void {
    const before = this.length;
    while (this.length > 0 && this.#firstRow[this.length - 1]! >= row) this.#texts.delete(--this.length);
    if (this.length === before) return;
    this.#slots.fill(-1);
    for (let index = 0; index < this.length; index++) this.#place(index);
  }

  /** Whether the id has an index. */
  has(id: string): boolean {
    const [a, b, c, d] = wordsOf(id, id.length === 32 && isHex(id));
    return this.#find(a!, b!, c!, d!) >= 0;
  }

  id(index: number): string {
    const text = this.#texts.get(index);
    if (text !== undefined) return text;
    const at = index * 4;
    return [0, 1, 2, 3].map((word) => toHex(this.#keys[at + word]!)).join('');
  }

  #find(a: number, b: number, c: number, d: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(a, b, c, d) & mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0) return -1;
      const at = index * 4;
      const keys = this.#keys;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return index;
      slot = (slot + 1) & mask;
    }
  }

  #add(a: number, b: number, c: number, d: number, row: number): number {
    if ((this.length + 1) * 2 > this.#slots.length) this.#rehash();
    const index = this.length++;
    this.#firstRow[index] = row;
    const at = index * 4;
    this.#keys[at] = a;
    this.#keys[at + 1] = b;
    this.#keys[at + 2] = c;
    this.#keys[at + 3] = d;
    this.#place(index);
    return index;
  }

  #place(index: number): void {
    const at = index * 4;
    const mask = this.#slots.length - 1;
    let slot = mix(this.#keys[at]!, this.#keys[at + 1]!, this.#keys[at + 2]!, this.#keys[at + 3]!) & mask;
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index;
  }

  #rehash(): void {
    this.#keys = enlarged(this.#keys, this.#keys.length * 2);
    this.#firstRow = enlarged(this.#firstRow, this.#keys.length / 4);
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let index = 0; index < this.length; index++) this.#place(index);
  }
}

function mix(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39) ^ Math.imul(d, 0x165667b1);
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

function wordsOf(traceId: string, isHex: boolean): readonly number[] {
  return isHex
    ? [hex32(traceId, 0), hex32(traceId, 8), hex32(traceId, 16), hex32(traceId, 24)]
    : [...hash64(traceId), ...hash64(`${traceId}\0`)];
}

/** Writes a span id into two columns; one that is not hex is hashed, and its text kept in `texts`. */
export function setSpanId(
  high: Uint32Array,
  low: Uint32Array,
  row: number,
  id: string,
  texts: Map<string, string>,
): void {
  if (id.length === 16 && isHex(id)) {
    high[row] = hex32(id, 0);
    low[row] = hex32(id, 8);
    return;
  }
  const [h, l] = hash64(id);
  high[row] = h;
  low[row] = l;
  texts.set(toHex(h) + toHex(l), id);
}

/** The id as it was written. */
export function spanIdText(high: number, low: number, texts: ReadonlyMap<string, string>): string {
  const hex = toHex(high) + toHex(low);
  return texts.size === 0 ? hex : (texts.get(hex) ?? hex);
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

const toHex = (word: number): string => word.toString(16).padStart(8, '0');

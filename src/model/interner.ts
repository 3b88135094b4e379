import { Records } from './columns.ts';
import { KeptTexts } from './kept-texts.ts';

/** Texts that were asked for lately, by the last bits of their number. */
const REMEMBERED = 4096;

/** Text to small integers and back. 0 is "absent"; the first text gets 1. */
export class Interner {
  readonly #kept = new KeptTexts();
  readonly #hashes = new Records(1);
  #slots = new Int32Array(256);
  readonly #lately = new Int32Array(REMEMBERED);
  readonly #latelyTexts: string[] = [];

  id(text: string | undefined): number {
    if (text === undefined) return 0;
    const hash = hashOf(text);
    const found = this.#find(text, hash);
    return found >= 0 ? found : this.#add(text, hash);
  }

  /** The id of a text that was interned before, or -1: looks without adding. */
  find(text: string): number {
    return this.#find(text, hashOf(text));
  }

  text(id: number): string | undefined {
    if (id === 0) return undefined;
    const place = id & (REMEMBERED - 1);
    if (this.#lately[place] === id) return this.#latelyTexts[place];
    const text = this.#kept.text(id);
    while (this.#latelyTexts.length <= place) this.#latelyTexts.push('');
    this.#latelyTexts[place] = text;
    this.#lately[place] = id;
    return text;
  }

  /** One more than there are texts. */
  get size(): number {
    return this.#kept.length + 1;
  }

  #find(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!;
      if (id === 0) return -1;
      if (this.#hashOf(id) === hash && this.#kept.is(id, text)) return id;
    }
  }

  #add(text: string, hash: number): number {
    if (this.size * 2 > this.#slots.length) this.#rehash();
    const id = this.#kept.add(text);
    this.#hashes.room(id)[this.#hashes.from(id)] = hash;
    this.#place(id, hash);
    return id;
  }

  #hashOf(id: number): number {
    return this.#hashes.chunk(id)[this.#hashes.from(id)]!;
  }

  #place(id: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let id = 1; id < this.size; id++) this.#place(id, this.#hashOf(id));
  }
}

/** FNV-1a over UTF-16 units, then an avalanche step. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

import { Records } from './columns.ts';

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;
/** The first chunk is small, as most inputs are. */
const FIRST = 1 << 10;
/** Texts that were asked for lately, by the last bits of their number. */
const REMEMBERED = 4096;

/** Words of an entry: where its bytes are, how many characters it has (twice that, plus 1 where they are two bytes each), its hash. */
const AT = 0;
const SIZE = 1;
const HASH = 2;
const WORDS = 3;

/**
 * Text to small integers and back. 0 is "absent"; the first text gets 1. Many texts are seen once and never shown, so they
 * are kept as bytes in large pieces instead of a string each: one byte a character, or two where one is too small.
 */
export class Interner {
  #length = 1;
  readonly #entries = new Records(WORDS);
  #slots = new Int32Array(256);
  readonly #chunks: Buffer[] = [];
  #used = 0;
  /** Texts that are too long for a chunk. */
  readonly #long = new Map<number, string>();
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
    const text = this.#read(id);
    while (this.#latelyTexts.length <= place) this.#latelyTexts.push('');
    this.#latelyTexts[place] = text;
    this.#lately[place] = id;
    return text;
  }

  /** One more than there are texts. */
  get size(): number {
    return this.#length;
  }

  #find(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!;
      if (id === 0) return -1;
      if (this.#entries.chunk(id)[this.#entries.from(id) + HASH] === hash && this.#is(id, text)) return id;
    }
  }

  #is(id: number, text: string): boolean {
    const entry = this.#entries.chunk(id);
    const from = this.#entries.from(id);
    const size = entry[from + SIZE]!;
    if (size >>> 1 !== text.length) return false;
    const long = this.#long.get(id);
    if (long !== undefined) return long === text;
    const at = entry[from + AT]!;
    const bytes = this.#chunks[at >>> CHUNK_BITS]!;
    const start = at & (CHUNK - 1);
    if ((size & 1) === 0) {
      for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
      return true;
    }
    for (let i = 0; i < text.length; i++)
      if (bytes.readUInt16LE(start + 2 * i) !== text.charCodeAt(i)) return false;
    return true;
  }

  #add(text: string, hash: number): number {
    if (this.#length * 2 > this.#slots.length) this.#rehash();
    const id = this.#length++;
    const wide = isWide(text);
    const entry = this.#entries.room(id);
    const from = this.#entries.from(id);
    entry[from + SIZE] = 2 * text.length + (wide ? 1 : 0);
    entry[from + HASH] = hash;
    const bytes = wide ? 2 * text.length : text.length;
    if (bytes > CHUNK) this.#long.set(id, text);
    else {
      if (this.#chunks.length === 0 || this.#used + bytes > this.#chunks.at(-1)!.length) {
        this.#chunks.push(Buffer.alloc(Math.max(bytes, this.#chunks.length === 0 ? FIRST : CHUNK)));
        this.#used = 0;
      }
      const last = this.#chunks.length - 1;
      entry[from + AT] = (last << CHUNK_BITS) | this.#used;
      this.#chunks[last]!.write(text, this.#used, wide ? 'utf16le' : 'latin1');
      this.#used += bytes;
    }
    this.#place(id, hash);
    return id;
  }

  #read(id: number): string {
    const long = this.#long.get(id);
    if (long !== undefined) return long;
    const entry = this.#entries.chunk(id);
    const from = this.#entries.from(id);
    const size = entry[from + SIZE]!;
    const at = entry[from + AT]!;
    const start = at & (CHUNK - 1);
    const [encoding, bytes] =
      (size & 1) === 0 ? (['latin1', size >>> 1] as const) : (['utf16le', size - 1] as const);
    return this.#chunks[at >>> CHUNK_BITS]!.toString(encoding, start, start + bytes);
  }

  #place(id: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let id = 1; id < this.#length; id++)
      this.#place(id, this.#entries.chunk(id)[this.#entries.from(id) + HASH]!);
  }
}

/** FNV-1a over UTF-16 units, then an avalanche step. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}

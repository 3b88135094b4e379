import { Records } from './columns.ts';

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;
/** The first chunk is small, as most inputs are. */
const FIRST = 1 << 10;

/** Words of an entry: where its bytes are, how many characters it has (twice that, plus 1 where they are two bytes each). */
const AT = 0;
const SIZE = 1;
const WORDS = 2;

/**
 * Texts by number, from 1. Many are seen once and never shown, so they are kept as bytes in large pieces instead of a string
 * each: one byte a character, or two where one is too small.
 */
export class KeptTexts {
  /** How many texts there are. */
  length = 0;
  readonly #entries = new Records(WORDS);
  readonly #chunks: Buffer[] = [];
  #used = 0;
  /** Texts that are too long for a chunk. */
  readonly #long = new Map<number, string>();

  /** Keeps one more, and returns its number. */
  add(text: string): number {
    const number = ++this.length;
    const wide = isWide(text);
    const entry = this.#entries.room(number);
    const from = this.#entries.from(number);
    entry[from + SIZE] = 2 * text.length + (wide ? 1 : 0);
    const bytes = wide ? 2 * text.length : text.length;
    if (bytes > CHUNK) {
      this.#long.set(number, text);
      return number;
    }
    if (this.#chunks.length === 0 || this.#used + bytes > this.#chunks.at(-1)!.length) {
      this.#chunks.push(Buffer.alloc(Math.max(bytes, this.#chunks.length === 0 ? FIRST : CHUNK)));
      this.#used = 0;
    }
    const last = this.#chunks.length - 1;
    entry[from + AT] = (last << CHUNK_BITS) | this.#used;
    this.#chunks[last]!.write(text, this.#used, wide ? 'utf16le' : 'latin1');
    this.#used += bytes;
    return number;
  }

  text(number: number): string {
    const long = this.#long.get(number);
    if (long !== undefined) return long;
    const entry = this.#entries.chunk(number);
    const from = this.#entries.from(number);
    const size = entry[from + SIZE]!;
    const at = entry[from + AT]!;
    const start = at & (CHUNK - 1);
    const [encoding, bytes] =
      (size & 1) === 0 ? (['latin1', size >>> 1] as const) : (['utf16le', size - 1] as const);
    return this.#chunks[at >>> CHUNK_BITS]!.toString(encoding, start, start + bytes);
  }

  is(number: number, text: string): boolean {
    const entry = this.#entries.chunk(number);
    const from = this.#entries.from(number);
    const size = entry[from + SIZE]!;
    if (size >>> 1 !== text.length) return false;
    const long = this.#long.get(number);
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
}

function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}

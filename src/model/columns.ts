/** Values of a chunk, as a power of two. Columns grow by whole chunks: nothing is copied, and memory has no peaks. */
const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;
/** The first chunk begins with room for so many: most inputs are small. */
const FIRST = 64;

type Chunk = Uint16Array | Uint32Array | Float64Array;

/**
 * Whole numbers from 0 to 2^53, or any doubles, by place; 0 where nothing was set. Every chunk is as wide as its largest
 * value needs, and a chunk of zeros takes no memory.
 */
export class NumberColumn {
  readonly #chunks: (Chunk | undefined)[] = [];

  get(at: number): number {
    const index = at >>> CHUNK_BITS;
    if (index >= this.#chunks.length) return 0;
    const chunk = this.#chunks[index];
    const place = at & MASK;
    return chunk === undefined || place >= chunk.length ? 0 : chunk[place]!;
  }

  set(at: number, value: number): void {
    const index = at >>> CHUNK_BITS;
    const chunk = index < this.#chunks.length ? this.#chunks[index] : undefined;
    const place = at & MASK;
    if (chunk !== undefined && place < chunk.length && fits(chunk, value)) chunk[place] = value;
    else if (chunk !== undefined || value !== 0) this.#room(index, place, bytesFor(value))[place] = value;
  }

  /** Sets the values of `[from, from + count)` from a place on; nothing was set there or behind it. */
  append(at: number, values: Float64Array, from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const place = (at + done) & MASK;
      const some = Math.min(count - done, CHUNK - place);
      const bytes = bytesForAll(values, from + done, some);
      if (bytes > 0) {
        const chunk = this.#room((at + done) >>> CHUNK_BITS, place + some - 1, bytes);
        for (let i = 0; i < some; i++) chunk[place + i] = values[from + done + i]!;
      }
      done += some;
    }
  }

  /** Makes everything from a place on 0 again. */
  clear(from: number): void {
    const index = from >>> CHUNK_BITS;
    if (index >= this.#chunks.length) return;
    this.#chunks[index]?.fill(0, from & MASK);
    this.#chunks.length = index + 1;
  }

  /** The chunk, with room for values of so many bytes up to a place. */
  #room(index: number, place: number, bytes: number): Chunk {
    while (index >= this.#chunks.length) this.#chunks.push(undefined);
    const chunk = this.#chunks[index];
    if (chunk !== undefined && place < chunk.length && chunk.BYTES_PER_ELEMENT >= bytes) return chunk;
    const wide = widened(chunk, bytes, index === 0 ? roomFor(place) : CHUNK);
    this.#chunks[index] = wide;
    return wide;
  }
}

const roomFor = (place: number): number => (place < FIRST ? FIRST : place < 1024 ? 1024 : CHUNK);

function fits(chunk: Chunk, value: number): boolean {
  return chunk.BYTES_PER_ELEMENT >= bytesFor(value);
}

const bytesFor = (value: number): number => ((value & 0xffff) === value ? 2 : value >>> 0 === value ? 4 : 8);

/** What the widest of some values needs; 0 where all of them are 0. */
function bytesForAll(values: Float64Array, from: number, count: number): number {
  let bits = 0;
  for (let i = from; i < from + count; i++) {
    const value = values[i]!;
    if (value >>> 0 !== value) return 8;
    bits |= value;
  }
  return bits === 0 ? 0 : bytesFor(bits >>> 0);
}

/** A copy for as many values as `room`, and as wide as its own and others of so many bytes need. */
function widened(chunk: Chunk | undefined, least: number, room: number): Chunk {
  const bytes = Math.max(least, chunk?.BYTES_PER_ELEMENT ?? 0);
  const length = Math.max(room, chunk?.length ?? 0);
  const wide =
    bytes === 2 ? new Uint16Array(length) : bytes === 4 ? new Uint32Array(length) : new Float64Array(length);
  if (chunk !== undefined) wide.set(chunk);
  return wide;
}

/** Records of as many 32-bit words each, by place. */
export class Records {
  /** Where much is read, it is read from here: record `at` begins at `placeInChunk(at) * words` of `chunks[chunkOf(at)]`. */
  readonly chunks: Uint32Array[] = [];
  readonly words: number;

  constructor(words: number) {
    this.words = words;
  }

  /** Where the words of a record stand: `from(at)` in `chunk(at)`. */
  chunk(at: number): Uint32Array {
    return this.chunks[at >>> CHUNK_BITS]!;
  }

  from(at: number): number {
    return (at & MASK) * this.words;
  }

  /** The chunk with room for a record. */
  room(at: number): Uint32Array {
    const index = at >>> CHUNK_BITS;
    if (index < this.chunks.length) {
      const chunk = this.chunks[index]!;
      if ((at & MASK) * this.words < chunk.length) return chunk;
    }
    return this.#grown(at);
  }

  clear(): void {
    this.chunks.length = 0;
  }

  #grown(at: number): Uint32Array {
    const index = at >>> CHUNK_BITS;
    while (index >= this.chunks.length) {
      const room = this.chunks.length === 0 ? FIRST : CHUNK;
      this.chunks.push(new Uint32Array(room * this.words));
    }
    const chunk = this.chunks[index]!;
    if ((at & MASK) * this.words < chunk.length) return chunk;
    const larger = enlarged(chunk, roomFor(at) * this.words);
    this.chunks[index] = larger;
    return larger;
  }
}

export const chunkOf = (at: number): number => at >>> CHUNK_BITS;
export const placeInChunk = (at: number): number => at & MASK;
/** So many records from a place on, itself included, stand in one chunk. */
export const leftInChunk = (at: number): number => CHUNK - (at & MASK);

/**
 * Places that have an entry in a table of their own, numbered in their order: a bit a place and a count every 32 places
 * instead of a number each.
 */
export class Entries {
  /** How many places have an entry. */
  length = 0;
  #bits = new Uint32Array(FIRST);
  #before = new Uint32Array(FIRST);
  #words = 0;

  /** Gives the next entry to a place, which has to lie behind all others that have one. */
  add(place: number): number {
    const word = place >>> 5;
    if (word >= this.#bits.length) {
      this.#bits = enlarged(this.#bits, 2 * word);
      this.#before = enlarged(this.#before, 2 * word);
    }
    for (; this.#words <= word; this.#words++) {
      this.#bits[this.#words] = 0;
      this.#before[this.#words] = this.length;
    }
    this.#bits[word]! |= 1 << (place & 31);
    return this.length++;
  }

  /** Gives entries to some places, in their order; each is told by how far it is from `first`. */
  append(first: number, places: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) this.add(first + places[i]!);
  }

  /** The entry of a place, -1 where it has none. */
  of(place: number): number {
    const word = place >>> 5;
    if (word >= this.#words) return -1;
    const bits = this.#bits[word]!;
    const bit = 1 << (place & 31);
    return (bits & bit) === 0 ? -1 : this.#before[word]! + ones(bits & (bit - 1));
  }

  /** Takes the entries of all places from `place` on away. */
  truncate(place: number): void {
    const word = place >>> 5;
    if (word >= this.#words) return;
    const kept = this.#bits[word]! & ((1 << (place & 31)) - 1);
    this.#bits[word] = kept;
    this.length = this.#before[word]! + ones(kept);
    this.#words = word + 1;
  }
}

/** Bits that are set (Hacker's Delight, 5-1). */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A copy with room for `capacity` values; what is new is 0. */
export function enlarged<T extends Int32Array | Uint32Array | Uint8Array>(column: T, capacity: number): T {
  const larger = new (column.constructor as new (length: number) => T)(capacity);
  larger.set(column);
  return larger;
}

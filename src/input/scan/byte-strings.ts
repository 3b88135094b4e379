/** A run of entries whose hashes collide is not followed further: nobody may make this slow. */
const PROBES = 128;
const MOST_BYTES = 2 ** 30;

/** Strings of bytes and their numbers, which count from 1. */
export class ByteStrings {
  readonly #limit: number;
  #bytes = Buffer.alloc(256);
  /** String `n` ends where entry `n` says, and begins where the one before it ends. */
  #ends = new Uint32Array(16);
  /** Numbers by hash, 0 where there is none; twice as many places as strings, or more. */
  #places = new Int32Array(32);
  #hashes = new Int32Array(16);
  count = 0;

  constructor(limit: number, strings: readonly string[] = []) {
    this.#limit = limit;
    for (const string of strings) {
      const bytes = Buffer.from(string);
      this.intern(bytes, 0, bytes.length);
    }
  }

  /** The number of a string; 0 where it is not known. */
  find(bytes: Uint8Array, from: number, end: number): number {
    const place = this.#placeOf(bytes, from, end, hashOf(bytes, from, end));
    return place < 0 ? 0 : this.#places[place]!;
  }

  /** The number of a string, which is known from now on; 0 where there is no room for another. */
  intern(bytes: Uint8Array, from: number, end: number): number {
    const hash = hashOf(bytes, from, end);
    const place = this.#placeOf(bytes, from, end, hash);
    if (place < 0) return 0;
    const known = this.#places[place]!;
    if (known > 0 || this.count === this.#limit) return known;
    return this.#add(bytes, from, end, hash, place);
  }

  /** A view of the bytes of a string; good until the next one is added. */
  get(number: number): Buffer {
    return this.#bytes.subarray(this.#ends[number - 1], this.#ends[number]);
  }

  /** Where the number of a string stands or would; −1 where looking for it takes too long. */
  #placeOf(bytes: Uint8Array, from: number, end: number, hash: number): number {
    const mask = this.#places.length - 1;
    let place = hash & mask;
    for (let probe = 0; probe < PROBES; probe++) {
      const number = this.#places[place]!;
      if (number === 0) return place;
      if (this.#hashes[number] === hash && this.#equals(number, bytes, from, end)) return place;
      place = (place + 1) & mask;
    }
    return -1;
  }

  #equals(number: number, bytes: Uint8Array, from: number, end: number): boolean {
    const start = this.#ends[number - 1]!;
    if (this.#ends[number]! - start !== end - from) return false;
    for (let at = from; at < end; at++) if (this.#bytes[start + at - from] !== bytes[at]) return false;
    return true;
  }

  #add(bytes: Uint8Array, from: number, end: number, hash: number, place: number): number {
    const start = this.#ends[this.count]!;
    const next = start + end - from;
    if (next > MOST_BYTES) return 0;
    if (next > this.#bytes.length) {
      const larger = Buffer.alloc(2 * next);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(from, end), start);
    this.count++;
    if (this.count === this.#ends.length) this.#enlarge();
    this.#ends[this.count] = next;
    this.#hashes[this.count] = hash;
    this.#places[place] = this.count;
    if (2 * this.count > this.#places.length) this.#rehash();
    return this.count;
  }

  #enlarge(): void {
    const ends = new Uint32Array(2 * this.#ends.length);
    ends.set(this.#ends);
    this.#ends = ends;
    const hashes = new Int32Array(2 * this.#hashes.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  #rehash(): void {
    const mask = 2 * this.#places.length - 1;
    this.#places = new Int32Array(mask + 1);
    for (let number = 1; number <= this.count; number++) {
      let place = this.#hashes[number]! & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = number;
    }
  }
}

/** FNV-1a, and an avalanche step that carries the last bytes down to the low bits. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

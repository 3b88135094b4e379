import { hashOf, sameBytes } from './bytes.ts';
import { allocate, SLACK } from './memory.ts';

/*
 * Tables that give strings of bytes numbers, from 1. A string has an owner: the same bytes are another string for another
 * owner. What is known of it stands right before its bytes, the last of it a note.
 *
 * A table is a header in memory, and what that points to: strings by number, and numbers by hash. Above the bits that a number may
 * have stand those of the hash, so that hardly any string is looked at that is not the one.
 */
const COUNT: usize = 0;
const COUNT_LIMIT: usize = 4;
const BYTES_LEFT: usize = 8;
const STRINGS: usize = 12;
const CAPACITY: usize = 16;
const PLACES: usize = 20;
const HEADER: usize = 32;

/** Bytes before those of a string. */
const HASH: usize = 16;
const OWNER: usize = 12;
const LENGTH: usize = 8;
const NOTE: usize = 4;
const STRING_BITS: usize = 2;

const FIRST_CAPACITY: u32 = 64;
/** Strings whose hashes run into each other are not followed further: nobody can make this slow. */
const PROBES: u32 = 128;
/** Strings of all tables stand one after another in pieces of this size. */
const PIECE: usize = 1 << 16;

let free: usize = 0;
let freeEnd: usize = 0;

/** An empty table that takes so many strings and bytes of them, and no more. */
export function newTable(countLimit: u32, byteLimit: u32): usize {
  const table = allocate(HEADER);
  store<u32>(table, countLimit, COUNT_LIMIT);
  store<u32>(table, byteLimit, BYTES_LEFT);
  store<u32>(table, <u32>allocate((<usize>FIRST_CAPACITY) << STRING_BITS), STRINGS);
  store<u32>(table, FIRST_CAPACITY, CAPACITY);
  store<u32>(table, <u32>allocate(<usize>FIRST_CAPACITY * 8), PLACES);
  return table;
}

export function countOf(table: usize): u32 {
  return load<u32>(table, COUNT);
}

export function bytesOf(table: usize, number: u32): usize {
  return load<u32>(<usize>load<u32>(table, STRINGS) + ((<usize>number) << STRING_BITS));
}

export function lengthOf(table: usize, number: u32): usize {
  return load<u32>(bytesOf(table, number) - LENGTH);
}

export function noteOf(table: usize, number: u32): u32 {
  return load<u32>(bytesOf(table, number) - NOTE);
}

export function setNote(table: usize, number: u32, note: u32): void {
  store<u32>(bytesOf(table, number) - NOTE, note);
}

/** Whether a number is that of a string; 0 is that of none. */
export function isNumberOf(table: usize, number: u32, owner: u32, at: usize, length: usize): bool {
  return number != 0 && isString(bytesOf(table, number), owner, at, length);
}

@inline
function isString(bytes: usize, owner: u32, at: usize, length: usize): bool {
  return (
    load<u32>(bytes - LENGTH) == <u32>length && load<u32>(bytes - OWNER) == owner && sameBytes(bytes, at, length)
  );
}

/** The number of a string; 0 where it is not known. */
export function find(table: usize, owner: u32, at: usize, length: usize): u32 {
  const place = placeOf(table, owner, at, length, hashOf(owner, at, length));
  return place == 0 ? 0 : numberAt(table, place);
}

/** The number of a string, which is known from now on; 0 where there is no room for another. */
export function intern(table: usize, owner: u32, at: usize, length: usize): u32 {
  const hash = hashOf(owner, at, length);
  const place = placeOf(table, owner, at, length, hash);
  if (place == 0) return 0;
  const known = numberAt(table, place);
  return known != 0 ? known : add(table, owner, at, length, hash);
}

@inline
function numberAt(table: usize, place: usize): u32 {
  return load<u32>(place) & (load<u32>(table, CAPACITY) - 1);
}

/** Where the number of a string stands, or would; 0 where looking for it takes too long. */
function placeOf(table: usize, owner: u32, at: usize, length: usize, hash: u32): usize {
  const places = <usize>load<u32>(table, PLACES);
  const strings = <usize>load<u32>(table, STRINGS);
  const numbers = load<u32>(table, CAPACITY) - 1;
  const mask = numbers * 2 + 1;
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    const place = places + ((<usize>((hash + probe) & mask)) << 2);
    const marked = load<u32>(place);
    if (marked == 0) return place;
    if (((marked ^ hash) & ~numbers) != 0) continue;
    const bytes = <usize>load<u32>(strings + ((<usize>(marked & numbers)) << STRING_BITS));
    if (load<u32>(bytes - HASH) == hash && isString(bytes, owner, at, length)) return place;
  }
  return 0;
}

function add(table: usize, owner: u32, at: usize, length: usize, hash: u32): u32 {
  const number = countOf(table) + 1;
  const bytesLeft = load<u32>(table, BYTES_LEFT);
  if (number > load<u32>(table, COUNT_LIMIT) || <u32>length > bytesLeft) return 0;
  if (number == load<u32>(table, CAPACITY) && !enlarge(table)) return 0;
  const copy = kept(at, length);
  if (copy == 0) return 0;
  store<u32>(copy - HASH, hash);
  store<u32>(copy - OWNER, owner);
  store<u32>(copy - LENGTH, <u32>length);
  store<u32>(<usize>load<u32>(table, STRINGS) + ((<usize>number) << STRING_BITS), <u32>copy);
  store<u32>(table, number, COUNT);
  store<u32>(table, bytesLeft - <u32>length, BYTES_LEFT);
  setNumber(table, hash, number);
  return number;
}

function setNumber(table: usize, hash: u32, number: u32): void {
  const places = <usize>load<u32>(table, PLACES);
  const numbers = load<u32>(table, CAPACITY) - 1;
  const mask = numbers * 2 + 1;
  let index = hash & mask;
  while (load<u32>(places + ((<usize>index) << 2)) != 0) index = (index + 1) & mask;
  store<u32>(places + ((<usize>index) << 2), (hash & ~numbers) | number);
}

function enlarge(table: usize): bool {
  const capacity = load<u32>(table, CAPACITY);
  const strings = allocate((<usize>capacity * 2) << STRING_BITS);
  const places = allocate(<usize>capacity * 16);
  if (strings == 0 || places == 0) return false;
  const old = <usize>load<u32>(table, STRINGS);
  memory.copy(strings, old, (<usize>capacity) << STRING_BITS);
  store<u32>(table, <u32>strings, STRINGS);
  store<u32>(table, capacity * 2, CAPACITY);
  store<u32>(table, <u32>places, PLACES);
  for (let number: u32 = 1; number < capacity; number++) {
    setNumber(table, load<u32>(bytesOf(table, number) - HASH), number);
  }
  // The old places stand right behind the old strings.
  reuse(old, ((<usize>capacity) << STRING_BITS) + <usize>capacity * 8);
  return true;
}

/** Takes memory that is not needed any more for strings to come. */
function reuse(at: usize, size: usize): void {
  if (size <= freeEnd - free) return;
  free = at;
  freeEnd = at + size;
}

/** A copy of the bytes, for good, behind room for what is known of it, and an empty note; 0 where there is no memory for it. */
function kept(at: usize, length: usize): usize {
  const size = (HASH + length + 3) & ~(<usize>3);
  if (freeEnd - free < size + SLACK) {
    const piece = max(PIECE, size + SLACK);
    free = allocate(piece);
    if (free == 0) {
      freeEnd = 0;
      return 0;
    }
    freeEnd = free + piece;
  }
  const copy = free + HASH;
  store<u32>(copy - NOTE, 0);
  memory.copy(copy, at, length);
  free += size;
  return copy;
}

import { hashOf, sameBytes } from './bytes.ts';
import { allocate, SLACK } from './memory.ts';

/*
 * Tables that give strings of bytes numbers, from 1. A string has an owner: the same bytes are another string for another
 * owner. It stands in memory behind a note of four bytes.
 *
 * A table is a header in memory, and what that points to: entries by number, and numbers by hash.
 */
const COUNT: usize = 0;
const COUNT_LIMIT: usize = 4;
const BYTES_LEFT: usize = 8;
const ENTRIES: usize = 12;
const CAPACITY: usize = 16;
const PLACES: usize = 20;
const MASK: usize = 24;
const HEADER: usize = 32;

const HASH: usize = 0;
const OWNER: usize = 4;
const AT: usize = 8;
const LENGTH: usize = 12;
const ENTRY_BITS: usize = 4;

const NOTE: usize = 4;
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
  store<u32>(table, <u32>allocate((<usize>FIRST_CAPACITY) << ENTRY_BITS), ENTRIES);
  store<u32>(table, FIRST_CAPACITY, CAPACITY);
  store<u32>(table, <u32>allocate(<usize>FIRST_CAPACITY * 8), PLACES);
  store<u32>(table, FIRST_CAPACITY * 2 - 1, MASK);
  return table;
}

export function countOf(table: usize): u32 {
  return load<u32>(table, COUNT);
}

export function bytesOf(table: usize, number: u32): usize {
  return load<u32>(entryOf(table, number), AT);
}

export function lengthOf(table: usize, number: u32): usize {
  return load<u32>(entryOf(table, number), LENGTH);
}

export function noteOf(table: usize, number: u32): u32 {
  return load<u32>(bytesOf(table, number) - NOTE);
}

export function setNote(table: usize, number: u32, note: u32): void {
  store<u32>(bytesOf(table, number) - NOTE, note);
}

/** Whether a number is that of a string; 0 is that of none. */
export function isNumberOf(table: usize, number: u32, owner: u32, at: usize, length: usize): bool {
  if (number == 0) return false;
  const entry = entryOf(table, number);
  return (
    load<u32>(entry, LENGTH) == <u32>length &&
    load<u32>(entry, OWNER) == owner &&
    sameBytes(load<u32>(entry, AT), at, length)
  );
}

/** The number of a string; 0 where it is not known. */
export function find(table: usize, owner: u32, at: usize, length: usize): u32 {
  const place = placeOf(table, owner, at, length, hashOf(owner, at, length));
  return place == 0 ? 0 : load<u32>(place);
}

/** The number of a string, which is known from now on; 0 where there is no room for another. */
export function intern(table: usize, owner: u32, at: usize, length: usize): u32 {
  const hash = hashOf(owner, at, length);
  const place = placeOf(table, owner, at, length, hash);
  if (place == 0) return 0;
  const known = load<u32>(place);
  return known != 0 ? known : add(table, owner, at, length, hash);
}

/** Where the number of a string stands, or would; 0 where looking for it takes too long. */
function placeOf(table: usize, owner: u32, at: usize, length: usize, hash: u32): usize {
  const places = <usize>load<u32>(table, PLACES);
  const mask = load<u32>(table, MASK);
  const entries = <usize>load<u32>(table, ENTRIES);
  for (let probe: u32 = 0; probe < PROBES; probe++) {
    const place = places + ((<usize>((hash + probe) & mask)) << 2);
    const number = load<u32>(place);
    if (number == 0) return place;
    const entry = entries + ((<usize>number) << ENTRY_BITS);
    if (
      load<u32>(entry, HASH) == hash &&
      load<u32>(entry, OWNER) == owner &&
      load<u32>(entry, LENGTH) == <u32>length &&
      sameBytes(load<u32>(entry, AT), at, length)
    )
      return place;
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
  const entry = entryOf(table, number);
  store<u32>(entry, hash, HASH);
  store<u32>(entry, owner, OWNER);
  store<u32>(entry, <u32>copy, AT);
  store<u32>(entry, <u32>length, LENGTH);
  store<u32>(table, number, COUNT);
  store<u32>(table, bytesLeft - <u32>length, BYTES_LEFT);
  setNumber(table, hash, number);
  return number;
}

function entryOf(table: usize, number: u32): usize {
  return <usize>load<u32>(table, ENTRIES) + ((<usize>number) << ENTRY_BITS);
}

function setNumber(table: usize, hash: u32, number: u32): void {
  const places = <usize>load<u32>(table, PLACES);
  const mask = load<u32>(table, MASK);
  let index = hash & mask;
  while (load<u32>(places + ((<usize>index) << 2)) != 0) index = (index + 1) & mask;
  store<u32>(places + ((<usize>index) << 2), number);
}

function enlarge(table: usize): bool {
  const capacity = load<u32>(table, CAPACITY);
  const entries = allocate((<usize>capacity * 2) << ENTRY_BITS);
  const places = allocate(<usize>capacity * 16);
  if (entries == 0 || places == 0) return false;
  const old = <usize>load<u32>(table, ENTRIES);
  memory.copy(entries, old, (<usize>capacity) << ENTRY_BITS);
  store<u32>(table, <u32>entries, ENTRIES);
  store<u32>(table, capacity * 2, CAPACITY);
  store<u32>(table, <u32>places, PLACES);
  store<u32>(table, capacity * 4 - 1, MASK);
  for (let number: u32 = 1; number < capacity; number++) {
    setNumber(table, load<u32>(entryOf(table, number), HASH), number);
  }
  // The old places stand right behind the old entries.
  reuse(old, ((<usize>capacity) << ENTRY_BITS) + <usize>capacity * 8);
  return true;
}

/** Takes memory that is not needed any more for strings to come. */
function reuse(at: usize, size: usize): void {
  if (size <= freeEnd - free) return;
  free = at;
  freeEnd = at + size;
}

/** A copy of the bytes, for good, behind an empty note; 0 where there is no memory for it. */
function kept(at: usize, length: usize): usize {
  const size = (NOTE + length + 3) & ~(<usize>3);
  if (freeEnd - free < size + SLACK) {
    const piece = max(PIECE, size + SLACK);
    free = allocate(piece);
    if (free == 0) {
      freeEnd = 0;
      return 0;
    }
    freeEnd = free + piece;
  }
  store<u32>(free, 0);
  const copy = free + NOTE;
  memory.copy(copy, at, length);
  free += size;
  return copy;
}

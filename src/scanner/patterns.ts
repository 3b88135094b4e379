import { bytesOf, intern, lengthOf, newTable } from './byte-strings.ts';
import { allocate } from './memory.ts';
import { slotCount } from './plan.ts';
import { pairCount, tokenAt, valueSlot } from './slot-values.ts';

const MOST: u32 = 65536;
const MOST_BYTES: u32 = 32 << 20;

/** A pattern is words of eight bytes: two about the span itself, then the tokens of its attributes in their order. */
const HEAD_BYTES: usize = 16;

let patterns: usize = 0;
/** The pattern that is being looked for. */
let words: usize = 0;
/** Slots of a pattern, for the host to read; 4 bytes each, and they count from 0. */
export let slotList: usize = 0;

export function newPatterns(): void {
  patterns = newTable(MOST, MOST_BYTES);
  words = allocate(HEAD_BYTES + <usize>slotCount() * 8);
  slotList = allocate(<usize>slotCount() * 4);
}

/** The number of the pattern that these and the attributes make; 0 where there are too many patterns. */
export function patternOf(name: u32, kind: u32, status: u32, flags: u32): u32 {
  store<u64>(words, ((<u64>name) << 32) | <u64>kind);
  store<u64>(words, ((<u64>status) << 32) | <u64>flags, 8);
  for (let i: u32 = 0; i < pairCount; i++) store<u64>(words + HEAD_BYTES + <usize>i * 8, tokenAt(i));
  return intern(patterns, 0, words, HEAD_BYTES + <usize>pairCount * 8);
}

/** Lists the slots whose values rows of a pattern have, in their order; says how many. */
export function listSlots(pattern: u32): u32 {
  const from = bytesOf(patterns, pattern);
  const length = lengthOf(patterns, pattern);
  let count: u32 = 0;
  for (let at = HEAD_BYTES; at < length; at += 8) {
    const slot = valueSlot(load<u64>(from + at));
    if (slot == 0) continue;
    store<u32>(slotList + <usize>count * 4, slot - 1);
    count++;
  }
  return count;
}

export const SPACE: u8 = 0x20;
export const LINE_FEED: u8 = 0x0a;
export const QUOTE: u8 = 0x22;
export const COMMA: u8 = 0x2c;
export const MINUS: u8 = 0x2d;
export const PLUS: u8 = 0x2b;
export const DOT: u8 = 0x2e;
export const TAB: u8 = 0x09;
export const CARRIAGE_RETURN: u8 = 0x0d;
export const ZERO: u8 = 0x30;
export const COLON: u8 = 0x3a;
export const BACKSLASH: u8 = 0x5c;
export const OPEN_BRACKET: u8 = 0x5b;
export const CLOSE_BRACKET: u8 = 0x5d;
export const OPEN_BRACE: u8 = 0x7b;
export const CLOSE_BRACE: u8 = 0x7d;

/** Whether two pieces of memory hold the same `length` bytes. */
export function sameBytes(a: usize, b: usize, length: usize): bool {
  if (length < 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)));
    return ctz(~same) >= <i32>length;
  }
  const last = length - 16;
  for (let i: usize = 0; i < last; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(a + last), v128.load(b + last)));
}

const FACTOR: u64 = 0x9e3779b97f4a7c15;
const OTHER_FACTOR: u64 = 0xc2b2ae3d27d4eb4f;

/** What hashes begin with: nobody can choose strings beforehand whose hashes are equal. */
let seed: u64 = 0;

export function setSeed(value: u64): void {
  seed = value;
}

/** 32 bits that depend on every byte and on the owner. */
export function hashOf(owner: u32, at: usize, length: usize): u32 {
  const start = (seed ^ ((<u64>owner) << 32) ^ <u64>length) * FACTOR;
  let hash = start ^ (start >> 32);
  if (length >= 16) {
    const last = length - 16;
    for (let i: usize = 0; i < last; i += 16) hash = mixed(hash, load<u64>(at + i), load<u64>(at + i + 8));
    hash = mixed(hash, load<u64>(at + last), load<u64>(at + last + 8));
  } else if (length >= 8) hash = mixed(hash, load<u64>(at), load<u64>(at + length - 8));
  else if (length > 0) hash = mixed(hash, load<u64>(at) << ((8 - <u64>length) << 3), 0);
  hash *= OTHER_FACTOR;
  return <u32>(hash >> 32);
}

@inline
function mixed(hash: u64, a: u64, b: u64): u64 {
  const both = ((hash ^ a) * FACTOR) ^ rotl<u64>(b * OTHER_FACTOR, 32);
  return both ^ (both >> 29);
}

import { QUOTE } from './bytes.ts';

const ZEROS: v128 = i8x16.splat(0x30);
const NINE: v128 = i8x16.splat(9);
const CASE: v128 = i8x16.splat(0x20);
const SMALL_A: v128 = i8x16.splat(0x61);
const FIVE: v128 = i8x16.splat(5);
/** `0x` */
const MARK: u16 = 0x7830;
const LOW: v128 = i8x16.splat(0x0f);

/** Whether there are 16 hexadecimal digits between quotes. */
export function isHex16(at: usize): bool {
  return load<u8>(at) == QUOTE && load<u8>(at + 17) == QUOTE && areHex(v128.load(at + 1));
}

/** Whether there are 32 of them. */
export function isHex32(at: usize): bool {
  return (
    load<u8>(at) == QUOTE &&
    load<u8>(at + 33) == QUOTE &&
    areHex(v128.load(at + 1)) &&
    areHex(v128.load(at + 17))
  );
}

/** The same with `0x` in front of the digits. */
export function isMarkedHex16(at: usize): bool {
  return isMark(at) && load<u8>(at + 19) == QUOTE && areHex(v128.load(at + 3));
}

export function isMarkedHex32(at: usize): bool {
  return isMark(at) && load<u8>(at + 35) == QUOTE && areHex(v128.load(at + 3)) && areHex(v128.load(at + 19));
}

function isMark(at: usize): bool {
  return load<u8>(at) == QUOTE && load<u16>(at + 1) == MARK;
}

/** 16 digits as two words of 32 bits, of which the first ones stand first in memory. */
export function hexWords(at: usize): u64 {
  const characters = v128.load(at);
  // Letters have bit 6, and count from 1 in the four lowest: nine more than that is what they stand for.
  const letters = v128.and(i16x8.shr_u(characters, 6), i8x16.splat(1));
  const values = i8x16.add(v128.and(characters, LOW), i8x16.add(i16x8.shl(letters, 3), letters));
  const pairs = v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8));
  const reversed = i8x16.swizzle(pairs, i8x16(6, 4, 2, 0, 14, 12, 10, 8, -1, -1, -1, -1, -1, -1, -1, -1));
  return v128.extract_lane<u64>(reversed, 0);
}

export function areHex16(at: usize): bool {
  return areHex(v128.load(at));
}

function areHex(characters: v128): bool {
  const digits = i8x16.le_u(i8x16.sub(characters, ZEROS), NINE);
  const letters = i8x16.le_u(i8x16.sub(v128.or(characters, CASE), SMALL_A), FIVE);
  return i8x16.all_true(v128.or(digits, letters));
}

import { setUnusual } from './attribute.ts';
import { QUOTE, ZERO } from './bytes.ts';
import { valueEnd } from './values.ts';

const MOST_DIGITS: usize = 19;
const NANO_DIGITS: usize = 9;
const ZEROS: v128 = i8x16.splat(0x30);
const NINE: v128 = i8x16.splat(9);

/** The last time that was read. */
export let seconds: u64 = 0;
export let nanos: u64 = 0;

/** From the first byte of a time to behind its last. One that is not up to 19 digits, bare or between quotes, is unusual. */
export function timeEnd(at: usize): usize {
  const isQuoted = load<u8>(at) == QUOTE;
  const from = at + <usize>isQuoted;
  const count = digitRun(from);
  const last = load<u8>(from + count);
  if (count == 0 || count > MOST_DIGITS || (isQuoted ? last != QUOTE : isBareOther(from, last))) {
    setUnusual();
    return valueEnd(at);
  }
  const wholeDigits = count > NANO_DIGITS ? count - NANO_DIGITS : 0;
  seconds = digitsValue(from, wholeDigits);
  nanos = digitsValue(from + wholeDigits, count - wholeDigits);
  return from + count + <usize>isQuoted;
}

/** Whether digits without quotes are not a whole number: JSON has no zeros before one. */
function isBareOther(from: usize, last: u8): bool {
  const letter = last | 0x20;
  return last == 0x2e || letter == 0x65 || load<u8>(from) == ZERO;
}

/** How many of the next 32 bytes are digits, up to the first that is none. */
function digitRun(at: usize): usize {
  const others = nonDigits(v128.load(at)) | (nonDigits(v128.load(at, 16)) << 16);
  return <usize>ctz(others);
}

function nonDigits(bytes: v128): u32 {
  return <u32>(i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, ZEROS), NINE)) ^ 0xffff);
}

function digitsValue(at: usize, count: usize): u64 {
  const end = at + count;
  let value: u64 = 0;
  for (; at + 8 <= end; at += 8) value = value * 100000000 + eightDigits(at);
  for (; at < end; at++) value = value * 10 + (<u64>load<u8>(at) - ZERO);
  return value;
}

/** Digits become pairs, pairs fours, fours eight: the lower half of each lane counts more. */
function eightDigits(at: usize): u64 {
  const digits = load<u64>(at) & 0x0f0f0f0f0f0f0f0f;
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10000 + (fours >> 32)) & 0xffffffff;
}

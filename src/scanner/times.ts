import { setUnusual } from './attribute.ts';
import { COLON, COMMA, DOT, LINE_FEED, MINUS, QUOTE, ZERO } from './bytes.ts';
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

/** So many nanoseconds since 1970 are the last time. */
export function setTime(value: u64): void {
  seconds = value / <u64>SECOND;
  nanos = value % <u64>SECOND;
}

const TEE: u8 = 0x54;
const ZED: u8 = 0x5a;
/** Larger than any number of two digits, even where it stands for hundreds. */
const NO_PAIR: u32 = 10000;
const DAY: u64 = 86400;
const SECOND: u64 = 1000000000;
const LARGEST_SAFE: u64 = 9007199254740991;
const POWERS: StaticArray<u64> = [1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000];

/** The same for times like `2025-06-15T15:06:40.042539Z`, from 1970 to 2099. */
export function isoTimeEnd(at: usize): usize {
  const from = at + 1;
  const year = pair(from) * 100 + pair(from + 2);
  const month = pair(from + 5);
  const day = pair(from + 8);
  const hour = pair(from + 11);
  const minute = pair(from + 14);
  const second = pair(from + 17);
  const count = load<u8>(from + 19) == DOT ? digitRun(from + 20) : 0;
  const zone = from + 19 + (count == 0 ? 0 : count + 1);
  const isDate =
    year - 1970 < 130 && load<u8>(from + 4) == MINUS && month - 1 < 12 && load<u8>(from + 7) == MINUS && day - 1 < 31;
  const isTime =
    load<u8>(from + 10) == TEE && hour < 24 && load<u8>(from + 13) == COLON && minute < 60 && load<u8>(from + 16) == COLON && second < 60;
  if (load<u8>(at) != QUOTE || !isDate || !isTime || count > NANO_DIGITS || load<u8>(zone) != ZED || load<u8>(zone + 1) != QUOTE) {
    setUnusual();
    return valueEnd(at);
  }
  seconds = (daysBefore(year, month) + day - 1) * DAY + hour * 3600 + minute * 60 + second;
  nanos = digitsValue(from + 20, count) * unchecked(POWERS[<i32>(NANO_DIGITS - count)]);
  return zone + 2;
}

const MICROSECONDS: u64 = 1000000;
const MOST_MICROSECONDS: usize = 15;
/** Zeros of these. */
const THOUSAND: usize = 3;
const MILLION: usize = 6;
/** Below so many seconds a double tells microseconds to more than six places. */
const EXACT_DIGITS: usize = 9;

/**
 * From the first byte of a count of whole microseconds since the epoch to behind its last; 0 where it is something else, and for
 * what ends otherwise than a value does that Node printed.
 */
export function microsecondsEnd(at: usize): usize {
  const count = digitRun(at);
  if (count == 0 || count > MOST_MICROSECONDS + 1 || load<u8>(at) == ZERO || !isValueEnd(at + count)) return 0;
  const value = digitsValue(at, count);
  if (value > LARGEST_SAFE) return 0;
  seconds = value / MICROSECONDS;
  nanos = (value % MICROSECONDS) * 1000;
  return at + count;
}

/** Adds a length in microseconds, which may have a fraction, to the last time; likewise. */
export function addMicroseconds(at: usize): usize {
  const count = digitRun(at);
  if (count == 0 || (count > 1 && load<u8>(at) == ZERO)) return 0;
  let end = at + count;
  let rest: u64 = 0;
  if (load<u8>(end) == DOT) {
    const places = digitRun(end + 1);
    if (places == 0 || places > MOST_DIGITS) return 0;
    if (places <= THOUSAND) rest = digitsValue(end + 1, places) * unchecked(POWERS[<i32>(THOUSAND - places)]);
    else {
      // Only where the nearest nanosecond is beyond doubt.
      const told = min(places, MILLION);
      const known = digitsValue(end + 1, told) * unchecked(POWERS[<i32>(MILLION - told)]);
      const part = known % 1000;
      if (count > EXACT_DIGITS || (part >= 499 && part <= 500)) return 0;
      rest = known / 1000 + <u64>(part > 500);
    }
    end += 1 + places;
  }
  if (count > MOST_MICROSECONDS - 3 || !isValueEnd(end)) return 0;
  const total = nanos + digitsValue(at, count) * 1000 + rest;
  seconds += total / SECOND;
  nanos = total % SECOND;
  return end;
}

function isValueEnd(at: usize): bool {
  const byte = load<u8>(at);
  return byte == COMMA || byte == LINE_FEED;
}

/** The number that two digits make. */
function pair(at: usize): u32 {
  const tens = <u32>load<u8>(at) - ZERO;
  const ones = <u32>load<u8>(at + 1) - ZERO;
  return tens < 10 && ones < 10 ? tens * 10 + ones : NO_PAIR;
}

/**
 * Days from 1970 to the first of a month. Years that begin in March have the odd day at their end:
 * https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysBefore(year: u32, month: u32): u64 {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  return <u64>(marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + (marchMonth * 153 + 2) / 5 - 719468);
}

/** Whether digits without quotes are not a whole number: JSON has no zeros before one. */
function isBareOther(from: usize, last: u8): bool {
  const letter = last | 0x20;
  return last == DOT || letter == 0x65 || load<u8>(from) == ZERO;
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

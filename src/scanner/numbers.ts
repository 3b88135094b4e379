import { MINUS, PLUS, ZERO } from './bytes.ts';
import { fail } from './failure.ts';
import { parsedNumber } from './host.ts';

/** The last number: its digits as one whole number, how many count (leading zeros do not), times ten to the `exponent`. */
let digits: u64 = 0;
let digitCount: i32 = 0;
let exponent: i32 = 0;
let from: usize = 0;
let end: usize = 0;
export let negative: bool = false;
/** The last number that was not read from digits, which stand nowhere then. */
let told: f64 = 0;
const SIGN: u64 = 0x8000000000000000;
/** Neither a fraction nor an exponent. */
let plain: bool = false;

const DOT: u32 = 0x2e;
const SMALL_E: u32 = 0x65;
/** Far above any exponent that counts. */
const HUGE: i32 = 100000;
/** So many decimal digits fit into a double whatever they are. */
const SAFE_DIGITS: i32 = 15;
/** All numbers below the power of ten with this exponent are finite. */
const LARGEST_EXPONENT: i32 = 308;
const LARGEST_SAFE: f64 = 9007199254740991;

/** Powers of ten that are doubles exactly. */
const POWERS: StaticArray<f64> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
];

/** From the first byte of a number to behind its last. */
export function numberEnd(at: usize): usize {
  const isNegative = load<u8>(at) == MINUS;
  const first = at + <usize>isNegative;
  const leading = digitAt(first);
  if (leading > 9) return fail(first);
  let value = <u64>leading;
  let p = first + 1;
  if (leading > 0) for (let digit = digitAt(p); digit <= 9; digit = digitAt(++p)) value = value * 10 + digit;
  // Not by the value, which is 0 again at the 64th power of two.
  let count = leading > 0 ? <i32>(p - first) : 0;
  let tens: i32 = 0;
  let isWhole = true;
  if (load<u8>(p) == DOT) {
    isWhole = false;
    const places = ++p;
    if (digitAt(p) > 9) return fail(p);
    for (let digit = digitAt(p); digit <= 9; digit = digitAt(++p)) {
      value = value * 10 + digit;
      count += <i32>(count > 0 || digit > 0);
    }
    tens = -<i32>(p - places);
  }
  if ((<u32>load<u8>(p) | 0x20) == SMALL_E) {
    isWhole = false;
    p = exponentEnd(p + 1);
    if (p == 0) return 0;
    tens += power;
  }
  from = at;
  end = p;
  negative = isNegative;
  digits = value;
  digitCount = count;
  exponent = tens;
  plain = isWhole;
  return p;
}

/** From behind a quote to behind the digits there, with or without a minus sign; `at` itself where there are none. */
export function quotedWholeEnd(at: usize): usize {
  const isNegative = load<u8>(at) == MINUS;
  const first = at + <usize>isNegative;
  let p = first;
  let value: u64 = 0;
  for (let digit = digitAt(p); digit <= 9; digit = digitAt(++p)) value = value * 10 + digit;
  from = at;
  end = p;
  negative = isNegative;
  digits = value;
  digitCount = <i32>(p - first);
  exponent = 0;
  plain = true;
  return digitCount == 0 ? at : p;
}

/** Whether the number is so long that others keep its digits instead of making a double of it. */
export function isLongWhole(): bool {
  return plain && digitCount > SAFE_DIGITS;
}

/** Whole numbers in quotes have one zero, doubles two. */
export function isMinusZero(): bool {
  return negative && digits == 0;
}

/** The double that `JSON.parse` makes of the number. */
export function numberValue(): f64 {
  if (digits == 0 && digitCount <= SAFE_DIGITS) return negative ? -0.0 : 0.0;
  // Clinger, "How to read floating point numbers accurately": both factors are exact, so their product is rounded once.
  if (digitCount <= SAFE_DIGITS && exponent >= -22 && exponent <= 22) {
    const whole = <f64>digits;
    const size = exponent < 0 ? whole / unchecked(POWERS[-exponent]) : whole * unchecked(POWERS[exponent]);
    return negative ? -size : size;
  }
  return from == 0 ? told : parsedNumber(from, end - from);
}

/** The last number is this one, which was not written in digits. */
export function setNumber(value: f64): void {
  told = value;
  from = 0;
  digits = 1;
  digitCount = SAFE_DIGITS + 1;
  negative = value < 0 || reinterpret<u64>(value) == SIGN;
}

/** Whether the number is one for a double, if not the nearest one. */
export function isInRange(): bool {
  return (from != 0 && digitCount + exponent <= LARGEST_EXPONENT) || isFinite(numberValue());
}

export function isCount(value: f64): bool {
  return !negative && value <= LARGEST_SAFE && Math.floor(value) == value;
}

@inline
function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - ZERO;
}

/** The power of ten in the last exponent. */
let power: i32 = 0;

function exponentEnd(at: usize): usize {
  const sign = load<u8>(at);
  let p = at + <usize>(sign == MINUS || sign == PLUS);
  if (digitAt(p) > 9) return fail(p);
  let size: i32 = 0;
  for (let digit = digitAt(p); digit <= 9; digit = digitAt(++p)) size = min(size * 10 + <i32>digit, HUGE);
  power = sign == MINUS ? -size : size;
  return p;
}

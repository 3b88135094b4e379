import { BACKSLASH, QUOTE } from './bytes.ts';
import { fail } from './failure.ts';

/** Whether there was an escape in the last string. */
export let escaped: bool = false;

const LAST_CONTROL: v128 = i8x16.splat(0x1f);
const QUOTES: v128 = i8x16.splat(0x22);
const BACKSLASHES: v128 = i8x16.splat(0x5c);
const SMALL_N: v128 = i8x16.splat(0x6e);

/** From behind the opening quote of a string to its closing one; every byte between is valid. */
@inline
export function stringEnd(from: usize): usize {
  const at = from + <usize>ctz(specials(v128.load(from)) | 0x10000);
  escaped = false;
  return load<u8>(at) == QUOTE ? at : laterStringEnd(at);
}

/** The same, from a byte that may be the first that is a quote, a backslash or a control character. */
function laterStringEnd(from: usize): usize {
  const special = specials(v128.load(from));
  if (special == 0) return longStringEnd(from + 16);
  const at = from + <usize>ctz(special);
  return load<u8>(at) == QUOTE ? at : longStringEnd(at);
}

@inline
function specials(bytes: v128): i32 {
  const quoteOrBackslash = v128.or(i8x16.eq(bytes, QUOTES), i8x16.eq(bytes, BACKSLASHES));
  return i8x16.bitmask(v128.or(quoteOrBackslash, i8x16.le_u(bytes, LAST_CONTROL)));
}

/**
 * 64 bytes at a time. Which bytes are escaped follows from where runs of backslashes begin, carried through one subtraction:
 * Langdale and Lemire, "Parsing Gigabytes of JSON per Second", section 3.1.1, in the shorter form of simdjson 3. That is done
 * without asking whether there is a backslash: in long texts nobody can foretell it, and a wrong guess takes longer.
 */
function longStringEnd(from: usize): usize {
  let carried: u64 = 0;
  let passed: u64 = 0;
  for (let at = from; ; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const lowest = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d));
    const quotes = marks(a, b, c, d, QUOTES);
    const backslashes = marks(a, b, c, d, BACKSLASHES);
    const free = backslashes & ~carried;
    const series = (((free << 1) | ODD_PLACES) - free) ^ ODD_PLACES;
    const behind = series ^ (backslashes | carried);
    carried = (series & backslashes) >> 63;
    let odd = behind & ~(quotes | backslashes);
    if (odd != 0) odd &= ~marks(a, b, c, d, SMALL_N);
    const ends = quotes & ~behind;
    if ((ends | odd | <u64>(<u32>i8x16.bitmask(i8x16.le_u(lowest, LAST_CONTROL)))) == 0) {
      passed |= backslashes;
      continue;
    }
    const stops = ends | controls(a, b, c, d);
    const inside = stops ^ (stops - 1);
    if ((odd & inside) != 0 && !areEscapes(at, odd & inside)) return 0;
    passed |= backslashes & inside;
    if (stops == 0) continue;
    escaped = passed != 0;
    const stop = at + <usize>ctz(stops);
    return load<u8>(stop) == QUOTE ? stop : fail(stop);
  }
}

const ODD_PLACES: u64 = 0xaaaaaaaaaaaaaaaa;

/** Which of 64 bytes are this one. */
@inline
export function marks(a: v128, b: v128, c: v128, d: v128, byte: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(a, byte))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(b, byte)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(c, byte)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(d, byte)))) << 48)
  );
}

function controls(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.le_u(a, LAST_CONTROL))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.le_u(b, LAST_CONTROL)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.le_u(c, LAST_CONTROL)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.le_u(d, LAST_CONTROL)))) << 48)
  );
}

/** Whether what stands behind backslashes at the marked places can stand there. */
function areEscapes(at: usize, marked: u64): bool {
  for (let left = marked; left != 0; left &= left - 1) {
    const place = at + <usize>ctz(left);
    const byte = load<u8>(place);
    if (byte == 0x75) {
      for (let digit = place + 1; digit <= place + 4; digit++) {
        if (!isHex(load<u8>(digit))) {
          fail(digit);
          return false;
        }
      }
    } else if (!isEscape(byte)) {
      fail(place);
      return false;
    }
  }
  return true;
}

function isEscape(byte: u8): bool {
  switch (byte) {
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
    case QUOTE:
    case BACKSLASH:
      return true;
    default:
      return false;
  }
}

function isHex(byte: u8): bool {
  return <u32>byte - 0x30 < 10 || (<u32>byte | 0x20) - 0x61 < 6;
}

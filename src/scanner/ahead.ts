import { line, setLine } from './blanks.ts';
import { CLOSE_BRACE, OPEN_BRACE, OPEN_BRACKET } from './bytes.ts';
import { fail } from './failure.ts';
import { isShort } from './names.ts';
import { marks } from './strings.ts';
import { closed, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

const BACKSLASHES: v128 = i8x16.splat(0x5c);
const QUOTES: v128 = i8x16.splat(0x22);
const OPENING: v128 = i8x16.splat(0x7b);
const CLOSING: v128 = i8x16.splat(0x7d);
/** Square brackets and braces differ in this bit alone. */
const CURLY: v128 = i8x16.splat(0x20);
const ODD_PLACES: u64 = 0xaaaaaaaaaaaaaaaa;

/** Where the member that was looked for has its value; 0 where the record has no such member. */
export let found: usize = 0;

/**
 * Looks for a member behind one whose value is a list that begins at `list`, up to the end of their record; false where that was
 * not reached. Nothing is validated that has to be read once more anyway; lines are not counted.
 */
export function lookAhead(list: usize, end: usize, name: u64, length: usize): bool {
  const before = line;
  found = 0;
  const isThere = look(list, end, name, length);
  setLine(before);
  return isThere;
}

function look(list: usize, end: usize, name: u64, length: usize): bool {
  for (let at = steppedOver(list, end); at != 0; ) {
    const item = nextItem(at, CLOSE_BRACE);
    if (item == 0) return closed != 0;
    const content = memberValue(item);
    if (content == 0) return false;
    if (keyEnd - item - 1 == length && isShort(item + 1, length, name)) {
      found = content;
      return true;
    }
    at = steppedOver(content, end);
  }
  return false;
}

/** Behind a value, of which only the brackets are looked at. */
function steppedOver(at: usize, end: usize): usize {
  const byte = load<u8>(at);
  return byte == OPEN_BRACE || byte == OPEN_BRACKET ? bracketEnd(at, end) : valueEnd(at);
}

/**
 * Behind the bracket that closes the one at `from`: 64 bytes at a time, strings masked out by the parity of quotes (Langdale and
 * Lemire, "Parsing Gigabytes of JSON per Second", section 3.1).
 */
function bracketEnd(from: usize, end: usize): usize {
  let depth: i64 = 0;
  let inString: u64 = 0;
  let carried: u64 = 0;
  for (let at = from; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let quotes = marks(a, b, c, d, QUOTES);
    const backslashes = marks(a, b, c, d, BACKSLASHES);
    if ((backslashes | carried) != 0) {
      const free = backslashes & ~carried;
      const series = (((free << 1) | ODD_PLACES) - free) ^ ODD_PLACES;
      quotes &= ~(series ^ (backslashes | carried));
      carried = (series & backslashes) >> 63;
    }
    // Inside of a string.
    if (quotes == 0 && inString != 0) continue;
    const strings = parity(quotes) ^ inString;
    inString = <u64>(<i64>strings >> 63);
    const opening = marks(curly(a), curly(b), curly(c), curly(d), OPENING) & ~strings;
    const closing = marks(curly(a), curly(b), curly(c), curly(d), CLOSING) & ~strings;
    if (depth > <i64>popcnt(closing)) {
      depth += <i64>popcnt(opening) - <i64>popcnt(closing);
      continue;
    }
    for (let left = opening | closing; left != 0; left &= left - 1) {
      if ((opening & left & (0 - left)) != 0) depth++;
      else if (--depth == 0) {
        const close = at + <usize>ctz(left) + 1;
        return close <= end ? close : fail(end);
      }
    }
  }
  return fail(end);
}

@inline
function curly(bytes: v128): v128 {
  return v128.or(bytes, CURLY);
}

/** For each bit whether it and those below it are an odd number. */
function parity(bits: u64): u64 {
  let sums = bits ^ (bits << 1);
  sums ^= sums << 2;
  sums ^= sums << 4;
  sums ^= sums << 8;
  sums ^= sums << 16;
  return sums ^ (sums << 32);
}

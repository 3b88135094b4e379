import { line, setLine } from './blanks.ts';
import { CLOSE_BRACE, OPEN_BRACE, OPEN_BRACKET } from './bytes.ts';
import { fail } from './failure.ts';
import { isShort } from './names.ts';
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
    let quotes: u64 = 0;
    let backslashes: u64 = 0;
    let opening: u64 = 0;
    let closing: u64 = 0;
    for (let part: u64 = 0; part < 64; part += 16) {
      const bytes = v128.load(at + <usize>part);
      const curly = v128.or(bytes, CURLY);
      quotes |= marks(bytes, QUOTES) << part;
      backslashes |= marks(bytes, BACKSLASHES) << part;
      opening |= marks(curly, OPENING) << part;
      closing |= marks(curly, CLOSING) << part;
    }
    if ((backslashes | carried) != 0) {
      const free = backslashes & ~carried;
      const series = (((free << 1) | ODD_PLACES) - free) ^ ODD_PLACES;
      quotes &= ~(series ^ (backslashes | carried));
      carried = (series & backslashes) >> 63;
    }
    const strings = parity(quotes) ^ inString;
    inString = <u64>((<i64>strings) >> 63);
    opening &= ~strings;
    closing &= ~strings;
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

function marks(bytes: v128, byte: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(bytes, byte)));
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

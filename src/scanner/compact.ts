import { namedContentEnd } from './attribute-value.ts';
import { line, setLine } from './blanks.ts';
import { QUOTE } from './bytes.ts';
import { escaped, stringEnd } from './strings.ts';

/*
 * Attributes without white space between their tokens, `{"key":"…","value":{"…":…}}` or `{"value":{"…":…},"key":"…"}`: most are
 * written like that, and can be compared with in words, in which the first byte is the lowest.
 */

/** `{"key":"`, `","value`, `":{"`, `}}` */
const KEY_FIRST: u64 = 0x223a2279656b227b;
const THEN_VALUE: u64 = 0x65756c6176222c22;
const MEMBER: u32 = 0x227b3a22;
const VALUE_END: u16 = 0x7d7d;
/** `{"value"`, `},"key":`, `"}` */
const VALUE_FIRST: u64 = 0x2265756c6176227b;
const THEN_KEY: u64 = 0x3a2279656b222c7d;
const KEY_END: u16 = 0x7d22;

/** The key of the last attribute, and whether it stood before the value. */
export let keyFrom: usize = 0;
export let keyTo: usize = 0;
export let isKeyFirst: bool = false;

/** Behind an attribute; 0 where it is written otherwise, or nothing is known of it yet. */
export function compactEnd(at: usize): usize {
  const before = line;
  const first = load<u64>(at);
  const end = first == KEY_FIRST ? keyFirstEnd(at + 8) : first == VALUE_FIRST ? valueFirstEnd(at + 7) : 0;
  if (end == 0) setLine(before);
  return end;
}

function keyFirstEnd(key: usize): usize {
  if (!isKey(key)) return 0;
  if (load<u64>(keyTo) != THEN_VALUE || load<u32>(keyTo + 8) != MEMBER) return 0;
  isKeyFirst = true;
  const end = namedContentEnd(keyTo + 12);
  return end != 0 && load<u16>(end) == VALUE_END ? end + 2 : 0;
}

/** From the quote behind `value`. */
function valueFirstEnd(at: usize): usize {
  if (load<u32>(at) != MEMBER) return 0;
  isKeyFirst = false;
  const end = namedContentEnd(at + 4);
  if (end == 0 || load<u64>(end) != THEN_KEY || load<u8>(end + 8) != QUOTE || !isKey(end + 9)) return 0;
  return load<u16>(keyTo) == KEY_END ? keyTo + 2 : 0;
}

function isKey(at: usize): bool {
  keyFrom = at;
  keyTo = stringEnd(at);
  return keyTo != 0 && !escaped;
}

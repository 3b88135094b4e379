import { token } from './blanks.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  ZERO,
} from './bytes.ts';
import { fail } from './failure.ts';
import { numberEnd } from './numbers.ts';
import { stringEnd } from './strings.ts';

/** Lists and records that may stand inside of each other where nobody looks at them. */
const DEPTH_LIMIT: i32 = 64;

const TRUE: u32 = 0x65757274;
const FALSE_TAIL: u32 = 0x65736c61;
const NULL: u32 = 0x6c6c756e;

/** From the first byte of a value to behind its last. */
export function valueEnd(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == OPEN_BRACE || byte == OPEN_BRACKET) return nestedEnd(at, 0, 0);
  return scalarEnd(at);
}

/** From behind a member of a record to behind the record. */
export function recordEnd(at: usize): usize {
  return nestedEnd(at, 1, 1);
}

/** From the quote before a key to its value; the key ends before `keyEnd`. */
@inline
export function memberValue(at: usize): usize {
  if (load<u8>(at) != QUOTE) return fail(at);
  keyEnd = stringEnd(at + 1);
  return keyEnd == 0 ? 0 : behindColon(keyEnd + 1);
}

export let keyEnd: usize = 0;

/** From behind a key to its value. */
@inline
export function behindColon(from: usize): usize {
  if (load<u8>(from) == COLON) return token(from + 1);
  const at = token(from);
  return load<u8>(at) == COLON ? token(at + 1) : fail(at);
}

/** From behind an item of a list or record to the next one; 0 and no failure (`closed`) where `close` is there instead. */
@inline
export function nextItem(from: usize, close: u8): usize {
  const at = token(from);
  const byte = load<u8>(at);
  closed = 0;
  if (byte == COMMA) return token(at + 1);
  if (byte != close) return fail(at);
  closed = at + 1;
  return 0;
}

/** The first item of a list or record, likewise; `from` is behind what opens it. */
@inline
export function firstItem(from: usize, close: u8): usize {
  const at = token(from);
  closed = load<u8>(at) == close ? at + 1 : 0;
  return closed == 0 ? at : 0;
}

/** Behind what closed the list or record; 0 where nothing did. */
export let closed: usize = 0;

function scalarEnd(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == QUOTE) {
    const end = stringEnd(at + 1);
    return end == 0 ? 0 : end + 1;
  }
  if (byte == MINUS || <u32>byte - ZERO < 10) return numberEnd(at);
  return wordEnd(at);
}

/** Behind `true`, `false` or `null`. */
export function wordEnd(at: usize): usize {
  const letters = load<u32>(at);
  if (letters == TRUE || letters == NULL) return at + 4;
  if (load<u8>(at) == 0x66 && load<u32>(at + 1) == FALSE_TAIL) return at + 5;
  return failInWord(at);
}

/** At the first byte that is not as it would be in the word that begins with the same letter. */
function failInWord(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == 0x66) return fail(at + 1 + firstDifference(at + 1, FALSE_TAIL));
  if (byte == 0x6e) return fail(at + firstDifference(at, NULL));
  return fail(byte == 0x74 ? at + firstDifference(at, TRUE) : at);
}

function firstDifference(at: usize, letters: u32): usize {
  return <usize>ctz(load<u32>(at) ^ letters) >> 3;
}

/**
 * Steps over what is inside of a list or record and over its end. The kinds of all that are open are bits, 1 for records, the
 * lowest for the innermost. With a `depth` of 0, `from` is the first byte of a list or record, else it is behind an item.
 */
function nestedEnd(from: usize, kinds: u64, depth: i32): usize {
  let at = from;
  let open = depth;
  let inside = kinds;
  let item = depth == 0;
  while (true) {
    if (item) {
      const byte = load<u8>(at);
      if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
        if (open == DEPTH_LIMIT) return fail(at);
        const isRecord = byte == OPEN_BRACE;
        inside = (inside << 1) | <u64>isRecord;
        open++;
        at = token(at + 1);
        if (load<u8>(at) != (isRecord ? CLOSE_BRACE : CLOSE_BRACKET)) {
          if (isRecord) at = memberValue(at);
          if (at == 0) return 0;
          continue;
        }
        at++;
        inside >>= 1;
        open--;
      } else {
        at = scalarEnd(at);
        if (at == 0) return 0;
      }
      if (open == 0) return at;
    }
    item = true;
    const isRecord = (inside & 1) != 0;
    at = nextItem(at, isRecord ? CLOSE_BRACE : CLOSE_BRACKET);
    if (at != 0) {
      if (isRecord) at = memberValue(at);
      if (at == 0) return 0;
      continue;
    }
    if (closed == 0) return 0;
    at = closed;
    inside >>= 1;
    open--;
    if (open == 0) return at;
    item = false;
  }
}

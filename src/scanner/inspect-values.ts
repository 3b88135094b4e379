import { BOOLEAN, found, NESTED, NOTHING, NUMBER, ODD, stringAt } from './attribute-value.ts';
import { token } from './blanks.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  LINE_FEED,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  PLUS,
  QUOTE,
  SPACE,
  ZERO,
} from './bytes.ts';
import { fail } from './failure.ts';
import { isLongWhole, numberEnd } from './numbers.ts';
import { closed, firstItem, nextItem } from './values.ts';

/*
 * Values as `util.inspect` of Node prints plain ones: records with names for keys, texts in any of three quotes, joined by `+` where
 * they hold line feeds. What was left out or cut off, class instances and whatever else has no literal is refused.
 */

const DEPTH_LIMIT: i32 = 40;
const APOSTROPHE: u8 = 0x27;
const BACKTICK: u8 = 0x60;

const TRUE: u32 = 0x65757274;
const NULL: u32 = 0x6c6c756e;
/** `alse`; `undefine` */
const FALSE_TAIL: u32 = 0x65736c61;
const UNDEFINED: u64 = 0x656e696665646e75;
const SMALL_F: u8 = 0x66;
const SMALL_D: u8 = 0x64;

/** The last key, and the first byte of its value. */
export let keyFrom: usize = 0;
export let keyTo: usize = 0;
/** The last value was `undefined`, which is as if there was no such member. */
export let isUndefined: bool = false;

/** From the first byte of a key to that of its value. */
export function inspectedMember(at: usize): usize {
  const quote = load<u8>(at);
  let end = at;
  if (isQuote(quote)) {
    end = textEnd(at);
    if (end == 0) return 0;
    keyFrom = at + 1;
    keyTo = end - 1;
    if (!isPlain) return fail(at);
  } else {
    while (isNameByte(load<u8>(end))) end++;
    if (end == at || <u32>quote - ZERO < 10) return fail(end);
    keyFrom = at;
    keyTo = end;
  }
  // `__proto__` is no key like others.
  if (load<u8>(end) != COLON || load<u16>(keyFrom) == 0x5f5f) return fail(end);
  return token(end + 1);
}

/** From the first byte of a value to behind its last; tells what it is, as `takeValue` wants to know it. */
export function inspectedEnd(at: usize): usize {
  return valueAt(at, 0);
}

function valueAt(at: usize, depth: i32): usize {
  const byte = load<u8>(at);
  isUndefined = false;
  if (isQuote(byte)) return textsEnd(at);
  if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
    const end = nestedEnd(at, byte, depth);
    isUndefined = false;
    found(NESTED, at, end);
    return end;
  }
  if (byte == MINUS || <u32>byte - ZERO < 10) {
    const end = numberEnd(at);
    if (end == 0) return 0;
    found(isLongWhole() ? ODD : NUMBER, at, end);
    return delimited(end);
  }
  return delimited(wordEnd(at));
}

function wordEnd(at: usize): usize {
  const letters = load<u32>(at);
  if (letters == TRUE || letters == NULL) {
    found(letters == TRUE ? BOOLEAN : NOTHING, at, at + 4);
    return at + 4;
  }
  if (load<u8>(at) == SMALL_F && load<u32>(at + 1) == FALSE_TAIL) {
    found(BOOLEAN, at, at + 5);
    return at + 5;
  }
  isUndefined = load<u64>(at) == UNDEFINED && load<u8>(at + 8) == SMALL_D;
  return isUndefined ? at + 9 : fail(firstOther(at));
}

/** Where a word ends that is none of these: what it may become with more bytes is not known there. */
function firstOther(at: usize): usize {
  let end = at;
  while (isNameByte(load<u8>(end))) end++;
  return end;
}

function nestedEnd(open: usize, bracket: u8, depth: i32): usize {
  if (depth == DEPTH_LIMIT) return fail(open);
  const isRecord = bracket == OPEN_BRACE;
  const close = isRecord ? CLOSE_BRACE : CLOSE_BRACKET;
  for (let item = firstItem(open + 1, close); item != 0; ) {
    const content = isRecord ? inspectedMember(item) : item;
    if (content == 0) return 0;
    const end = valueAt(content, depth + 1);
    if (end == 0) return 0;
    item = nextItem(end, close);
  }
  return closed;
}

/** Whether the last text has neither escapes nor quotes that JSON would escape. */
let isPlain: bool = false;

/** A text, or several that are joined. */
function textsEnd(at: usize): usize {
  let end = textEnd(at);
  if (end == 0) return 0;
  if (isPlain) stringAt(at + 1, end - 1, false);
  else found(NESTED, at, end);
  while (load<u8>(end) == SPACE && load<u8>(end + 1) == PLUS) {
    const next = token(end + 2);
    if (!isQuote(load<u8>(next))) return fail(next);
    end = textEnd(next);
    if (end == 0) return 0;
    found(NESTED, at, end);
  }
  return delimited(end);
}

/** From the quote that opens a text to behind the one that closes it. */
function textEnd(open: usize): usize {
  const quote = load<u8>(open);
  const quotes = i8x16.splat(quote);
  const backslashes = i8x16.splat(BACKSLASH);
  const doubles = i8x16.splat(QUOTE);
  const lastControl = i8x16.splat(0x1f);
  isPlain = true;
  let at = open + 1;
  while (true) {
    const bytes = v128.load(at);
    const stops = v128.or(
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
      v128.or(i8x16.le_u(bytes, lastControl), i8x16.eq(bytes, doubles)),
    );
    const found = i8x16.bitmask(stops);
    if (found == 0) {
      at += 16;
      continue;
    }
    at += <usize>ctz(found);
    const byte = load<u8>(at);
    if (byte == quote) return at + 1;
    isPlain = false;
    if (byte == QUOTE) at++;
    else if (byte == BACKSLASH) {
      at = escapeEnd(at + 1);
      if (at == 0) return 0;
    } else return fail(at);
  }
}

/** From behind a backslash: `x` and two digits, `u` and four, or any other character, which stands for itself or a control. */
function escapeEnd(at: usize): usize {
  const byte = load<u8>(at);
  if (byte < SPACE) return fail(at);
  const last = at + (byte == 0x78 ? 2 : byte == 0x75 ? 4 : 0);
  for (let digit = at + 1; digit <= last; digit++) {
    const letter = <u32>load<u8>(digit) | 0x20;
    if (<u32>load<u8>(digit) - ZERO > 9 && letter - 0x61 > 5) return fail(digit);
  }
  return last + 1;
}

/** Behind a value something has to stand that ends it. */
function delimited(end: usize): usize {
  if (end == 0) return 0;
  const byte = load<u8>(end);
  if (byte == COMMA || byte == LINE_FEED) return end;
  if (byte != SPACE) return fail(end);
  const next = load<u8>(end + 1);
  return next == CLOSE_BRACE || next == CLOSE_BRACKET ? end : fail(end + 1);
}

export function isQuote(byte: u8): bool {
  return byte == APOSTROPHE || byte == QUOTE || byte == BACKTICK;
}

function isNameByte(byte: u8): bool {
  return (<u32>byte | 0x20) - 0x61 < 26 || <u32>byte - ZERO < 10 || byte == 0x5f || byte == 0x24;
}

import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, COLON, MINUS, OPEN_BRACE, OPEN_BRACKET, QUOTE, ZERO } from './bytes.ts';
import {
  ARRAY_VALUE_FIRST,
  ARRAY_VALUE_LAST,
  BOOL_VALUE_FIRST,
  BOOL_VALUE_LAST,
  DOUBLE_VALUE_FIRST,
  DOUBLE_VALUE_LAST,
  INT_VALUE,
  isLong,
  isShort,
  KVLIST_VALUE_FIRST,
  KVLIST_VALUE_LAST,
  STRING_VALUE_FIRST,
  STRING_VALUE_LAST,
  VALUES,
} from './names.ts';
import { isLongWhole, isMinusZero, numberEnd, quotedWholeEnd } from './numbers.ts';
import { escaped, stringEnd } from './strings.ts';
import { keyEnd, memberValue, recordEnd, valueEnd, wordEnd } from './values.ts';

/** How a value is written. WHOLE is a number between quotes, NESTED a list or a record, NOTHING null, ODD what is not as usual. */
export const ODD: u32 = 0;
export const STRING: u32 = 1;
export const WHOLE: u32 = 2;
export const NUMBER: u32 = 3;
export const BOOLEAN: u32 = 4;
export const NESTED: u32 = 5;
export const NOTHING: u32 = 6;

/** The last value: its bytes, without quotes around them, and whether there are escapes in it. */
export let form: u32 = ODD;
export let valueFrom: usize = 0;
export let valueTo: usize = 0;
export let valueEscaped: bool = false;

/** The one member that a value has. */
export const OTHER_MEMBER: u32 = 0;
const STRING_MEMBER: u32 = 1;
const WHOLE_MEMBER: u32 = 2;
const REAL_MEMBER: u32 = 3;
const BOOLEAN_MEMBER: u32 = 4;
const LIST_MEMBER: u32 = 5;

/** Of the last value: its member, and where the content of that begins and ends; 0 where there is not exactly one. */
export let member: u32 = OTHER_MEMBER;
export let contentFrom: usize = 0;
export let contentTo: usize = 0;
/** The lines on which it begins and ends. */
export let contentFirstLine: u32 = 0;
export let contentLastLine: u32 = 0;

/** The last value turned out to be written otherwise than it seemed. */
export function setOdd(): void {
  form = ODD;
}

/** From the first byte of a value to behind its last. */
export function attributeValueEnd(at: usize): usize {
  form = ODD;
  contentTo = 0;
  if (load<u8>(at) != OPEN_BRACE) return valueEnd(at);
  const first = token(at + 1);
  if (load<u8>(first) == CLOSE_BRACE) return first + 1;
  const content = memberValue(first);
  if (content == 0) return 0;
  member = memberNamed(first + 1, keyEnd - first - 1);
  const firstLine = line;
  const end = contentEnd(content, member);
  if (end == 0) return 0;
  const lastLine = line;
  const close = token(end);
  if (load<u8>(close) != CLOSE_BRACE) {
    form = ODD;
    return recordEnd(close);
  }
  contentFrom = content;
  contentTo = end;
  contentFirstLine = firstLine;
  contentLastLine = lastLine;
  return close + 1;
}

/** From the name of a member without white space around its colon to behind its content; 0 where it is written otherwise. */
export function namedContentEnd(name: usize): usize {
  const nameEnd = stringEnd(name);
  if (nameEnd == 0 || load<u8>(nameEnd + 1) != COLON) return 0;
  member = memberNamed(name, nameEnd - name);
  contentFrom = nameEnd + 2;
  contentFirstLine = line;
  contentTo = contentEnd(contentFrom, member);
  contentLastLine = line;
  return contentTo;
}

/** From the first byte of a value that stands for itself, as in any JSON, to behind its last. */
export function plainValueEnd(at: usize): usize {
  switch (<i32>load<u8>(at)) {
    case 0x22:
      return contentEnd(at, STRING_MEMBER);
    case 0x74:
    case 0x66:
      return contentEnd(at, BOOLEAN_MEMBER);
    case 0x7b:
    case 0x5b:
    case 0x6e: {
      const end = valueEnd(at);
      found(load<u8>(at) == 0x6e ? NOTHING : NESTED, at, end);
      return end;
    }
    default:
      return contentEnd(at, REAL_MEMBER);
  }
}

/** From the first byte of a member's content to behind its last. */
export function contentEnd(at: usize, named: u32): usize {
  form = ODD;
  const byte = load<u8>(at);
  if (named == STRING_MEMBER && byte == QUOTE) {
    const end = stringEnd(at + 1);
    if (end == 0) return 0;
    found(STRING, at + 1, end);
    valueEscaped = escaped;
    return end + 1;
  }
  switch (named) {
    case WHOLE_MEMBER: {
      if (byte != QUOTE) return numberOrOther(at);
      const end = quotedWholeEnd(at + 1);
      if (end == at + 1 || load<u8>(end) != QUOTE || isLongWhole() || isMinusZero()) break;
      found(WHOLE, at + 1, end);
      return end + 1;
    }
    case REAL_MEMBER:
      return numberOrOther(at);
    case BOOLEAN_MEMBER: {
      const end = valueEnd(at);
      if (byte == 0x74 || byte == 0x66) found(BOOLEAN, at, end);
      return end;
    }
    case LIST_MEMBER:
      return listEnd(at);
  }
  return valueEnd(at);
}

function numberOrOther(at: usize): usize {
  const byte = load<u8>(at);
  if (byte != MINUS && <u32>byte - ZERO > 9) return valueEnd(at);
  const end = numberEnd(at);
  if (end != 0 && !isLongWhole()) found(NUMBER, at, end);
  return end;
}

/** `{"values":[…]}` */
function listEnd(at: usize): usize {
  const before = line;
  if (load<u8>(at) == OPEN_BRACE) {
    const first = token(at + 1);
    const list = load<u8>(first) == QUOTE ? memberValue(first) : 0;
    if (list != 0 && keyEnd == first + 7 && isShort(first + 1, 6, VALUES) && load<u8>(list) == OPEN_BRACKET) {
      const end = valueEnd(list);
      if (end == 0) return 0;
      const close = token(end);
      if (load<u8>(close) == CLOSE_BRACE) {
        found(NESTED, at, close + 1);
        return close + 1;
      }
    }
    setLine(before);
  }
  return valueEnd(at);
}

/** A string is the last value, between these bytes. */
export function stringAt(from: usize, to: usize, hasEscapes: bool): void {
  found(STRING, from, to);
  valueEscaped = hasEscapes;
}

/** What was read last is this. */
export function found(how: u32, from: usize, to: usize): void {
  form = how;
  valueFrom = from;
  valueTo = to;
}

function memberNamed(at: usize, length: usize): u32 {
  switch (<i32>length) {
    case 8:
      return isShort(at, 8, INT_VALUE) ? WHOLE_MEMBER : OTHER_MEMBER;
    case 9:
      return isLong(at, 9, BOOL_VALUE_FIRST, BOOL_VALUE_LAST) ? BOOLEAN_MEMBER : OTHER_MEMBER;
    case 10:
      return isLong(at, 10, ARRAY_VALUE_FIRST, ARRAY_VALUE_LAST) ? LIST_MEMBER : OTHER_MEMBER;
    case 11:
      if (isLong(at, 11, STRING_VALUE_FIRST, STRING_VALUE_LAST)) return STRING_MEMBER;
      if (isLong(at, 11, DOUBLE_VALUE_FIRST, DOUBLE_VALUE_LAST)) return REAL_MEMBER;
      return isLong(at, 11, KVLIST_VALUE_FIRST, KVLIST_VALUE_LAST) ? LIST_MEMBER : OTHER_MEMBER;
    default:
      return OTHER_MEMBER;
  }
}

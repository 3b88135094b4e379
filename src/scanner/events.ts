import { setUnusual } from './attribute.ts';
import { exceptionAttributesEnd } from './attributes.ts';
import { line, setLine } from './blanks.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.ts';
import {
  ATTRIBUTES_FIRST,
  ATTRIBUTES_LAST,
  EXCEPTION_FIRST,
  EXCEPTION_LAST,
  isLong,
  isShort,
  NAME,
} from './names.ts';
import { isTelling, wantsExceptions } from './plan.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/** Whether there was anything in the last list. */
export let hasEvents: bool = false;
/** Of the span. */
let exceptions: u32 = 0;

/** Another span begins. */
export function clearEvents(): void {
  exceptions = 0;
}

/** From the bracket that opens a list of events to behind the one that closes it. */
export function eventsEnd(open: usize): usize {
  let item = firstItem(open + 1, CLOSE_BRACKET);
  hasEvents = item != 0;
  while (item != 0) {
    const end = eventEnd(item);
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACKET);
  }
  return closed;
}

/** What is asked for of an exception is taken. An event whose name may matter otherwise makes the span unusual. */
function eventEnd(open: usize): usize {
  if (load<u8>(open) != OPEN_BRACE) {
    setUnusual();
    return valueEnd(open);
  }
  let names = 0;
  let lists = 0;
  let list: usize = 0;
  let listLine: u32 = 0;
  let isException = false;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    if (escaped) setUnusual();
    const length = keyEnd - item - 1;
    const isName = length == 4 && isShort(item + 1, 4, NAME);
    if (length == 10 && isLong(item + 1, 10, ATTRIBUTES_FIRST, ATTRIBUTES_LAST)) {
      lists++;
      list = content;
      listLine = line;
    }
    const end = valueEnd(content);
    if (end == 0) return 0;
    if (isName) {
      names++;
      if (!isOrdinary(content, end)) setUnusual();
      isException = isException || isExceptionNamed(content, end);
    }
    item = nextItem(end, CLOSE_BRACE);
  }
  const behind = closed;
  if (behind == 0 || !isException) return behind;
  if (names > 1 || lists > 1 || exceptions++ > 0) setUnusual();
  else if (lists > 0) takeException(list, listLine);
  return behind;
}

function isOrdinary(name: usize, end: usize): bool {
  return load<u8>(name) == QUOTE && !escaped && !isTelling(name + 1, end - name - 2);
}

function isExceptionNamed(name: usize, end: usize): bool {
  if (!wantsExceptions || end - name != 11 || load<u8>(name) != QUOTE) return false;
  return isLong(name + 1, 9, EXCEPTION_FIRST, EXCEPTION_LAST);
}

/** Reads attributes that were stepped over already. */
function takeException(list: usize, listLine: u32): void {
  if (load<u8>(list) != OPEN_BRACKET) {
    setUnusual();
    return;
  }
  const behind = line;
  setLine(listLine);
  exceptionAttributesEnd(list);
  setLine(behind);
}

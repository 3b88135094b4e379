import { setUnusual } from './attribute.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, QUOTE } from './bytes.ts';
import { isShort, NAME } from './names.ts';
import { isTelling } from './plan.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/** Whether there was anything in the last list. */
export let hasEvents: bool = false;

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

/** An event whose name may matter makes the span unusual. */
function eventEnd(open: usize): usize {
  if (load<u8>(open) != OPEN_BRACE) {
    setUnusual();
    return valueEnd(open);
  }
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    if (escaped) setUnusual();
    const isName = keyEnd - item == 5 && isShort(item + 1, 4, NAME);
    const end = valueEnd(content);
    if (end == 0) return 0;
    if (isName && !isOrdinary(content, end)) setUnusual();
    item = nextItem(end, CLOSE_BRACE);
  }
  return closed;
}

function isOrdinary(name: usize, end: usize): bool {
  return load<u8>(name) == QUOTE && !escaped && !isTelling(name + 1, end - name - 2);
}

import { attributeEnd, behindFirstValue, isKeyLast, isPlain, setUnusual, slot } from './attribute.ts';
import {
  contentEnd,
  contentFirstLine,
  contentFrom,
  contentLastLine,
  contentTo,
  member,
  setOdd,
} from './attribute-value.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, CLOSE_BRACKET } from './bytes.ts';
import {
  AT_LIST,
  BEFORE_KEY,
  BEHIND_ATTRIBUTE,
  BEHIND_CONTENT,
  earnLeads,
  isBeforeKey,
  leadOf,
  learn,
  lengthOfLead,
  linesOfLead,
  LIST_END,
  memberBehind,
  nextLead,
  OF_ATTRIBUTES,
  slotBefore,
  slotBehind,
} from './leads.ts';
import { OF_EXCEPTION, OF_SPAN } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { closed, firstItem, nextItem, recordEnd } from './values.ts';

/** From the bracket that opens the list to behind the one that closes it. */
export function attributesEnd(open: usize): usize {
  // Where a lead may begin, and where reading goes on without one: 0 while the attribute there was not read to its end.
  let from = open;
  let firstLine = line;
  let at = open + 1;
  let lead = leadOf(AT_LIST, OF_ATTRIBUTES);
  /** The slot of the attribute at `from`, whose key comes or came behind it or not. */
  let lastSlot: u32 = 0;
  let before: u32 = 0;
  earnLeads(OF_ATTRIBUTES);
  while (true) {
    const next: usize = lead == 0 ? 0 : nextLead(lead, from, OF_ATTRIBUTES);
    if (next != 0) {
      if (at == 0) take(slotBefore(next));
      setLine(firstLine + linesOfLead(next));
      from += lengthOfLead(next);
      const named = memberBehind(next);
      if (named == LIST_END) return from;
      // A lead may be the same but for more white space at its end.
      from = contentEnd(token(from), named);
      if (from == 0) return 0;
      firstLine = line;
      at = 0;
      lastSlot = slotBehind(next);
      take(lastSlot);
      lead = next;
      continue;
    }
    hadMore = false;
    if (at == 0) {
      const keyLast = isBeforeKey(lead);
      at = keyLast ? behindValue(from) : behindContent(from, lastSlot);
      if (at == 0) return 0;
      before = keyLast ? slot : 0;
    }
    const item = from == open ? firstItem(at, CLOSE_BRACKET) : nextItem(at, CLOSE_BRACKET);
    const isLead = lead != 0 && !hadMore;
    if (item == 0) {
      if (closed != 0 && isLead) learn(lead, from, closed, line - firstLine, before, 0, LIST_END, AT_LIST, OF_ATTRIBUTES);
      return closed;
    }
    at = attributeEnd(item, OF_SPAN);
    if (at == 0) return 0;
    if (isLead && isPlain) {
      const lines = contentFirstLine - firstLine;
      lead = isKeyLast
        ? learn(lead, from, contentFrom, lines, before, 0, member, BEFORE_KEY, OF_ATTRIBUTES)
        : learn(lead, from, contentFrom, lines, before, slot, member, BEHIND_CONTENT, OF_ATTRIBUTES);
    } else lead = 0;
    if (lead != 0) {
      // The attribute is read, but what leads on from its content is found, or learnt, in its turn.
      from = contentTo;
      firstLine = contentLastLine;
      before = isKeyLast ? slot : 0;
    } else {
      from = at;
      firstLine = line;
      before = 0;
      lead = leadOf(BEHIND_ATTRIBUTE, OF_ATTRIBUTES);
    }
  }
}

@inline
function take(slot: u32): void {
  if (slot != 0 && !takeValue(slot)) setUnusual();
}

/** Whether there was more in an attribute than its key and a value of one member. */
let hadMore: bool = false;

/** From behind the content of a value's member, before which the key was, to behind the attribute. */
function behindContent(from: usize, lastSlot: u32): usize {
  let at = token(from);
  if (load<u8>(at) == CLOSE_BRACE) at++;
  else {
    hadMore = true;
    if (lastSlot != 0) setUnusual();
    at = recordEnd(at);
    if (at == 0) return 0;
  }
  const close = token(at);
  if (load<u8>(close) == CLOSE_BRACE) return close + 1;
  hadMore = true;
  setUnusual();
  return recordEnd(close);
}

/** The same where the key is not known yet; the value is taken. */
function behindValue(from: usize): usize {
  let at = token(from);
  if (load<u8>(at) == CLOSE_BRACE) at++;
  else {
    hadMore = true;
    setOdd();
    at = recordEnd(at);
    if (at == 0) return 0;
  }
  at = behindFirstValue(at);
  hadMore = hadMore || !isPlain;
  return at;
}

/**
 * From the bracket that opens the list of an exception's attributes to behind the one that closes it. They were stepped over once;
 * there are few, so nothing is learnt of how they are written.
 */
export function exceptionAttributesEnd(open: usize): usize {
  let item = firstItem(open + 1, CLOSE_BRACKET);
  while (item != 0) {
    const end = attributeEnd(item, OF_EXCEPTION);
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACKET);
  }
  return closed;
}

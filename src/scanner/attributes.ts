import { attributeEnd, isPlain, setUnusual, slot } from './attribute.ts';
import {
  contentEnd,
  contentFirstLine,
  contentFrom,
  contentLastLine,
  contentTo,
  member,
} from './attribute-value.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, CLOSE_BRACKET } from './bytes.ts';
import {
  AT_LIST,
  BEHIND_ATTRIBUTE,
  BEHIND_CONTENT,
  earnLeads,
  leadOf,
  learn,
  lengthOfLead,
  LIST_END,
  memberBehind,
  nextLead,
  slotBehind,
} from './leads.ts';
import { takeValue } from './slot-values.ts';
import { closed, firstItem, nextItem, recordEnd } from './values.ts';

/** From the bracket that opens the list to behind the one that closes it. */
export function attributesEnd(open: usize): usize {
  let at = open;
  let place = AT_LIST;
  let lead = leadOf(AT_LIST);
  let lastSlot: u32 = 0;
  earnLeads();
  while (true) {
    const next: usize = lead == 0 ? 0 : nextLead(lead, at);
    if (next != 0) {
      at += lengthOfLead(next);
      const named = memberBehind(next);
      if (named == LIST_END) return at;
      // A lead may be the same but for more white space at its end.
      at = contentEnd(token(at), named);
      if (at == 0) return 0;
      lastSlot = slotBehind(next);
      if (lastSlot != 0 && !takeValue(lastSlot)) setUnusual();
      place = BEHIND_CONTENT;
      lead = next;
      continue;
    }
    const from = at;
    const firstLine = line;
    hadMore = false;
    if (place == BEHIND_CONTENT) at = behindContent(at, lastSlot);
    if (at == 0) return 0;
    const item = place == AT_LIST ? firstItem(at + 1, CLOSE_BRACKET) : nextItem(at, CLOSE_BRACKET);
    const isLead = lead != 0 && !hadMore;
    if (item == 0) {
      if (closed != 0 && isLead) learn(lead, place, from, closed, line - firstLine, 0, LIST_END);
      return closed;
    }
    at = attributeEnd(item);
    if (at == 0) return 0;
    lead =
      isLead && isPlain
        ? learn(lead, place, from, contentFrom, contentFirstLine - firstLine, slot, member)
        : 0;
    if (lead != 0) {
      // Back behind the content: what leads on from there is found or learnt in its turn.
      at = contentTo;
      setLine(contentLastLine);
      place = BEHIND_CONTENT;
      lastSlot = slot;
    } else {
      place = BEHIND_ATTRIBUTE;
      lead = leadOf(BEHIND_ATTRIBUTE);
    }
  }
}

/** Whether there was more in an attribute than its key and a value of one member. */
let hadMore: bool = false;

/** From behind the content of a value's member to behind the attribute. */
function behindContent(from: usize, lastSlot: u32): usize {
  hadMore = false;
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

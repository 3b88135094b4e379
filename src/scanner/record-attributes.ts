import { setUnusual } from './attribute.ts';
import { plainValueEnd } from './attribute-value.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE } from './bytes.ts';
import { fail } from './failure.ts';
import {
  AT_RECORD,
  BEHIND_VALUE,
  earnLeads,
  leadOf,
  learn,
  lengthOfLead,
  linesOfLead,
  LIST_END,
  memberBehind,
  nextLead,
  slotBehind,
} from './leads.ts';
import { isShort, MLFLOW } from './names.ts';
import { isNobodys, OF_SPAN, slotOf } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem } from './values.ts';

/** In place of a member: a value follows that stands for itself. */
const PLAIN: u32 = 0;

/**
 * Attributes that are the members of a record: from the bracket that opens it to behind the one that closes it. Keys with escapes
 * are refused where these may be any, and keys by which another format is known.
 */
export function recordAttributesEnd(open: usize): usize {
  let at = open;
  let isFirst = true;
  let lead = leadOf(AT_RECORD);
  earnLeads();
  while (true) {
    const next: usize = lead == 0 ? 0 : nextLead(lead, at);
    let slot: u32 = 0;
    if (next != 0) {
      at += lengthOfLead(next);
      setLine(line + linesOfLead(next));
      if (memberBehind(next) == LIST_END) return at;
      slot = slotBehind(next);
      lead = next;
      // A lead may be the same but for more white space at its end.
      at = token(at);
    } else {
      const from = at;
      const firstLine = line;
      const item = isFirst ? firstItem(at + 1, CLOSE_BRACE) : nextItem(at, CLOSE_BRACE);
      if (item == 0) {
        if (closed != 0 && lead != 0) learn(lead, from, closed, line - firstLine, 0, 0, LIST_END, AT_RECORD);
        return closed;
      }
      at = memberValue(item);
      if (at == 0) return 0;
      const length = keyEnd - item - 1;
      const isKnown = !escaped || isNobodys(item + 1, keyEnd);
      if (!isKnown || (length > 7 && isShort(item + 1, 7, MLFLOW))) return fail(item);
      slot = escaped ? 0 : slotOf(OF_SPAN, item + 1, length);
      if (lead != 0) lead = learn(lead, from, at, line - firstLine, 0, slot, PLAIN, BEHIND_VALUE);
      if (lead == 0) lead = leadOf(BEHIND_VALUE);
    }
    at = plainValueEnd(at);
    if (at == 0) return 0;
    if (slot != 0 && !takeValue(slot)) setUnusual();
    isFirst = false;
  }
}

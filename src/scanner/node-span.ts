import { isUsual, setUnusual } from './attribute.ts';
import { isBlock } from './block.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, OPEN_BRACE, OPEN_BRACKET, ZERO } from './bytes.ts';
import { context, resource, resourceEnd, scopeEnd } from './contexts.ts';
import { NODE_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { areHex16, hexWords } from './ids.ts';
import { inspectedEnd, inspectedMember, isQuote, isUndefined, keyFrom, keyTo } from './inspect-values.ts';
import { nameLabel } from './labels.ts';
import {
  AT_INSPECTED,
  BEHIND_INSPECTED,
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
import { form, STRING, valueFrom, valueTo } from './attribute-value.ts';
import {
  ATTRIBUTES_FIRST,
  ATTRIBUTES_LAST,
  CODE,
  DURATION,
  EVENTS,
  ID,
  isLong,
  isShort,
  KIND,
  LINKS,
  NAME,
  PARENT_CONTEXT_FIRST,
  PARENT_CONTEXT_LAST,
  PARENT_CONTEXT_MIDDLE,
  RESOURCE,
  SCOPE_MEMBER_FIRST,
  SCOPE_MEMBER_LAST,
  SCOPE_MEMBER_MIDDLE,
  SHORT_PARENT_ID,
  SPAN_ID,
  STATUS,
  TIMESTAMP_FIRST,
  TIMESTAMP_LAST,
  TRACE_ID,
  TRACE_STATE_FIRST,
  TRACE_STATE_LAST,
} from './names.ts';
import { OF_SPAN, slotOf } from './plan.ts';
import { nextRow, ROW_PARENT_ID, ROW_SPAN_ID, ROW_TRACE_ID } from './rows.ts';
import { takeValue } from './slot-values.ts';
import {
  A_KIND,
  A_NAME,
  A_PARENT_ID,
  A_SPAN_ID,
  A_START,
  A_STATUS,
  A_TRACE_ID,
  AN_END,
  ATTRIBUTE_LIST,
  clear,
  EVENT_LIST,
  finishRow,
  REQUIRED,
  setEnd,
  setKind,
  setName,
  setStart,
  setStatus,
  UNKNOWN,
} from './span.ts';
import { addMicroseconds, microsecondsEnd } from './times.ts';
import { closed, firstItem, nextItem } from './values.ts';

/*
 * Spans as OpenTelemetry JS prints them: one object, as a block of lines, with the members below and no others, each once. Without
 * what makes it such a span it is refused, as with anything else in it.
 */

const OWNER: u32 = 12;
const SCOPE: u32 = 13;
const PARENT: u32 = 14;
const IGNORED: u32 = 15;
const TRACE_STATE: u32 = 16;
/** By these it is known, and its context. */
const TELLING: u32 = (1 << A_TRACE_ID) | (1 << A_SPAN_ID) | (1 << A_NAME) | (1 << OWNER) | (1 << SCOPE);

/** States of spans of other formats have lower numbers. */
const NO_STATE: u32 = 1 << 17;
const MOST_KINDS: u32 = 10;
/** In place of a member: a value follows that stands for itself. */
const ANY: u32 = 0;

/**
 * From the bracket that opens the record, on the line that begins at `edge`, to behind the one that closes it; adds a row. Places
 * count from `window`.
 */
export function nodeSpanEnd(open: usize, edge: usize, window: usize): usize {
  const firstLine = line;
  const to = nextRow();
  clear(to, open);
  setStatus(NO_STATE);
  let seen: u32 = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = inspectedMember(item);
    if (content == 0) return 0;
    const known = memberNamed(keyFrom, keyTo - keyFrom);
    if (known == UNKNOWN || ((seen >> known) & 1) != 0) return fail(item);
    seen |= 1 << known;
    // A scope belongs to its resource, and a length of time to its beginning.
    if (known == SCOPE && (seen & (1 << OWNER)) == 0) return fail(item);
    if (known == AN_END && (seen & (1 << A_START)) == 0) return fail(item);
    const end = nodeMemberEnd(known, content, to);
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACE);
  }
  if (closed == 0) return 0;
  const end = closed;
  if ((seen & TELLING) != TELLING || open != edge || !isBlock(open, end - 1)) return fail(open);
  finishRow(to, isUsual && (seen & REQUIRED) == REQUIRED, open, end, window, context(), firstLine);
  return end;
}

function memberNamed(at: usize, length: usize): u32 {
  switch (<i32>length) {
    case 2:
      return isShort(at, 2, ID) ? A_SPAN_ID : UNKNOWN;
    case 4:
      if (isShort(at, 4, NAME)) return A_NAME;
      return isShort(at, 4, KIND) ? A_KIND : UNKNOWN;
    case 5:
      return isShort(at, 5, LINKS) ? IGNORED : UNKNOWN;
    case 6:
      if (isShort(at, 6, STATUS)) return A_STATUS;
      return isShort(at, 6, EVENTS) ? EVENT_LIST : UNKNOWN;
    case 7:
      return isShort(at, 7, TRACE_ID) ? A_TRACE_ID : UNKNOWN;
    case 8:
      if (isShort(at, 8, DURATION)) return AN_END;
      if (isShort(at, 8, RESOURCE)) return OWNER;
      return isShort(at, 8, SHORT_PARENT_ID) ? A_PARENT_ID : UNKNOWN;
    case 9:
      return isLong(at, 9, TIMESTAMP_FIRST, TIMESTAMP_LAST) ? A_START : UNKNOWN;
    case 10:
      if (isLong(at, 10, ATTRIBUTES_FIRST, ATTRIBUTES_LAST)) return ATTRIBUTE_LIST;
      return isLong(at, 10, TRACE_STATE_FIRST, TRACE_STATE_LAST) ? TRACE_STATE : UNKNOWN;
    case 17:
      return isLong(at, 17, PARENT_CONTEXT_FIRST, PARENT_CONTEXT_LAST) && load<u8>(at + 8) == PARENT_CONTEXT_MIDDLE
        ? PARENT
        : UNKNOWN;
    case 20:
      return isLong(at, 20, SCOPE_MEMBER_FIRST, SCOPE_MEMBER_LAST) && load<u32>(at + 8) == SCOPE_MEMBER_MIDDLE
        ? SCOPE
        : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** From the first byte of a member's content to behind its last. */
function nodeMemberEnd(known: u32, at: usize, to: usize): usize {
  const byte = load<u8>(at);
  if (known == OWNER) return byte == OPEN_BRACE ? resourceEnd(at, NODE_SPAN) : fail(at);
  if (known == SCOPE) return byte == OPEN_BRACE ? scopeEnd(at, resource) : fail(at);
  if (known == ATTRIBUTE_LIST && byte == OPEN_BRACE) return nodeAttributesEnd(at);
  if (known == A_STATUS && byte == OPEN_BRACE) return statusEnd(at);
  if (known == PARENT && byte == OPEN_BRACE) return parentEnd(at, to);
  if (known == A_START || known == AN_END) {
    const end = known == A_START ? microsecondsEnd(at) : addMicroseconds(at);
    if (known == A_START) setStart();
    else setEnd();
    if (end != 0) return end;
    setUnusual();
    return inspectedEnd(at);
  }
  const end = inspectedEnd(at);
  if (end == 0) return 0;
  const isText = form == STRING && !isUndefined;
  switch (known) {
    case A_TRACE_ID:
      if (!isText) return fail(at);
      if (end - at == 34 && areHex16(at + 1) && areHex16(at + 17)) {
        store<u64>(to, hexWords(at + 1), ROW_TRACE_ID);
        store<u64>(to, hexWords(at + 17), ROW_TRACE_ID + 8);
        return end;
      }
      break;
    case A_SPAN_ID:
      if (!isText) return fail(at);
      if (takeId(at, end, to + ROW_SPAN_ID)) return end;
      break;
    case A_PARENT_ID:
      if (isUndefined || (isText && takeId(at, end, to + ROW_PARENT_ID))) return end;
      break;
    case A_NAME: {
      if (!isQuote(byte)) return fail(at);
      if (isText && setName(nameLabel(valueFrom, valueTo - valueFrom))) return end;
      break;
    }
    case A_KIND: {
      const digit = <u32>byte - ZERO;
      setKind(digit);
      if (end - at == 1 && digit < MOST_KINDS) return end;
      break;
    }
    case EVENT_LIST:
      if (byte == OPEN_BRACKET && end - at == 2) return end;
      break;
    case PARENT:
      if (isUndefined) return end;
      break;
    case IGNORED:
    case TRACE_STATE:
      return end;
  }
  setUnusual();
  return end;
}

/** Takes an id of 16 digits between quotes. */
function takeId(at: usize, end: usize, to: usize): bool {
  if (end - at != 18 || !areHex16(at + 1)) return false;
  store<u64>(to, hexWords(at + 1));
  return true;
}

/** `{ traceId, spanId, … }`: the span that is meant. */
function parentEnd(open: usize, to: usize): usize {
  let ids = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = inspectedMember(item);
    if (content == 0) return 0;
    const isId = keyTo - keyFrom == 6 && isShort(keyFrom, 6, SPAN_ID);
    const end = inspectedEnd(content);
    if (end == 0) return 0;
    if (isId && (form != STRING || isUndefined || ids++ > 0 || !takeId(content, end, to + ROW_PARENT_ID))) setUnusual();
    item = nextItem(end, CLOSE_BRACE);
  }
  if (ids != 1) setUnusual();
  return closed;
}

/** A status that says more than unset or ok is unusual. */
function statusEnd(open: usize): usize {
  let codes = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = inspectedMember(item);
    if (content == 0) return 0;
    const isCode = keyTo - keyFrom == 4 && isShort(keyFrom, 4, CODE);
    const end = inspectedEnd(content);
    if (end == 0) return 0;
    const code = <u32>load<u8>(content) - ZERO;
    if (!isCode || codes++ > 0 || code > 1 || end - content != 1) setUnusual();
    else setStatus(NO_STATE + code);
    item = nextItem(end, CLOSE_BRACE);
  }
  if (codes != 1) setUnusual();
  return closed;
}

/** From the bracket that opens the record of attributes to behind the one that closes it. */
function nodeAttributesEnd(open: usize): usize {
  let at = open;
  let isFirst = true;
  let lead = leadOf(AT_INSPECTED);
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
        if (closed != 0 && lead != 0) learn(lead, from, closed, line - firstLine, 0, 0, LIST_END, AT_INSPECTED);
        return closed;
      }
      at = inspectedMember(item);
      if (at == 0) return 0;
      slot = slotOf(OF_SPAN, keyFrom, keyTo - keyFrom);
      if (lead != 0) lead = learn(lead, from, at, line - firstLine, 0, slot, ANY, BEHIND_INSPECTED);
      if (lead == 0) lead = leadOf(BEHIND_INSPECTED);
    }
    at = inspectedEnd(at);
    if (at == 0) return 0;
    if (slot != 0 && !isUndefined && !takeValue(slot)) setUnusual();
    isFirst = false;
  }
}

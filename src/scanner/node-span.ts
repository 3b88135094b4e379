import { setUnusual } from './attribute.ts';
import { isBlock } from './block.ts';
import { line } from './blanks.ts';
import { OPEN_BRACE, OPEN_BRACKET, ZERO } from './bytes.ts';
import { context, resource, resourceEnd, scopeEnd } from './contexts.ts';
import { NODE_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { areHex16, hexWords } from './ids.ts';
import { inspectedEnd, isQuote, isUndefined } from './inspect-values.ts';
import { nameLabel } from './labels.ts';
import { form, STRING, valueFrom, valueTo } from './attribute-value.ts';
import { membersEnd, nodeAttributesEnd, nameMember, NODE, NODE_PARENT, NODE_STATUS, seen, UNKNOWN } from './records.ts';
import { ROW_PARENT_ID, ROW_SPAN_ID, ROW_TRACE_ID } from './rows.ts';
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
  beginRow,
  EVENT_LIST,
  finishRow,
  OWN,
  REQUIRED,
  row,
  setEnd,
  setKind,
  setName,
  setStart,
  setStatus,
} from './span.ts';
import { addMicroseconds, microsecondsEnd } from './times.ts';

/*
 * Spans as OpenTelemetry JS prints them: one object, as a block of lines, with the members below and no others, each once. Without
 * what makes it such a span it is refused, as with anything else in it.
 */

const OWNER: u32 = OWN;
const SCOPE: u32 = OWN + 1;
const PARENT: u32 = OWN + 2;
const LINK_LIST: u32 = OWN + 3;
const TRACE_STATE: u32 = OWN + 4;
/** By these it is known, and its context. */
const TELLING: u32 = (1 << A_TRACE_ID) | (1 << A_SPAN_ID) | (1 << A_NAME) | (1 << OWNER) | (1 << SCOPE);

/** States of spans of other formats have lower numbers. */
const NO_STATE: u32 = 1 << 17;
const MOST_KINDS: u32 = 10;

const PARENT_SPAN_ID: u32 = 1;
const STATUS_CODE: u32 = 1;

export function nameNodeSpan(): void {
  nameMember(NODE, 'resource', OWNER);
  nameMember(NODE, 'instrumentationScope', SCOPE);
  nameMember(NODE, 'traceId', A_TRACE_ID);
  nameMember(NODE, 'parentSpanContext', PARENT);
  nameMember(NODE, 'parentId', A_PARENT_ID);
  nameMember(NODE, 'traceState', TRACE_STATE);
  nameMember(NODE, 'name', A_NAME);
  nameMember(NODE, 'id', A_SPAN_ID);
  nameMember(NODE, 'kind', A_KIND);
  nameMember(NODE, 'timestamp', A_START);
  nameMember(NODE, 'duration', AN_END);
  nameMember(NODE, 'attributes', ATTRIBUTE_LIST);
  nameMember(NODE, 'status', A_STATUS);
  nameMember(NODE, 'events', EVENT_LIST);
  nameMember(NODE, 'links', LINK_LIST);
  nameMember(NODE_PARENT, 'spanId', PARENT_SPAN_ID);
  nameMember(NODE_STATUS, 'code', STATUS_CODE);
}

/**
 * From the bracket that opens the record, on the line that begins at `edge`, to behind the one that closes it; adds a row. Places
 * count from `window`.
 */
export function nodeSpanEnd(open: usize, edge: usize, window: usize): usize {
  const firstLine = line;
  beginRow(open);
  setStatus(NO_STATE);
  const end = membersEnd(NODE, open, nodeMemberEnd);
  if (end == 0) return 0;
  if ((seen & TELLING) != TELLING || open != edge || !isBlock(open, end - 1)) return fail(open);
  finishRow((seen & REQUIRED) == REQUIRED, open, end, window, context(), firstLine);
  return end;
}

/** From the first byte of a member's content to behind its last. */
function nodeMemberEnd(member: u32, at: usize): usize {
  const byte = load<u8>(at);
  // A scope belongs to its resource, and a length of time to its beginning.
  if (member == SCOPE && !isSeen(OWNER)) return fail(at);
  if (member == AN_END && !isSeen(A_START)) return fail(at);
  if (member == OWNER) return byte == OPEN_BRACE ? resourceEnd(at, NODE_SPAN) : fail(at);
  if (member == SCOPE) return byte == OPEN_BRACE ? scopeEnd(at, resource) : fail(at);
  if (member == ATTRIBUTE_LIST && byte == OPEN_BRACE) return nodeAttributesEnd(at);
  if (member == A_STATUS && byte == OPEN_BRACE) return statusEnd(at);
  if (member == PARENT && byte == OPEN_BRACE) return parentEnd(at);
  if (member == A_START || member == AN_END) {
    const end = member == A_START ? microsecondsEnd(at) : addMicroseconds(at);
    if (member == A_START) setStart();
    else setEnd();
    if (end != 0) return end;
    setUnusual();
    return inspectedEnd(at);
  }
  const end = inspectedEnd(at);
  if (end == 0) return 0;
  const isText = form == STRING && !isUndefined;
  switch (member) {
    case A_TRACE_ID:
      if (!isText) return fail(at);
      if (end - at == 34 && areHex16(at + 1) && areHex16(at + 17)) {
        store<u64>(row, hexWords(at + 1), ROW_TRACE_ID);
        store<u64>(row, hexWords(at + 17), ROW_TRACE_ID + 8);
        return end;
      }
      break;
    case A_SPAN_ID:
      if (!isText) return fail(at);
      if (takeId(at, end, row + ROW_SPAN_ID)) return end;
      break;
    case A_PARENT_ID:
      if (isUndefined || (isText && takeId(at, end, row + ROW_PARENT_ID))) return end;
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
    case LINK_LIST:
    case TRACE_STATE:
      return end;
  }
  setUnusual();
  return end;
}

function isSeen(member: u32): bool {
  return ((seen >> member) & 1) != 0;
}

/** Takes an id of 16 digits between quotes. */
function takeId(at: usize, end: usize, to: usize): bool {
  if (end - at != 18 || !areHex16(at + 1)) return false;
  store<u64>(to, hexWords(at + 1));
  return true;
}

/** `{ traceId, spanId, … }`: the span that is meant. */
function parentEnd(open: usize): usize {
  const end = membersEnd(NODE_PARENT, open, parentMemberEnd);
  if (seen == 0) setUnusual();
  return end;
}

function parentMemberEnd(member: u32, at: usize): usize {
  const end = inspectedEnd(at);
  if (end == 0 || member == UNKNOWN) return end;
  if (form != STRING || isUndefined || !takeId(at, end, row + ROW_PARENT_ID)) setUnusual();
  return end;
}

/** A status that says more than unset or ok is unusual. */
function statusEnd(open: usize): usize {
  const end = membersEnd(NODE_STATUS, open, statusMemberEnd);
  if (seen == 0) setUnusual();
  return end;
}

function statusMemberEnd(member: u32, at: usize): usize {
  const end = inspectedEnd(at);
  if (end == 0) return 0;
  const code = <u32>load<u8>(at) - ZERO;
  if (member != STATUS_CODE || code > 1 || end - at != 1) setUnusual();
  else setStatus(NO_STATE + code);
  return end;
}

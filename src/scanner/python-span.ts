import { isUsual, setUnusual } from './attribute.ts';
import { isBlock } from './block.ts';
import { line } from './blanks.ts';
import { CLOSE_BRACE, OPEN_BRACE, OPEN_BRACKET } from './bytes.ts';
import { bareContextAt, resourceEnd } from './contexts.ts';
import { PYTHON_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { hexWords, isMarkedHex16, isMarkedHex32 } from './ids.ts';
import { label, wordValueEnd } from './labels.ts';
import {
  ATTRIBUTES_FIRST,
  ATTRIBUTES_LAST,
  CONTEXT,
  EVENTS,
  isLong,
  isShort,
  KIND,
  LINKS,
  NAME,
  RESOURCE,
  SNAKE_END,
  SNAKE_PARENT_FIRST,
  SNAKE_PARENT_LAST,
  SNAKE_SPAN_ID,
  SNAKE_START_FIRST,
  SNAKE_START_LAST,
  SNAKE_STATUS_CODE_FIRST,
  SNAKE_STATUS_CODE_LAST,
  SNAKE_TRACE_ID,
  SNAKE_TRACE_STATE_FIRST,
  SNAKE_TRACE_STATE_LAST,
  STATUS,
} from './names.ts';
import { recordAttributesEnd } from './record-attributes.ts';
import { nextRow, ROW_PARENT_ID, ROW_SPAN_ID, ROW_TRACE_ID } from './rows.ts';
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
  memberEnd,
  REQUIRED,
  setEnd,
  setKind,
  setStart,
  setStatus,
  UNKNOWN,
} from './span.ts';
import { escaped } from './strings.ts';
import { isoTimeEnd } from './times.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/*
 * Spans as OpenTelemetry Python prints them: one object, on one line or as a block of lines, with the members below and no others,
 * each once. Without what makes it such a span it is refused, as with anything else in it.
 */

const IDS: u32 = 12;
const OWNER: u32 = 13;
const LINK_LIST: u32 = 14;
/** By these it is known. */
const TELLING: u32 = (1 << IDS) | (1 << A_TRACE_ID) | (1 << A_START) | (1 << OWNER);

/** Owner of words: kinds, which are known by how they are written. */
const KINDS: u32 = 3;
/** States of spans of other formats have lower numbers. */
const NO_STATE: u32 = 1 << 16;
const STATES: u32 = 4;

/** Members that were read, those with ids in them too, as bits. */
let seen: u32 = 0;

/**
 * From the bracket that opens the record, on the line that begins at `edge`, to behind the one that closes it; adds a row. Places
 * count from `window`.
 */
export function pythonSpanEnd(open: usize, edge: usize, window: usize): usize {
  const firstLine = line;
  const to = nextRow();
  clear(to, open);
  setStatus(NO_STATE);
  seen = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const known = escaped ? UNKNOWN : memberNamed(item + 1, keyEnd - item - 1);
    if (known == UNKNOWN || isSeen(known)) return fail(item);
    const end = pythonMemberEnd(known, content, to);
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACE);
  }
  if (closed == 0) return 0;
  const end = closed;
  const context = bareContextAt(open);
  if ((seen & TELLING) != TELLING || context == 0) return fail(open);
  if (line != firstLine && (open != edge || !isBlock(open, end - 1))) return fail(open);
  finishRow(to, isUsual && (seen & REQUIRED) == REQUIRED, open, end, window, context, firstLine);
  return end;
}

/** Whether a member was there before; it is from now on. */
function isSeen(member: u32): bool {
  const before = seen;
  seen |= 1 << member;
  return before == seen;
}

function memberNamed(at: usize, length: usize): u32 {
  switch (<i32>length) {
    case 4:
      if (isShort(at, 4, NAME)) return A_NAME;
      return isShort(at, 4, KIND) ? A_KIND : UNKNOWN;
    case 5:
      return isShort(at, 5, LINKS) ? LINK_LIST : UNKNOWN;
    case 6:
      if (isShort(at, 6, STATUS)) return A_STATUS;
      return isShort(at, 6, EVENTS) ? EVENT_LIST : UNKNOWN;
    case 7:
      return isShort(at, 7, CONTEXT) ? IDS : UNKNOWN;
    case 8:
      if (isShort(at, 8, SNAKE_END)) return AN_END;
      return isShort(at, 8, RESOURCE) ? OWNER : UNKNOWN;
    case 9:
      return isLong(at, 9, SNAKE_PARENT_FIRST, SNAKE_PARENT_LAST) ? A_PARENT_ID : UNKNOWN;
    case 10:
      if (isLong(at, 10, ATTRIBUTES_FIRST, ATTRIBUTES_LAST)) return ATTRIBUTE_LIST;
      return isLong(at, 10, SNAKE_START_FIRST, SNAKE_START_LAST) ? A_START : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** From the first byte of a member's content to behind its last. */
function pythonMemberEnd(known: u32, at: usize, to: usize): usize {
  const byte = load<u8>(at);
  if (known == A_NAME || known == EVENT_LIST) return memberEnd(known, at, to);
  switch (known) {
    case IDS:
      return byte == OPEN_BRACE ? idsEnd(at, to) : fail(at);
    case OWNER:
      return byte == OPEN_BRACE ? resourceEnd(at, PYTHON_SPAN) : fail(at);
    case A_PARENT_ID: {
      if (byte == SMALL_N) return valueEnd(at);
      if (!isMarkedHex16(at)) break;
      store<u64>(to, hexWords(at + 3), ROW_PARENT_ID);
      return at + 20;
    }
    case A_KIND: {
      const end = wordValueEnd(at, KINDS);
      setKind(label);
      if (label == 0) setUnusual();
      return end;
    }
    case A_START: {
      const end = isoTimeEnd(at);
      setStart();
      return end;
    }
    case AN_END: {
      const end = isoTimeEnd(at);
      setEnd();
      return end;
    }
    case A_STATUS:
      if (byte != OPEN_BRACE) break;
      return statusEnd(at);
    case ATTRIBUTE_LIST:
      if (byte != OPEN_BRACE) break;
      return recordAttributesEnd(at);
    case LINK_LIST:
      if (byte != OPEN_BRACKET) break;
      return valueEnd(at);
  }
  setUnusual();
  return valueEnd(at);
}

const SMALL_N: u8 = 0x6e;

/** `{"trace_id": "0x…", "span_id": "0x…", "trace_state": …}` */
function idsEnd(open: usize, to: usize): usize {
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const length = keyEnd - item - 1;
    if (escaped) return fail(item);
    let end: usize = 0;
    if (length == 8 && isShort(item + 1, 8, SNAKE_TRACE_ID)) {
      if (isSeen(A_TRACE_ID)) return fail(item);
      if (isMarkedHex32(content)) {
        store<u64>(to, hexWords(content + 3), ROW_TRACE_ID);
        store<u64>(to, hexWords(content + 19), ROW_TRACE_ID + 8);
        end = content + 36;
      }
    } else if (length == 7 && isShort(item + 1, 7, SNAKE_SPAN_ID)) {
      if (isSeen(A_SPAN_ID)) return fail(item);
      if (isMarkedHex16(content)) {
        store<u64>(to, hexWords(content + 3), ROW_SPAN_ID);
        end = content + 20;
      }
    } else if (length == 11 && isLong(item + 1, 11, SNAKE_TRACE_STATE_FIRST, SNAKE_TRACE_STATE_LAST)) {
      end = valueEnd(content);
      if (end == 0) return 0;
    }
    if (end == 0) {
      setUnusual();
      end = valueEnd(content);
      if (end == 0) return 0;
    }
    item = nextItem(end, CLOSE_BRACE);
  }
  return closed;
}

/** A status that says more than a code, and one whose code nobody knows by its bytes, is unusual. */
function statusEnd(open: usize): usize {
  let codes = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const length = keyEnd - item - 1;
    if (length == 11 && isLong(item + 1, 11, SNAKE_STATUS_CODE_FIRST, SNAKE_STATUS_CODE_LAST)) codes++;
    else setUnusual();
    const end = wordValueEnd(content, STATES);
    if (end == 0) return 0;
    setStatus(NO_STATE + label);
    if (label == 0) setUnusual();
    item = nextItem(end, CLOSE_BRACE);
  }
  if (codes != 1) setUnusual();
  return closed;
}

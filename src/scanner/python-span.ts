import { setUnusual } from './attribute.ts';
import { isBlock } from './block.ts';
import { line } from './blanks.ts';
import { OPEN_BRACE, OPEN_BRACKET } from './bytes.ts';
import { bareContextAt, resourceEnd } from './contexts.ts';
import { PYTHON_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { hexWords, isMarkedHex16, isMarkedHex32 } from './ids.ts';
import { label, wordValueEnd } from './labels.ts';
import { recordAttributesEnd } from './records.ts';
import { membersEnd, nameMember, PYTHON, PYTHON_IDS, PYTHON_STATUS, seen } from './records.ts';
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
  memberEnd,
  OWN,
  REQUIRED,
  row,
  setEnd,
  setKind,
  setStart,
  setStatus,
} from './span.ts';
import { isoTimeEnd } from './times.ts';
import { valueEnd } from './values.ts';

/*
 * Spans as OpenTelemetry Python prints them: one object, on one line or as a block of lines, with the members below and no others,
 * each once. Without what makes it such a span it is refused, as with anything else in it.
 */

const IDS: u32 = OWN;
const OWNER: u32 = OWN + 1;
const LINK_LIST: u32 = OWN + 2;
/** By these it is known, and by the id of its trace. */
const TELLING: u32 = (1 << IDS) | (1 << A_START) | (1 << OWNER);
/** What is among its ids and not beside them. */
const INNER: u32 = (1 << A_TRACE_ID) | (1 << A_SPAN_ID);

const TRACE_STATE: u32 = OWN;
const STATUS_CODE: u32 = 1;

/** Owner of words: kinds, which are known by how they are written. */
const KINDS: u32 = 3;
/** States of spans of other formats have lower numbers. */
const NO_STATE: u32 = 1 << 16;
const STATES: u32 = 4;

/** Ids that were read, as bits. */
let ids: u32 = 0;

export function namePythonSpan(): void {
  nameMember(PYTHON, 'name', A_NAME);
  nameMember(PYTHON, 'context', IDS);
  nameMember(PYTHON, 'kind', A_KIND);
  nameMember(PYTHON, 'parent_id', A_PARENT_ID);
  nameMember(PYTHON, 'start_time', A_START);
  nameMember(PYTHON, 'end_time', AN_END);
  nameMember(PYTHON, 'status', A_STATUS);
  nameMember(PYTHON, 'attributes', ATTRIBUTE_LIST);
  nameMember(PYTHON, 'events', EVENT_LIST);
  nameMember(PYTHON, 'links', LINK_LIST);
  nameMember(PYTHON, 'resource', OWNER);
  nameMember(PYTHON_IDS, 'trace_id', A_TRACE_ID);
  nameMember(PYTHON_IDS, 'span_id', A_SPAN_ID);
  nameMember(PYTHON_IDS, 'trace_state', TRACE_STATE);
  nameMember(PYTHON_STATUS, 'status_code', STATUS_CODE);
}

/**
 * From the bracket that opens the record, on the line that begins at `edge`, to behind the one that closes it; adds a row. Places
 * count from `window`.
 */
export function pythonSpanEnd(open: usize, edge: usize, window: usize): usize {
  const firstLine = line;
  beginRow(open);
  setStatus(NO_STATE);
  ids = 0;
  const end = membersEnd(PYTHON, open, pythonMemberEnd);
  if (end == 0) return 0;
  const context = bareContextAt(open);
  if ((seen & TELLING) != TELLING || (ids & (1 << A_TRACE_ID)) == 0 || context == 0) return fail(open);
  if (line != firstLine && (open != edge || !isBlock(open, end - 1))) return fail(open);
  finishRow(((seen | (ids & INNER)) & REQUIRED) == REQUIRED, open, end, window, context, firstLine);
  return end;
}

/** From the first byte of a member's content to behind its last. */
function pythonMemberEnd(member: u32, at: usize): usize {
  const byte = load<u8>(at);
  switch (member) {
    case A_NAME:
    case EVENT_LIST:
      return memberEnd(member, at);
    case IDS: {
      const end = byte == OPEN_BRACE ? membersEnd(PYTHON_IDS, at, idEnd) : fail(at);
      ids = seen;
      return end;
    }
    case OWNER:
      return byte == OPEN_BRACE ? resourceEnd(at, PYTHON_SPAN) : fail(at);
    case A_PARENT_ID: {
      if (byte == SMALL_N) return valueEnd(at);
      if (!isMarkedHex16(at)) break;
      store<u64>(row, hexWords(at + 3), ROW_PARENT_ID);
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
    case A_STATUS: {
      if (byte != OPEN_BRACE) break;
      const end = membersEnd(PYTHON_STATUS, at, statusMemberEnd);
      if (seen == 0) setUnusual();
      return end;
    }
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
function idEnd(member: u32, at: usize): usize {
  if (member == TRACE_STATE) return valueEnd(at);
  if (member == A_TRACE_ID && isMarkedHex32(at)) {
    store<u64>(row, hexWords(at + 3), ROW_TRACE_ID);
    store<u64>(row, hexWords(at + 19), ROW_TRACE_ID + 8);
    return at + 36;
  }
  if (member == A_SPAN_ID && isMarkedHex16(at)) {
    store<u64>(row, hexWords(at + 3), ROW_SPAN_ID);
    return at + 20;
  }
  setUnusual();
  return valueEnd(at);
}

/** A status that says more than a code, and one whose code nobody knows by its bytes, is unusual. */
function statusMemberEnd(member: u32, at: usize): usize {
  const end = wordValueEnd(at, STATES);
  setStatus(NO_STATE + label);
  if (label == 0 || member != STATUS_CODE) setUnusual();
  return end;
}

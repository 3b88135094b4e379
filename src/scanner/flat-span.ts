import { setUnusual } from './attribute.ts';
import { line } from './blanks.ts';
import { OPEN_BRACE, QUOTE } from './bytes.ts';
import { bareContextAt, resourceEnd } from './contexts.ts';
import { FLAT_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { label, wordValueEnd } from './labels.ts';
import { allocate } from './memory.ts';
import { recordAttributesEnd } from './records.ts';
import { FLAT, membersEnd, nameMember, seen } from './records.ts';
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
  finishRow,
  memberEnd,
  OWN,
  REQUIRED,
  setKind,
  setStatus,
} from './span.ts';
import { valueEnd } from './values.ts';

/*
 * Spans that are flat records: one object on a line, with the members below and no others, each once. What else there may be, and
 * lines without what makes them such a span, is refused: only the reader of all formats knows whose they are.
 */

const A_SERVICE: u32 = OWN;

/** Owners of words: kinds and states, which are known by how they are written. */
const KINDS: u32 = 1;
const STATES: u32 = 2;
/** The state of a flat span that tells none: spans of other formats have lower ones. */
const NO_STATE: u32 = 16;

/** JSON's `null`, which stands for the resource of a span that names no service. */
let nothing: usize = 0;
const NULL: u32 = 0x6c6c756e;
const SMALL_N: u8 = 0x6e;

/** Of the span that is being read: where its service is told, and its line. */
let service: usize = 0;
let spanLine: u32 = 0;

export function newFlatSpans(): void {
  nothing = allocate(16);
  store<u32>(nothing, NULL);
  nameMember(FLAT, 'trace_id', A_TRACE_ID);
  nameMember(FLAT, 'span_id', A_SPAN_ID);
  nameMember(FLAT, 'parent_span_id', A_PARENT_ID);
  nameMember(FLAT, 'name', A_NAME);
  nameMember(FLAT, 'kind', A_KIND);
  nameMember(FLAT, 'start_time_unix_nano', A_START);
  nameMember(FLAT, 'end_time_unix_nano', AN_END);
  nameMember(FLAT, 'status', A_STATUS);
  nameMember(FLAT, 'service', A_SERVICE);
  nameMember(FLAT, 'attributes', ATTRIBUTE_LIST);
}

/** From the bracket that opens the record to behind the one that closes it; adds a row. Places count from `window`. */
export function flatSpanEnd(open: usize, window: usize): usize {
  beginRow(open);
  setStatus(NO_STATE);
  service = nothing;
  spanLine = line;
  const end = membersEnd(FLAT, open, flatMemberEnd);
  if (end == 0) return 0;
  const context = resourceEnd(service, FLAT_SPAN) == 0 ? 0 : bareContextAt(open);
  if ((seen & REQUIRED) != REQUIRED || line != spanLine || context == 0) return fail(open);
  finishRow(true, open, end, window, context, spanLine);
  return end;
}

/** From the first byte of a member's content to behind its last. */
function flatMemberEnd(member: u32, at: usize): usize {
  if (line != spanLine) return fail(at);
  const first = load<u8>(at);
  if (first == SMALL_N) return ((1 << member) & REQUIRED) != 0 ? fail(at) : valueEnd(at);
  switch (member) {
    case A_SERVICE:
      service = at;
      return first == QUOTE ? valueEnd(at) : fail(at);
    case A_KIND: {
      const end = wordValueEnd(at, KINDS);
      setKind(label);
      if (label == 0) setUnusual();
      return end;
    }
    case A_STATUS: {
      const end = wordValueEnd(at, STATES);
      setStatus(NO_STATE + label);
      if (label == 0) setUnusual();
      return end;
    }
    case ATTRIBUTE_LIST:
      if (first == OPEN_BRACE) return recordAttributesEnd(at);
      setUnusual();
      return valueEnd(at);
    default:
      return memberEnd(member, at);
  }
}

import { isUsual, setUnusual } from './attribute.ts';
import { line } from './blanks.ts';
import { CLOSE_BRACE, OPEN_BRACE, QUOTE } from './bytes.ts';
import { bareContextAt, resourceEnd } from './contexts.ts';
import { FLAT_SPAN } from './document-kinds.ts';
import { fail } from './failure.ts';
import { label, wordValueEnd } from './labels.ts';
import { allocate } from './memory.ts';
import {
  ATTRIBUTES_FIRST,
  ATTRIBUTES_LAST,
  isLong,
  isShort,
  KIND,
  NAME,
  SERVICE,
  SNAKE_END_FIRST,
  SNAKE_END_MIDDLE,
  SNAKE_PARENT_ID_FIRST,
  SNAKE_PARENT_ID_LAST,
  SNAKE_SPAN_ID,
  SNAKE_START_FIRST,
  SNAKE_START_MIDDLE,
  SNAKE_TIME_LAST,
  SNAKE_TRACE_ID,
  STATUS,
} from './names.ts';
import { recordAttributesEnd } from './record-attributes.ts';
import { nextRow } from './rows.ts';
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
  finishRow,
  memberEnd,
  REQUIRED,
  setKind,
  setStatus,
  UNKNOWN,
} from './span.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/*
 * Spans that are flat records: one object on a line, with the members below and no others, each once. What else there may be, and
 * lines without what makes them such a span, is refused: only the reader of all formats knows whose they are.
 */

const A_SERVICE: u32 = 12;

/** Owners of words: kinds and states, which are known by how they are written. */
const KINDS: u32 = 1;
const STATES: u32 = 2;
/** The state of a flat span that tells none: spans of other formats have lower ones. */
const NO_STATE: u32 = 16;

/** JSON's `null`, which stands for the resource of a span that names no service. */
let nothing: usize = 0;
const NULL: u32 = 0x6c6c756e;
const SMALL_N: u8 = 0x6e;

export function newFlatSpans(): void {
  nothing = allocate(16);
  store<u32>(nothing, NULL);
}

/** From the bracket that opens the record to behind the one that closes it; adds a row. Places count from `window`. */
export function flatSpanEnd(open: usize, window: usize): usize {
  const firstLine = line;
  const to = nextRow();
  clear(to, open);
  setStatus(NO_STATE);
  let service: usize = nothing;
  let seen: u32 = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const known = escaped ? UNKNOWN : memberNamed(item + 1, keyEnd - item - 1);
    const member: u32 = 1 << known;
    if (known == UNKNOWN || (seen & member) != 0 || line != firstLine) return fail(item);
    seen |= member;
    let end: usize = 0;
    if (load<u8>(content) == SMALL_N) {
      end = valueEnd(content);
      if (end != 0 && (member & REQUIRED) != 0) return fail(content);
    } else if (known == A_SERVICE) {
      if (load<u8>(content) != QUOTE) return fail(content);
      end = valueEnd(content);
      service = content;
    } else end = flatMemberEnd(known, content, to);
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACE);
  }
  if (closed == 0) return 0;
  const end = closed;
  const context = resourceEnd(service, FLAT_SPAN) == 0 ? 0 : bareContextAt(open);
  if ((seen & REQUIRED) != REQUIRED || line != firstLine || context == 0) return fail(open);
  finishRow(to, isUsual, open, end, window, context, firstLine);
  return end;
}

function memberNamed(at: usize, length: usize): u32 {
  switch (<i32>length) {
    case 4:
      if (isShort(at, 4, NAME)) return A_NAME;
      return isShort(at, 4, KIND) ? A_KIND : UNKNOWN;
    case 6:
      return isShort(at, 6, STATUS) ? A_STATUS : UNKNOWN;
    case 7:
      if (isShort(at, 7, SNAKE_SPAN_ID)) return A_SPAN_ID;
      return isShort(at, 7, SERVICE) ? A_SERVICE : UNKNOWN;
    case 8:
      return isShort(at, 8, SNAKE_TRACE_ID) ? A_TRACE_ID : UNKNOWN;
    case 10:
      return isLong(at, 10, ATTRIBUTES_FIRST, ATTRIBUTES_LAST) ? ATTRIBUTE_LIST : UNKNOWN;
    case 14:
      return isLong(at, 14, SNAKE_PARENT_ID_FIRST, SNAKE_PARENT_ID_LAST) ? A_PARENT_ID : UNKNOWN;
    case 18:
      return isLong(at, 18, SNAKE_END_FIRST, SNAKE_TIME_LAST) && load<u16>(at + 8) == SNAKE_END_MIDDLE
        ? AN_END
        : UNKNOWN;
    case 20:
      return isLong(at, 20, SNAKE_START_FIRST, SNAKE_TIME_LAST) && load<u32>(at + 8) == SNAKE_START_MIDDLE
        ? A_START
        : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

/** From the first byte of a member's content to behind its last. */
function flatMemberEnd(known: u32, at: usize, to: usize): usize {
  switch (known) {
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
      if (load<u8>(at) == OPEN_BRACE) return recordAttributesEnd(at);
      setUnusual();
      return valueEnd(at);
    default:
      return memberEnd(known, at, to);
  }
}

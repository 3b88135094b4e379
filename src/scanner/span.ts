import { clearUnusual, isUsual, setUnusual } from './attribute.ts';
import { attributesEnd } from './attributes.ts';
import { line } from './blanks.ts';
import { OPEN_BRACE, OPEN_BRACKET } from './bytes.ts';
import { clearEvents, eventsEnd, hasEvents } from './events.ts';
import { hexWords, isHex16, isHex32 } from './ids.ts';
import { kindEnd, label, nameEnd } from './labels.ts';
import { patternOf } from './patterns.ts';
import { membersEnd, nameMember, OTLP, seen, UNKNOWN } from './records.ts';
import {
  addRow,
  MOST_VALUES,
  nextRow,
  ROW_CONTEXT,
  ROW_DURATION,
  ROW_FLAGS,
  ROW_LENGTH,
  ROW_LINE,
  ROW_OFFSET,
  ROW_PARENT_ID,
  ROW_PATTERN,
  ROW_SPAN_ID,
  ROW_START_NANO,
  ROW_START_SECOND,
  ROW_TRACE_ID,
  ROW_VALUES,
} from './rows.ts';
import { clearSlotValues, hasValue, orderSlotValues, pairCount, tokenAt, valueAt } from './slot-values.ts';
import { statusCode, statusEnd, UNSET } from './status.ts';
import { nanos, seconds, timeEnd } from './times.ts';
import { valueEnd } from './values.ts';

/** What a member of a span is, in any format. */
export const A_TRACE_ID: u32 = 1;
export const A_SPAN_ID: u32 = 2;
export const A_PARENT_ID: u32 = 3;
export const A_NAME: u32 = 4;
export const A_KIND: u32 = 5;
export const A_START: u32 = 6;
export const AN_END: u32 = 7;
export const A_STATUS: u32 = 8;
export const ATTRIBUTE_LIST: u32 = 9;
export const EVENT_LIST: u32 = 10;
/** Another spelling of one of these, which the format's own reader knows what to do with. */
const SPELT_OTHERWISE: u32 = 11;
/** Members of one format have numbers from here on. */
export const OWN: u32 = 12;

export const REQUIRED: u32 = (1 << A_TRACE_ID) | (1 << A_SPAN_ID) | (1 << A_NAME) | (1 << A_START) | (1 << AN_END);

export function nameSpan(): void {
  nameMember(OTLP, 'traceId', A_TRACE_ID);
  nameMember(OTLP, 'spanId', A_SPAN_ID);
  nameMember(OTLP, 'parentSpanId', A_PARENT_ID);
  nameMember(OTLP, 'name', A_NAME);
  nameMember(OTLP, 'kind', A_KIND);
  nameMember(OTLP, 'startTimeUnixNano', A_START);
  nameMember(OTLP, 'endTimeUnixNano', AN_END);
  nameMember(OTLP, 'status', A_STATUS);
  nameMember(OTLP, 'attributes', ATTRIBUTE_LIST);
  nameMember(OTLP, 'events', EVENT_LIST);
  nameMember(OTLP, 'trace_id', SPELT_OTHERWISE);
  nameMember(OTLP, 'span_id', SPELT_OTHERWISE);
  nameMember(OTLP, 'parent_span_id', SPELT_OTHERWISE);
  nameMember(OTLP, 'start_time_unix_nano', SPELT_OTHERWISE);
  nameMember(OTLP, 'end_time_unix_nano', SPELT_OTHERWISE);
  nameMember(OTLP, 'startTime', SPELT_OTHERWISE);
}

/** Two quotes. */
const EMPTY: u16 = 0x2222;

const HAS_PARENT: u32 = 1;
const HAS_EVENTS: u32 = 2;

const SECONDS_LIMIT: u64 = (<u64>1) << 32;
const DURATION_LIMIT: i64 = (<i64>1) << 53;
const SECOND: i64 = 1000000000;

/** The row of the span that is being read. */
export let row: usize = 0;
let name: u32 = 0;
let kind: u32 = 0;
let status: u32 = UNSET;
let flags: u32 = 0;
let endSeconds: u64 = 0;
let endNanos: u64 = 0;
let startSeconds: u64 = 0;
let startNanos: u64 = 0;

/** From the first byte of a span to behind its last; adds its row. Places count from `window`. */
export function spanEnd(open: usize, window: usize, context: u32): usize {
  const firstLine = line;
  beginRow(open);
  const end = membersEnd(OTLP, open, memberEnd);
  if (end != 0) finishRow((seen & REQUIRED) == REQUIRED, open, end, window, context, firstLine);
  return end;
}

/** Adds the row of a span all of whose members were read. Without those that are required it has no pattern. */
export function finishRow(
  isComplete: bool,
  open: usize,
  end: usize,
  window: usize,
  context: u32,
  firstLine: u32,
): void {
  const to = row;
  store<u32>(to, isComplete && isUsual ? patternOfRow(to) : 0, ROW_PATTERN);
  store<u32>(to, <u32>(open - window), ROW_OFFSET);
  store<u32>(to, <u32>(end - open), ROW_LENGTH);
  store<u32>(to, context, ROW_CONTEXT);
  store<u32>(to, firstLine, ROW_LINE);
  addRow();
}

/** False where the name cannot be part of a pattern. */
export function setName(value: u32): bool {
  name = value;
  return value != 0;
}

/** Kinds and states of spans of other formats have numbers of their own. */
export function setKind(value: u32): void {
  kind = value;
}

export function setStatus(value: u32): void {
  status = value;
}

export function setHasEvents(): void {
  flags |= HAS_EVENTS;
}

/** The time that was read last is when the span began. */
export function setStart(): void {
  startSeconds = seconds;
  startNanos = nanos;
}

/** The time that was read last is when the span ended. */
export function setEnd(): void {
  endSeconds = seconds;
  endNanos = nanos;
}

/** Another span begins, at this byte. */
export function beginRow(open: usize): void {
  row = nextRow();
  kind = 0;
  status = UNSET;
  flags = 0;
  clearUnusual();
  clearEvents();
  clearSlotValues(open);
  store<u64>(row, 0, ROW_PARENT_ID);
}

/** From the first byte of a member's content to behind its last. */
export function memberEnd(member: u32, at: usize): usize {
  switch (member) {
    case UNKNOWN:
      return valueEnd(at);
    case A_TRACE_ID:
      if (!isHex32(at)) break;
      store<u64>(row, hexWords(at + 1), ROW_TRACE_ID);
      store<u64>(row, hexWords(at + 17), ROW_TRACE_ID + 8);
      return at + 34;
    case A_SPAN_ID:
      if (!isHex16(at)) break;
      store<u64>(row, hexWords(at + 1), ROW_SPAN_ID);
      return at + 18;
    case A_PARENT_ID:
      if (load<u16>(at) == EMPTY) return at + 2;
      if (!isHex16(at)) break;
      store<u64>(row, hexWords(at + 1), ROW_PARENT_ID);
      return at + 18;
    case A_NAME: {
      const end = nameEnd(at);
      name = label;
      if (label == 0) setUnusual();
      return end;
    }
    case A_KIND: {
      const end = kindEnd(at);
      kind = label;
      if (label == 0) setUnusual();
      return end;
    }
    case A_START: {
      const end = timeEnd(at);
      setStart();
      return end;
    }
    case AN_END: {
      const end = timeEnd(at);
      setEnd();
      return end;
    }
    case A_STATUS: {
      if (load<u8>(at) != OPEN_BRACE) break;
      const end = statusEnd(at);
      status = statusCode;
      return end;
    }
    case ATTRIBUTE_LIST:
      if (load<u8>(at) != OPEN_BRACKET) break;
      return attributesEnd(at);
    case EVENT_LIST: {
      if (load<u8>(at) != OPEN_BRACKET) break;
      const end = eventsEnd(at);
      if (hasEvents) setHasEvents();
      return end;
    }
  }
  setUnusual();
  return valueEnd(at);
}

/** Fills the row; the number of its pattern, or 0 where it has none. */
function patternOfRow(to: usize): u32 {
  if ((load<u64>(to, ROW_TRACE_ID) | load<u64>(to, ROW_TRACE_ID + 8)) == 0) return 0;
  if (load<u64>(to, ROW_SPAN_ID) == 0) return 0;
  if (load<u64>(to, ROW_PARENT_ID) != 0) flags |= HAS_PARENT;
  const duration = (<i64>endSeconds - <i64>startSeconds) * SECOND + (<i64>endNanos - <i64>startNanos);
  if ((startSeconds | startNanos) == 0 || duration < 0 || duration >= DURATION_LIMIT) return 0;
  if (endSeconds >= SECONDS_LIMIT || !orderSlotValues() || !storeValues(to)) return 0;
  store<u32>(to, flags, ROW_FLAGS);
  store<u32>(to, <u32>startSeconds, ROW_START_SECOND);
  store<u32>(to, <u32>startNanos, ROW_START_NANO);
  store<f64>(to, <f64>duration, ROW_DURATION);
  return patternOf(name, kind, status, flags);
}

function storeValues(to: usize): bool {
  let value = to + ROW_VALUES;
  const end = value + ((<usize>MOST_VALUES) << 3);
  for (let i: u32 = 0; i < pairCount; i++) {
    if (!hasValue(tokenAt(i))) continue;
    if (value == end) return false;
    store<u64>(value, valueAt(i));
    value += 8;
  }
  return true;
}

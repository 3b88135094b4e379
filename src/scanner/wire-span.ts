import { nameLabel } from './labels.ts';
import { messageSlot, OF_SPAN } from './plan.ts';
import { stringAt } from './attribute-value.ts';
import { ROW_PARENT_ID, ROW_SPAN_ID, ROW_TRACE_ID } from './rows.ts';
import { takeValue } from './slot-values.ts';
import { beginRow, finishRow, row, setEnd, setHasEvents, setKind, setName, setStart, setStatus } from './span.ts';
import { setTime } from './times.ts';
import { clearWireEvents, takeEvent } from './wire-event.ts';
import { bytesEnd, bytesFrom, number, numberEnd, unknownEnd } from './wire-fields.ts';
import { takePair } from './wire-pair.ts';

/** Tags of a Span and of its Status and Links in opentelemetry/proto/trace/v1/trace.proto. */
const TRACE_ID: u32 = 0x0a;
const SPAN_ID: u32 = 0x12;
const TRACE_STATE: u32 = 0x1a;
const PARENT_ID: u32 = 0x22;
const NAME: u32 = 0x2a;
const KIND: u32 = 0x30;
const START: u32 = 0x39;
const END: u32 = 0x41;
const ATTRIBUTE: u32 = 0x4a;
const DROPPED_ATTRIBUTES: u32 = 0x50;
const EVENT: u32 = 0x5a;
const DROPPED_EVENTS: u32 = 0x60;
const LINK: u32 = 0x6a;
const DROPPED_LINKS: u32 = 0x70;
const STATUS: u32 = 0x7a;
const STATUS_MESSAGE: u32 = 0x12;
const STATUS_CODE: u32 = 0x18;
/** Fields from 16 on, whose tags are longer than a byte. */
const LATER: u32 = 0x80;

const REQUIRED: u32 = bit(TRACE_ID) | bit(SPAN_ID) | bit(NAME) | bit(START) | bit(END);
const REPEATED: u32 = bit(EVENT) | bit(LINK);

/** Span kinds, and codes of a status, that there are. */
const KINDS: u64 = 6;
const CODES: u64 = 3;
/** Larger numbers of what was dropped are not read here. */
const LARGEST_DROPPED: u64 = 0xffffffff;

/** Adds the row of a span. Places count from `window`. */
export function addWireSpan(from: usize, end: usize, window: usize, context: u32): void {
  beginRow(from);
  clearWireEvents();
  finishRow(readFields(from, end), from, end, window, context, 0);
}

/** False where anything is not as usual: a field is there twice, or missing, or not known, or not whole. */
function readFields(from: usize, end: usize): bool {
  let seen: u32 = 0;
  for (let at = from; at < end; ) {
    const tag = <u32>load<u8>(at);
    if (tag == ATTRIBUTE) {
      at = bytesEnd(at + 1, end);
      if (at == 0 || !takePair(bytesFrom, at, OF_SPAN, false)) return false;
    } else if (tag >= LATER) {
      at = unknownEnd(at, end);
      if (at == 0) return false;
    } else {
      const field = bit(tag);
      if ((seen & field & ~REPEATED) != 0) return false;
      seen |= field;
      at = fieldEnd(tag, at + 1, end);
      if (at == 0) return false;
    }
  }
  return (seen & REQUIRED) == REQUIRED;
}

@inline
function bit(tag: u32): u32 {
  return 1 << (tag >> 3);
}

/** From behind the tag of a field to behind the field; 0 where it is not as usual. */
function fieldEnd(tag: u32, at: usize, end: usize): usize {
  switch (tag) {
    case TRACE_ID: {
      const behind = bytesEnd(at, end);
      if (behind == 0 || behind - bytesFrom != 16) return 0;
      store<u64>(row, idWords(bytesFrom), ROW_TRACE_ID);
      store<u64>(row, idWords(bytesFrom + 8), ROW_TRACE_ID + 8);
      return behind;
    }
    case SPAN_ID: {
      const behind = bytesEnd(at, end);
      if (behind == 0 || behind - bytesFrom != 8) return 0;
      store<u64>(row, idWords(bytesFrom), ROW_SPAN_ID);
      return behind;
    }
    case PARENT_ID: {
      const behind = bytesEnd(at, end);
      if (behind == 0 || behind == bytesFrom) return behind;
      if (behind - bytesFrom != 8) return 0;
      store<u64>(row, idWords(bytesFrom), ROW_PARENT_ID);
      return behind;
    }
    case NAME: {
      const behind = bytesEnd(at, end);
      return behind != 0 && setName(nameLabel(bytesFrom, behind - bytesFrom)) ? behind : 0;
    }
    case KIND: {
      const behind = numberEnd(at, end);
      if (number >= KINDS) return 0;
      setKind(<u32>number + 1);
      return behind;
    }
    case START:
      if (!takeTime(at, end)) return 0;
      setStart();
      return at + 8;
    case END:
      if (!takeTime(at, end)) return 0;
      setEnd();
      return at + 8;
    case EVENT: {
      const behind = bytesEnd(at, end);
      if (behind == 0 || !takeEvent(bytesFrom, behind)) return 0;
      setHasEvents();
      return behind;
    }
    case LINK: {
      const behind = bytesEnd(at, end);
      return behind != 0 && isLink(bytesFrom, behind) ? behind : 0;
    }
    case STATUS: {
      const behind = bytesEnd(at, end);
      return behind != 0 && takeStatus(bytesFrom, behind) ? behind : 0;
    }
    case TRACE_STATE:
      return bytesEnd(at, end);
    case DROPPED_ATTRIBUTES:
    case DROPPED_EVENTS:
    case DROPPED_LINKS: {
      const behind = numberEnd(at, end);
      return number <= LARGEST_DROPPED ? behind : 0;
    }
    default:
      return 0;
  }
}

/** Makes nanoseconds the last time, unless they are more than half of what 64 bits can tell: differences would not fit. */
function takeTime(at: usize, end: usize): bool {
  if (end - at < 8) return false;
  const time = load<u64>(at);
  setTime(time);
  return <i64>time >= 0;
}

/** Eight bytes as two words of 32 bits, each with its first byte highest, the first word first in memory. */
function idWords(at: usize): u64 {
  return rotl<u64>(bswap<u64>(load<u64>(at)), 32);
}

/** Whether the fields of a link end where it does: nothing of it is asked for. */
function isLink(from: usize, end: usize): bool {
  let at = from;
  while (at < end) {
    at = unknownEnd(at, end);
    if (at == 0) return false;
  }
  return true;
}

/** The message is taken where it is asked for; an empty one is none. */
function takeStatus(from: usize, end: usize): bool {
  let code: u32 = 0;
  let seen: u32 = 0;
  for (let at = from; at < end; ) {
    const tag = <u32>load<u8>(at);
    if (tag >= LATER || (seen & bit(tag)) != 0) return false;
    seen |= bit(tag);
    if (tag == STATUS_CODE) {
      at = numberEnd(at + 1, end);
      if (at == 0 || number >= CODES) return false;
      code = <u32>number;
    } else if (tag == STATUS_MESSAGE) {
      at = bytesEnd(at + 1, end);
      if (at == 0) return false;
      if (at == bytesFrom) continue;
      stringAt(bytesFrom, at, false);
      if (messageSlot == 0 || !takeValue(messageSlot)) return false;
    } else return false;
  }
  // One that says nothing is not the same as none.
  setStatus(code + 1);
  return true;
}

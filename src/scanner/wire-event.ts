import { EXCEPTION_FIRST, EXCEPTION_LAST, isLong } from './names.ts';
import { isTelling, OF_EXCEPTION, OF_NOTHING, wantsExceptions } from './plan.ts';
import { bytesEnd, bytesFrom, numberEnd } from './wire-fields.ts';
import { takePair } from './wire-pair.ts';

/** Tags of a Span.Event in opentelemetry/proto/trace/v1/trace.proto. */
const TIME: u32 = 0x09;
const NAME: u32 = 0x12;
const ATTRIBUTE: u32 = 0x1a;
const DROPPED_ATTRIBUTES: u32 = 0x20;

/** Of the span. */
let exceptions: u32 = 0;

/** Another span begins. */
export function clearWireEvents(): void {
  exceptions = 0;
}

/**
 * Takes what is asked for of an exception; false where the event is not as usual: its name, which stands before its attributes,
 * may matter otherwise, or it is another exception.
 */
export function takeEvent(from: usize, end: usize): bool {
  let isNamed = false;
  let part = OF_NOTHING;
  for (let at = from; at < end; ) {
    const tag = <u32>load<u8>(at);
    at++;
    if (tag == TIME) at = end - at < 8 ? 0 : at + 8;
    else if (tag == DROPPED_ATTRIBUTES) at = numberEnd(at, end);
    else if (tag == NAME && !isNamed) {
      isNamed = true;
      at = bytesEnd(at, end);
      if (at == 0 || isTelling(bytesFrom, at - bytesFrom)) return false;
      if (isExceptionNamed(at - bytesFrom)) part = OF_EXCEPTION;
      if (part == OF_EXCEPTION && exceptions++ > 0) return false;
    } else if (tag == ATTRIBUTE && isNamed) {
      at = bytesEnd(at, end);
      if (at == 0 || !takePair(bytesFrom, at, part, true)) return false;
    } else return false;
    if (at == 0) return false;
  }
  return true;
}

function isExceptionNamed(length: usize): bool {
  return wantsExceptions && length == 9 && isLong(bytesFrom, 9, EXCEPTION_FIRST, EXCEPTION_LAST);
}

import { BOOLEAN, found, NUMBER, stringAt, WHOLE } from './attribute-value.ts';
import { setNumber } from './numbers.ts';
import { slotOf } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { bytesEnd, bytesFrom, number, numberEnd } from './wire-fields.ts';

/** Tags of KeyValue and AnyValue in opentelemetry/proto/common/v1/common.proto. */
const KEY: u8 = 0x0a;
const VALUE: u8 = 0x12;
const STRING_VALUE: u32 = 0x0a;
const BOOL_VALUE: u32 = 0x10;
const INT_VALUE: u32 = 0x18;
const DOUBLE_VALUE: u32 = 0x21;

const LARGEST_SAFE: u64 = 9007199254740991;

/**
 * Takes the value of an attribute of a part of a span, where it is asked for; false where it is not as usual. `isRead`: whoever
 * reads the part as an object reads all its values, and so are these.
 */
export function takePair(from: usize, end: usize, part: u32, isRead: bool): bool {
  if (load<u8>(from) != KEY) return false;
  const behind = bytesEnd(from + 1, end);
  if (behind == 0) return false;
  const slot = slotOf(part, bytesFrom, behind - bytesFrom);
  if (behind == end) return slot == 0;
  if (load<u8>(behind) != VALUE || bytesEnd(behind + 1, end) != end) return false;
  if (slot == 0 && (!isRead || bytesFrom == end)) return true;
  return readValue(bytesFrom, end) && (slot == 0 || takeValue(slot));
}

/** Makes a value of one plain field the last one. */
function readValue(from: usize, end: usize): bool {
  const at = from + 1;
  switch (<u32>load<u8>(from)) {
    case STRING_VALUE:
      if (bytesEnd(at, end) != end) return false;
      stringAt(bytesFrom, end, false);
      return true;
    case BOOL_VALUE:
      found(BOOLEAN, at, end);
      return end - at == 1 && load<u8>(at) < 128;
    case INT_VALUE:
      if (numberEnd(at, end) != end || number > LARGEST_SAFE) return false;
      setNumber(<f64>number);
      found(WHOLE, at, end);
      return true;
    case DOUBLE_VALUE:
      if (end - at != 8) return false;
      setNumber(load<f64>(at));
      found(NUMBER, at, end);
      return true;
    default:
      return false;
  }
}

import { setUnusual } from './attribute.ts';
import { stringAt } from './attribute-value.ts';
import { CLOSE_BRACE, QUOTE, ZERO } from './bytes.ts';
import {
  CODE,
  isLong,
  isShort,
  MESSAGE,
  STATUS_CODE_ERROR_LAST,
  STATUS_CODE_FIRST,
  STATUS_CODE_MIDDLE,
  STATUS_CODE_OK_LAST,
  STATUS_CODE_UNSET_LAST,
} from './names.ts';
import { messageSlot } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

export const UNSET: u32 = 0;
const OK: u32 = 1;
const ERROR: u32 = 2;
const ANOTHER: u32 = 3;

/** The code of the last status. */
export let statusCode: u32 = UNSET;

/** From the brace that opens a status to behind the one that closes it. Its message is taken where it is asked for. */
export function statusEnd(open: usize): usize {
  statusCode = UNSET;
  let codes = 0;
  let messages = 0;
  for (let item = firstItem(open + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const length = keyEnd - item - 1;
    const end = valueEnd(content);
    if (end == 0) return 0;
    if (length == 4 && isShort(item + 1, 4, CODE)) {
      statusCode = codeOf(content, end - content);
      if (statusCode == ANOTHER || codes++ > 0) setUnusual();
    } else if (length == 7 && isShort(item + 1, 7, MESSAGE)) {
      if (messages++ > 0 || !takeMessage(content, end)) setUnusual();
    } else setUnusual();
    item = nextItem(end, CLOSE_BRACE);
  }
  return closed;
}

/** An empty one is none. */
function takeMessage(at: usize, end: usize): bool {
  if (load<u8>(at) != QUOTE) return false;
  if (end - at == 2) return true;
  stringAt(at + 1, end - 1, escaped);
  return messageSlot != 0 && takeValue(messageSlot);
}

function codeOf(at: usize, length: usize): u32 {
  const first = load<u8>(at);
  if (first != QUOTE) return length == 1 && <u32>first - ZERO <= ERROR ? first - ZERO : ANOTHER;
  const name = at + 1;
  if (length == 16) return isLong(name, 14, STATUS_CODE_FIRST, STATUS_CODE_OK_LAST) ? OK : ANOTHER;
  if (length != 19 || load<u8>(name + 8) != STATUS_CODE_MIDDLE) return ANOTHER;
  if (isLong(name, 17, STATUS_CODE_FIRST, STATUS_CODE_UNSET_LAST)) return UNSET;
  return isLong(name, 17, STATUS_CODE_FIRST, STATUS_CODE_ERROR_LAST) ? ERROR : ANOTHER;
}

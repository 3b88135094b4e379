import { setUnusual } from './attribute.ts';
import { CLOSE_BRACE, QUOTE, ZERO } from './bytes.ts';
import {
  CODE,
  isLong,
  isShort,
  MESSAGE,
  STATUS_CODE_FIRST,
  STATUS_CODE_OK_LAST,
  STATUS_CODE_UNSET_LAST,
  STATUS_CODE_UNSET_MIDDLE,
} from './names.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

export const UNSET: u32 = 0;
export const OK: u32 = 1;
const ANOTHER: u32 = 2;

/** The code of the last status. */
export let statusCode: u32 = UNSET;

/** From the brace that opens a status to behind the one that closes it. One that says more than unset or ok is unusual. */
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
      if (load<u8>(content) != QUOTE || end - content != 2 || messages++ > 0) setUnusual();
    } else setUnusual();
    item = nextItem(end, CLOSE_BRACE);
  }
  return closed;
}

function codeOf(at: usize, length: usize): u32 {
  const first = load<u8>(at);
  if (first != QUOTE) return length == 1 && (first == ZERO || first == ZERO + 1) ? first - ZERO : ANOTHER;
  const name = at + 1;
  if (length == 16) return isLong(name, 14, STATUS_CODE_FIRST, STATUS_CODE_OK_LAST) ? OK : ANOTHER;
  const isUnset =
    length == 19 &&
    isLong(name, 17, STATUS_CODE_FIRST, STATUS_CODE_UNSET_LAST) &&
    load<u8>(name + 8) == STATUS_CODE_UNSET_MIDDLE;
  return isUnset ? UNSET : ANOTHER;
}

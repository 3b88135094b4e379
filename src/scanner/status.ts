import { setUnusual } from './attribute.ts';
import { stringAt } from './attribute-value.ts';
import { QUOTE, ZERO } from './bytes.ts';
import {
  isLong,
  STATUS_CODE_ERROR_LAST,
  STATUS_CODE_FIRST,
  STATUS_CODE_MIDDLE,
  STATUS_CODE_OK_LAST,
  STATUS_CODE_UNSET_LAST,
} from './names.ts';
import { messageSlot } from './plan.ts';
import { membersEnd, nameMember, OTLP_STATUS } from './records.ts';
import { takeValue } from './slot-values.ts';
import { escaped } from './strings.ts';
import { valueEnd } from './values.ts';

export const UNSET: u32 = 0;
const OK: u32 = 1;
const ERROR: u32 = 2;
const ANOTHER: u32 = 3;

const CODE: u32 = 1;
const MESSAGE: u32 = 2;

export function nameStatus(): void {
  nameMember(OTLP_STATUS, 'code', CODE);
  nameMember(OTLP_STATUS, 'message', MESSAGE);
}

/** The code of the last status. */
export let statusCode: u32 = UNSET;

/** From the brace that opens a status to behind the one that closes it. Its message is taken where it is asked for. */
export function statusEnd(open: usize): usize {
  statusCode = UNSET;
  return membersEnd(OTLP_STATUS, open, statusMemberEnd);
}

function statusMemberEnd(member: u32, at: usize): usize {
  const end = valueEnd(at);
  if (end == 0) return 0;
  if (member == CODE) statusCode = codeOf(at, end - at);
  const isUsual = member == CODE ? statusCode != ANOTHER : member == MESSAGE && takeMessage(at, end);
  if (!isUsual) setUnusual();
  return end;
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

import { attributeValueEnd, contentTo } from './attribute-value.ts';
import { CLOSE_BRACE, OPEN_BRACE, QUOTE } from './bytes.ts';
import { compactEnd, isKeyFirst, keyFrom, keyTo } from './compact.ts';
import { isShort, KEY, VALUE } from './names.ts';
import { isNobodys, OF_SPAN, slotOf } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { escaped, stringEnd } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/** Whether all attributes since `clearUnusual` were as a scanner reads them. */
export let isUsual: bool = true;

export function clearUnusual(): void {
  isUsual = true;
}

export function setUnusual(): void {
  isUsual = false;
}

/** The slot of the last attribute, from 1; 0 where nobody asks for it. */
export let slot: u32 = 0;

/** Whether the last attribute had its key, as far as it can be told without its escapes, and a value of one member, and nothing else. */
export let isPlain: bool = false;
/** Whether the key of such an attribute came last. */
export let isKeyLast: bool = false;
let isPlainKey: bool = false;

/** From the first byte of an attribute of a part of a span to behind its last; its value is taken where it is asked for. */
export function attributeEnd(at: usize, part: u32): usize {
  const end = compactEnd(at);
  if (end == 0) return spacedEnd(at, part);
  isPlain = true;
  isKeyLast = !isKeyFirst;
  slot = slotOf(part, keyFrom, keyTo - keyFrom);
  if (slot != 0 && !takeValue(slot)) isUsual = false;
  return end;
}

/** From behind the last value, before which there was nothing in its attribute of a span, to behind the attribute, likewise. */
export function behindFirstValue(at: usize): usize {
  return membersEnd(nextItem(at, CLOSE_BRACE), 1, OF_SPAN);
}

function spacedEnd(at: usize, part: u32): usize {
  if (load<u8>(at) != OPEN_BRACE) {
    isPlain = false;
    slot = 0;
    isUsual = false;
    return valueEnd(at);
  }
  const end = membersEnd(firstItem(at + 1, CLOSE_BRACE), 0, part);
  if (contentTo == 0) isPlain = false;
  return end;
}

/** From the first member of an attribute that is still to be read, or 0, to behind the attribute. */
function membersEnd(first: usize, valuesBefore: u32, part: u32): usize {
  isPlain = false;
  isPlainKey = false;
  slot = 0;
  let keys: u32 = 0;
  let values = valuesBefore;
  let others: u32 = 0;
  for (let item = first; item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const length = keyEnd - item - 1;
    let end: usize = 0;
    if (length == 3 && isShort(item + 1, 3, KEY)) {
      keys++;
      isKeyLast = values > 0;
      end = keyStringEnd(content, part);
    } else if (length == 5 && isShort(item + 1, 5, VALUE)) {
      values++;
      end = attributeValueEnd(content);
    } else {
      others++;
      end = valueEnd(content);
    }
    if (end == 0) return 0;
    item = nextItem(end, CLOSE_BRACE);
  }
  if (closed == 0) return 0;
  if (keys != 1 || values != 1 || others > 0) isUsual = false;
  else {
    if (slot != 0 && !takeValue(slot)) isUsual = false;
    isPlain = isPlainKey;
  }
  return closed;
}

function keyStringEnd(at: usize, part: u32): usize {
  isPlainKey = false;
  if (load<u8>(at) != QUOTE) {
    isUsual = false;
    return valueEnd(at);
  }
  const end = stringEnd(at + 1);
  if (end == 0) return 0;
  isPlainKey = !escaped || isNobodys(at + 1, end);
  if (!isPlainKey) isUsual = false;
  else if (!escaped) slot = slotOf(part, at + 1, end - at - 1);
  return end + 1;
}

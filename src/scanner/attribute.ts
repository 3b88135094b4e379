import { attributeValueEnd, contentTo } from './attribute-value.ts';
import { CLOSE_BRACE, OPEN_BRACE, QUOTE } from './bytes.ts';
import { compactEnd, isKeyFirst, keyFrom, keyTo } from './compact.ts';
import { isShort, KEY, VALUE } from './names.ts';
import { slotOf } from './plan.ts';
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

/** Whether the last attribute had first its key, without escapes, then a value of one member, and nothing else. */
export let isPlain: bool = false;
let isPlainKey: bool = false;

/** From the first byte of an attribute to behind its last; its value is taken where it is asked for. */
export function attributeEnd(at: usize): usize {
  const end = compactEnd(at);
  if (end == 0) return spacedEnd(at);
  isPlain = isKeyFirst;
  slot = slotOf(keyFrom, keyTo - keyFrom);
  if (slot != 0 && !takeValue(slot)) isUsual = false;
  return end;
}

function spacedEnd(at: usize): usize {
  isPlain = false;
  slot = 0;
  if (load<u8>(at) != OPEN_BRACE) {
    isUsual = false;
    return valueEnd(at);
  }
  let keys = 0;
  let values = 0;
  let others = 0;
  let keyCameFirst = false;
  for (let item = firstItem(at + 1, CLOSE_BRACE); item != 0; ) {
    const content = memberValue(item);
    if (content == 0) return 0;
    const length = keyEnd - item - 1;
    let end: usize = 0;
    if (length == 3 && isShort(item + 1, 3, KEY)) {
      keys++;
      end = keyStringEnd(content);
    } else if (length == 5 && isShort(item + 1, 5, VALUE)) {
      values++;
      keyCameFirst = keys == 1;
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
    isPlain = keyCameFirst && isPlainKey && contentTo != 0;
  }
  return closed;
}

function keyStringEnd(at: usize): usize {
  isPlainKey = false;
  if (load<u8>(at) != QUOTE) {
    isUsual = false;
    return valueEnd(at);
  }
  const end = stringEnd(at + 1);
  if (end == 0) return 0;
  isPlainKey = !escaped;
  if (isPlainKey) slot = slotOf(at + 1, end - at - 1);
  else isUsual = false;
  return end + 1;
}

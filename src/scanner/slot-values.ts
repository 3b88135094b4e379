import { answerHash, isPlainText, isVisible } from './answers.ts';
import {
  form,
  NESTED,
  NOTHING,
  NUMBER,
  ODD,
  STRING,
  valueEscaped,
  valueFrom,
  valueTo,
  WHOLE,
} from './attribute-value.ts';
import { countOf, find, intern, isNumberOf, newTable, noteOf, setNote } from './byte-strings.ts';
import { BACKSLASH, ZERO } from './bytes.ts';
import { blankNamed } from './host.ts';
import { allocate } from './memory.ts';
import { isCount, isInRange, negative, numberValue } from './numbers.ts';
import { AMOUNT, ANSWER, blankOf, CONSTANT, COUNT, PASSAGE, PRESENCE, slotCount, TEXT, useOf } from './plan.ts';

const LONGEST_CONSTANT: usize = 2048;
const LONGEST_TEXT: usize = 1024;
const SHORTEST_ANSWER: usize = 16;
const LONGEST_ANSWER: usize = 1024;
/** Different ones of one key. */
const MOST_CONSTANTS: u16 = 4096;
/** Of the constants of all keys. */
const CONSTANT_BYTES: u32 = 8 << 20;

/**
 * What the attributes of one span have for the slots of the plan: pairs of eight bytes each, a token, which goes into the pattern,
 * and a value. The highest bits of a token are the rank of its slot, so that tokens in order are slots in the order in which they
 * were first seen: as most spans have them.
 */
export let pairs: usize = 0;
export let pairCount: u32 = 0;
export const PAIR_BITS: usize = 4;
const VALUE: usize = 8;
let lastToken: u64 = 0;
let ordered: bool = true;

const RANK_BITS: u64 = 40;
/** What stands below the rank: a value that is not part of the pattern, nothing, null, a blank, or a constant in one of the forms. */
const HAS_VALUE: u64 = (<u64>1) << 39;
const IS_BLANK: u64 = (<u64>1) << 38;
const IS_NULL: u64 = (<u64>1) << 37;

/** Where the span begins: passages are found from there on. */
let spanStart: usize = 0;

/** Ranks by slot and slots by rank, 4 bytes each; both count from 1. */
let ranks: usize = 0;
let ranked: usize = 0;
let rankCount: u32 = 0;

/** Constants by slot and form; how many each slot has, and which one it had last: mostly it has that again. */
let constants: usize = 0;
let constantCounts: usize = 0;
let lastConstants: usize = 0;
export let texts: usize = 0;
/** Room for the digits of a whole number. */
let digits: usize = 0;
const MOST_DIGITS: usize = 16;

/** The tables for a plan that is complete. */
export function newSlotValues(): void {
  const slots = <usize>slotCount() + 1;
  pairs = allocate(slots << PAIR_BITS);
  ranks = allocate(slots * 4);
  ranked = allocate(slots * 4);
  constantCounts = allocate(slots * 2);
  lastConstants = allocate(slots * 4);
  constants = newTable(u32.MAX_VALUE, CONSTANT_BYTES);
  texts = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  digits = allocate(MOST_DIGITS);
}

/** Another span begins, at this byte. */
export function clearSlotValues(start: usize): void {
  spanStart = start;
  pairCount = 0;
  lastToken = 0;
  ordered = true;
}

/** The slot, from 1, that has a value in rows because of this token; 0 where it has none. */
export function valueSlot(token: u64): u32 {
  return hasValue(token) ? load<u32>(ranked + <usize>(token >> RANK_BITS) * 4) : 0;
}

export function hasValue(token: u64): bool {
  return (token & HAS_VALUE) != 0;
}

/** Takes the last attribute value; false where it is not what the plan expects. */
export function takeValue(slot: u32): bool {
  if (form == ODD) return false;
  if (form == NOTHING) return add(slot, IS_NULL, 0);
  // Compared one by one, the frequent ones first: a jump by number is foretold less often.
  const use = useOf(slot);
  if (use == CONSTANT) return isFiniteOrOther() && takeConstant(slot);
  if (use == PRESENCE) return isFiniteOrOther() && add(slot, 0, 0);
  if (use == TEXT) return form == STRING ? takeText(slot) : takeOther(slot);
  if (use == COUNT) return isNumber() && takeNumber(slot, true);
  if (use == PASSAGE) return form == STRING ? takePassage(slot) : isFiniteOrOther() && takeConstant(slot);
  if (use == AMOUNT) return isNumber() && takeNumber(slot, false);
  return use == ANSWER && form == STRING && takeAnswer(slot);
}

/** Brings the pairs into their order; false where a slot has two. */
export function orderSlotValues(): bool {
  if (ordered) return true;
  for (let i: u32 = 1; i < pairCount; i++) {
    const moved = v128.load(pairAt(i));
    const token = v128.extract_lane<u64>(moved, 0);
    let place = i;
    for (; place > 0 && load<u64>(pairAt(place - 1)) > token; place--) {
      v128.store(pairAt(place), v128.load(pairAt(place - 1)));
    }
    v128.store(pairAt(place), moved);
  }
  for (let i: u32 = 1; i < pairCount; i++) {
    if (load<u64>(pairAt(i - 1)) >> RANK_BITS == load<u64>(pairAt(i)) >> RANK_BITS) return false;
  }
  return true;
}

export function tokenAt(index: u32): u64 {
  return load<u64>(pairAt(index));
}

export function valueAt(index: u32): u64 {
  return load<u64>(pairAt(index), VALUE);
}

function pairAt(index: u32): usize {
  return pairs + ((<usize>index) << PAIR_BITS);
}

function add(slot: u32, kind: u64, value: u64): bool {
  // One more than there are slots: one of them is there twice.
  if (pairCount == slotCount()) return false;
  const token = ((<u64>rankOf(slot)) << RANK_BITS) | kind;
  const pair = pairAt(pairCount);
  store<u64>(pair, token);
  store<u64>(pair, value, VALUE);
  pairCount++;
  ordered = ordered && token >> RANK_BITS > lastToken >> RANK_BITS;
  lastToken = token;
  return true;
}

function rankOf(slot: u32): u32 {
  const at = ranks + <usize>slot * 4;
  const rank = load<u32>(at);
  if (rank != 0) return rank;
  rankCount++;
  store<u32>(at, rankCount);
  store<u32>(ranked + <usize>rankCount * 4, slot);
  return rankCount;
}

function isNumber(): bool {
  return form == NUMBER || form == WHOLE;
}

function isFiniteOrOther(): bool {
  return form != NUMBER || isInRange();
}

function takeNumber(slot: u32, whole: bool): bool {
  if (negative) return false;
  const value = numberValue();
  if (!isFinite(value) || (whole && !isCount(value))) return false;
  return add(slot, HAS_VALUE, reinterpret<u64>(value));
}

function takeConstant(slot: u32): bool {
  const length = valueTo - valueFrom;
  if (form == NESTED || length > LONGEST_CONSTANT) return false;
  const owner = (slot << 3) | form;
  const last = lastConstants + <usize>slot * 4;
  const expected = load<u32>(last);
  if (isNumberOf(constants, expected, owner, valueFrom, length)) return add(slot, <u64>expected, 0);
  const counts = constantCounts + <usize>slot * 2;
  const isFull = load<u16>(counts) >= MOST_CONSTANTS;
  const before = countOf(constants);
  const number = isFull
    ? find(constants, owner, valueFrom, length)
    : intern(constants, owner, valueFrom, length);
  if (number > before) store<u16>(counts, load<u16>(counts) + 1);
  store<u32>(last, number);
  return number != 0 && add(slot, <u64>number, 0);
}

function takeText(slot: u32): bool {
  const length = valueTo - valueFrom;
  if (length > LONGEST_TEXT) return false;
  const blank = blankOf(valueFrom, length);
  if (blank != 0) return add(slot, IS_BLANK | <u64>blank, 0);
  if (length == 0 || !hasVisibleEdges()) return false;
  const before = countOf(texts);
  const number = intern(texts, 0, valueFrom, length);
  if (number == 0) return false;
  if (valueEscaped) {
    // Written with escapes it may be a blank all the same: asked once a text.
    if (number > before) setNote(texts, number, blankNamed(valueFrom, length));
    if (noteOf(texts, number) != 0) return false;
  }
  return add(slot, HAS_VALUE, reinterpret<u64>(<f64>number));
}

/** What is not written as a text: a count is the text of its digits. */
function takeOther(slot: u32): bool {
  if (!isNumber()) return takeConstant(slot);
  const value = numberValue();
  if (!isFinite(value)) return false;
  if (!isCount(value)) return takeConstant(slot);
  const end = digits + MOST_DIGITS;
  let from = end;
  let rest = <u64>value;
  do {
    from--;
    store<u8>(from, ZERO + <u8>(rest % 10));
    rest /= 10;
  } while (rest != 0);
  if (blankOf(from, end - from) != 0) return false;
  const number = intern(texts, 0, from, end - from);
  return number != 0 && add(slot, HAS_VALUE, reinterpret<u64>(<f64>number));
}

function hasVisibleEdges(): bool {
  const first = load<u8>(valueFrom);
  if (first == BACKSLASH || !isVisible(first) || !isVisible(load<u8>(valueTo - 1))) return false;
  return !valueEscaped || !endsInEscape();
}

/** Whether the last character is written as an escape: a backslash that is not itself escaped stands two or six bytes before. */
function endsInEscape(): bool {
  if (isOddRun(valueTo - 2)) return true;
  return valueTo - valueFrom >= 6 && load<u8>(valueTo - 5) == 0x75 && isOddRun(valueTo - 6);
}

function isOddRun(last: usize): bool {
  let at = last;
  while (at >= valueFrom && load<u8>(at) == BACKSLASH) at--;
  return ((last - at) & 1) != 0;
}

/** An empty one is a blank of no number. */
function takePassage(slot: u32): bool {
  const length = <u64>(valueTo - valueFrom);
  if (length == 0) return add(slot, IS_BLANK, 0);
  return add(slot, HAS_VALUE, <u64>(valueFrom - spanStart) | (length << 32));
}

function takeAnswer(slot: u32): bool {
  const length = valueTo - valueFrom;
  if (length < SHORTEST_ANSWER || length > LONGEST_ANSWER || !isPlainText(valueFrom, length)) return false;
  return add(slot, HAS_VALUE, answerHash(valueFrom, length));
}

import { countOf, find, intern, newTable } from './byte-strings.ts';
import { BACKSLASH, QUOTE } from './bytes.ts';
import { allocate } from './memory.ts';

/** What a key's value is used for: `RowUse` of the model, by number. */
export const PRESENCE: u8 = 0;
export const CONSTANT: u8 = 1;
export const TEXT: u8 = 2;
export const COUNT: u8 = 3;
export const AMOUNT: u8 = 4;
export const ANSWER: u8 = 5;
export const PASSAGE: u8 = 6;

/** Parts of a span that have keys: its attributes, its status, and the attributes of its exception. */
export const OF_SPAN: u32 = 0;
const OF_STATUS: u32 = 1;
export const OF_EXCEPTION: u32 = 2;
/** Of which no keys are asked for. */
export const OF_NOTHING: u32 = 3;

/** Slots count from 1 in here. */
let keys: usize = 0;
/** Some key has a byte that JSON writes as an escape of two characters. */
let hasEscaped: bool = false;
/** The slot of the status message; 0 where nobody asks for it. */
export let messageSlot: u32 = 0;
/** Some attribute of an exception is asked for. */
export let wantsExceptions: bool = false;
let uses: usize = 0;
let blanks: usize = 0;
let events: usize = 0;
/** Lengths of blanks, as bits; the highest stands for all that are longer. */
let blankLengths: u64 = 0;

/** An empty plan, with room for so many keys, and as many blanks and events as there may be. */
export function newPlan(keyCount: u32): void {
  keys = newTable(keyCount, u32.MAX_VALUE);
  uses = allocate(<usize>keyCount + 1);
  blanks = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  events = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  messageSlot = 0;
  hasEscaped = false;
  wantsExceptions = false;
}

/** A key of a part of a span. The only one of a status is its message. */
export function addKey(at: usize, length: usize, part: u32, use: u8): void {
  const slot = intern(keys, part, at, length);
  store<u8>(uses + <usize>slot, use);
  for (let i: usize = 0; i < length; i++) hasEscaped = hasEscaped || isEscaped(load<u8>(at + i));
  if (part == OF_STATUS) messageSlot = slot;
  if (part == OF_EXCEPTION) wantsExceptions = true;
}

export function addBlank(at: usize, length: usize): void {
  intern(blanks, 0, at, length);
  blankLengths |= lengthBit(length);
}

export function addEvent(at: usize, length: usize): void {
  intern(events, 0, at, length);
}

/** The slot of a key of a part of a span, from 1; 0 where nobody asks for it. */
export function slotOf(part: u32, at: usize, length: usize): u32 {
  return find(keys, part, at, length);
}

/** Whether nobody can ask for a key, since each of its escapes stands for something that no key of the plan has. */
export function isNobodys(from: usize, to: usize): bool {
  if (hasEscaped) return false;
  for (let at = from; at < to; at++) {
    if (load<u8>(at) != BACKSLASH) continue;
    at++;
    if (!isShortEscape(load<u8>(at))) return false;
  }
  return true;
}

function isEscaped(byte: u8): bool {
  return byte < 0x20 || byte == QUOTE || byte == BACKSLASH;
}

/** Of what follows a backslash: it stands for something that is always escaped, unlike `/` and what is told by its number. */
function isShortEscape(byte: u8): bool {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}

export function useOf(slot: u32): u8 {
  return load<u8>(uses + <usize>slot);
}

export function slotCount(): u32 {
  return countOf(keys);
}

/** The number of a blank, from 1; 0 where the text says something. */
export function blankOf(at: usize, length: usize): u32 {
  return (blankLengths & lengthBit(length)) == 0 ? 0 : find(blanks, 0, at, length);
}

function lengthBit(length: usize): u64 {
  return (<u64>1) << (<u64>min(length, 63));
}

export function isTelling(at: usize, length: usize): bool {
  return find(events, 0, at, length) != 0;
}

import { bytesOf, countOf, intern, newTable } from './byte-strings.ts';
import { allocate } from './memory.ts';

/*
 * A lead is the text between the content of one attribute and that of the next, or the end of the list: `}},{"key":"a","value":
 * {"intValue":`, or `},"key":"a"},{"value":{"intValue":` where keys come last, or however it is spaced. It was read byte by byte
 * once, and what it means depends on nothing but where it begins. Spans are alike, so the leads that came behind a lead before are
 * compared with the text first; most of it is never read.
 */

/**
 * Where leads begin: at the bracket that opens the list, behind an attribute that has none, or directly behind the content of an
 * attribute's value, where that is of one member and the key is before it, or comes after it. For each kind of record: at the
 * bracket that opens it, or behind the content of a member.
 */
export const AT_LIST: u32 = 0;
export const BEHIND_ATTRIBUTE: u32 = 1;
export const BEHIND_CONTENT: u32 = 2;
export const BEFORE_KEY: u32 = 3;
const RECORD_BEGIN: u32 = 4;
const BEHIND_MEMBER: u32 = 5;
/** The first record of a lead that was learnt; those before stand for places. */
const FIRST: u32 = 32;
const PLACE_BITS: u32 = 5;

export function recordBegin(kind: u32): u32 {
  return RECORD_BEGIN + 2 * kind;
}

export function behindMember(kind: u32): u32 {
  return BEHIND_MEMBER + 2 * kind;
}

const MOST: u32 = 8192;
const MOST_BYTES: u32 = 1 << 20;
const LONGEST: usize = 512;

const TEXT: usize = 0;
const LENGTH: usize = 4;
const LINES: usize = 8;
/** The slot of the attribute, or the member, that a lead leads to; 0 for one that nobody asks for, or whose key is not there yet. */
const SLOT: usize = 12;
/** The slot of the attribute that ends in the lead, where its key is there. */
const SLOT_BEFORE: usize = 16;
/** The member of the value that it leads to, and the place where the next lead begins. */
const MEMBER: usize = 20;
const PLACE: usize = 21;
const NEXT_COUNT: usize = 22;
const NEXT: usize = 24;
const MOST_NEXT: u32 = 10;
const RECORD: usize = 64;

/** In place of a member: the list ends. */
export const LIST_END: u32 = 0xff;

/**
 * Where attributes or members come in any order, leads are not worth looking for: what that costs is earned by those that are found.
 * Each of the two has a credit of its own.
 */
export const OF_ATTRIBUTES: usize = 0;
export const OF_MEMBERS: usize = 4;
const COST: i32 = 8;
const COST_OF_SEARCH: i32 = 3;
const MOST_CREDIT: i32 = 4096;
let credits: usize = 0;

let table: usize = 0;
let records: usize = 0;

export function newLeads(): void {
  credits = allocate(8);
  store<i32>(credits + OF_ATTRIBUTES, MOST_CREDIT);
  store<i32>(credits + OF_MEMBERS, MOST_CREDIT);
  table = newTable(MOST, MOST_BYTES);
  records = allocate((<usize>MOST + FIRST) * RECORD);
  for (let place: u32 = 0; place < FIRST; place++) store<u8>(records + <usize>place * RECORD, <u8>place, PLACE);
}

/** Stands for whatever comes before a list, or for an attribute that no lead leads to; 0 where leads are not worthwhile. */
export function leadOf(place: u32, credit: usize): usize {
  return load<i32>(credits + credit) < COST ? 0 : records + <usize>place * RECORD;
}

/** Another list or record begins. */
export function earnLeads(credit: usize): void {
  store<i32>(credits + credit, min(load<i32>(credits + credit) + 1, MOST_CREDIT));
}

@inline
function spend(credit: usize, cost: i32): i32 {
  const left = load<i32>(credits + credit) - cost;
  store<i32>(credits + credit, left);
  return left;
}

export function slotBehind(lead: usize): u32 {
  return load<u32>(lead, SLOT);
}

export function slotBefore(lead: usize): u32 {
  return load<u32>(lead, SLOT_BEFORE);
}

export function memberBehind(lead: usize): u32 {
  return load<u8>(lead, MEMBER);
}

/** Whether the key of the attribute that a lead leads to comes behind its value. */
export function isBeforeKey(lead: usize): bool {
  return load<u8>(lead, PLACE) == BEFORE_KEY;
}

export function linesOfLead(lead: usize): u32 {
  return load<u32>(lead, LINES);
}

export function lengthOfLead(lead: usize): usize {
  return load<u32>(lead, LENGTH);
}

/** The lead that stands at `at`, out of those that came behind this one before; 0 where it is none of them. */
@inline
export function nextLead(lead: usize, at: usize, credit: usize): usize {
  const first = <usize>load<u32>(lead, NEXT);
  if (first == 0 || !stands(first, at)) return otherLead(lead, at, credit);
  spend(credit, -1);
  return first;
}

function otherLead(lead: usize, at: usize, credit: usize): usize {
  const count = <u32>load<u8>(lead, NEXT_COUNT);
  for (let i: u32 = 1; i < count; i++) {
    const next = <usize>load<u32>(lead + ((<usize>i) << 2), NEXT);
    if (!stands(next, at)) continue;
    // The name of a member is short: it is read in the time that two or three leads take.
    spend(credit, credit == OF_MEMBERS ? <i32>i - 1 : -1);
    return next;
  }
  spend(credit, COST_OF_SEARCH);
  return 0;
}

/** Whether a lead stands there: up to 64 bytes are compared with two or four vectors at once, which may lie over each other. */
function stands(lead: usize, at: usize): bool {
  const text = <usize>load<u32>(lead, TEXT);
  const length = <usize>load<u32>(lead, LENGTH);
  const start = v128.xor(v128.load(at), v128.load(text));
  if (length < 16) return ctz(~i8x16.bitmask(i8x16.eq(start, i8x16.splat(0)))) >= <i32>length;
  const last = length - 16;
  const end = v128.xor(v128.load(at + last), v128.load(text + last));
  if (last <= 16) return !v128.any_true(v128.or(start, end));
  const later = min(<usize>32, last);
  const rest = v128.or(
    v128.xor(v128.load(at, 16), v128.load(text, 16)),
    v128.xor(v128.load(at + later), v128.load(text + later)),
  );
  if (v128.any_true(v128.or(v128.or(start, rest), end))) return false;
  for (let i: usize = 48; i < last; i += 16) {
    if (v128.any_true(v128.xor(v128.load(at + i), v128.load(text + i)))) return false;
  }
  return true;
}

/**
 * Remembers that a text with so many line feeds came behind a lead, which attribute ended in it, what it led to, and at which
 * place the next one begins; 0 where there is no room for it.
 */
export function learn(
  behind: usize,
  from: usize,
  to: usize,
  lines: u32,
  before: u32,
  slot: u32,
  member: u32,
  place: u32,
  credit: usize,
): usize {
  const length = to - from;
  if (spend(credit, COST) < 0 || length > LONGEST) return 0;
  const known = countOf(table);
  const number = intern(table, ownerOf(behind, place), from, length);
  if (number == 0) return 0;
  const lead = records + <usize>(FIRST + number - 1) * RECORD;
  if (number > known) {
    store<u32>(lead, <u32>bytesOf(table, number), TEXT);
    store<u32>(lead, <u32>length, LENGTH);
    store<u32>(lead, lines, LINES);
    store<u32>(lead, slot, SLOT);
    store<u32>(lead, before, SLOT_BEFORE);
    store<u8>(lead, <u8>member, MEMBER);
    store<u8>(lead, <u8>place, PLACE);
  }
  follow(behind, lead);
  return lead;
}

/** What tells a lead from others of the same text: where it begins, and, where no key is in it, the lead with the last key. */
function ownerOf(behind: usize, place: u32): u32 {
  const from = <u32>load<u8>(behind, PLACE);
  const isKeyless = place == BEFORE_KEY && from != BEFORE_KEY;
  return isKeyless ? (<u32>((behind - records) / RECORD) << PLACE_BITS) | BEFORE_KEY : from;
}

function follow(behind: usize, lead: usize): void {
  const count = <u32>load<u8>(behind, NEXT_COUNT);
  // One that came late is more likely to come again than another one that did.
  const place = min(count, MOST_NEXT - 1);
  store<u32>(behind + ((<usize>place) << 2), <u32>lead, NEXT);
  store<u8>(behind, <u8>(place + 1), NEXT_COUNT);
}

import { addLines } from './blanks.ts';
import { bytesOf, countOf, intern, newTable } from './byte-strings.ts';
import { allocate } from './memory.ts';

/*
 * A lead is the text between the content of one attribute and that of the next, or the end of the list: `}},{"key":"a","value":
 * {"intValue":` or however it is spaced. It was read byte by byte once, and what it means depends on nothing but where it begins.
 * Spans are alike, so the leads that came behind a lead before are compared with the text first; most of it is never read.
 */

/** Where leads begin: at the bracket that opens the list, or directly behind the content of a value's only member. */
export const AT_LIST: u32 = 0;
export const BEHIND_CONTENT: u32 = 1;
const PLACES: u32 = 2;

const MOST: u32 = 8192;
const MOST_BYTES: u32 = 1 << 20;
const LONGEST: usize = 512;

/** What a lead leads to: an attribute's slot (0 for a key that nobody asks for) and the member of its value; or the list ends. */
const TEXT: usize = 0;
const LENGTH: usize = 4;
const LINES: usize = 8;
const SLOT: usize = 12;
const MEMBER: usize = 16;
const NEXT_COUNT: usize = 20;
const NEXT: usize = 24;
const MOST_NEXT: u32 = 10;
const RECORD: usize = 64;

/** In place of a member: the list ends. */
export const LIST_END: u32 = 0xff;

let table: usize = 0;
let records: usize = 0;

export function newLeads(): void {
  table = newTable(MOST, MOST_BYTES);
  records = allocate((<usize>MOST + PLACES + 1) * RECORD);
}

/** Stands for all leads that begin at a list. */
export function listLead(): usize {
  return records;
}

export function slotBehind(lead: usize): u32 {
  return load<u32>(lead, SLOT);
}

export function memberBehind(lead: usize): u32 {
  return load<u32>(lead, MEMBER);
}

export function lengthOfLead(lead: usize): usize {
  return load<u32>(lead, LENGTH);
}

/** The lead that stands at `at`, out of those that came behind this one before; 0 where it is none of them. */
export function nextLead(lead: usize, at: usize): usize {
  const count = load<u32>(lead, NEXT_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const next = <usize>load<u32>(lead + ((<usize>i) << 2), NEXT);
    if (stands(next, at)) {
      addLines(load<u32>(next, LINES));
      return next;
    }
  }
  return 0;
}

@inline
function stands(lead: usize, at: usize): bool {
  const text = <usize>load<u32>(lead, TEXT);
  const length = <usize>load<u32>(lead, LENGTH);
  const start = v128.xor(v128.load(at), v128.load(text));
  if (length < 16) return ctz(~i8x16.bitmask(i8x16.eq(start, i8x16.splat(0)))) >= <i32>length;
  const last = length - 16;
  const middle = min(<usize>16, last);
  const later = min(<usize>32, last);
  const rest = v128.or(
    v128.xor(v128.load(at + middle), v128.load(text + middle)),
    v128.xor(v128.load(at + later), v128.load(text + later)),
  );
  const end = v128.xor(v128.load(at + last), v128.load(text + last));
  if (v128.any_true(v128.or(v128.or(start, rest), end))) return false;
  for (let i: usize = 48; i < last; i += 16) {
    if (v128.any_true(v128.xor(v128.load(at + i), v128.load(text + i)))) return false;
  }
  return true;
}

/**
 * Remembers that a text of so many line feeds came behind a lead (0: it is not known behind which), and what it led to. Says
 * which lead it is; 0 where there is no room for it.
 */
export function learn(
  behind: usize,
  place: u32,
  from: usize,
  to: usize,
  lines: u32,
  slot: u32,
  member: u32,
): usize {
  const length = to - from;
  if (length > LONGEST) return 0;
  const before = countOf(table);
  const number = intern(table, place, from, length);
  if (number == 0) return 0;
  const lead = records + (<usize>number) * RECORD;
  if (number > before) {
    store<u32>(lead, <u32>bytesOf(table, number), TEXT);
    store<u32>(lead, <u32>length, LENGTH);
    store<u32>(lead, lines, LINES);
    store<u32>(lead, slot, SLOT);
    store<u32>(lead, member, MEMBER);
  }
  if (behind != 0) follow(behind, lead);
  return lead;
}

function follow(behind: usize, lead: usize): void {
  const count = load<u32>(behind, NEXT_COUNT);
  // One that came late is more likely to come again than another one that did.
  const place = min(count, MOST_NEXT - 1);
  store<u32>(behind + ((<usize>place) << 2), <u32>lead, NEXT);
  store<u32>(behind, place + 1, NEXT_COUNT);
}

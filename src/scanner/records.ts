import { setUnusual } from './attribute.ts';
import { plainValueEnd } from './attribute-value.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, sameBytes } from './bytes.ts';
import { fail } from './failure.ts';
import { inspectedEnd, inspectedMember, isUndefined, keyFrom, keyTo } from './inspect-values.ts';
import {
  behindMember,
  earnLeads,
  leadOf,
  learn,
  lengthOfLead,
  linesOfLead,
  LIST_END,
  memberBehind,
  nextLead,
  OF_ATTRIBUTES,
  OF_MEMBERS,
  recordBegin,
  slotBehind,
} from './leads.ts';
import { allocate } from './memory.ts';
import { isShort, MLFLOW } from './names.ts';
import { isNobodys, OF_SPAN, slotOf } from './plan.ts';
import { takeValue } from './slot-values.ts';
import { escaped } from './strings.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem } from './values.ts';

/*
 * Records of known kinds: spans of every format, and what stands in them. What the names of their members mean is in one table,
 * and how members come one after another is remembered as leads.
 */

/** Kinds of records: in JSON, and from `NODE` on as `util.inspect` of Node prints them. */
export const OTLP: u32 = 0;
export const OTLP_STATUS: u32 = 1;
export const FLAT: u32 = 2;
export const PYTHON: u32 = 3;
export const PYTHON_IDS: u32 = 4;
export const PYTHON_STATUS: u32 = 5;
const ATTRIBUTES: u32 = 6;
export const NODE: u32 = 7;
export const NODE_PARENT: u32 = 8;
export const NODE_STATUS: u32 = 9;
const NODE_ATTRIBUTES: u32 = 10;
const KINDS: u32 = 11;

/** In place of a member: any other. */
export const UNKNOWN: u32 = 0;

/** Reads the content of a member, from its first byte to behind its last. */
export type ReadMember = (member: u32, at: usize) => usize;

/** Members of the record that is being read, or was read last, as bits; none of attributes. */
export let seen: u32 = 0;

/** A name: its bytes, the member that it is, and another name of the same length, by which and by the kind it is found. */
const NAME_BYTES: usize = 32;
const MEMBER: usize = 32;
const OTHER: usize = 36;
const NAME_SIZE: usize = 40;
let names: usize = 0;

export function newRecords(): void {
  names = allocate(<usize>KINDS * NAME_BYTES * 4);
}

/** In records of this kind a member, from 1, has this name. */
export function nameMember(kind: u32, name: string, member: u32): void {
  const entry = allocate(NAME_SIZE);
  for (let i = 0; i < name.length; i++) store<u8>(entry + i, <u8>name.charCodeAt(i));
  const first = namesOf(kind, name.length);
  store<u32>(entry, member, MEMBER);
  store<u32>(entry, load<u32>(first), OTHER);
  store<u32>(first, <u32>entry);
}

@inline
function namesOf(kind: u32, length: usize): usize {
  return names + ((<usize>kind * NAME_BYTES + length) << 2);
}

/**
 * From the bracket that opens a record to behind the one that closes it. Spans that stand for themselves have members with these
 * names and no others, each once, or are refused; elsewhere a second one, and a name with escapes, is unusual.
 */
export function membersEnd(kind: u32, open: usize, read: ReadMember): usize {
  return walk(kind, false, open, read);
}

/**
 * Attributes that are members of a record. Keys with escapes are refused where these may be any, and keys by which another format
 * is known.
 */
export function recordAttributesEnd(open: usize): usize {
  return walk(ATTRIBUTES, true, open, plainAttributeEnd);
}

/** The same where Node printed them. */
export function nodeAttributesEnd(open: usize): usize {
  return walk(NODE_ATTRIBUTES, true, open, inspectedAttributeEnd);
}

@inline
function walk(kind: u32, isKeyed: bool, open: usize, read: ReadMember): usize {
  const isClosed = kind == FLAT || kind == PYTHON || kind == NODE;
  const credit = isKeyed ? OF_ATTRIBUTES : OF_MEMBERS;
  earnLeads(credit);
  let own: u32 = 0;
  let at = open;
  let lead = leadOf(recordBegin(kind), credit);
  while (true) {
    const next: usize = lead == 0 ? 0 : nextLead(lead, at, credit);
    let member: u32 = UNKNOWN;
    if (next != 0) {
      at += lengthOfLead(next);
      setLine(line + linesOfLead(next));
      if (memberBehind(next) == LIST_END) break;
      member = slotBehind(next);
      lead = next;
      // A lead may be the same but for more white space at its end.
      at = token(at);
    } else {
      const firstLine = line;
      const item = at == open ? firstItem(at + 1, CLOSE_BRACE) : nextItem(at, CLOSE_BRACE);
      if (item == 0) {
        if (closed == 0) return 0;
        if (lead != 0) learn(lead, at, closed, line - firstLine, 0, 0, LIST_END, recordBegin(kind), credit);
        at = closed;
        break;
      }
      const content = kind >= NODE ? inspectedMember(item) : memberValue(item);
      if (content == 0) return 0;
      const isEscaped = kind < NODE && escaped;
      if (!isEscaped) member = kind >= NODE ? memberNamed(kind, keyFrom, keyTo) : memberNamed(kind, item + 1, keyEnd);
      if (isKeyed ? kind == ATTRIBUTES && isForeign(item + 1) : isClosed && member == UNKNOWN) return fail(item);
      const isOdd = isEscaped && !isKeyed;
      if (isOdd) setUnusual();
      if (lead != 0) lead = isOdd ? 0 : learn(lead, at, content, line - firstLine, 0, member, 0, behindMember(kind), credit);
      if (lead == 0) lead = leadOf(behindMember(kind), credit);
      at = content;
    }
    if (!isKeyed && member != UNKNOWN) {
      if (((own >> member) & 1) != 0) {
        if (isClosed) return fail(at);
        setUnusual();
      }
      own |= 1 << member;
      seen = own;
    }
    // Called by their names, these two become part of the walk.
    if (!isKeyed) at = read(member, at);
    else at = kind == ATTRIBUTES ? plainAttributeEnd(member, at) : inspectedAttributeEnd(member, at);
    if (at == 0) return 0;
  }
  seen = own;
  return at;
}

function plainAttributeEnd(slot: u32, at: usize): usize {
  const end = plainValueEnd(at);
  if (end != 0 && slot != 0 && !takeValue(slot)) setUnusual();
  return end;
}

function inspectedAttributeEnd(slot: u32, at: usize): usize {
  const end = inspectedEnd(at);
  if (end != 0 && slot != 0 && !isUndefined && !takeValue(slot)) setUnusual();
  return end;
}

/** The member of this name; in records of attributes the slot of the key. */
function memberNamed(kind: u32, from: usize, to: usize): u32 {
  const length = to - from;
  if (kind == ATTRIBUTES || kind == NODE_ATTRIBUTES) return slotOf(OF_SPAN, from, length);
  if (length >= NAME_BYTES) return UNKNOWN;
  for (let name = <usize>load<u32>(namesOf(kind, length)); name != 0; name = load<u32>(name, OTHER)) {
    if (sameBytes(name, from, length)) return load<u32>(name, MEMBER);
  }
  return UNKNOWN;
}

/** Whether a key may be another one than it seems, or is one of MLflow: flat records with such keys are of another format. */
function isForeign(key: usize): bool {
  if (escaped && !isNobodys(key, keyEnd)) return true;
  return keyEnd - key > 7 && isShort(key, 7, MLFLOW);
}

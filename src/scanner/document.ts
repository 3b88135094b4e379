import { lookAhead, found } from './ahead.ts';
import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, LINE_FEED, OPEN_BRACE, OPEN_BRACKET, SPACE } from './bytes.ts';
import { context, noResource, noScope, resource, resourceEnd, scopeEnd } from './contexts.ts';
import { fail } from './failure.ts';
import {
  isLong,
  isShort,
  RESOURCE,
  RESOURCE_SPANS_LAST,
  SCHEMA_URL_FIRST,
  SCHEMA_URL_LAST,
  SCOPE,
  SCOPE_SPANS_FIRST,
  SCOPE_SPANS_LAST,
  SPANS,
} from './names.ts';
import { isFull } from './rows.ts';
import { spanEnd } from './span.ts';
import { closed, firstItem, keyEnd, memberValue, nextItem, valueEnd } from './values.ts';

/*
 * Walks through documents in steps. Behind each of them the walk can go on with other bytes in the window: at the beginning of a
 * line, before an item of a list, before a member of a record. A step that does not reach its end changes nothing but the line.
 */

/** What comes next: a line, an item of one of the lists, a member of one of the records in them, or the end. */
const BETWEEN: u32 = 0;
const RESOURCE_SPANS: u32 = 1;
const IN_RESOURCE: u32 = 2;
const SCOPE_SPANS: u32 = 3;
const IN_SCOPE: u32 = 4;
const SPAN_LIST: u32 = 5;
const DOCUMENT_END: u32 = 6;
const LINE_END: u32 = 7;

/** Members of a resource or scope. */
const STRANGE: u32 = 0;
const DESCRIPTION: u32 = 1;
const LIST: u32 = 2;
const SCHEMA_URL: u32 = 4;

let expected: u32 = BETWEEN;
/** Nothing of the list or record was read yet. */
let isFirst: bool = true;
/** Members of the current resource and scope that were read, as bits. */
let seenInResource: u32 = 0;
let seenInScope: u32 = 0;
/** Whether it is known which ones they are: that may stand behind what they own. */
let knowsResource: bool = false;
let knowsScope: bool = false;

/** The next byte is the first of a line. */
export function expectLine(): void {
  expected = BETWEEN;
}

/** No document is open. */
export function isBetween(): bool {
  return expected == BETWEEN;
}

/** The document is complete, and nothing was found yet of what may not stand behind it on its line. */
export function isComplete(): bool {
  return expected == LINE_END;
}

/** No span can be taken, though one may come. */
export function isHeldUp(): bool {
  return expected == SPAN_LIST && isFull();
}

/** One step on; 0 where it did not reach its end. */
export function step(at: usize, window: usize, end: usize): usize {
  switch (expected) {
    case BETWEEN:
      return lineStep(at);
    case RESOURCE_SPANS:
      return elementStep(at, IN_RESOURCE, DOCUMENT_END);
    case IN_RESOURCE:
      return resourceStep(at, end);
    case SCOPE_SPANS:
      return elementStep(at, IN_SCOPE, IN_RESOURCE);
    case IN_SCOPE:
      return scopeStep(at, end);
    case SPAN_LIST:
      return spanStep(at, window);
    case DOCUMENT_END:
      return documentEndStep(at);
    default:
      return lineEndStep(at);
  }
}

/** Behind the blanks of a line. */
export function behindLineBlanks(from: usize): usize {
  let at = from;
  for (let byte = load<u8>(at); byte == SPACE || byte == 0x09 || byte == 0x0d; byte = load<u8>(at)) at++;
  return at;
}

/** A line without anything, or the beginning of a document. */
function lineStep(from: usize): usize {
  const at = behindLineBlanks(from);
  if (load<u8>(at) == LINE_FEED) {
    setLine(line + 1);
    return at + 1;
  }
  if (load<u8>(at) != OPEN_BRACE) return fail(at);
  const item = token(at + 1);
  const list = memberValue(item);
  if (list == 0) return 0;
  const isRequest = keyEnd - item == 14 && isLong(item + 1, 13, RESOURCE, RESOURCE_SPANS_LAST);
  return isRequest ? opened(list, OPEN_BRACKET, RESOURCE_SPANS) : fail(item);
}

function elementStep(from: usize, inner: u32, outer: u32): usize {
  const item = itemIn(from, CLOSE_BRACKET);
  if (item == 0) return closedInto(outer);
  const at = opened(item, OPEN_BRACE, inner);
  if (at == 0) return 0;
  if (inner == IN_RESOURCE) {
    seenInResource = 0;
    knowsResource = false;
  } else {
    seenInScope = 0;
    knowsScope = false;
  }
  return at;
}

function resourceStep(from: usize, end: usize): usize {
  const item = itemIn(from, CLOSE_BRACE);
  if (item == 0) return closedInto(RESOURCE_SPANS);
  const content = memberValue(item);
  if (content == 0) return 0;
  const member = inResource(item + 1, keyEnd - item - 1);
  if (member == STRANGE || (seenInResource & member) != 0) return fail(item);
  let at: usize = 0;
  if (member == SCHEMA_URL) at = valueEnd(content);
  else if (member == LIST) {
    if (!knowsResource && !findResource(content, end)) return 0;
    at = opened(content, OPEN_BRACKET, SCOPE_SPANS);
  } else at = readResource(content);
  return behindMember(at, member, true);
}

function scopeStep(from: usize, end: usize): usize {
  const item = itemIn(from, CLOSE_BRACE);
  if (item == 0) return closedInto(SCOPE_SPANS);
  const content = memberValue(item);
  if (content == 0) return 0;
  const member = inScope(item + 1, keyEnd - item - 1);
  if (member == STRANGE || (seenInScope & member) != 0) return fail(item);
  let at: usize = 0;
  if (member == SCHEMA_URL) at = valueEnd(content);
  else if (member == LIST) {
    if (!knowsScope && !findScope(content, end)) return 0;
    at = opened(content, OPEN_BRACKET, SPAN_LIST);
  } else at = readScope(content);
  return behindMember(at, member, false);
}

function spanStep(from: usize, window: usize): usize {
  const item = itemIn(from, CLOSE_BRACKET);
  if (item == 0) return closedInto(IN_SCOPE);
  if (load<u8>(item) != OPEN_BRACE) return fail(item);
  const at = spanEnd(item, window, context());
  if (at != 0) isFirst = false;
  return at;
}

function documentEndStep(from: usize): usize {
  const at = token(from);
  if (load<u8>(at) != CLOSE_BRACE) return fail(at);
  expected = LINE_END;
  return at + 1;
}

function lineEndStep(from: usize): usize {
  const at = behindLineBlanks(from);
  if (load<u8>(at) != LINE_FEED) return fail(at);
  setLine(line + 1);
  expected = BETWEEN;
  return at + 1;
}

function itemIn(from: usize, close: u8): usize {
  return isFirst ? firstItem(from, close) : nextItem(from, close);
}

function opened(at: usize, bracket: u8, inner: u32): usize {
  if (load<u8>(at) != bracket) return fail(at);
  expected = inner;
  isFirst = true;
  return at + 1;
}

/** Behind a list or record that was just closed; 0 where that did not happen. */
function closedInto(outer: u32): usize {
  if (closed == 0) return 0;
  expected = outer;
  isFirst = false;
  return closed;
}

function behindMember(at: usize, member: u32, ofResource: bool): usize {
  if (at == 0) return 0;
  if (member != LIST) isFirst = false;
  if (ofResource) seenInResource |= member;
  else seenInScope |= member;
  return at;
}

function readResource(at: usize): usize {
  const end = load<u8>(at) == OPEN_BRACE ? resourceEnd(at) : fail(at);
  if (end != 0) knowsResource = true;
  return end;
}

function readScope(at: usize): usize {
  const end = load<u8>(at) == OPEN_BRACE ? scopeEnd(at, resource) : fail(at);
  if (end != 0) knowsScope = true;
  return end;
}

/** Finds out which resource owns a list that stands before it. */
function findResource(list: usize, end: usize): bool {
  if (!lookAhead(list, end, RESOURCE, 8)) return false;
  const before = line;
  knowsResource = found == 0 ? noResource(list) : readResource(found) != 0;
  setLine(before);
  return knowsResource;
}

function findScope(list: usize, end: usize): bool {
  if (!lookAhead(list, end, SCOPE, 5)) return false;
  const before = line;
  knowsScope = found == 0 ? noScope(list, resource) : readScope(found) != 0;
  setLine(before);
  return knowsScope;
}

function inResource(at: usize, length: usize): u32 {
  if (length == 8) return isShort(at, 8, RESOURCE) ? DESCRIPTION : STRANGE;
  if (length == 10) return isLong(at, 10, SCOPE_SPANS_FIRST, SCOPE_SPANS_LAST) ? LIST : STRANGE;
  return isSchemaUrl(at, length) ? SCHEMA_URL : STRANGE;
}

function inScope(at: usize, length: usize): u32 {
  if (length == 5) return isShort(at, 5, SCOPE) ? DESCRIPTION : isShort(at, 5, SPANS) ? LIST : STRANGE;
  return isSchemaUrl(at, length) ? SCHEMA_URL : STRANGE;
}

function isSchemaUrl(at: usize, length: usize): bool {
  return length == 9 && isLong(at, 9, SCHEMA_URL_FIRST, SCHEMA_URL_LAST);
}

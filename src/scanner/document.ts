import { line, setLine, token } from './blanks.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, LINE_FEED, OPEN_BRACE, OPEN_BRACKET, SPACE } from './bytes.ts';
import { FLAT_SPAN, NODE_SPAN, PYTHON_SPAN, REQUEST } from './document-kinds.ts';
import { fail } from './failure.ts';
import { flatSpanEnd } from './flat-span.ts';
import {
  CONTEXT,
  isLong,
  isShort,
  NAME,
  RESOURCE,
  RESOURCE_SPANS_LAST,
  SCHEMA_URL_FIRST,
  SCHEMA_URL_LAST,
  SCOPE,
  SCOPE_SPANS_FIRST,
  SCOPE_SPANS_LAST,
  SPANS,
} from './names.ts';
import {
  beginResource,
  beginScope,
  endResource,
  endScope,
  findResource,
  findScope,
  forgetWaiting,
  isResourceKnown,
  isScopeKnown,
  readResource,
  readScope,
  spanContext,
} from './owners.ts';
import { nodeSpanEnd } from './node-span.ts';
import { pythonSpanEnd } from './python-span.ts';
import { isFull, keepRows, rowCount } from './rows.ts';
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
/** The context of spans that come now. */
let owner: u32 = 0;

/** Where rows began to wait for their context, as the walk was then; `retryLevel` says in which record, if they do. */
let retryLevel: u32 = BETWEEN;
let retryAt: usize = 0;
let retryLine: u32 = 0;
let retryRows: u32 = 0;
let retryIsFirst: bool = false;
let retrySeenInResource: u32 = 0;
let retrySeenInScope: u32 = 0;
/** The next list whose owner is not known is not read before that is found. */
let looksAhead: bool = false;

/** The next byte is the first of a line. */
export function expectLine(): void {
  expected = BETWEEN;
  retryLevel = BETWEEN;
  looksAhead = false;
}

/** The kinds of documents that were read to their end since `clearEnded`, in the order of the first of each: four bits a kind. */
export let ended: u32 = 0;
let endedBits: u32 = 0;
let isEnded: u32 = 0;
let documentKind: u32 = REQUEST;

export function clearEnded(): void {
  ended = 0;
  endedBits = 0;
  isEnded = 0;
}

/** The document is over, and so is its line. */
export function endDocument(): void {
  expected = BETWEEN;
  if ((isEnded & (1 << documentKind)) != 0) return;
  isEnded |= 1 << documentKind;
  ended |= documentKind << endedBits;
  endedBits += 4;
}

/** No document is open. */
export function isBetween(): bool {
  return expected == BETWEEN;
}

/** A request is open: how its lines stand is for others to find out. */
export function isInRequest(): bool {
  return expected != BETWEEN && documentKind == REQUEST;
}

/** The document is complete, and nothing was found yet of what may not stand behind it on its line. */
export function isComplete(): bool {
  return expected == LINE_END;
}

/** No span can be taken, though one may come. */
export function isHeldUp(): bool {
  return (expected == SPAN_LIST || expected == BETWEEN) && isFull();
}

/** There are rows that wait for their context, which cannot be handed out like that. */
export function isRetryable(): bool {
  return retryLevel != BETWEEN;
}

/** Back to where the first of them was read: it is read again, as soon as its context has been found ahead. */
export function retry(): usize {
  expected = retryLevel;
  isFirst = retryIsFirst;
  seenInResource = retrySeenInResource;
  seenInScope = retrySeenInScope;
  setLine(retryLine);
  keepRows(retryRows);
  forgetWaiting();
  retryLevel = BETWEEN;
  looksAhead = true;
  return retryAt;
}

/** Rows begin to wait, unless some do already. */
function remember(at: usize, firstLine: u32): void {
  if (retryLevel != BETWEEN) return;
  retryLevel = expected;
  retryAt = at;
  retryLine = firstLine;
  retryRows = rowCount;
  retryIsFirst = isFirst;
  retrySeenInResource = seenInResource;
  retrySeenInScope = seenInScope;
}

/** One step on; 0 where it did not reach its end. */
export function step(at: usize, window: usize, end: usize): usize {
  switch (expected) {
    case BETWEEN:
      return lineStep(at, window);
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
function lineStep(from: usize, window: usize): usize {
  const at = behindLineBlanks(from);
  if (load<u8>(at) == LINE_FEED) {
    setLine(line + 1);
    return at + 1;
  }
  if (load<u8>(at) != OPEN_BRACE) return fail(at);
  const firstLine = line;
  const item = token(at + 1);
  if (<u32>load<u8>(item) - SMALL_A < 26) {
    setLine(firstLine);
    return spanRead(NODE_SPAN, nodeSpanEnd(at, from, window));
  }
  const list = memberValue(item);
  if (list == 0) return 0;
  const isRequest = keyEnd - item == 14 && isLong(item + 1, 13, RESOURCE, RESOURCE_SPANS_LAST);
  if (isRequest) {
    documentKind = REQUEST;
    return opened(list, OPEN_BRACKET, RESOURCE_SPANS);
  }
  const kind = spanKind(item);
  if (kind == 0) return 0;
  setLine(firstLine);
  return spanRead(kind, kind == FLAT_SPAN ? flatSpanEnd(at, window) : pythonSpanEnd(at, from, window));
}

const SMALL_A: u32 = 0x61;

/** Behind a span that stands for itself; 0 where its end was not reached. */
function spanRead(kind: u32, end: usize): usize {
  if (end == 0) return 0;
  documentKind = kind;
  expected = LINE_END;
  return end;
}

/** What a record is that begins with this member and is no request; 0 where there is not enough of it to tell. */
function spanKind(item: usize): u32 {
  if (keyEnd != item + 5 || !isShort(item + 1, 4, NAME)) return FLAT_SPAN;
  const end = valueEnd(memberValue(item));
  const next: usize = end == 0 ? 0 : nextItem(end, CLOSE_BRACE);
  const isAlone = end != 0 && next == 0 && closed != 0;
  const isRead = isAlone || (next != 0 && memberValue(next) != 0);
  if (!isRead) return 0;
  return !isAlone && keyEnd == next + 8 && isShort(next + 1, 7, CONTEXT) ? PYTHON_SPAN : FLAT_SPAN;
}

function elementStep(from: usize, inner: u32, outer: u32): usize {
  const item = itemIn(from, CLOSE_BRACKET);
  if (item == 0) return closedInto(outer);
  const at = opened(item, OPEN_BRACE, inner);
  if (at == 0) return 0;
  if (inner == IN_RESOURCE) {
    seenInResource = 0;
    beginResource();
  } else {
    seenInScope = 0;
    beginScope();
  }
  return at;
}

function resourceStep(from: usize, end: usize): usize {
  const firstLine = line;
  const item = itemIn(from, CLOSE_BRACE);
  if (item == 0) {
    if (closed == 0) return 0;
    if (!endResource(closed)) return fail(from);
    if (retryLevel == IN_RESOURCE) retryLevel = BETWEEN;
    return closedInto(RESOURCE_SPANS);
  }
  const content = memberValue(item);
  if (content == 0) return 0;
  const member = inResource(item + 1, keyEnd - item - 1);
  if (member == STRANGE || (seenInResource & member) != 0) return fail(item);
  let at: usize = 0;
  if (member == SCHEMA_URL) at = schemaUrlEnd(content);
  else if (member == LIST) {
    if (!isResourceKnown()) {
      if (!looksAhead) remember(from, firstLine);
      else if (!findResource(content, end)) return 0;
      looksAhead = false;
    }
    at = opened(content, OPEN_BRACKET, SCOPE_SPANS);
  } else at = readResource(content);
  if (at != 0) seenInResource |= member;
  return behindMember(at, member);
}

function scopeStep(from: usize, end: usize): usize {
  const firstLine = line;
  const item = itemIn(from, CLOSE_BRACE);
  if (item == 0) {
    if (closed == 0) return 0;
    // Too many rows wait.
    if (!endScope(closed)) return isRetryable() ? retry() : fail(from);
    if (retryLevel == IN_SCOPE) retryLevel = BETWEEN;
    return closedInto(SCOPE_SPANS);
  }
  const content = memberValue(item);
  if (content == 0) return 0;
  const member = inScope(item + 1, keyEnd - item - 1);
  if (member == STRANGE || (seenInScope & member) != 0) return fail(item);
  let at: usize = 0;
  if (member == SCHEMA_URL) at = schemaUrlEnd(content);
  else if (member == LIST) {
    if (!isScopeKnown()) {
      if (!looksAhead) remember(from, firstLine);
      else if (!findScope(content, end)) return 0;
      looksAhead = false;
    }
    at = opened(content, OPEN_BRACKET, SPAN_LIST);
    owner = spanContext();
  } else at = readScope(content);
  if (at != 0) seenInScope |= member;
  return behindMember(at, member);
}

function spanStep(from: usize, window: usize): usize {
  const item = itemIn(from, CLOSE_BRACKET);
  if (item == 0) return closedInto(IN_SCOPE);
  if (load<u8>(item) != OPEN_BRACE) return fail(item);
  const at = spanEnd(item, window, owner);
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
  endDocument();
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

/** More of a number may come where the window ends: only then is it not read to its end. */
function schemaUrlEnd(from: usize): usize {
  const at = valueEnd(from);
  return at != 0 && load<u8>(at) == 0 ? fail(at) : at;
}

function behindMember(at: usize, member: u32): usize {
  if (at != 0 && member != LIST) isFirst = false;
  return at;
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

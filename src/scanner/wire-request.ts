import { isFull, keepRows } from './rows.ts';
import { wireResource, wireScope } from './wire-contexts.ts';
import { bytesEnd, bytesFrom, unknownEnd } from './wire-fields.ts';
import { addWireSpan } from './wire-span.ts';

/*
 * An ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1/trace_service.proto) in protobuf. It is walked over twice: from
 * span to span, to see that it is one whose resources and scopes stand before what they own, and then from field to field.
 */

/** Tags: the only one of a request that counts, those of a ResourceSpans, and those of a ScopeSpans. */
const RESOURCE_SPANS: u8 = 0x0a;
const RESOURCE: u8 = 0x0a;
const SCOPE_SPANS: u8 = 0x12;
const SCOPE: u8 = 0x0a;
const SPAN: u8 = 0x12;

/** Where reading goes on, and where what is open ends; what ends at `next` or before is not. */
let next: usize = 0;
let requestEnd: usize = 0;
let resourceEnd: usize = 0;
let scopeEnd: usize = 0;
/** Nothing that is open can be told its resource, or its scope, any more. */
let isOwned: bool = false;
let isScoped: bool = false;
/** What spans of this resource have that have no scope, and what those of this scope have. */
let bareContext: u32 = 0;
let context: u32 = 0;

/** Begins a request; false where it is for other readers. */
export function beginRequest(from: usize, end: usize): bool {
  begin(from, end);
  while (next < requestEnd) if (!step(0, false)) return false;
  begin(from, end);
  return true;
}

/** Makes rows of the spans that come now, whose places count from `window`; whether there are more. */
export function scanRequest(window: usize): bool {
  keepRows(0);
  while (next < requestEnd) {
    if (isFull()) return true;
    step(window, true);
  }
  return false;
}

function begin(from: usize, end: usize): void {
  next = from;
  requestEnd = end;
  resourceEnd = from;
  scopeEnd = from;
}

/** Reads one field; false where it is not as usual. */
function step(window: usize, adds: bool): bool {
  const tag = load<u8>(next);
  if (next < scopeEnd) {
    if (tag == SPAN) return stepOverSpan(window, adds);
    if (tag != SCOPE) return stepOver(scopeEnd);
    const behind = bytesEnd(next + 1, scopeEnd);
    if (behind == 0 || isScoped) return false;
    isScoped = true;
    context = wireScope(bytesFrom, behind - bytesFrom);
    next = behind;
    return context != 0;
  }
  if (next >= resourceEnd) {
    if (tag != RESOURCE_SPANS) return stepOver(requestEnd);
    resourceEnd = bytesEnd(next + 1, requestEnd);
    next = bytesFrom;
    isOwned = false;
    return resourceEnd != 0;
  }
  if (tag != RESOURCE && tag != SCOPE_SPANS) return stepOver(resourceEnd);
  const behind = bytesEnd(next + 1, resourceEnd);
  if (behind == 0) return false;
  if (tag == RESOURCE) {
    if (isOwned) return false;
    isOwned = true;
    bareContext = wireResource(bytesFrom, behind - bytesFrom);
    next = behind;
    return bareContext != 0;
  }
  next = bytesFrom;
  if (!isOwned) {
    isOwned = true;
    bareContext = wireResource(next, 0);
    if (bareContext == 0) return false;
  }
  scopeEnd = behind;
  isScoped = false;
  context = bareContext;
  return true;
}

@inline
function stepOverSpan(window: usize, adds: bool): bool {
  const behind = bytesEnd(next + 1, scopeEnd);
  if (behind == 0) return false;
  isScoped = true;
  if (adds) addWireSpan(bytesFrom, behind, window, context);
  next = behind;
  return true;
}

function stepOver(end: usize): bool {
  next = unknownEnd(next, end);
  return next != 0;
}

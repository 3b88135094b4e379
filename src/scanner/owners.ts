import { found, lookAhead } from './ahead.ts';
import { line, setLine } from './blanks.ts';
import { OPEN_BRACE } from './bytes.ts';
import { context, noResource, resource, resourceEnd, scopeEnd, setScope } from './contexts.ts';
import { REQUEST } from './document-kinds.ts';
import { fail } from './failure.ts';
import { allocate } from './memory.ts';
import { RESOURCE, SCOPE } from './names.ts';
import { rowCount, setContext } from './rows.ts';
import { valueEnd } from './values.ts';

/*
 * What spans belong to: a resource, and a scope of it. Both may stand behind what they own. Then rows are made without a context
 * and wait for it; or, where not even the rows can wait, it is looked for ahead.
 */

/** Scopes whose resource is not known yet: the first row, the row after the last, the bytes of the scope, line feeds in them. */
const MOST_WAITING: u32 = 1024;
const WAITING_BITS: usize = 5;
let waiting: usize = 0;
let waitingCount: u32 = 0;

/** Of the current resource and scope, whether it is known which one it is. */
let knowsResource: bool = false;
let knowsScope: bool = false;
/** Bytes of a scope whose resource is not known yet. */
let scopeFrom: usize = 0;
let scopeTo: usize = 0;
let scopeLines: u32 = 0;
/** The first row of the scope, and whether its rows have no context yet. */
let firstRow: u32 = 0;
let waits: bool = false;

export function newOwners(): void {
  waiting = allocate((<usize>MOST_WAITING) << WAITING_BITS);
}

/** Another element of the list of resources begins. */
export function beginResource(): void {
  knowsResource = false;
  waitingCount = 0;
}

/** Another element of a resource's list of scopes begins. */
export function beginScope(): void {
  knowsScope = false;
  waits = false;
  scopeFrom = 0;
  scopeTo = 0;
  scopeLines = 0;
}

/** From the first byte of the resource to behind its last. */
export function readResource(at: usize): usize {
  const end = load<u8>(at) == OPEN_BRACE ? resourceEnd(at, REQUEST) : fail(at);
  if (end != 0) knowsResource = true;
  return end;
}

/** From the first byte of the scope to behind its last. */
export function readScope(at: usize): usize {
  if (load<u8>(at) != OPEN_BRACE) return fail(at);
  const firstLine = line;
  const end = knowsResource ? scopeEnd(at, resource) : valueEnd(at);
  if (end == 0) return 0;
  knowsScope = true;
  scopeFrom = at;
  scopeTo = end;
  scopeLines = line - firstLine;
  return end;
}

/** The rows that wait are read again. */
export function forgetWaiting(): void {
  waitingCount = 0;
}

export function isResourceKnown(): bool {
  return knowsResource;
}

export function isScopeKnown(): bool {
  return knowsScope;
}

/** The context of the rows of this scope, which come now; 0 where they wait for it. */
export function spanContext(): u32 {
  waits = !knowsResource || !knowsScope;
  firstRow = rowCount;
  return waits ? 0 : context();
}

/** The scope is over: its rows have a context now, or wait for that of the resource. False where too many do. */
export function endScope(at: usize): bool {
  if (!waits || firstRow == rowCount) return true;
  if (knowsResource) {
    if (!knowsScope && !setScope(at, 0, resource, 0)) return false;
    setContext(firstRow, rowCount, context());
    return true;
  }
  if (waitingCount == MOST_WAITING) return false;
  const entry = waiting + ((<usize>waitingCount) << WAITING_BITS);
  store<u32>(entry, firstRow);
  store<u32>(entry, rowCount, 4);
  store<u32>(entry, <u32>scopeFrom, 8);
  store<u32>(entry, <u32>(scopeTo - scopeFrom), 12);
  store<u32>(entry, scopeLines, 16);
  waitingCount++;
  return true;
}

/** The resource is over: no row waits any more. */
export function endResource(at: usize): bool {
  if (!knowsResource && !noResource(at)) return false;
  for (let i: u32 = 0; i < waitingCount; i++) {
    const entry = waiting + ((<usize>i) << WAITING_BITS);
    if (!setScope(load<u32>(entry, 8), load<u32>(entry, 12), resource, load<u32>(entry, 16))) return false;
    setContext(load<u32>(entry), load<u32>(entry, 4), context());
  }
  waitingCount = 0;
  return true;
}

/** Finds out which resource owns a list that stands before it. */
export function findResource(list: usize, end: usize): bool {
  if (!lookAhead(list, end, RESOURCE, 8)) return false;
  const before = line;
  knowsResource = found == 0 ? noResource(list) : readResource(found) != 0;
  setLine(before);
  return knowsResource;
}

/** Finds out which scope owns a list that stands before it. */
export function findScope(list: usize, end: usize): bool {
  if (!lookAhead(list, end, SCOPE, 5)) return false;
  const before = line;
  knowsScope = found == 0 ? setScope(list, 0, resource, 0) : readScope(found) != 0;
  setLine(before);
  return knowsScope;
}

import { addLines, line } from './blanks.ts';
import { bytesOf, intern, lengthOf, newTable, noteOf, setNote } from './byte-strings.ts';
import { sameBytes } from './bytes.ts';
import { NODE_SPAN, REQUEST } from './document-kinds.ts';
import { fail } from './failure.ts';
import { contextNamed } from './host.ts';
import { inspectedEnd } from './inspect-values.ts';
import { allocate } from './memory.ts';
import { valueEnd } from './values.ts';

/**
 * Resources and scopes are known by their bytes; none at all is no bytes. A resource is owned by the kind of document that tells it,
 * a scope by the number of its resource.
 */
let resources: usize = 0;
/** The note of a scope is the number of the context that it is together with its resource, which the host gives. */
let scopes: usize = 0;

/** The last ones, which mostly come again, and how many line feeds are in them. */
export let resource: u32 = 0;
let resourceKind: u32 = REQUEST;
let resourceLines: u32 = 0;
let scope: u32 = 0;
let scopeOwner: u32 = 0;
let scopeLines: u32 = 0;
/** Those before: how each is told, and how many line feeds are in it. */
const RECENT: u32 = 8;
const RECENT_BITS: usize = 4;
let recent: usize = 0;
let recentCount: u32 = 0;

export function newContexts(): void {
  resources = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  scopes = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  recent = allocate((<usize>RECENT) << RECENT_BITS);
}

/** From the first byte of a resource, or of what stands for one, to behind its last; it is the current one from now on. */
export function resourceEnd(at: usize, kind: u32): usize {
  if ((resource != 0 && resourceKind == kind && stands(resources, resource, at)) || isRecent(at, kind)) {
    addLines(resourceLines);
    return at + lengthOf(resources, resource);
  }
  const firstLine = line;
  const end = kind == NODE_SPAN ? inspectedEnd(at) : valueEnd(at);
  if (end == 0) return 0;
  resourceLines = line - firstLine;
  resourceKind = kind;
  resource = intern(resources, kind, at, end - at);
  if (resource == 0) return fail(at);
  const entry = recent + ((<usize>(recentCount++ & (RECENT - 1))) << RECENT_BITS);
  store<u32>(entry, resource);
  store<u32>(entry, kind, 4);
  store<u32>(entry, resourceLines, 8);
  return end;
}

/** Whether one of those before stands there; it is the current one again. */
function isRecent(at: usize, kind: u32): bool {
  const count = min(recentCount, RECENT);
  for (let i: u32 = 0; i < count; i++) {
    const entry = recent + ((<usize>i) << RECENT_BITS);
    const number = load<u32>(entry);
    if (load<u32>(entry, 4) != kind || !stands(resources, number, at)) continue;
    resource = number;
    resourceKind = kind;
    resourceLines = load<u32>(entry, 8);
    return true;
  }
  return false;
}

/** There is no resource; false, here and below, where it cannot be remembered. */
export function noResource(at: usize): bool {
  resourceKind = REQUEST;
  resource = intern(resources, REQUEST, at, 0);
  return resource != 0;
}

/** From the first byte of a scope of this resource, which is the current one from now on, to behind its last. */
export function scopeEnd(at: usize, owner: u32): usize {
  if (scope != 0 && scopeOwner == owner && stands(scopes, scope, at)) {
    addLines(scopeLines);
    return at + lengthOf(scopes, scope);
  }
  const firstLine = line;
  const end = resourceKind == NODE_SPAN ? inspectedEnd(at) : valueEnd(at);
  if (end == 0) return 0;
  return setScope(at, end - at, owner, line - firstLine) ? end : fail(at);
}

/** These bytes, with so many line feeds in them, are the current scope; none are that there is no scope. */
export function setScope(at: usize, length: usize, owner: u32, lines: u32): bool {
  scopeLines = lines;
  scopeOwner = owner;
  scope = intern(scopes, owner, at, length);
  if (scope == 0) return false;
  if (noteOf(scopes, scope) == 0) {
    const number = contextNamed(
      resourceKind,
      bytesOf(resources, owner),
      lengthOf(resources, owner),
      bytesOf(scopes, scope),
      length,
    );
    setNote(scopes, scope, number);
  }
  return true;
}

/** The number of the context that the current scope and its resource are. */
export function context(): u32 {
  return noteOf(scopes, scope);
}

/** The number of the context that the current resource is without a scope, which is its note; 0 where it cannot be remembered. */
export function bareContextAt(at: usize): u32 {
  const known = noteOf(resources, resource);
  if (known != 0) return known;
  if (!setScope(at, 0, resource, 0)) return 0;
  setNote(resources, resource, context());
  return context();
}

function stands(table: usize, number: u32, at: usize): bool {
  const length = lengthOf(table, number);
  return length != 0 && sameBytes(bytesOf(table, number), at, length);
}

import { bytesOf, intern, isNumberOf, lengthOf, newTable, noteOf, setNote } from './byte-strings.ts';
import { REQUEST } from './document-kinds.ts';
import { contextNamed } from './host.ts';

/** Resources, and scopes, which are owned by the numbers of their resources, as messages of protobuf; none at all is no bytes. */
let resources: usize = 0;
/** The note of a scope is the number of the context that it is together with its resource, which the host gives. */
let scopes: usize = 0;

/** The last ones, which mostly come again. */
let resource: u32 = 0;
let scope: u32 = 0;
/** The last resource whose spans have no scope, and the context that it is alone. */
let bareResource: u32 = 0;
let bareContext: u32 = 0;

export function newWireContexts(): void {
  resources = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  scopes = newTable(u32.MAX_VALUE, u32.MAX_VALUE);
  resource = 0;
  scope = 0;
  bareResource = 0;
}

/** These bytes are the current resource. The context that it is without a scope; 0, here and below, where they are none. */
export function wireResource(at: usize, length: usize): u32 {
  if (!isNumberOf(resources, resource, 0, at, length)) resource = intern(resources, 0, at, length);
  if (resource == 0) return 0;
  if (resource != bareResource) {
    bareContext = contextOf(intern(scopes, resource, at, 0));
    bareResource = bareContext == 0 ? 0 : resource;
  }
  return bareContext;
}

/** The context that a scope is of the current resource. */
export function wireScope(at: usize, length: usize): u32 {
  if (!isNumberOf(scopes, scope, resource, at, length)) scope = intern(scopes, resource, at, length);
  return contextOf(scope);
}

function contextOf(known: u32): u32 {
  if (known == 0) return 0;
  let context = noteOf(scopes, known);
  if (context == 0) {
    context = contextNamed(
      REQUEST,
      bytesOf(resources, resource),
      lengthOf(resources, resource),
      bytesOf(scopes, known),
      lengthOf(scopes, known),
    );
    setNote(scopes, known, context);
  }
  return context;
}

import type { AttributeValue, Resource, Scope } from '../model/index.ts';
import type { ReadContext } from './format.ts';

/** Inputs in which every record has a resource of its own must not be kept whole here. */
const LIMIT = 4096;

/** One object per distinct resource and scope of an input, so that thousands of spans share it. */
export function sharedParts(): Pick<ReadContext, 'resource' | 'scope'> {
  const resources = new Map<string, Resource>();
  const scopes = new Map<string, Scope>();
  /** Readers hand over one map for all spans that they know to share it. */
  const known = new WeakMap<ReadonlyMap<string, AttributeValue>, Resource>();
  return {
    resource: (attributes) => {
      let resource = known.get(attributes);
      if (resource === undefined) {
        resource = shared(resources, contentKey(attributes), () => ({ attributes }));
        known.set(attributes, resource);
      }
      return resource;
    },
    scope: (name, version) =>
      name === undefined
        ? undefined
        : shared(scopes, `${name}\0${version ?? '\0'}`, () => ({ name, version })),
  };
}

function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
  let part = known.get(key);
  if (part === undefined) {
    if (known.size >= LIMIT) known.clear();
    part = make();
    known.set(key, part);
  }
  return part;
}

/** Equal for attributes with the same keys and values, in whatever order they were written, and for no others. */
function contentKey(attributes: ReadonlyMap<string, AttributeValue>): string {
  const parts: string[] = [];
  for (const [name, value] of attributes) parts.push(`${name.length}:${name}${valueKey(value)}`);
  return parts.sort().join('\0');
}

function valueKey(value: AttributeValue): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, (_, part) => scalarKey(part));
  return typeof value === 'string' ? `s${value.length}:${value}` : String(scalarKey(value));
}

/** JSON has no word for some numbers and none for `bigint`; letters tell what is what. */
function scalarKey(part: unknown): unknown {
  switch (typeof part) {
    case 'string':
      return `s${part}`;
    case 'number':
      return Object.is(part, -0) ? 'n-0' : `n${part}`;
    case 'bigint':
      return `b${part}`;
    default:
      return part;
  }
}

import type { AttributeValue } from '../model/index.ts';
import type { JsonObject, JsonValue } from './format.ts';

/** Attribute values nested deeper than this become null. */
export const DEPTH_LIMIT = 64;

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an own key; for names that come from strangers or from a table. */
export function own(object: JsonObject, key: string): JsonValue {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value below several own keys, one inside the other; undefined where there is none. */
export function inside(value: JsonValue, ...keys: readonly string[]): JsonValue {
  let found = value;
  for (const key of keys) found = isObject(found) ? own(found, key) : undefined;
  return found;
}

/** The list itself, or an empty one where there is none. */
export function list(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Text as it is; undefined for everything that is not a string, and for an empty one. */
export function text(value: JsonValue): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A name field: text, or the digits of a number. */
export function nameText(value: JsonValue): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A number, or the one that a text spells; NaN for everything else: an object may have no way to become one. */
export function numeric(value: JsonValue): number {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    ? Number(value)
    : Number.NaN;
}

/** A number as a double where that is exact, else as a `bigint`. */
export function wholeNumber(value: bigint): number | bigint {
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : value;
}

/** Any parsed value as an attribute value; objects get no prototype, because their keys come from strangers. */
export function attributeValue(value: JsonValue, depth = 0): AttributeValue {
  if (value === undefined || depth > DEPTH_LIMIT) return null;
  if (typeof value === 'bigint') return wholeNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => attributeValue(item, depth + 1));
  const result: { [key: string]: AttributeValue } = Object.create(null);
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) result[key] = attributeValue(value[key], depth + 1);
  }
  return result;
}

/** A plain object's members as attributes; keys that nobody `wanted` are left out, undefined means all are. */
export function plainAttributes(value: JsonValue, wanted?: ReadonlySet<string>): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  if (isObject(value)) addPlain(attributes, value, wanted);
  return attributes;
}

/** What `read` makes of a record, once an object: several records may hold the same one. */
export function onceAnObject<T>(read: (value: JsonValue) => T): (value: JsonValue) => T {
  const known = new WeakMap<JsonObject, { readonly made: T }>();
  return (value) => {
    if (!isObject(value)) return read(value);
    let entry = known.get(value);
    if (entry === undefined) {
      entry = { made: read(value) };
      known.set(value, entry);
    }
    return entry.made;
  };
}

export function addPlain(
  attributes: Map<string, AttributeValue>,
  object: JsonObject,
  wanted?: ReadonlySet<string>,
): void {
  for (const key of Object.keys(object)) {
    if (object[key] === undefined) continue;
    if (wanted === undefined || wanted.has(key)) attributes.set(key, attributeValue(object[key]));
  }
}

/** What a person reads: text as it is, everything else as JSON with every digit. */
export function readable(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, exactDigits);
}

/** For `JSON.stringify`, which knows no `bigint`: its digits as text. */
export function exactDigits(_: string, part: unknown): unknown {
  return typeof part === 'bigint' ? String(part) : part;
}

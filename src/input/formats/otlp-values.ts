import type { AttributeValue } from '../../model/index.ts';
import type { JsonObject, JsonValue } from '../format.ts';
import { addPlain, attributeValue, DEPTH_LIMIT, isObject, wholeNumber } from '../values.ts';
import type { MutableAttributes } from './spans.ts';

/**
 * OTLP's list of `{ key, value }` as attributes; a key given twice keeps its last value. A plain object, which some
 * programs write instead, is taken as it is. Keys that nobody `wanted` are left out, undefined means all are.
 */
export function otlpAttributes(value: JsonValue, wanted: ReadonlySet<string> | undefined): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  if (!Array.isArray(value)) {
    if (isObject(value)) addPlain(attributes, value, wanted);
    return attributes;
  }
  for (const pair of value) {
    if (!isObject(pair)) continue;
    const key = pair['key'];
    if (typeof key !== 'string' || (wanted !== undefined && !wanted.has(key))) continue;
    attributes.set(key, otlpValue(pair['value'], 0));
  }
  return attributes;
}

/** An AnyValue; `{}` is null, and so is everything nested deeper than the limit. */
export function otlpValue(value: JsonValue, depth: number): AttributeValue {
  if (typeof value !== 'object' || value === null) return attributeValue(value, depth);
  if (Array.isArray(value)) return attributeValue(value, depth);
  for (const form in value) {
    const content = value[form];
    switch (form) {
      case 'stringValue':
      case 'string_value':
      case 'boolValue':
      case 'bool_value':
      case 'bytesValue':
      case 'bytes_value':
        return typeof content === 'object' ? null : attributeValue(content);
      case 'intValue':
      case 'int_value':
        return integer(content);
      case 'doubleValue':
      case 'double_value':
        return typeof content === 'string' ? double(content) : attributeValue(content, DEPTH_LIMIT);
      case 'arrayValue':
      case 'array_value':
        return depth >= DEPTH_LIMIT ? null : members(content).map((item) => otlpValue(item, depth + 1));
      case 'kvlistValue':
      case 'kvlist_value':
        return depth >= DEPTH_LIMIT ? null : record(members(content), depth + 1);
    }
  }
  return null;
}

/** int64 is a string by the JSON mapping of proto3, and a number from JavaScript, where it may exceed 64 bits. */
function integer(value: JsonValue): AttributeValue {
  if (typeof value === 'string')
    return /^-?\d{1,40}$/.test(value) ? wholeNumber(BigInt(value)) : double(value);
  return attributeValue(value, DEPTH_LIMIT);
}

/** A number written as text, `NaN` and `Infinity` among them; other text stays what it is, for the reader to judge. */
function double(value: string): AttributeValue {
  const number = Number(value);
  return value.trim() === '' || (Number.isNaN(number) && value !== 'NaN') ? value : number;
}

function members(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value['values']) ? value['values'] : [];
}

function record(pairs: readonly JsonValue[], depth: number): AttributeValue {
  const result: { [key: string]: AttributeValue } = Object.create(null);
  for (const pair of pairs) {
    const key = isObject(pair) ? (pair as JsonObject)['key'] : undefined;
    if (typeof key === 'string') result[key] = otlpValue((pair as JsonObject)['value'], depth);
  }
  return result;
}

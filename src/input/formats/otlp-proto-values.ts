import type { AttributeValue } from '../../model/index.ts';
import { DEPTH_LIMIT } from '../values.ts';
import { PAIR, VALUE } from '../wire/tags.ts';
import type { WireReader } from './protobuf.ts';
import type { MutableAttributes } from './spans.ts';

/** ArrayValue.values and KeyValueList.values. */
const REPEATED = 0x0a;

/** A repeated key keeps its last value. */
export function addPair(
  attributes: MutableAttributes,
  reader: WireReader,
  wanted: ReadonlySet<string> | undefined,
): void {
  let key = '';
  let value: WireReader | undefined;
  while (reader.next()) {
    if (reader.tag === PAIR.key) key = reader.string();
    else if (reader.tag === PAIR.value) value = reader.message();
    else reader.skip();
  }
  if (wanted !== undefined && !wanted.has(key)) return;
  attributes.set(key, value === undefined ? null : valueFrom(value, 0));
}

/** An AnyValue; an empty one is null, and so is everything nested deeper than the limit. Bytes become base64. */
export function valueFrom(reader: WireReader, depth: number): AttributeValue {
  let value: AttributeValue = null;
  while (reader.next()) {
    switch (reader.tag) {
      case VALUE.string:
        value = reader.string();
        break;
      case VALUE.bool:
        value = reader.bool();
        break;
      case VALUE.int:
        value = reader.int64();
        break;
      case VALUE.double:
        value = reader.double();
        break;
      case VALUE.array:
        value = depth < DEPTH_LIMIT ? arrayFrom(reader.message(), depth + 1) : skipped(reader);
        break;
      case VALUE.kvlist:
        value = depth < DEPTH_LIMIT ? recordFrom(reader.message(), depth + 1) : skipped(reader);
        break;
      case VALUE.bytes:
        value = reader.text('base64');
        break;
      default:
        reader.skip();
    }
  }
  return value;
}

function skipped(reader: WireReader): null {
  reader.skip();
  return null;
}

function arrayFrom(reader: WireReader, depth: number): AttributeValue {
  const items: AttributeValue[] = [];
  while (reader.next()) {
    if (reader.tag === REPEATED) items.push(valueFrom(reader.message(), depth));
    else reader.skip();
  }
  return items;
}

function recordFrom(reader: WireReader, depth: number): AttributeValue {
  const result: { [key: string]: AttributeValue } = Object.create(null);
  while (reader.next()) {
    if (reader.tag !== REPEATED) {
      reader.skip();
      continue;
    }
    let key = '';
    let value: AttributeValue = null;
    const pair = reader.message();
    while (pair.next()) {
      if (pair.tag === PAIR.key) key = pair.string();
      else if (pair.tag === PAIR.value) value = valueFrom(pair.message(), depth);
      else pair.skip();
    }
    result[key] = value;
  }
  return result;
}

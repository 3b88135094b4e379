import { type AttributeValue, canonicalSpanId, canonicalTraceId, type Span } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { parseJson } from '../json.ts';
import { attributeValue, isObject, numeric, own } from '../values.ts';
import { type Ids, spanIds } from './ids.ts';
import { isWanted, type MutableAttributes } from './spans.ts';

/** What the readers of LLM platforms' exports share: their ids, attributes under names of their own, JSON in strings. */

/** A span whose attributes may still grow. */
export type GrowingSpan = Omit<Span, 'attributes'> & { readonly attributes: MutableAttributes };

/** The ids of a span on a platform that makes its own: UUIDs and `span_…` are the rule there and worth no warning. */
export function platformIds(
  context: ReadContext,
  record: JsonValue,
  traceId: unknown,
  spanId: unknown,
  parentSpanId: unknown,
): Ids {
  const trace = canonicalTraceId(traceId);
  const span = canonicalSpanId(spanId);
  if (trace === undefined || span === undefined)
    return spanIds(context, record, traceId, spanId, parentSpanId);
  return { traceId: trace.id, spanId: span.id, parentSpanId: canonicalSpanId(parentSpanId)?.id };
}

/** The first of several spellings that holds something. */
export function first(record: JsonObject, ...keys: readonly string[]): JsonValue {
  for (const key of keys) {
    const value = own(record, key);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The object itself, or the one in a JSON text. */
export function objectIn(value: JsonValue): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined;
  const parsed = parseJson(value);
  return 'failure' in parsed || !isObject(parsed.value) ? undefined : parsed.value;
}

/** What a JSON text holds; anything that is none stays as it is. */
export function decoded(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || value === '') return value;
  const parsed = parseJson(value);
  return 'failure' in parsed ? value : parsed.value;
}

/** A count or an amount, as a number or as text, that is more than the 0 which platforms write where nothing was told. */
export function isPositive(value: JsonValue): boolean {
  return numeric(value) > 0;
}

/** Adds an attribute that somebody asked for, unless there is nothing to add. */
export function put(
  attributes: MutableAttributes,
  key: string,
  value: JsonValue,
  context: ReadContext,
): void {
  if (value !== undefined && value !== null && isWanted(context, key))
    attributes.set(key, attributeValue(value));
}

/** Adds every member of an object under its name behind a prefix. */
export function putAll(
  attributes: MutableAttributes,
  prefix: string,
  members: JsonValue,
  context: ReadContext,
  except?: ReadonlySet<string>,
): void {
  if (!isObject(members)) return;
  for (const key of Object.keys(members)) {
    if (except === undefined || !except.has(key)) put(attributes, prefix + key, members[key], context);
  }
}

/** Adds what is not said yet. */
export function putMissing(attributes: MutableAttributes, more: ReadonlyMap<string, AttributeValue>): void {
  for (const [key, value] of more) if (!attributes.has(key)) attributes.set(key, value);
}

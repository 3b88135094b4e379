import type { AttributeValue, Instant, Scope, SpanKind, StatusCode } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import type { TimeReading } from '../time.ts';
import { isObject, text } from '../values.ts';

/** The instant, with a warning where the field holds something that cannot be one. */
export function instantOr(reading: TimeReading, context: ReadContext): Instant | undefined {
  if (reading !== 'bad') return reading;
  context.sink.warn('bad_time', context.at);
  return undefined;
}

/** The time of an event. No warning: events are read only for those who ask, and warnings must not depend on that. */
export const eventTime = (reading: TimeReading): Instant | undefined =>
  reading === 'bad' ? undefined : reading;

/** OTLP counts kinds from 1 (`SPAN_KIND_INTERNAL`); 0 is unspecified. */
export const OTLP_KINDS: readonly (SpanKind | undefined)[] = [
  undefined,
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** The API of OpenTelemetry JS counts kinds from 0 (`SpanKind.INTERNAL`). */
export const JS_KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];

const KIND_NAMES: ReadonlyMap<string, SpanKind> = new Map(JS_KINDS.map((kind) => [kind.toUpperCase(), kind]));

/** `SPAN_KIND_SERVER`, `SpanKind.SERVER`, `KIND_SERVER`, `Server`. */
export function kindNamed(value: JsonValue): SpanKind | undefined {
  if (typeof value !== 'string') return undefined;
  const upper = value.toUpperCase();
  return KIND_NAMES.get(upper.slice(Math.max(upper.lastIndexOf('_'), upper.lastIndexOf('.')) + 1));
}

const STATUS_CODES: readonly StatusCode[] = ['unset', 'ok', 'error'];
const STATUS_NAMES: ReadonlyMap<string, StatusCode> = new Map(
  STATUS_CODES.flatMap((status, code) =>
    ['', 'status_code_', 'statuscode.']
      .map((prefix) => [prefix + status, status] as const)
      .concat([[String(code), status]]),
  ),
);

/** `2`, `STATUS_CODE_ERROR`, `StatusCode.ERROR`, `Error`; everything else is unset. */
export function statusCode(value: JsonValue): StatusCode {
  if (typeof value === 'number') return STATUS_CODES[value] ?? 'unset';
  return (typeof value === 'string' ? STATUS_NAMES.get(value.toLowerCase()) : undefined) ?? 'unset';
}

/** How many attributes an SDK says it left out; undefined for none. */
export function droppedCount(value: JsonValue): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** `{ name, version }` as a scope; undefined where there is no name. */
export function scopeOf(value: JsonValue, context: Pick<ReadContext, 'scope'>): Scope | undefined {
  return isObject(value) ? context.scope(text(value['name']), text(value['version'])) : undefined;
}

export const isWanted = (context: ReadContext, key: string): boolean =>
  context.projection.attributes === undefined || context.projection.attributes.has(key);

/** Every item that is an object; each other one is a span that could not be read. */
export function* spanObjects(items: JsonValue, context: ReadContext): Generator<JsonObject> {
  if (isObject(items)) {
    yield items;
    return;
  }
  if (!Array.isArray(items)) return;
  for (const item of items) {
    if (isObject(item)) yield item;
    else context.sink.skip('bad_span', context.at);
  }
}

export type MutableAttributes = Map<string, AttributeValue>;

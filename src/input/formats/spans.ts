import {
  type AttributeValue,
  canonicalSpanId,
  canonicalTraceId,
  hash64,
  type Instant,
  type Scope,
  type SpanKind,
  type SpanLink,
  type StatusCode,
} from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import type { TimeReading } from '../time.ts';
import { isObject, text } from '../values.ts';

/** What every format needs to make a span: its ids, times, kind and status in the house's terms. */
export type Ids = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
};

/**
 * The ids of a span. A span without a trace or span id gets one made from `record`, its whole content, so that it is kept
 * and a second report of it is still the same span.
 */
export function spanIds(
  context: ReadContext,
  record: JsonValue | Uint8Array,
  traceId: unknown,
  spanId: unknown,
  parentSpanId: unknown,
): Ids {
  const trace = canonicalTraceId(traceId);
  const span = canonicalSpanId(spanId);
  const parent = canonicalSpanId(parentSpanId);
  if (trace?.odd || span?.odd || parent?.odd) context.sink.warn('odd_id', context.at);
  if (trace !== undefined && span !== undefined)
    return { traceId: trace.id, spanId: span.id, parentSpanId: parent?.id };
  context.sink.warn('missing_id', context.at);
  const content = contentOf(record);
  return {
    traceId: trace?.id ?? hex(content) + hex(`${content}\0`),
    spanId: span?.id ?? hex(content),
    parentSpanId: parent?.id,
  };
}

/** Ids that are numbers (Datadog's 64 bits in decimal, Python's integers) as hex; 16 and 32 digits are hex already. */
export function numericId(value: JsonValue, digits: 16 | 32): unknown {
  const decimal =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isInteger(value) && value >= 0) ||
    (typeof value === 'string' && /^\d{17,39}$/.test(value) && value.length !== 32);
  return decimal ? BigInt(value).toString(16).padStart(digits, '0') : value;
}

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

/** `{ name, version }` as a scope; undefined where there is no name. */
export function scopeOf(value: JsonValue, context: ReadContext): Scope | undefined {
  return isObject(value) ? context.scope(text(value['name']), text(value['version'])) : undefined;
}

/** One link, or nothing where it names no span. */
export function linkTo(traceId: unknown, spanId: unknown): readonly SpanLink[] {
  const trace = canonicalTraceId(traceId);
  const span = canonicalSpanId(spanId);
  return trace === undefined || span === undefined ? [] : [{ traceId: trace.id, spanId: span.id }];
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

function contentOf(record: JsonValue | Uint8Array): string {
  if (record instanceof Uint8Array) return Buffer.from(record).toString('latin1');
  try {
    return JSON.stringify(record, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
  } catch (error) {
    // Nested deeper than JSON.stringify can follow.
    if (!(error instanceof RangeError)) throw error;
    return isObject(record as JsonValue) ? Object.keys(record as JsonObject).join() : '';
  }
}

const hex = (content: string): string =>
  hash64(content)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');

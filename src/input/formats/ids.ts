import {
  canonicalSpanId,
  canonicalTraceId,
  madeSpanId,
  madeTraceId,
  type SpanLink,
} from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { exactDigits, isObject } from '../values.ts';

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
    traceId: trace?.id ?? madeTraceId(content),
    spanId: span?.id ?? madeSpanId(content),
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

/** An id in hex, beyond doubt: it needs none made from the record's content. */
export function isHexId(value: JsonValue): boolean {
  return typeof value === 'string' && /^(?:0x)?0*[1-9a-f][0-9a-f]*$/.test(value);
}

/** One link, or nothing where it names no span. */
export function linkTo(traceId: unknown, spanId: unknown): readonly SpanLink[] {
  const trace = canonicalTraceId(traceId);
  const span = canonicalSpanId(spanId);
  return trace === undefined || span === undefined ? [] : [{ traceId: trace.id, spanId: span.id }];
}

function contentOf(record: JsonValue | Uint8Array): string {
  if (record instanceof Uint8Array) return Buffer.from(record).toString('latin1');
  try {
    return JSON.stringify(record, exactDigits) ?? '';
  } catch (error) {
    // Nested deeper than JSON.stringify can follow.
    if (!(error instanceof RangeError)) throw error;
    return isObject(record as JsonValue) ? Object.keys(record as JsonObject).join() : '';
  }
}

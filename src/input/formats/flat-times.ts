import { type Instant, instant } from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import {
  durationText,
  epochTime,
  scaled,
  type TimeReading,
  type TimeUnit,
  timeOf,
  UNIT_DIGITS,
  unitOf,
  unixNanos,
} from '../time.ts';
import { numeric } from '../values.ts';
import type { Found, SpanFields } from './flat-keys.ts';
import { instantOr } from './spans.ts';

/** Start and end, the missing one of them from the duration; an end of 0 is a span that is still open. */
export function timesOf(
  fields: SpanFields,
  context: ReadContext,
): { start: Instant | undefined; end: Instant | undefined } {
  const from = fields.start ?? fields.timestamp;
  const start = instantOr(timeIn(from), context);
  const end = numeric(fields.end?.value) === 0 ? undefined : instantOr(timeIn(fields.end), context);
  if ((start !== undefined && end !== undefined) || fields.duration === undefined) return { start, end };
  const duration = isClickHouse(fields) ? { ...fields.duration, unit: 'ns' as const } : fields.duration;
  const length = durationOf(duration, from ?? fields.end, context);
  if (length === undefined) return { start, end };
  if (start !== undefined) return { start, end: instant(start + length) };
  return { start: end !== undefined && end >= length ? instant(end - length) : undefined, end };
}

/**
 * A row of the table that the collector writes.
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/exporter/clickhouseexporter/internal/sqltemplates/traces_table.sql
 */
function isClickHouse({ name, duration }: SpanFields): boolean {
  return name?.key === 'SpanName' && duration?.key === 'Duration';
}

/** The instant that a field tells, in the unit of its name or of its magnitude. */
export function timeIn(field: Found | undefined): TimeReading {
  if (field === undefined) return undefined;
  const { value, unit } = field;
  if (unit === undefined || (typeof value === 'string' && !isNumeric(value))) return timeOf(value);
  return unit === 'ns' ? unixNanos(value) : epochTime(value, unit);
}

/** A bare number counts in the unit of a numeric time beside it, and in milliseconds beside any other. */
function durationOf(field: Found, beside: Found | undefined, context: ReadContext): bigint | undefined {
  const { value } = field;
  const length =
    (typeof value === 'string' ? durationText(value) : undefined) ??
    scaled(value, UNIT_DIGITS[field.unit ?? beside?.unit ?? unitBeside(beside?.value, context)]);
  if (length === undefined) context.sink.warn('bad_time', context.at);
  return length;
}

function unitBeside(value: JsonValue, context: ReadContext): TimeUnit {
  const unit = typeof value === 'string' && !isNumeric(value) ? undefined : unitOf(value);
  if (unit === undefined) context.sink.warn('assumed_unit', context.at);
  return unit ?? 'ms';
}

const isNumeric = (value: string): boolean => /^[\d.]+$/.test(value);

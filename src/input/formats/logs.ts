import {
  type Attributes,
  type AttributeValue,
  canonicalSpanId,
  canonicalTraceId,
  type LogRecord,
  type Resource,
  type Scope,
} from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import type { TimeReading } from '../time.ts';
import { numeric, readable, text } from '../values.ts';
import { instantOr } from './spans.ts';

/** A log record as a format found it. */
export type FoundLog = {
  readonly traceId: unknown;
  readonly spanId: unknown;
  readonly time: TimeReading;
  readonly severity: JsonValue;
  /** OpenTelemetry's severity, 1 to 24, used where there is no text. */
  readonly severityNumber: JsonValue;
  readonly eventName: JsonValue;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly resource: Resource;
  readonly scope: Scope | undefined;
};

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** Puts the record into the sink. A span id alone says nothing: it names a span of no trace. */
export function addLog(context: ReadContext, found: FoundLog): void {
  const trace = canonicalTraceId(found.traceId);
  const span = trace === undefined ? undefined : canonicalSpanId(found.spanId);
  if (trace?.odd || span?.odd) context.sink.warn('odd_id', context.at);
  const log: LogRecord = {
    traceId: trace?.id,
    spanId: span?.id,
    time: instantOr(found.time, context),
    severity: text(found.severity) ?? severityName(found.severityNumber),
    eventName: text(found.eventName) ?? eventNameIn(found.attributes),
    body: readable(found.body),
    attributes: found.attributes,
    resource: found.resource,
    scope: found.scope,
  };
  context.sink.log(log, context.at);
}

/** Where the name of an event stood before log records had a field for it. */
function eventNameIn(attributes: Attributes): string | undefined {
  const name = attributes.get('event.name');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Four numbers a name, from 1 (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber). */
function severityName(value: JsonValue): string | undefined {
  const named = typeof value === 'string' ? /^SEVERITY_NUMBER_([A-Z]+)/.exec(value)?.[1] : undefined;
  return named ?? SEVERITIES[Math.ceil(numeric(value) / 4) - 1];
}

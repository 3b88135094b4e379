import {
  type AttributeValue,
  NO_ATTRIBUTES,
  type Resource,
  type Scope,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type StatusCode,
} from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { unixNanos } from '../time.ts';
import { isObject, list, nameText, numeric, text } from '../values.ts';
import { linkTo, spanIds } from './ids.ts';
import { addLog } from './logs.ts';
import { otlpAttributes, otlpValue } from './otlp-values.ts';
import {
  droppedCount,
  eventTime,
  instantOr,
  kindNamed,
  type MutableAttributes,
  OTLP_KINDS,
  scopeOf,
  spanObjects,
  statusCode,
} from './spans.ts';

/**
 * The trace service's request as JSON. Field names are lowerCamelCase by the specification and snake_case from
 * protobuf printers that keep field names; enums are numbers or names; ids are hex or, from naive printers, base64.
 */
export const otlpJson: Format = {
  name: 'otlp-json',
  title:
    "OTLP in JSON: the file exporter of the collector, SDKs that log OTLP, one document or JSON lines, pretty or not, arrays of requests, bare ResourceSpans, snake_case, enum names, base64 ids, Tempo's variants",
  source: 'https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding',
  claims: (value) => parts(value) !== undefined,
  read(value, context) {
    const found = parts(value);
    if (found === undefined) {
      context.sink.skip('bad_span', context.at);
      return;
    }
    for (const entry of spanObjects(found.spans, context)) readResourceSpans(entry, context);
    for (const entry of spanObjects(found.logs, context)) readResourceLogs(entry, context);
    const metrics = Array.isArray(found.metrics) ? found.metrics.length : isObject(found.metrics) ? 1 : 0;
    if (metrics > 0) context.sink.skip('metrics', context.at, metrics);
  },
};

type Parts = { readonly spans: JsonValue; readonly logs: JsonValue; readonly metrics: JsonValue };

/** The signals of a document: a request, one bare resource (Java's logging exporter), or Tempo's and Grafana's covers. */
function parts(value: JsonObject): Parts | undefined {
  const spans = either(value['resourceSpans'], value['resource_spans']);
  const logs = either(value['resourceLogs'], value['resource_logs']);
  const metrics = either(value['resourceMetrics'], value['resource_metrics']);
  if (spans !== undefined || logs !== undefined || metrics !== undefined) return { spans, logs, metrics };
  if (scopeSpansOf(value) !== undefined) return { spans: value, logs: undefined, metrics: undefined };
  if ((value['scopeLogs'] ?? value['scope_logs']) !== undefined)
    return { spans: undefined, logs: value, metrics: undefined };
  if ((value['scopeMetrics'] ?? value['scope_metrics']) !== undefined)
    return { spans: undefined, logs: undefined, metrics: value };
  if (isBatches(value['batches'])) return { spans: value['batches'], logs: undefined, metrics: undefined };
  const inner = value['trace'] ?? value['result'];
  if (!isObject(inner)) return undefined;
  const covered = inner['resourceSpans'] ?? inner['resource_spans'] ?? inner['batches'];
  return Array.isArray(covered) ? { spans: covered, logs: undefined, metrics: undefined } : undefined;
}

/** The first that is there, were it null: Go writes an empty list so. */
const either = (camel: JsonValue, snake: JsonValue): JsonValue => (camel === undefined ? snake : camel);

function isBatches(value: JsonValue): boolean {
  if (!Array.isArray(value)) return false;
  const first = value[0];
  return value.length === 0 || (isObject(first) && scopeSpansOf(first) !== undefined);
}

/** Before OTLP 0.15 scopes were called instrumentation libraries; collectors of the time between wrote both. */
function scopeSpansOf(resourceSpans: JsonObject): JsonValue {
  return (
    resourceSpans['scopeSpans'] ??
    resourceSpans['scope_spans'] ??
    resourceSpans['instrumentationLibrarySpans'] ??
    resourceSpans['instrumentation_library_spans'] ??
    resourceSpans['deprecatedScopeSpans'] ??
    resourceSpans['deprecated_scope_spans']
  );
}

function readResourceSpans(entry: JsonObject, context: ReadContext): void {
  const resource = resourceOf(entry['resource'], context);
  for (const scopeSpans of spanObjects(scopeSpansOf(entry), context)) {
    const library =
      scopeSpans['scope'] ??
      scopeSpans['instrumentationLibrary'] ??
      scopeSpans['instrumentation_library'] ??
      scopeSpans['deprecatedScope'];
    const scope = scopeOf(library, context);
    for (const span of spanObjects(scopeSpans['spans'], context)) readSpan(span, resource, scope, context);
  }
}

export function resourceOf(value: JsonValue, context: Pick<ReadContext, 'resource'>): Resource {
  return context.resource(isObject(value) ? otlpAttributes(value['attributes'], undefined) : NO_ATTRIBUTES);
}

/** Puts one span, an element of `spans`, into the sink. */
export function readSpan(
  span: JsonObject,
  resource: Resource,
  scope: Scope | undefined,
  context: ReadContext,
): void {
  const { projection } = context;
  const status = span['status'];
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    span,
    span['traceId'] ?? span['trace_id'],
    span['spanId'] ?? span['span_id'],
    span['parentSpanId'] ?? span['parent_span_id'],
  );
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name: nameText(span['name']),
      kind: kindOf(span['kind']),
      start: instantOr(unixNanos(span['startTimeUnixNano'] ?? span['start_time_unix_nano']), context),
      end: instantOr(unixNanos(span['endTimeUnixNano'] ?? span['end_time_unix_nano']), context),
      status: statusOf(span),
      statusMessage: isObject(status) ? text(status['message']) : undefined,
      attributes: otlpAttributes(span['attributes'], projection.attributes),
      events: projection.events ? list(span['events']).flatMap(eventOf) : [],
      links: list(span['links']).flatMap(linkOf),
      resource,
      scope,
      traceState: text(span['traceState'] ?? span['trace_state']),
      droppedAttributes: droppedCount(span['droppedAttributesCount'] ?? span['dropped_attributes_count']),
    },
    context.at,
  );
}

/**
 * OpenTelemetry Rust before 0.5 prints a kind of OTLP with the codes of its own API, in which 1 is an error and 2 is not. It
 * tells itself apart by times for people beside the numbers, and an error by its message, which may be empty.
 */
function statusOf(span: JsonObject): StatusCode {
  const status = span['status'];
  if (!isObject(status)) return statusCode(status);
  const known = statusCode(status['code']);
  if (known === 'unset' || typeof span['startTime'] !== 'string' || typeof status['code'] !== 'number')
    return known;
  return typeof status['message'] === 'string' ? 'error' : 'ok';
}

function kindOf(value: JsonValue): SpanKind | undefined {
  return kindNamed(value) ?? OTLP_KINDS[numeric(value)];
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  return [
    {
      name: nameText(event['name']),
      time: eventTime(unixNanos(event['timeUnixNano'] ?? event['time_unix_nano'])),
      attributes: otlpAttributes(event['attributes'], undefined),
    },
  ];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  if (!isObject(link)) return [];
  return linkTo(link['traceId'] ?? link['trace_id'], link['spanId'] ?? link['span_id']);
}

function readResourceLogs(entry: JsonObject, context: ReadContext): void {
  const resource = resourceOf(entry['resource'], context);
  const scopes =
    entry['scopeLogs'] ??
    entry['scope_logs'] ??
    entry['instrumentationLibraryLogs'] ??
    entry['instrumentation_library_logs'];
  for (const scopeLogs of list(scopes)) {
    if (!isObject(scopeLogs)) continue;
    const scope = scopeOf(scopeLogs['scope'] ?? scopeLogs['instrumentationLibrary'], context);
    for (const record of list(scopeLogs['logRecords'] ?? scopeLogs['log_records'] ?? scopeLogs['logs'])) {
      if (isObject(record)) readLog(record, resource, scope, context);
    }
  }
}

function readLog(
  record: JsonObject,
  resource: Resource,
  scope: Scope | undefined,
  context: ReadContext,
): void {
  const attributes: MutableAttributes = otlpAttributes(record['attributes'], undefined);
  const eventName = text(record['eventName'] ?? record['event_name']);
  if (eventName !== undefined) attributes.set('event.name', eventName);
  const body: AttributeValue = otlpValue(record['body'], 0);
  addLog(context, {
    traceId: record['traceId'] ?? record['trace_id'],
    spanId: record['spanId'] ?? record['span_id'],
    time: firstTime(record),
    severity: record['severityText'] ?? record['severity_text'],
    severityNumber: record['severityNumber'] ?? record['severity_number'],
    eventName,
    body: body ?? eventName ?? '',
    attributes,
    resource,
    scope,
  });
}

function firstTime(record: JsonObject) {
  const time = unixNanos(record['timeUnixNano'] ?? record['time_unix_nano']);
  return time ?? unixNanos(record['observedTimeUnixNano'] ?? record['observed_time_unix_nano']);
}

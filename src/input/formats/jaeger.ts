import {
  type AttributeValue,
  instant,
  type Resource,
  type SpanEvent,
  type SpanLink,
  type StatusCode,
} from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { durationText, epochTime, scaled, type TimeReading, timeOf } from '../time.ts';
import { attributeValue, isObject, list, nameText, own, text, wholeNumber } from '../values.ts';
import { linkTo, spanIds } from './ids.ts';
import { eventTime, instantOr, kindNamed, type MutableAttributes, spanObjects } from './spans.ts';

/**
 * Jaeger's query API (`{ data: [trace] }`), one trace as its UI saves it, one span as its Elasticsearch store keeps it
 * (process inside, tags also as an object), and spans, batches and traces of its protobuf model as JSON (`traceId`, base64
 * ids, times and durations as text). Times are microseconds and may be 0; ids may lack leading zeros.
 */
export const jaeger: Format = {
  name: 'jaeger',
  title:
    'Jaeger: API answers, downloads of its user interface, Elasticsearch documents, its protobuf model as JSON',
  source: 'https://github.com/jaegertracing/jaeger/blob/main/internal/uimodel/model.go',
  claims: (value) =>
    isTrace(value) ||
    isTrace(list(value['data'])[0]) ||
    isSpan(stored(value)) ||
    isModelSpan(value) ||
    isModelSpan(list(value['spans'])[0]),
  read(value, context) {
    if (isTrace(value) || isModelSpan(list(value['spans'])[0])) readTrace(value, context);
    else if (Array.isArray(value['data']))
      for (const trace of spanObjects(value['data'], context)) readTrace(trace, context);
    else readSpan(stored(value), processOf(stored(value)['process'], context), context);
  },
};

function isTrace(value: JsonValue): boolean {
  return isObject(value) && Array.isArray(value['spans']) && isObject(value['processes']);
}

function isSpan(value: JsonObject): boolean {
  return (
    value['traceID'] !== undefined && value['spanID'] !== undefined && value['operationName'] !== undefined
  );
}

/** A span of https://github.com/jaegertracing/jaeger-idl/blob/main/proto/api_v2/model.proto by protobuf's JSON printer. */
function isModelSpan(value: JsonValue): boolean {
  if (!isObject(value) || value['traceId'] === undefined || value['spanId'] === undefined) return false;
  return typeof value['operationName'] === 'string' && /^\d[\d.]*n?s$/.test(nameText(value['duration']));
}

/** A hit of a search in Elasticsearch carries the document in `_source`. */
function stored(value: JsonObject): JsonObject {
  return isObject(value['_source']) ? value['_source'] : value;
}

function readTrace(trace: JsonObject, context: ReadContext): void {
  const processes = new Map<string, Resource>();
  if (isObject(trace['processes']))
    for (const id of Object.keys(trace['processes']))
      processes.set(id, processOf(trace['processes'][id], context));
  for (const entry of list(trace['processMap']).filter(isObject))
    processes.set(nameText(entry['processId']), processOf(entry['process'], context));
  // A batch is of one process.
  const around = processOf(trace['process'], context);
  for (const span of spanObjects(trace['spans'], context)) {
    const id = text(span['processID'] ?? span['processId']);
    const process = span['process'] === undefined ? around : processOf(span['process'], context);
    readSpan(span, (id === undefined ? undefined : processes.get(id)) ?? process, context, trace['traceID']);
  }
}

function processOf(process: JsonValue, context: ReadContext): Resource {
  if (!isObject(process)) return context.resource(new Map());
  const attributes: MutableAttributes = new Map();
  const name = text(process['serviceName']);
  if (name !== undefined) attributes.set('service.name', name);
  for (const [key, value] of tagsOf(process)) attributes.set(key, value);
  return context.resource(attributes);
}

function readSpan(span: JsonObject, resource: Resource, context: ReadContext, traceOf?: JsonValue): void {
  const { projection } = context;
  const trace = padded(span['traceID'] ?? span['traceId'] ?? traceOf, 32);
  const references = list(span['references']).filter(isObject);
  const parent = parentOf(references, trace);
  const tags = tagsOf(span);
  const start = instantOr(timeIn(span['startTime']), context);
  const duration = isModelSpan(span) ? durationText(nameText(span['duration'])) : scaled(span['duration'], 3);
  const { status, statusMessage } = statusOf(tags);
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    span,
    trace,
    padded(span['spanID'] ?? span['spanId'], 16),
    padded(parent?.['spanID'] ?? parent?.['spanId'] ?? span['parentSpanID'], 16),
  );
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name: nameText(span['operationName']),
      kind: kindNamed(tags.get('span.kind') as JsonValue),
      start,
      end: start === undefined || duration === undefined ? undefined : instant(start + duration),
      status,
      statusMessage,
      attributes: projected(tags, projection.attributes),
      events: projection.events ? list(span['logs']).flatMap(eventOf) : [],
      links: references.flatMap((reference) => (reference === parent ? [] : linkOf(reference))),
      ...(FOLLOWS.has(parent?.['refType']) ? { followsFrom: true } : {}),
      resource,
      scope: context.scope(
        text((tags.get('otel.scope.name') ?? tags.get('otel.library.name')) as JsonValue),
        text((tags.get('otel.scope.version') ?? tags.get('otel.library.version')) as JsonValue),
      ),
    },
    context.at,
  );
}

/** Ids are numbers in the model; older printers leave out leading zeros. */
function padded(id: JsonValue, digits: 16 | 32): JsonValue {
  if (typeof id !== 'string' || id.length >= digits || !/^[0-9a-fA-F]+$/.test(id)) return id;
  return id.padStart(digits, '0');
}

/** In JSON of the query service, and as a number of the protobuf enum. */
const FOLLOWS: ReadonlySet<JsonValue | undefined> = new Set(['FOLLOWS_FROM', 1]);

/** The first CHILD_OF of the same trace, else the first FOLLOWS_FROM of it. */
function parentOf(references: readonly JsonObject[], traceId: JsonValue): JsonObject | undefined {
  const inside = references.filter((reference) => {
    const id = reference['traceID'] ?? reference['traceId'];
    return id === undefined || padded(id, 32) === traceId;
  });
  // Protobuf leaves out what is first in an enum.
  return inside.find(({ refType }) => refType === 'CHILD_OF' || refType === undefined) ?? inside[0];
}

function linkOf(reference: JsonObject): readonly SpanLink[] {
  return linkTo(
    padded(reference['traceID'] ?? reference['traceId'], 32),
    padded(reference['spanID'] ?? reference['spanId'], 16),
  );
}

/** `tags: [{ key, type, value }]`, and `tag: { key: value }` of Elasticsearch, where dots may be written as `@`. */
function tagsOf(holder: JsonObject): MutableAttributes {
  const tags: MutableAttributes = new Map();
  if (isObject(holder['tag']))
    for (const key of Object.keys(holder['tag']))
      tags.set(key.replaceAll('@', '.'), attributeValue(holder['tag'][key]));
  addFields(tags, holder['tags']);
  return tags;
}

function addFields(attributes: MutableAttributes, fields: JsonValue): void {
  for (const field of list(fields)) {
    if (isObject(field) && typeof field['key'] === 'string') attributes.set(field['key'], fieldValue(field));
  }
}

/** `{ type, value }`; the model has a member a type, and leaves out those that are 0, false or empty. */
function fieldValue(field: JsonObject): AttributeValue {
  const value = own(field, 'value');
  if (value !== undefined) return typed(field['type'], value);
  switch (field['vType']) {
    case 'BOOL':
      return field['vBool'] === true;
    case 'INT64':
      return typed('int64', field['vInt64'] ?? 0);
    case 'FLOAT64':
      return typed('float64', field['vFloat64'] ?? 0);
    case 'BINARY':
      return nameText(field['vBinary']);
    default:
      return field['vStr'] === undefined ? null : nameText(field['vStr']);
  }
}

function typed(type: JsonValue, value: JsonValue): AttributeValue {
  if (typeof value === 'string') {
    if (type === 'int64' && /^-?\d{1,19}$/.test(value)) return wholeNumber(BigInt(value));
    if (type === 'float64' && value !== '' && !Number.isNaN(Number(value))) return Number(value);
    if (type === 'bool') return value === 'true';
  }
  return attributeValue(value);
}

/** `error` is a boolean by OpenTracing's conventions; text in it is a message of some client, not a failure. */
function statusOf(tags: MutableAttributes): { status: StatusCode; statusMessage: string | undefined } {
  const error = tags.get('error');
  const code = tags.get('otel.status_code');
  const status =
    error === true || error === 'true' || code === 'ERROR' ? 'error' : code === 'OK' ? 'ok' : 'unset';
  return { status, statusMessage: text(tags.get('otel.status_description') as JsonValue) };
}

function projected(tags: MutableAttributes, wanted: ReadonlySet<string> | undefined): MutableAttributes {
  return wanted === undefined ? tags : new Map([...tags].filter(([key]) => wanted.has(key)));
}

/** OpenTelemetry writes an event's name into the field `event`, as OpenTracing did; some write only a `message`. */
function eventOf(log: JsonValue): readonly SpanEvent[] {
  if (!isObject(log)) return [];
  const attributes: MutableAttributes = new Map();
  addFields(attributes, log['fields']);
  const name = text(attributes.get('event') as JsonValue);
  if (name !== undefined) attributes.delete('event');
  const time = eventTime(timeIn(log['timestamp']));
  return [{ name: name ?? text(attributes.get('message') as JsonValue) ?? 'log', time, attributes }];
}

/** Microseconds, or the text of protobuf's JSON. */
function timeIn(value: JsonValue): TimeReading {
  return typeof value === 'string' && value.includes('T') ? timeOf(value) : epochTime(value, 'us');
}

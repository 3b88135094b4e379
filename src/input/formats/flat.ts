import type { AttributeValue, Resource, SpanEvent, SpanLink } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { addPlain, attributeValue, isObject, list, nameText, text } from '../values.ts';
import { type Found, flatEvent, flatLog, flatSpan } from './flat-keys.ts';
import { statusOf } from './flat-status.ts';
import { timeIn, timesOf } from './flat-times.ts';
import { isForeign } from './foreign.ts';
import { isHexId, linkTo, numericId, spanIds } from './ids.ts';
import { otlpAttributes } from './otlp-values.ts';
import { eventTime, isWanted, kindNamed, type MutableAttributes, OTLP_KINDS, spanObjects } from './spans.ts';

/**
 * One span per object in whatever spelling a program chose: own exporters, query results, notebooks. Also
 * `{ spans: [such objects] }`. Fields that are none of a span's become attributes.
 */
export const flat: Format = {
  name: 'flat',
  title:
    'any program: one span per JSON record under the usual names (trace_id, span_id, name, a start, an end or a duration)',
  source: 'https://opentelemetry.io/docs/specs/otel/trace/api/#span (the names as programs spell them)',
  claims: (value, syntax) =>
    syntax === 'json' && !isForeign(value) && (isFlatSpan(value, undefined) || isSpanList(value)),
  skims: (value) =>
    isHexId(value['trace_id'] ?? value['traceId']) &&
    isHexId(value['span_id'] ?? value['spanId']) &&
    isOneObject(value['attributes'], value['tags']),
  read(value, context) {
    if (!Array.isArray(value['spans'])) readSpan(value, undefined, context);
    else for (const span of spanObjects(value['spans'], context)) readSpan(span, value, context);
  },
};

/** One of the two is there, or none, and it is an object: then it holds the attributes, and nothing else does. */
function isOneObject(attributes: JsonValue, tags: JsonValue): boolean {
  if (attributes !== undefined && tags !== undefined) return false;
  const holder = attributes ?? tags;
  return holder === undefined || isObject(holder);
}

function isSpanList(value: JsonObject): boolean {
  const first = list(value['spans'])[0];
  return isObject(first) && !isForeign(first) && isFlatSpan(first, value);
}

/**
 * A span has a name, its ids, and says when it was, how long it took, or whose child it is. A record with a level or a
 * message is a log line, even one that measured something, unless it tells a start and an end.
 */
function isFlatSpan(value: JsonObject, around: JsonObject | undefined): boolean {
  const { fields } = flatSpan(value);
  if (fields.name === undefined || (fields.spanId ?? fields.id) === undefined) return false;
  if ((fields.traceId ?? (around && flatSpan(around).fields.traceId)) === undefined) return false;
  if (fields.start && (fields.end ?? fields.duration)) return true;
  const log = flatLog(value).fields;
  if ((log.severity ?? log.message) !== undefined) return false;
  if ((fields.start ?? fields.end ?? fields.duration ?? fields.parentId) !== undefined) return true;
  // A score or a judgement has an id and a time of its own too.
  return fields.spanId !== undefined && fields.timestamp !== undefined;
}

/** Puts one span into the sink; `around` is the object whose list of spans this is one of; it may tell the trace, the service and the resource. */
export function readSpan(value: JsonObject, around: JsonObject | undefined, context: ReadContext): void {
  const { fields, rest } = flatSpan(value);
  if (fields.name === undefined && fields.spanId === undefined && fields.traceId === undefined) {
    context.sink.skip('bad_span', context.at);
    return;
  }
  const outer = around === undefined ? undefined : flatSpan(around).fields;
  const kind = kindOf(fields.kind?.value);
  const { status, statusMessage } = statusOf(fields, value['error']);
  const attributes: MutableAttributes = new Map();
  const resource = resourceAttributes(fields.resource ?? outer?.resource, fields.service ?? outer?.service);
  for (const key of rest) addRest(key, value[key], attributes, resource, context);
  if (kind === undefined) addOther(fields.kind, attributes, context);
  if (status === undefined) addOther(fields.status, attributes, context);
  if (fields.start !== undefined) addOther(fields.timestamp, attributes, context);
  if (fields.spanId !== undefined) addOther(fields.id, attributes, context);
  if (typeof fields.resource?.value === 'string') addOther(fields.resource, attributes, context);
  addAttributes(fields.attributes, attributes, context);
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    value,
    numericId((fields.traceId ?? outer?.traceId)?.value, 32),
    numericId((fields.spanId ?? fields.id)?.value, 16),
    numericId(parentOf(fields.parentId?.value), 16),
  );
  const { start, end } = timesOf(fields, context);
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name: nameText(fields.name?.value),
      kind,
      start,
      end,
      status: status ?? 'unset',
      statusMessage,
      attributes,
      events: context.projection.events ? list(fields.events?.value).flatMap(eventOf) : [],
      links: list(fields.links?.value).flatMap(linkOf),
      resource: context.resource(resource),
      scope: context.scope(text(fields.scopeName?.value), text(fields.scopeVersion?.value)),
    },
    context.at,
  );
}

/** `attributes.x` and `resource.x` are flattened objects; everything else is an attribute under its own name. */
function addRest(
  key: string,
  value: JsonValue,
  attributes: MutableAttributes,
  resource: MutableAttributes,
  context: ReadContext,
): void {
  if (value === undefined || value === null) return;
  const path = /^(attributes|resource)\.(?:attributes\.)?(.+)$/.exec(key);
  const name = path?.[2] ?? key;
  if (path?.[1] === 'resource') resource.set(name, attributeValue(value));
  else if (isWanted(context, name)) attributes.set(name, attributeValue(value));
}

/** A field that turned out to hold something else keeps its own name. */
function addOther(field: Found | undefined, attributes: MutableAttributes, context: ReadContext): void {
  if (field !== undefined && isWanted(context, field.key))
    attributes.set(field.key, attributeValue(field.value));
}

/** An object, OTLP's list of pairs, or (`tags: ['a', 'b']`) something that is neither. */
function addAttributes(field: Found | undefined, attributes: MutableAttributes, context: ReadContext): void {
  if (field === undefined) return;
  const { value } = field;
  if (isObject(value) || isObject(list(value)[0])) {
    const found = otlpAttributes(value, context.projection.attributes);
    for (const [key, item] of found) attributes.set(key, item);
  } else addOther(field, attributes, context);
}

/** The resource of spans that tell nothing of it but this. */
export function resourceOfService(service: JsonValue, context: Pick<ReadContext, 'resource'>): Resource {
  const found = { key: 'service', value: service, unit: undefined };
  return context.resource(resourceAttributes(undefined, found));
}

function resourceAttributes(resource: Found | undefined, service: Found | undefined): MutableAttributes {
  const value = resource?.value;
  const inner = isObject(value) ? (value['attributes'] ?? value) : value;
  const attributes: MutableAttributes = new Map();
  const name = nameText(isObject(service?.value) ? service.value['name'] : service?.value);
  if (name !== '') attributes.set('service.name', name);
  if (isObject(inner)) addPlain(attributes, inner);
  else for (const [key, item] of otlpAttributes(inner, undefined)) attributes.set(key, item);
  return attributes;
}

function parentOf(value: JsonValue): JsonValue {
  return isObject(value) ? (value['span_id'] ?? value['spanId'] ?? value['id']) : value;
}

function kindOf(value: JsonValue) {
  return typeof value === 'number' ? OTLP_KINDS[value] : kindNamed(value);
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (typeof event === 'string') return [{ name: event, time: undefined, attributes: new Map() }];
  if (!isObject(event)) return [];
  const { fields, rest } = flatEvent(event);
  const attributes = new Map<string, AttributeValue>();
  for (const key of rest) if (event[key] !== null) attributes.set(key, attributeValue(event[key]));
  for (const [key, value] of otlpAttributes(fields.attributes?.value, undefined)) attributes.set(key, value);
  const time = eventTime(timeIn(fields.time));
  return [{ name: nameText(fields.name?.value), time, attributes }];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  if (!isObject(link)) return [];
  const { fields } = flatSpan(isObject(link['context']) ? link['context'] : link);
  return linkTo(numericId(fields.traceId?.value, 32), numericId(fields.spanId?.value, 16));
}

import type { SpanEvent } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf, unixNanos } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { decoded, first, objectIn, platformIds, put, putMissing } from './platform.ts';
import { eventTime, instantOr, isWanted, type MutableAttributes, spanObjects, statusCode } from './spans.ts';

/**
 * MLflow traces of versions 2 and 3: `{ info, data: { spans } }`, `{ trace_info, spans }` of its REST API, the `{ spans }` that
 * it keeps as an artifact, rows of `search_traces`, and spans alone. Attribute values
 * are JSON texts, ids of version 3 base64. What the trace says about its user and session goes to its spans; its token
 * usage is their sum and goes nowhere.
 */
export const mlflow: Format = {
  name: 'mlflow',
  title: 'MLflow Tracing 2 and 3: traces as JSON, rows of search_traces, spans alone',
  source: 'https://github.com/mlflow/mlflow/blob/master/mlflow/entities/span.py',
  claims: (value) => isInfo(value) || isSpan(value) || spansOf(value) !== undefined,
  read(value, context) {
    const spans = spansOf(value);
    if (spans !== undefined) {
      const info = objectIn(first(value, 'info', 'trace_info')) ?? value;
      const trace = traceAttributes(info, context);
      const id = text(first(info, 'trace_id', 'request_id'))?.replace(/^tr-/, '');
      for (const span of spanObjects(spans, context)) readSpan(span, id, trace, context);
    } else if (isSpan(value)) readSpan(value, undefined, new Map(), context);
    else context.sink.skip('unsupported', context.at);
  },
};

/** The spans of a trace as an object, as a row of a table, or as a JSON text in one. */
function spansOf(value: JsonObject): JsonValue {
  const data = own(value, 'data');
  if (isObject(own(value, 'info')) && isObject(data)) return arrayIn(own(data, 'spans'));
  if (isInfo(objectIn(own(value, 'trace_info')) ?? {}) || isSpan(list(own(value, 'spans'))[0]))
    return arrayIn(own(value, 'spans'));
  if (!isInfo(value)) return undefined;
  const trace = objectIn(own(value, 'trace'));
  const inTrace = isObject(trace?.['data']) ? arrayIn(own(trace['data'], 'spans')) : undefined;
  return arrayIn(own(value, 'spans')) ?? inTrace;
}

const arrayIn = (value: JsonValue): JsonValue => (Array.isArray(value) ? value : undefined);

/** What a search says about a trace; without spans it is only a summary. */
function isInfo(value: JsonObject): boolean {
  return (
    first(value, 'trace_id', 'request_id') !== undefined &&
    first(value, 'trace_metadata', 'request_metadata') !== undefined &&
    first(value, 'state', 'status', 'execution_duration', 'execution_time_ms') !== undefined
  );
}

function isSpan(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const attributes = own(value, 'attributes');
  if (!isObject(attributes) || first(value, 'span_id', 'context') === undefined) return false;
  // OpenTelemetry's own exporters print the process with the span.
  if (own(value, 'resource') !== undefined) return false;
  return (
    own(attributes, 'mlflow.traceRequestId') !== undefined || own(attributes, 'mlflow.spanType') !== undefined
  );
}

function readSpan(
  value: JsonObject,
  traceId: JsonValue,
  trace: MutableAttributes,
  context: ReadContext,
): void {
  const ids = objectIn(own(value, 'context')) ?? value;
  const status = own(value, 'status');
  const attributes: MutableAttributes = new Map();
  const told = own(value, 'attributes');
  if (isObject(told)) {
    for (const key of Object.keys(told))
      if (isWanted(context, key)) put(attributes, key, decoded(told[key]), context);
  }
  putMissing(attributes, trace);
  context.sink.span(
    {
      ...platformIds(
        context,
        value,
        own(ids, 'trace_id') ?? traceId,
        own(ids, 'span_id'),
        first(value, 'parent_span_id', 'parent_id'),
      ),
      name: nameText(own(value, 'name')),
      kind: undefined,
      start: instantOr(timeIn(value, 'start_time_unix_nano', 'start_time'), context),
      end: instantOr(timeIn(value, 'end_time_unix_nano', 'end_time'), context),
      status: statusCode(isObject(status) ? own(status, 'code') : (own(value, 'status_code') ?? status)),
      statusMessage: text(isObject(status) ? own(status, 'message') : own(value, 'status_message')),
      attributes,
      events: context.projection.events ? list(own(value, 'events')).flatMap(eventOf) : [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    },
    context.at,
  );
}

function timeIn(value: JsonObject, nanos: string, any: string) {
  const exact = own(value, nanos);
  return exact === undefined ? timeOf(own(value, any)) : unixNanos(exact);
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(timeOf(first(event, 'time_unix_nano', 'timestamp')));
  return [
    { name: nameText(own(event, 'name')), time, attributes: plainAttributes(own(event, 'attributes')) },
  ];
}

/** Of what a trace says about itself: who, in which conversation, and what it is called. */
const TRACE_KEYS: readonly string[] = ['mlflow.trace.user', 'mlflow.trace.session', 'mlflow.traceName'];

function traceAttributes(info: JsonObject, context: ReadContext): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  for (const holder of ['trace_metadata', 'request_metadata', 'tags']) {
    const told = entriesOf(own(info, holder));
    for (const key of TRACE_KEYS) put(attributes, key, told.get(key), context);
  }
  return attributes;
}

/** An object, the JSON text of one, or pairs as the REST API of version 2 has them. */
function entriesOf(value: JsonValue): ReadonlyMap<string, JsonValue> {
  const object = objectIn(value);
  if (object !== undefined) return new Map(Object.entries(object));
  const pairs = list(value).filter(isObject);
  return new Map(
    pairs.flatMap((pair) => (typeof pair['key'] === 'string' ? [[pair['key'], pair['value']]] : [])),
  );
}

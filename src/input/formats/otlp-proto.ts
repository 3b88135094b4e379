import {
  type Attributes,
  type AttributeValue,
  NO_ATTRIBUTES,
  type Resource,
  type RowContext,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanLink,
  type SpanSink,
} from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { unixNanos } from '../time.ts';
import { EVENT, REQUEST, RESOURCE, RESOURCE_ITEMS, SCOPE, SCOPE_ITEMS, SPAN, STATUS } from '../wire/tags.ts';
import type { WireRows } from '../wire/wire-rows.ts';
import { linkTo, spanIds } from './ids.ts';
import { addLog } from './logs.ts';
import { addPair, valueFrom } from './otlp-proto-values.ts';
import { isNoMessage, WireReader } from './protobuf.ts';
import { eventTime, instantOr, type MutableAttributes, OTLP_KINDS, statusCode } from './spans.ts';

/** Tags of links and log records. */
const LINK = { traceId: 0x0a, spanId: 0x12 } as const;
const LOG = {
  time: 0x09,
  severityNumber: 0x10,
  severityText: 0x1a,
  body: 0x2a,
  attributes: 0x32,
  traceId: 0x4a,
  spanId: 0x52,
  observedTime: 0x59,
  eventName: 0x62,
} as const;

/** The faster way for spans, and who is told how many went it. */
export type RowsOfProto = { readonly rows: WireRows; readonly count: (spans: number) => void };

/**
 * Reads an ExportTraceServiceRequest (or TracesData; log and metric requests too). Throws on bytes that are none, after what
 * stood before them.
 */
export function readOtlpProto(bytes: Uint8Array, context: ReadContext, fast?: RowsOfProto): void {
  const reading = { context, fast };
  try {
    const reader = new WireReader(bytes);
    while (reader.next()) {
      if (reader.tag === REQUEST.resource) readResourceSpans(reader.bytes(), reading);
      else reader.skip();
    }
  } finally {
    flush(reading);
  }
}

type Reading = { readonly context: ReadContext; readonly fast: RowsOfProto | undefined };

/** Hands on the rows; those that have to be read are, and what they say goes where it always does. */
function flush({ context, fast }: Reading): void {
  const spans = fast?.rows.flush((item, around) => spanOf(item, around, context), context.at);
  if (spans !== undefined) fast?.count(spans);
}

/** Reads an item of a scope: the span, if it is one. Anything else goes where it always does. */
export function spanOf(item: Uint8Array, around: RowContext, context: ReadContext): Span | undefined {
  let found: Span | undefined;
  const sink: SpanSink = {
    ...context.sink,
    span: (span) => {
      found = span;
    },
  };
  readItem(item, around.resource, around.scope, { context: { ...context, sink }, fast: undefined });
  return found;
}

/** Reads the content of one field 1 of a request: a ResourceSpans, ResourceLogs or ResourceMetrics message. */
function readResourceSpans(bytes: Uint8Array, reading: Reading): void {
  const { context } = reading;
  const scopes: WireReader[] = [];
  let attributes: Attributes = NO_ATTRIBUTES;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.tag === RESOURCE_ITEMS.resource) attributes = resourceAttributes(reader.message());
    else if (reader.tag === RESOURCE_ITEMS.scopes) scopes.push(reader.message());
    else reader.skip();
  }
  const resource = context.resource(attributes);
  for (const scope of scopes) readScope(scope, resource, reading);
}

/** The resource that a message tells; throws on bytes that are none, as `scopeFrom` does. */
export function resourceAttributes(reader: WireReader): Attributes {
  const attributes: MutableAttributes = new Map();
  while (reader.next()) {
    if (reader.tag === RESOURCE.attributes) addPair(attributes, reader.message(), undefined);
    else reader.skip();
  }
  return attributes;
}

function readScope(reader: WireReader, resource: Resource, reading: Reading): void {
  const items: Uint8Array[] = [];
  let scope: Scope | undefined;
  while (reader.next()) {
    if (reader.tag === SCOPE_ITEMS.scope) scope = scopeFrom(reader.message(), reading.context);
    else if (reader.tag === SCOPE_ITEMS.items) items.push(reader.bytes());
    else reader.skip();
  }
  for (const item of items) readItem(item, resource, scope, reading);
}

export function scopeFrom(reader: WireReader, context: Pick<ReadContext, 'scope'>): Scope | undefined {
  let name: string | undefined;
  let version: string | undefined;
  while (reader.next()) {
    if (reader.tag === SCOPE.name) name = reader.string() || undefined;
    else if (reader.tag === SCOPE.version) version = reader.string() || undefined;
    else reader.skip();
  }
  return context.scope(name, version);
}

function readItem(item: Uint8Array, resource: Resource, scope: Scope | undefined, reading: Reading): void {
  const { context, fast } = reading;
  if (fast?.rows.isFull) flush(reading);
  if (fast?.rows.add(item, resource, scope)) return;
  attempt(context, () => {
    const signal = signalOf(item);
    if (signal === 'log') readLog(item, resource, scope, context);
    else if (signal === 'metric') context.sink.skip('metrics', context.at);
    else if (fast === undefined) readSpan(item, resource, scope, context);
    else fast.rows.addObject(item, resource, scope);
  });
}

/** What turns out to be no protobuf is a span that could not be read. */
function attempt(context: ReadContext, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!isNoMessage(error)) throw error;
    context.sink.skip('bad_span', context.at);
  }
}

/**
 * The three signals share their outer levels and most of their tags: fixed64 times tell a Span and a LogRecord; in a
 * Metric a name stands where a Span has the 16 bytes of its trace id.
 */
function signalOf(item: Uint8Array): 'span' | 'log' | 'metric' {
  let first: Uint8Array | undefined;
  const reader = new WireReader(item);
  while (reader.next()) {
    if (reader.tag === SPAN.start || reader.tag === SPAN.end) return 'span';
    if (reader.tag === LOG.time || reader.tag === LOG.observedTime || reader.tag === LOG.severityNumber)
      return 'log';
    if (reader.tag === SPAN.traceId) first = reader.bytes();
    else reader.skip();
  }
  return first === undefined || (first.length === 16 && !isPrintable(first)) ? 'span' : 'metric';
}

const isPrintable = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);

function readSpan(
  item: Uint8Array,
  resource: Resource,
  scope: Scope | undefined,
  context: ReadContext,
): void {
  const { projection } = context;
  const attributes: MutableAttributes = new Map();
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  let trace = '';
  let id = '';
  let parent = '';
  let name = '';
  let kind = 0;
  let start = 0n;
  let end = 0n;
  let status: Status = UNSET;
  let traceState: string | undefined;
  let droppedAttributes: number | undefined;
  const reader = new WireReader(item);
  while (reader.next()) {
    switch (reader.tag) {
      case SPAN.traceId:
        trace = reader.text('hex');
        break;
      case SPAN.spanId:
        id = reader.text('hex');
        break;
      case SPAN.parentSpanId:
        parent = reader.text('hex');
        break;
      case SPAN.name:
        name = reader.string();
        break;
      case SPAN.kind:
        kind = reader.number();
        break;
      case SPAN.start:
        start = reader.fixed64();
        break;
      case SPAN.end:
        end = reader.fixed64();
        break;
      case SPAN.attributes:
        addPair(attributes, reader.message(), projection.attributes);
        break;
      case SPAN.traceState:
        traceState = reader.string() || undefined;
        break;
      case SPAN.droppedAttributes:
        droppedAttributes = reader.number() || undefined;
        break;
      case SPAN.events:
        if (projection.events) events.push(eventFrom(reader.message()));
        else reader.skip();
        break;
      case SPAN.links:
        links.push(...linkFrom(reader.message()));
        break;
      case SPAN.status:
        status = statusFrom(reader.message());
        break;
      default:
        reader.skip();
    }
  }
  const { traceId, spanId, parentSpanId } = spanIds(context, item, trace, id, parent);
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind: OTLP_KINDS[kind],
      start: instantOr(unixNanos(start), context),
      end: instantOr(unixNanos(end), context),
      status: statusCode(status.code),
      statusMessage: status.message,
      attributes,
      events,
      links,
      resource,
      scope,
      traceState,
      droppedAttributes,
    },
    context.at,
  );
}

type Status = { readonly code: number; readonly message: string | undefined };
const UNSET: Status = { code: 0, message: undefined };

function statusFrom(reader: WireReader): Status {
  let code = 0;
  let message: string | undefined;
  while (reader.next()) {
    if (reader.tag === STATUS.message) message = reader.string() || undefined;
    else if (reader.tag === STATUS.code) code = reader.number();
    else reader.skip();
  }
  return { code, message };
}

function eventFrom(reader: WireReader): SpanEvent {
  const attributes: MutableAttributes = new Map();
  let name = '';
  let time = 0n;
  while (reader.next()) {
    if (reader.tag === EVENT.time) time = reader.fixed64();
    else if (reader.tag === EVENT.name) name = reader.string();
    else if (reader.tag === EVENT.attributes) addPair(attributes, reader.message(), undefined);
    else reader.skip();
  }
  return { name, time: eventTime(unixNanos(time)), attributes };
}

function linkFrom(reader: WireReader): readonly SpanLink[] {
  let traceId = '';
  let spanId = '';
  while (reader.next()) {
    if (reader.tag === LINK.traceId) traceId = reader.text('hex');
    else if (reader.tag === LINK.spanId) spanId = reader.text('hex');
    else reader.skip();
  }
  return linkTo(traceId, spanId);
}

function readLog(item: Uint8Array, resource: Resource, scope: Scope | undefined, context: ReadContext): void {
  const attributes: MutableAttributes = new Map();
  let time = 0n;
  let observed = 0n;
  let severityNumber = 0;
  let severity = '';
  let body: AttributeValue = null;
  let traceId = '';
  let spanId = '';
  let eventName = '';
  const reader = new WireReader(item);
  while (reader.next()) {
    if (reader.tag === LOG.time) time = reader.fixed64();
    else if (reader.tag === LOG.observedTime) observed = reader.fixed64();
    else if (reader.tag === LOG.severityNumber) severityNumber = reader.number();
    else if (reader.tag === LOG.severityText) severity = reader.string();
    else if (reader.tag === LOG.body) body = valueFrom(reader.message(), 0);
    else if (reader.tag === LOG.attributes) addPair(attributes, reader.message(), undefined);
    else if (reader.tag === LOG.traceId) traceId = reader.text('hex');
    else if (reader.tag === LOG.spanId) spanId = reader.text('hex');
    else if (reader.tag === LOG.eventName) eventName = reader.string();
    else reader.skip();
  }
  if (eventName !== '') attributes.set('event.name', eventName);
  addLog(context, {
    traceId,
    spanId,
    time: unixNanos(time) ?? unixNanos(observed),
    severity,
    severityNumber,
    eventName,
    body: body ?? eventName,
    attributes,
    resource,
    scope,
  });
}

import type { SpanEvent } from '../../model/index.ts';
import { instant } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { durationText, timeOf } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { flatEvent } from './flat-keys.ts';
import { timeIn } from './flat-times.ts';
import { platformIds } from './platform.ts';
import { eventTime, instantOr, kindNamed, spanObjects, statusCode } from './spans.ts';

/** Traces as the TRAIL benchmark publishes them: OpenInference spans, each with its children inside, durations in ISO 8601. */
export const trail: Format = {
  name: 'trail',
  title: 'the TRAIL benchmark: traces with children inside their spans',
  source: 'https://github.com/patronus-ai/trail-benchmark',
  claims: (value) => isSpan(value) || isSpan(list(own(value, 'spans'))[0]),
  read(value, context) {
    const spans = own(value, 'spans');
    const trace = own(value, 'trace_id');
    const waiting: Waiting[] = [];
    const add = (items: JsonValue, traceId: JsonValue, parentId: JsonValue) => {
      for (const span of spanObjects(items, context)) waiting.push({ span, traceId, parentId });
    };
    if (Array.isArray(spans)) add(spans, trace, undefined);
    else add([value], trace, undefined);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      readSpan(next, context);
      const { span, traceId } = next;
      add(own(span, 'child_spans'), own(span, 'trace_id') ?? traceId, own(span, 'span_id'));
    }
  },
};

type Waiting = { readonly span: JsonObject; readonly traceId: JsonValue; readonly parentId: JsonValue };

function isSpan(value: JsonValue): boolean {
  return isObject(value) && Array.isArray(own(value, 'child_spans')) && own(value, 'span_id') !== undefined;
}

function readSpan({ span, traceId, parentId }: Waiting, context: ReadContext): void {
  const start = instantOr(timeOf(own(span, 'timestamp')), context);
  const duration = durationOf(own(span, 'duration'), context);
  const resource = plainAttributes(own(span, 'resource_attributes'));
  const service = text(own(span, 'service_name'));
  if (service !== undefined && !resource.has('service.name')) resource.set('service.name', service);
  context.sink.span(
    {
      ...platformIds(
        context,
        span,
        own(span, 'trace_id') ?? traceId,
        own(span, 'span_id'),
        own(span, 'parent_span_id') ?? parentId,
      ),
      name: nameText(own(span, 'span_name')),
      kind: kindNamed(own(span, 'span_kind')),
      start,
      end: start === undefined || duration === undefined ? undefined : instant(start + duration),
      status: statusCode(own(span, 'status_code')),
      statusMessage: text(own(span, 'status_message')),
      attributes: plainAttributes(own(span, 'span_attributes'), context.projection.attributes),
      events: context.projection.events ? list(own(span, 'events')).flatMap(eventOf) : [],
      links: [],
      resource: context.resource(resource),
      scope: context.scope(text(own(span, 'scope_name')), text(own(span, 'scope_version'))),
    },
    context.at,
  );
}

function durationOf(value: JsonValue, context: ReadContext): bigint | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const duration = typeof value === 'string' ? durationText(value) : undefined;
  if (duration === undefined) context.sink.warn('bad_time', context.at);
  return duration;
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const { fields } = flatEvent(event);
  return [
    {
      name: nameText(fields.name?.value),
      time: eventTime(timeIn(fields.time)),
      attributes: plainAttributes(fields.attributes?.value),
    },
  ];
}

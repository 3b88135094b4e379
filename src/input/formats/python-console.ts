import {
  type AttributeValue,
  NO_ATTRIBUTES,
  type Resource,
  type SpanEvent,
  type SpanLink,
} from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { parseInspect } from '../inspect.ts';
import { timeOf } from '../time.ts';
import { isObject, list, nameText, onceAnObject, plainAttributes, text } from '../values.ts';
import { isForeign } from './foreign.ts';
import { isHexId, linkTo, numericId, spanIds } from './ids.ts';
import { eventTime, instantOr, kindNamed, scopeOf, spanObjects, statusCode } from './spans.ts';

/**
 * `ReadableSpan.to_json` of OpenTelemetry Python, and what programs print that copy its shape: nanosecond integers for
 * ISO times, ids without `0x` or as integers (any-agent), lists in `{ spans: […] }`.
 */
export const pythonConsole: Format = {
  name: 'python-console',
  title: 'OpenTelemetry Python: ConsoleSpanExporter, and dumps that look like it',
  source:
    'https://github.com/open-telemetry/opentelemetry-python/blob/main/opentelemetry-sdk/src/opentelemetry/sdk/trace/__init__.py',
  claims: (value) => isSpan(value) || isSpan(list(value['spans'])[0]),
  skims: (value) =>
    isObject(value['context']) &&
    isHexId(value['context']['trace_id']) &&
    isHexId(value['context']['span_id']),
  read(value, context) {
    if (isSpan(value) || !Array.isArray(value['spans'])) readSpan(value, context);
    else for (const span of spanObjects(value['spans'], context)) readSpan(span, context);
  },
};

function isSpan(value: JsonValue): boolean {
  if (!isObject(value) || !isObject(value['context']) || isForeign(value)) return false;
  return value['context']['trace_id'] !== undefined && value['start_time'] !== undefined;
}

/** Puts one span into the sink. */
export function readSpan(value: JsonObject, context: ReadContext): void {
  const { projection } = context;
  const own = isObject(value['context']) ? value['context'] : {};
  const parent = value['parent'];
  const status = value['status'];
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    value,
    numericId(own['trace_id'], 32),
    numericId(own['span_id'], 16),
    numericId(isObject(parent) ? parent['span_id'] : value['parent_id'], 16),
  );
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name: nameText(value['name']),
      kind: kindNamed(value['kind']),
      start: instantOr(timeOf(value['start_time']), context),
      end: instantOr(timeOf(value['end_time']), context),
      status: statusCode(isObject(status) ? status['status_code'] : (status ?? value['status_code'])),
      statusMessage: isObject(status) ? text(status['description']) : undefined,
      attributes: plainAttributes(value['attributes'], projection.attributes),
      events: projection.events ? list(value['events']).flatMap(eventOf) : [],
      links: list(value['links']).flatMap(linkOf),
      resource: resourceOf(value['resource'], context),
      scope: scopeOf(value['instrumentation_scope'] ?? value['instrumentation_info'], context),
    },
    context.at,
  );
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(timeOf(event['timestamp']));
  return [{ name: nameText(event['name']), time, attributes: plainAttributes(event['attributes']) }];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  const context = isObject(link) ? link['context'] : undefined;
  return isObject(context)
    ? linkTo(numericId(context['trace_id'], 32), numericId(context['span_id'], 16))
    : [];
}

/** The resource of spans that belong to it. */
export const resourceOf = (value: JsonValue, context: Pick<ReadContext, 'resource'>): Resource =>
  context.resource(resourceAttributes(value));

/** `{ attributes }`; before 1.0 the attributes alone; in between the repr of a BoundedAttributes as a string. */
const resourceAttributes = onceAnObject((resource): ReadonlyMap<string, AttributeValue> => {
  if (typeof resource === 'string') return plainAttributes(reprDict(resource));
  if (!isObject(resource)) return NO_ATTRIBUTES;
  return plainAttributes(isObject(resource['attributes']) ? resource['attributes'] : resource);
});

/** A Python dict of strings and numbers reads like an object of Node. */
function reprDict(repr: string): JsonValue {
  const from = repr.indexOf('{');
  const to = repr.lastIndexOf('}');
  if (from < 0 || to < from) return undefined;
  try {
    return parseInspect(repr.slice(from, to + 1));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

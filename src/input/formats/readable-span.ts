import { type AttributeValue, type Instant, instant } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { hrNanos, hrTime } from '../time.ts';
import { attributeValue, isObject, list, nameText, plainAttributes, text } from '../values.ts';
import { spanIds } from './ids.ts';
import { eventOf, linkOf } from './js-console.ts';
import { droppedCount, instantOr, JS_KINDS, kindNamed, scopeOf, statusCode } from './spans.ts';

/**
 * A ReadableSpan of OpenTelemetry JS as JSON: picked fields, or the span object itself through a serialiser that
 * survives circles (`_spanContext`, `_duration`, `resource._rawAttributes`); or that object printed by `console.log`.
 */
export const readableSpan: Format = {
  name: 'readable-span',
  title: 'OpenTelemetry JS: spans dumped as objects, in arrays, as lines, with circles in them',
  source:
    'https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/opentelemetry-sdk-trace-base/src/export/ReadableSpan.ts',
  claims: (value) => {
    const context = spanContext(value);
    // A log record of the same SDK names its span the same way.
    const isLog = value['hrTimeObserved'] !== undefined;
    return context !== undefined && typeof context['traceId'] === 'string' && !isLog;
  },
  read(value, context) {
    const { projection } = context;
    const own = spanContext(value) ?? {};
    const parent = value['parentSpanContext'];
    const status = value['status'];
    const start = instantOr(hrTime(value['startTime']), context);
    const kind = value['kind'];
    const { traceId, spanId, parentSpanId } = spanIds(
      context,
      value,
      own['traceId'],
      own['spanId'],
      isObject(parent) ? parent['spanId'] : value['parentSpanId'],
    );
    context.sink.span(
      {
        traceId,
        spanId,
        parentSpanId,
        name: nameText(value['name']),
        kind: typeof kind === 'number' ? JS_KINDS[kind] : kindNamed(kind),
        start,
        end: endOf(value, start, context),
        status: statusCode(isObject(status) ? status['code'] : undefined),
        statusMessage: isObject(status) ? text(status['message']) : undefined,
        attributes: plainAttributes(value['attributes'], projection.attributes),
        events: projection.events ? list(value['events']).flatMap(eventOf) : [],
        links: list(value['links']).flatMap(linkOf),
        resource: context.resource(resourceAttributes(value['resource'])),
        scope: scopeOf(value['instrumentationScope'] ?? value['instrumentationLibrary'], context),
        droppedAttributes: droppedCount(value['droppedAttributesCount']),
      },
      context.at,
    );
  },
};

function spanContext(value: JsonObject): JsonObject | undefined {
  const context = value['spanContext'] ?? value['_spanContext'];
  return isObject(context) ? context : undefined;
}

/** A span that has not ended says so, or has `[0, 0]` as its end; a dump without an end may have a duration. */
function endOf(value: JsonObject, start: Instant | undefined, context: ReadContext): Instant | undefined {
  if (value['ended'] === false || value['_ended'] === false) return undefined;
  if (value['endTime'] !== undefined && value['endTime'] !== null)
    return instantOr(hrTime(value['endTime']), context);
  const duration = hrNanos(value['duration'] ?? value['_duration']);
  return start === undefined || duration === undefined ? undefined : instant(start + duration);
}

/** `attributes` of picked fields, `_attributes` of SDK 1, `_rawAttributes` (pairs, the first of a key holds) of SDK 2. */
export function resourceAttributes(resource: JsonValue): Map<string, AttributeValue> {
  if (!isObject(resource)) return new Map();
  const raw = resource['_rawAttributes'];
  if (!Array.isArray(raw)) return plainAttributes(resource['attributes'] ?? resource['_attributes']);
  const attributes = new Map<string, AttributeValue>();
  for (const pair of raw) {
    const [key, value] = list(pair);
    if (typeof key === 'string' && value !== undefined && !attributes.has(key))
      attributes.set(key, attributeValue(value));
  }
  return attributes;
}

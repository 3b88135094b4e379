import { type Instant, instant, type Resource, type SpanEvent, type SpanLink } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { epochTime, hrTime, scaled } from '../time.ts';
import { isObject, list, nameText, numeric, onceAnObject, plainAttributes, text } from '../values.ts';
import { isHexId, linkTo, spanIds } from './ids.ts';
import { eventTime, instantOr, JS_KINDS, scopeOf, statusCode } from './spans.ts';

/**
 * What ConsoleSpanExporter of OpenTelemetry JS hands to `console.dir`. SDK 2 names the parent in `parentSpanContext`,
 * SDK 1 in `parentId`; before 1.1x there was no resource. Older documentation shows the same object as JSON.
 */
export const jsConsole: Format = {
  name: 'js-console',
  title: 'OpenTelemetry JS 1.x and 2.x: ConsoleSpanExporter, with or without colours',
  kind: 'text',
  source:
    'https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/opentelemetry-sdk-trace-base/src/export/ConsoleSpanExporter.ts',
  claims: (value, syntax) =>
    typeof value['traceId'] === 'string' &&
    typeof value['id'] === 'string' &&
    typeof value['name'] === 'string' &&
    (syntax === 'inspect' ||
      (typeof value['kind'] === 'number' && (isObject(value['attributes']) || isObject(value['status'])))),
  skims: (value) => isHexId(value['traceId']) && isHexId(value['id']),
  read: readSpan,
};

/** Puts one span into the sink. */
export function readSpan(value: JsonObject, context: ReadContext): void {
  const { projection } = context;
  const status = value['status'];
  const parent = value['parentSpanContext'];
  const start = instantOr(epochTime(value['timestamp'], 'us'), context);
  const { traceId, spanId, parentSpanId } = spanIds(
    context,
    value,
    value['traceId'],
    value['id'],
    isObject(parent) ? parent['spanId'] : value['parentId'],
  );
  context.sink.span(
    {
      traceId,
      spanId,
      parentSpanId,
      name: nameText(value['name']),
      kind: JS_KINDS[numeric(value['kind'])],
      start,
      end: endOf(start, value['duration']),
      status: statusCode(isObject(status) ? status['code'] : undefined),
      statusMessage: isObject(status) ? text(status['message']) : undefined,
      attributes: plainAttributes(value['attributes'], projection.attributes),
      events: projection.events ? list(value['events']).flatMap(eventOf) : [],
      links: list(value['links']).flatMap(linkOf),
      resource: resourceOf(value['resource'], context),
      scope: scopeOf(value['instrumentationScope'] ?? value['instrumentationLibrary'], context),
    },
    context.at,
  );
}

/** The resource of spans that belong to it. */
export const resourceOf = (value: JsonValue, context: Pick<ReadContext, 'resource'>): Resource =>
  context.resource(resourceAttributes(value));

const resourceAttributes = onceAnObject((resource) =>
  plainAttributes(isObject(resource) ? resource['attributes'] : undefined),
);

/** The duration is microseconds too, with the nanoseconds behind the point. */
function endOf(start: Instant | undefined, duration: JsonValue): Instant | undefined {
  const nanos = scaled(duration, 3);
  return start === undefined || nanos === undefined ? undefined : instant(start + nanos);
}

/** OpenTelemetry JS, printed or as JSON: `{ name, time: [s, ns], attributes }`. */
export function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(hrTime(event['time']));
  return [{ name: nameText(event['name']), time, attributes: plainAttributes(event['attributes']) }];
}

/** OpenTelemetry JS: `{ context: { traceId, spanId }, attributes }`. */
export function linkOf(link: JsonValue): readonly SpanLink[] {
  const context: JsonObject | undefined =
    isObject(link) && isObject(link['context']) ? link['context'] : undefined;
  return context === undefined ? [] : linkTo(context['traceId'], context['spanId']);
}

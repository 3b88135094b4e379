import type { SpanEvent, SpanLink } from '../../model/index.ts';
import type { Format, JsonValue } from '../format.ts';
import { unixNanos } from '../time.ts';
import { isObject, list, nameText, plainAttributes, text } from '../values.ts';
import { linkTo, spanIds } from './ids.ts';
import { eventTime, instantOr, kindNamed, statusCode } from './spans.ts';

/**
 * What ConsoleSpanExporter of OpenTelemetry PHP prints: a list of one span. Times are nanoseconds, an empty map is `[]`, and
 * the instrumentation scope is not told.
 */
export const phpConsole: Format = {
  name: 'php-console',
  title: 'OpenTelemetry PHP: ConsoleSpanExporter',
  source:
    'https://github.com/open-telemetry/opentelemetry-php/blob/main/src/SDK/Trace/SpanExporter/FriendlySpanConverter.php',
  claims: (value) =>
    isObject(value['context']) &&
    value['context']['trace_id'] !== undefined &&
    value['start'] !== undefined &&
    value['parent_span_id'] !== undefined,
  read(value, context) {
    const { projection } = context;
    const own = isObject(value['context']) ? value['context'] : {};
    const status = value['status'];
    context.sink.span(
      {
        ...spanIds(context, value, own['trace_id'], own['span_id'], value['parent_span_id']),
        name: nameText(value['name']),
        kind: kindNamed(value['kind']),
        start: instantOr(unixNanos(value['start']), context),
        end: instantOr(unixNanos(value['end']), context),
        status: statusCode(isObject(status) ? status['code'] : undefined),
        statusMessage: isObject(status) ? text(status['description']) : undefined,
        attributes: plainAttributes(value['attributes'], projection.attributes),
        events: projection.events ? list(value['events']).flatMap(eventOf) : [],
        links: list(value['links']).flatMap(linkOf),
        resource: context.resource(plainAttributes(value['resource'])),
        scope: undefined,
      },
      context.at,
    );
  },
};

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(unixNanos(event['timestamp']));
  return [{ name: nameText(event['name']), time, attributes: plainAttributes(event['attributes']) }];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  const context = isObject(link) ? link['context'] : undefined;
  return isObject(context) ? linkTo(context['trace_id'], context['span_id']) : [];
}

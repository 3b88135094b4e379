import type { AttributeValue, SpanEvent, SpanLink } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { attributeValue, isObject, list, nameText, text } from '../values.ts';
import { linkTo, spanIds } from './ids.ts';
import { eventTime, instantOr, kindNamed, type MutableAttributes, OTLP_KINDS, statusCode } from './spans.ts';

/** The stdouttrace exporter of OpenTelemetry Go: its SpanStub as JSON. Metrics of stdoutmetric share the stream. */
export const goStdouttrace: Format = {
  name: 'go-stdouttrace',
  title: 'OpenTelemetry Go: stdouttrace, pretty or compact',
  source:
    'https://github.com/open-telemetry/opentelemetry-go/blob/main/exporters/stdout/stdouttrace/trace.go',
  claims: (value) => isObject(value['SpanContext']) || Array.isArray(value['ScopeMetrics']),
  read(value, context) {
    if (Array.isArray(value['ScopeMetrics'])) {
      context.sink.skip('metrics', context.at);
      return;
    }
    const { projection } = context;
    const own = isObject(value['SpanContext']) ? value['SpanContext'] : {};
    const parent = value['Parent'];
    const status = value['Status'];
    const kind = value['SpanKind'];
    const { traceId, spanId, parentSpanId } = spanIds(
      context,
      value,
      own['TraceID'],
      own['SpanID'],
      isObject(parent) ? parent['SpanID'] : value['ParentSpanID'],
    );
    context.sink.span(
      {
        traceId,
        spanId,
        parentSpanId,
        name: nameText(value['Name']),
        kind: typeof kind === 'number' ? OTLP_KINDS[kind] : kindNamed(kind),
        start: instantOr(timeOf(value['StartTime']), context),
        end: instantOr(timeOf(value['EndTime']), context),
        status: statusCode(isObject(status) ? status['Code'] : undefined),
        statusMessage: isObject(status) ? text(status['Description']) : undefined,
        attributes: goAttributes(value['Attributes'], projection.attributes),
        events: projection.events ? list(value['Events']).flatMap(eventOf) : [],
        links: list(value['Links']).flatMap(linkOf),
        resource: context.resource(goAttributes(value['Resource'])),
        scope: scopeOf(value['InstrumentationScope'] ?? value['InstrumentationLibrary'], context),
      },
      context.at,
    );
  },
};

/** `[{ Key, Value: { Type, Value } }]`; null where there are none. */
export function goAttributes(value: JsonValue, wanted?: ReadonlySet<string>): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  for (const pair of list(value)) {
    const key = isObject(pair) ? pair['Key'] : undefined;
    if (typeof key !== 'string' || (wanted !== undefined && !wanted.has(key))) continue;
    attributes.set(key, goValue((pair as JsonObject)['Value']));
  }
  return attributes;
}

/** A typed value; `{ Type, Value }`, or bare where a program printed it without its type. */
export function goValue(value: JsonValue): AttributeValue {
  return attributeValue(isObject(value) && value['Type'] !== undefined ? value['Value'] : value);
}

function scopeOf(value: JsonValue, context: ReadContext) {
  return isObject(value) ? context.scope(text(value['Name']), text(value['Version'])) : undefined;
}

function eventOf(event: JsonValue): readonly SpanEvent[] {
  if (!isObject(event)) return [];
  const time = eventTime(timeOf(event['Time']));
  return [{ name: nameText(event['Name']), time, attributes: goAttributes(event['Attributes']) }];
}

function linkOf(link: JsonValue): readonly SpanLink[] {
  const context = isObject(link) ? link['SpanContext'] : undefined;
  return isObject(context) ? linkTo(context['TraceID'], context['SpanID']) : [];
}

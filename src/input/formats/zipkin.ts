import { instant, type SpanEvent, type StatusCode } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue } from '../format.ts';
import { epochTime, scaled } from '../time.ts';
import { isObject, list, nameText, onceAnObject, plainAttributes, text } from '../values.ts';
import { isHexId, spanIds } from './ids.ts';
import { eventTime, instantOr, isWanted, kindNamed } from './spans.ts';

const KINDS: readonly JsonValue[] = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'];

/**
 * Zipkin's v2 span. Times are microseconds, tags are text. The two ends of one call share an id: the server says that it
 * is `shared`, the client made it; reports of other kinds under the same id are spans of their own.
 */
export const zipkin: Format = {
  name: 'zipkin',
  title: 'Zipkin v2: arrays, lines, lines of arrays',
  source: 'https://github.com/openzipkin/zipkin-api/blob/master/zipkin2-api.yaml',
  claims: (value) =>
    typeof value['traceId'] === 'string' &&
    typeof value['id'] === 'string' &&
    typeof value['kind'] !== 'number' &&
    (isObject(value['localEndpoint']) || KINDS.includes(value['kind']) || isMicros(value['timestamp'])),
  skims: (value) => isHexId(value['traceId']) && isHexId(value['id']),
  read(value, context) {
    const { projection } = context;
    const tags = isObject(value['tags']) ? value['tags'] : {};
    const kind = kindNamed(value['kind']);
    const start = instantOr(epochTime(value['timestamp'], 'us'), context);
    const duration = scaled(value['duration'], 3) ?? 0n;
    const attributes = plainAttributes(tags, projection.attributes);
    const peer = serviceName(value['remoteEndpoint']);
    if (peer !== undefined && !Object.hasOwn(tags, 'peer.service') && isWanted(context, 'peer.service'))
      attributes.set('peer.service', peer);
    const { traceId, spanId, parentSpanId } = spanIds(
      context,
      value,
      value['traceId'],
      value['id'],
      value['parentId'],
    );
    const { status, statusMessage } = statusOf(tags);
    context.sink.span(
      {
        traceId,
        spanId,
        parentSpanId,
        name: nameText(value['name']),
        kind,
        start,
        // Without a duration the span is one moment: Zipkin counts it as finished.
        end: start === undefined ? undefined : instant(start + duration),
        status,
        statusMessage,
        attributes,
        events: projection.events ? list(value['annotations']).flatMap(eventOf) : [],
        links: [],
        resource: context.resource(resourceAttributes(value['localEndpoint'])),
        scope: context.scope(
          text(tags['otel.scope.name'] ?? tags['otel.library.name']),
          text(tags['otel.scope.version'] ?? tags['otel.library.version']),
        ),
        half: value['shared'] === true ? 'shared' : 'owner',
      },
      context.at,
    );
  },
};

function isMicros(value: JsonValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function serviceName(endpoint: JsonValue): string | undefined {
  return isObject(endpoint) ? text(endpoint['serviceName']) : undefined;
}

const resourceAttributes = onceAnObject((endpoint): ReadonlyMap<string, string> => {
  const name = serviceName(endpoint);
  const ip = isObject(endpoint) ? (text(endpoint['ipv4']) ?? text(endpoint['ipv6'])) : undefined;
  const attributes = new Map<string, string>();
  if (name !== undefined) attributes.set('service.name', name);
  if (ip !== undefined) attributes.set('host.ip', ip);
  return attributes;
});

/** The tag `error` means failure whatever it says (https://zipkin.io/public/thrift/v1/zipkinCore.html, `ERROR`). */
function statusOf(tags: JsonObject): { status: StatusCode; statusMessage: string | undefined } {
  const code = tags['otel.status_code'];
  const error = tags['error'];
  if (error !== undefined || code === 'ERROR') {
    const message = text(tags['otel.status_description']) ?? (error === 'true' ? undefined : text(error));
    return { status: 'error', statusMessage: message };
  }
  return { status: code === 'OK' ? 'ok' : 'unset', statusMessage: undefined };
}

function eventOf(annotation: JsonValue): readonly SpanEvent[] {
  if (!isObject(annotation)) return [];
  const time = eventTime(epochTime(annotation['timestamp'], 'us'));
  return [{ name: nameText(annotation['value']), time, attributes: new Map() }];
}

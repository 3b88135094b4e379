import { inspect } from 'node:util';
import { plainObject, plainValue } from './attributes.js';
import { resourceAttributes } from './otlp-json.js';

const micros = (nanos) => Number(nanos / 1000n);
const iso = (nanos) =>
  `${new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, -4)}${String(micros(nanos) % 1_000_000).padStart(6, '0')}Z`;

/** One span a line with plain attributes, the way programs write their own logs. */
export const flatLines = () => ({
  batch: (spans) =>
    spans
      .map(({ traceId, spanId, parent, name, kind, start, end, attributes, failure, service }) => {
        const pairs = attributes.map(
          (attribute) => `${JSON.stringify(attribute[0])}:${flatValue(attribute)}`,
        );
        return (
          `{"trace_id":"${traceId}","span_id":"${spanId}","parent_span_id":${parent ? `"${parent}"` : null},` +
          `"name":${JSON.stringify(name)},"kind":${kind},"start_time_unix_nano":${start},"end_time_unix_nano":${end},` +
          `"status":${failure === undefined ? 0 : 2},"service":"${service}","attributes":{${pairs}}}\n`
        );
      })
      .join(''),
});

/** Costs keep their digits. */
const flatValue = (attribute) =>
  attribute[1] === 'real' ? attribute[2] : JSON.stringify(plainValue(attribute));

/** OpenTelemetry Python's ConsoleSpanExporter: indented objects of plain ASCII among an application's own lines. */
export const pythonConsole = () => ({
  batch: (spans) =>
    logLine(spans) + spans.map((span) => `${ascii(JSON.stringify(pythonSpan(span), null, 4))}\n`).join(''),
});

const ascii = (text) =>
  text.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const logLine = ([span]) =>
  `${iso(span.end)} INFO  worker  finished a step of run ${span.traceId.slice(0, 8)}\n`;

const pythonSpan = ({ traceId, spanId, parent, name, start, end, attributes, failure, service }) => ({
  name,
  context: { trace_id: `0x${traceId}`, span_id: `0x${spanId}`, trace_state: '[]' },
  kind: 'SpanKind.INTERNAL',
  parent_id: parent === undefined ? null : `0x${parent}`,
  start_time: iso(start),
  end_time: iso(end),
  status: failure === undefined ? { status_code: 'UNSET' } : { status_code: 'ERROR', description: failure },
  attributes: plainObject(attributes),
  events: [],
  links: [],
  resource: { attributes: plainObject(resourceAttributes(service)), schema_url: '' },
});

/** OpenTelemetry JS' ConsoleSpanExporter, which hands objects to `console.dir` with a depth of 3. */
export const jsConsole = () => ({
  batch: (spans) => logLine(spans) + spans.map((span) => `${inspect(jsSpan(span), { depth: 3 })}\n`).join(''),
});

const jsSpan = ({
  traceId,
  spanId,
  parent,
  name,
  kind,
  scope,
  start,
  end,
  attributes,
  failure,
  service,
}) => ({
  resource: { attributes: plainObject(resourceAttributes(service)) },
  instrumentationScope: { ...scope, schemaUrl: undefined },
  traceId,
  parentSpanContext: parent && { traceId, spanId: parent, traceFlags: 1, traceState: undefined },
  traceState: undefined,
  name,
  id: spanId,
  kind: kind - 1,
  timestamp: micros(start),
  duration: Number(end - start) / 1000,
  attributes: plainObject(attributes),
  status: failure === undefined ? { code: 0 } : { code: 2, message: failure },
  events: [],
  links: [],
});

/** Zipkin v2: one array of spans, tags as text. */
export function zipkin() {
  let first = true;
  return {
    head: '[',
    batch: (spans) => {
      const text = spans.map((span) => JSON.stringify(zipkinSpan(span))).join(',');
      const separator = first ? '' : ',';
      first = false;
      return separator + text;
    },
    tail: ']\n',
  };
}

const zipkinSpan = ({ traceId, spanId, parent, name, start, end, attributes, failure, service }) => ({
  traceId,
  id: spanId,
  parentId: parent,
  name,
  timestamp: micros(start),
  duration: micros(end) - micros(start),
  localEndpoint: { serviceName: service },
  tags: {
    ...Object.fromEntries(attributes.map(tagOf)),
    ...(failure === undefined ? {} : { 'otel.status_code': 'ERROR', error: failure }),
  },
});

const tagOf = (attribute) => [
  attribute[0],
  attribute[1] === 'real'
    ? attribute[2]
    : String(attribute[1] === 'nested' ? '[object Object]' : attribute[2]),
];

/** The answer of Jaeger's API: every trace whole. */
export function jaeger() {
  let first = true;
  return {
    wholeRuns: true,
    head: '{"data":[',
    batch: (spans) => {
      const separator = first ? '' : ',';
      first = false;
      return separator + JSON.stringify(jaegerTrace(spans));
    },
    tail: '],"total":0,"limit":0,"offset":0,"errors":null}\n',
  };
}

function jaegerTrace(spans) {
  const { traceId } = spans[0];
  const services = [...new Set(spans.map(({ service }) => service))];
  const processes = services.map((service, index) => [
    `p${index}`,
    { serviceName: service, tags: resourceAttributes(service).slice(1).map(jaegerTag) },
  ]);
  return {
    traceID: traceId,
    spans: spans.map(({ spanId, parent, name, start, end, attributes, failure, service, scope }) => ({
      traceID: traceId,
      spanID: spanId,
      operationName: name,
      references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: parent }],
      startTime: micros(start),
      duration: micros(end) - micros(start),
      tags: [
        ...attributes.map(jaegerTag),
        { key: 'otel.scope.name', type: 'string', value: scope.name },
        ...(failure === undefined ? [] : [{ key: 'error', type: 'bool', value: true }]),
      ],
      logs: [],
      processID: `p${services.indexOf(service)}`,
      warnings: null,
    })),
    processes: Object.fromEntries(processes),
    warnings: null,
  };
}

const JAEGER_TYPES = { whole: 'int64', real: 'float64', flag: 'bool' };

const jaegerTag = (attribute) => {
  const [key, type] = attribute;
  const value = plainValue(attribute);
  return {
    key,
    type: JAEGER_TYPES[type] ?? 'string',
    value: typeof value === 'object' ? JSON.stringify(value) : value,
  };
};

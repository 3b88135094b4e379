import { canonicalTraceId } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue } from '../format.ts';
import { attributeValue, isObject, list, own, text } from '../values.ts';
import { type Found, flatLog } from './flat-keys.ts';
import { timeIn } from './flat-times.ts';
import { isForeign } from './foreign.ts';
import { goAttributes, goValue } from './go-stdouttrace.ts';
import { numericId } from './ids.ts';
import { addLog } from './logs.ts';
import { otlpAttributes } from './otlp-values.ts';
import type { MutableAttributes } from './spans.ts';

/**
 * A structured log line that names its trace, as loggers write it: pino, winston, zap, structlog, Serilog, .NET's JSON
 * console, Google Cloud, Datadog, ECS, and the log exporters of OpenTelemetry's SDKs.
 */
export const appLog: Format = {
  name: 'app-log',
  title: 'structured log lines with trace ids',
  source: 'https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/',
  claims: (value, syntax) => {
    if (isForeign(value) || (syntax === 'inspect' && own(value, 'severityNumber') === undefined))
      return false;
    const ids = idsOf(value);
    if (ids === undefined) return false;
    const { severity, message } = ids.fields;
    return (ids.atTop && ids.spanId !== undefined) || (severity ?? message) !== undefined;
  },
  read(value, context) {
    const ids = idsOf(value);
    if (ids === undefined) {
      context.sink.skip('log_without_trace', context.at);
      return;
    }
    const { fields, rest } = flatLog(value);
    const attributes: MutableAttributes = new Map();
    for (const key of rest) {
      const item = value[key];
      if (item !== undefined && item !== null) attributes.set(key, attributeValue(item));
    }
    addPayload(fields.message?.value, attributes);
    const found = fields.attributes?.value;
    for (const [key, item] of isGoList(found) ? goAttributes(found) : otlpAttributes(found, undefined))
      attributes.set(key, item);
    const time = timeIn(fields.time);
    addLog(context, {
      traceId: ids.traceId,
      spanId: ids.spanId,
      // Loggers print times in every local fashion; one that cannot be read is no fault of the telemetry.
      time: time === 'bad' ? undefined : time,
      severity: severityText(fields.severity) ?? nestedLevel(own(value, 'log')),
      severityNumber: fields.severityNumber?.value,
      body: bodyOf(fields.message?.value ?? own(value, 'name')),
      attributes,
    });
  },
};

type LogIds = {
  readonly traceId: unknown;
  readonly spanId: unknown;
  /** The record itself names the trace, not something inside it. */
  readonly atTop: boolean;
  readonly fields: ReturnType<typeof flatLog>['fields'];
};

/** Where loggers keep the context of a line when it is not in the line itself. */
const HOLDERS = [
  'dd',
  'otel',
  'trace_context',
  'traceContext',
  'span_context',
  'spanContext',
  'attributes',
  'context',
  'ctx',
  'mdc',
  'MDC',
  'contextMap',
  'fields',
  'extra',
  'labels',
  'data',
  'Properties',
  'properties',
  'jsonPayload',
  'State',
];

function idsOf(value: JsonObject): LogIds | undefined {
  const { fields } = flatLog(value);
  const top = idsIn(value);
  if (top !== undefined) return { ...top, atTop: true, fields };
  for (const holder of [...HOLDERS.map((key) => own(value, key)), ...list(own(value, 'Scopes'))]) {
    const inner = isObject(holder) ? idsIn(holder) : undefined;
    if (inner !== undefined) return { ...inner, atTop: false, fields };
  }
  return undefined;
}

function idsIn(holder: JsonObject): { traceId: unknown; spanId: unknown } | undefined {
  const { fields } = flatLog(holder);
  const trace = fields.traceId?.value;
  const span = fields.spanId?.value ?? innerId(own(holder, 'span'), 'span_id');
  const raw = isObject(trace) ? innerId(trace, 'trace_id') : trace;
  const parent = typeof raw === 'string' ? TRACEPARENT.exec(raw) : null;
  if (parent !== null) return { traceId: parent[1], spanId: span ?? parent[2] };
  const google = typeof raw === 'string' ? /^projects\/[^/]+\/traces\/(\w+)$/.exec(raw)?.[1] : undefined;
  const traceId = numericId(google ?? raw, 32);
  const known = canonicalTraceId(traceId);
  // `trace` alone may be anything, a stack trace for one.
  if (known === undefined || (known.odd && fields.traceId?.key === 'trace')) return undefined;
  return { traceId, spanId: numericId(span, 16) };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** Elastic Common Schema nests: `trace: { id }`, `span: { id }`. */
function innerId(holder: JsonValue, key: string): JsonValue {
  return isObject(holder) ? (own(holder, 'id') ?? own(holder, key)) : undefined;
}

/** https://github.com/pinojs/pino/blob/main/docs/api.md#logger-level, bunyan the same */
const PINO_LEVELS: ReadonlyMap<JsonValue, string> = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

function severityText(field: Found | undefined): string | undefined {
  const value = field?.value;
  return PINO_LEVELS.get(value) ?? (typeof value === 'number' ? String(value) : text(value));
}

/** Elastic Common Schema: `log: { level }`. */
function nestedLevel(log: JsonValue): string | undefined {
  return isObject(log) ? text(own(log, 'level')) : undefined;
}

/** What Google Cloud's `jsonPayload` holds beside its message. */
function addPayload(payload: JsonValue, attributes: MutableAttributes): void {
  if (!isObject(payload) || text(own(payload, 'message')) === undefined) return;
  for (const key of Object.keys(payload))
    if (key !== 'message') attributes.set(key, attributeValue(payload[key]));
}

/** Text, OpenTelemetry Go's `{ Type, Value }`, Google Cloud's `{ message }`, or whatever object was logged. */
function bodyOf(value: JsonValue) {
  const message = isObject(value) ? text(own(value, 'message') ?? own(value, 'stringValue')) : undefined;
  return message ?? goValue(value) ?? '';
}

const isGoList = (value: JsonValue): boolean => {
  const first = list(value)[0];
  return isObject(first) && own(first, 'Key') !== undefined;
};

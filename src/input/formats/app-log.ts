import { canonicalTraceId, NO_RESOURCE } from '../../model/index.ts';
import type { Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { attributeValue, isObject, list, own, text } from '../values.ts';
import { type Found, flatLog } from './flat-keys.ts';
import { timeIn } from './flat-times.ts';
import { isForeign } from './foreign.ts';
import { goAttributes, goValue } from './go-stdouttrace.ts';
import { numericId } from './ids.ts';
import { addLog } from './logs.ts';
import { otlpAttributes } from './otlp-values.ts';
import { resourceAttributes } from './readable-span.ts';
import type { MutableAttributes } from './spans.ts';

/**
 * A structured log line that names its trace, as loggers write it: pino, winston, zap, structlog, Serilog, .NET's JSON
 * console, Google Cloud, Datadog, ECS; and what the log exporters of OpenTelemetry's SDKs print. One that names no trace
 * may report a call all the same: an SDK's own record, or a line that names an event or counts tokens.
 */
export const appLog: Format = {
  name: 'app-log',
  title:
    'structured log lines: pino, winston, zap, structlog, Serilog, .NET, Google Cloud, Datadog, ECS, and the log exporters of OpenTelemetry',
  source: 'https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/',
  claims: (value, syntax) => {
    if (isForeign(value) || (syntax === 'inspect' && !isSdkRecord(value))) return false;
    const { fields } = flatLog(value);
    const ids = idsOf(value, fields);
    if (ids === undefined) return isSdkRecord(value) || mayReportCall(value, fields);
    return (ids.atTop && ids.spanId !== undefined) || (fields.severity ?? fields.message) !== undefined;
  },
  read(value, context) {
    const { fields, rest } = flatLog(value);
    const ids = idsOf(value, fields);
    const attributes: MutableAttributes = new Map();
    for (const key of rest) addAttribute(key, value[key], attributes);
    addPayload(fields.message?.value, attributes);
    const found = fields.attributes?.value;
    for (const [key, item] of isGoList(found) ? goAttributes(found) : otlpAttributes(found, undefined))
      attributes.set(key, item);
    const resource = resourceIn(fields.resource?.value);
    if (resource === undefined && fields.resource !== undefined)
      addAttribute(fields.resource.key, fields.resource.value, attributes);
    const time = timeIn(fields.time);
    addLog(context, {
      traceId: ids?.traceId,
      spanId: ids?.spanId,
      // Loggers print times in every local fashion; one that cannot be read is no fault of the telemetry.
      time: time === 'bad' ? undefined : time,
      severity: severityText(fields.severity) ?? nestedLevel(own(value, 'log')),
      severityNumber: fields.severityNumber?.value,
      eventName: fields.eventName?.value,
      body: bodyOf(fields.message?.value ?? own(value, 'name')),
      attributes,
      resource: resource === undefined ? NO_RESOURCE : context.resource(resource),
      scope: scopeIn(fields.scope?.value, context),
    });
  },
};

/** Fields that only the log exporters of OpenTelemetry's SDKs write. */
const SDK_FIELDS = [
  'severityNumber',
  'severity_number',
  'hrTimeObserved',
  'observed_timestamp',
  'ObservedTimestamp',
];

const isSdkRecord = (value: JsonObject): boolean => SDK_FIELDS.some((key) => Object.hasOwn(value, key));

/** A log line that names the event it is, or holds a number called tokens. */
function mayReportCall(value: JsonObject, fields: LogFields): boolean {
  if (fields.severity === undefined && fields.message === undefined && fields.time === undefined)
    return false;
  const inner = fields.attributes?.value;
  return isTelling(value) || (isObject(inner) && isTelling(inner));
}

function isTelling(holder: JsonObject): boolean {
  for (const key of Object.keys(holder)) {
    if (key === 'event.name' || (TOKENS.test(key) && isCount(holder[key]))) return true;
  }
  return false;
}

const TOKENS = /[Tt]oken(?:s|_count)$/;
const isCount = (value: JsonValue): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}$/.test(value));

function addAttribute(key: string, value: JsonValue, attributes: MutableAttributes): void {
  if (value !== undefined && value !== null) attributes.set(key, attributeValue(value));
}

/** A resource as SDKs write it: `{ attributes }`, an object of the JS SDK, Go's list. Other loggers mean other things. */
function resourceIn(value: JsonValue): MutableAttributes | undefined {
  if (isGoList(value)) return goAttributes(value);
  const known =
    isObject(value) &&
    ['attributes', '_attributes', '_rawAttributes'].some((key) => Object.hasOwn(value, key));
  return known ? resourceAttributes(value) : undefined;
}

function scopeIn(value: JsonValue, context: ReadContext) {
  return isObject(value)
    ? context.scope(
        text(own(value, 'name') ?? own(value, 'Name')),
        text(own(value, 'version') ?? own(value, 'Version')),
      )
    : undefined;
}

type LogFields = ReturnType<typeof flatLog>['fields'];
type LogIds = {
  readonly traceId: unknown;
  readonly spanId: unknown;
  /** The record itself names the trace, not something inside it. */
  readonly atTop: boolean;
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

function idsOf(value: JsonObject, fields: LogFields): LogIds | undefined {
  const top = idsIn(value, fields);
  if (top !== undefined) return { ...top, atTop: true };
  for (const key of HOLDERS) {
    const inner = idsInside(own(value, key));
    if (inner !== undefined) return inner;
  }
  for (const scope of list(own(value, 'Scopes'))) {
    const inner = idsInside(scope);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function idsInside(holder: JsonValue): LogIds | undefined {
  const ids = isObject(holder) ? idsIn(holder, flatLog(holder).fields) : undefined;
  return ids && { ...ids, atTop: false };
}

function idsIn(holder: JsonObject, fields: LogFields): Omit<LogIds, 'atTop'> | undefined {
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

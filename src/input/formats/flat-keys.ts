import type { JsonObject, JsonValue } from '../format.ts';
import type { TimeUnit } from '../time.ts';

/**
 * How programs spell the fields of a span or a log record that they write down flat; of several that are there, the one
 * named first holds. A unit stands where the name tells it.
 */
type Spelling = string | readonly [key: string, unit: TimeUnit];
type Spellings<Field extends string> = { readonly [field in Field]: readonly Spelling[] };

/** A field as a record has it: under which key, with which value, in which unit if the key tells. */
export type Found = { readonly key: string; readonly value: JsonValue; readonly unit: TimeUnit | undefined };

/** The fields that were found, and the keys that name no field. */
export type FlatRecord<Field extends string> = {
  readonly fields: { readonly [field in Field]?: Found };
  readonly rest: readonly string[];
};

/** A reader of records in these spellings: one pass over the keys of a record. */
function flatReader<Field extends string>(
  spellings: Spellings<Field>,
): (record: JsonObject) => FlatRecord<Field> {
  const roles = new Map<string, { field: Field; rank: number; unit: TimeUnit | undefined }>();
  for (const field of Object.keys(spellings) as Field[]) {
    spellings[field].forEach((spelling, rank) => {
      const [key, unit] = typeof spelling === 'string' ? [spelling, undefined] : spelling;
      roles.set(key, { field, rank, unit });
    });
  }
  return (record) => {
    const fields: { [field in Field]?: Found } = {};
    const ranks: { [field in Field]?: number } = {};
    const rest: string[] = [];
    for (const key of Object.keys(record)) {
      const role = roles.get(key);
      const value = record[key];
      if (role === undefined) rest.push(key);
      else if (value !== undefined && value !== null && role.rank < (ranks[role.field] ?? roles.size)) {
        const beaten = fields[role.field];
        if (beaten !== undefined) rest.push(beaten.key);
        fields[role.field] = { key, value, unit: role.unit };
        ranks[role.field] = role.rank;
      } else if (value !== undefined && value !== null) rest.push(key);
    }
    return { fields, rest };
  };
}

const TRACE_ID = [
  'trace_id',
  'traceId',
  'traceID',
  'TraceId',
  'TraceID',
  'trace.id',
  'dd.trace_id',
  'otelTraceID',
  'traceid',
];

const SPAN_ID = [
  'span_id',
  'spanId',
  'spanID',
  'SpanId',
  'SpanID',
  'span.id',
  'dd.span_id',
  'otelSpanID',
  'spanid',
];

/** Names that mean the start of a span only where there is nothing better; in a log record they are its time. */
const TIMESTAMP: readonly Spelling[] = [
  'timestamp',
  'Timestamp',
  '@timestamp',
  'time',
  'ts',
  '@t',
  ['time_unix_nano', 'ns'],
  ['timeUnixNano', 'ns'],
  'datetime',
  'date',
  'asctime',
];

const ATTRIBUTES = ['attributes', 'Attributes', 'attrs', 'tags', 'span_attributes', 'SpanAttributes'];

export const flatSpan = flatReader({
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  id: ['id'],
  parentId: [
    'parent_span_id',
    'parentSpanId',
    'parentSpanID',
    'ParentSpanId',
    'ParentSpanID',
    'parent_id',
    'parentId',
    'parentID',
    'ParentId',
    'parent.id',
    'parent',
  ],
  name: [
    'name',
    'span_name',
    'spanName',
    'span.name',
    'operation_name',
    'operationName',
    'Name',
    'SpanName',
    'operation',
  ],
  kind: ['kind', 'span_kind', 'spanKind', 'span.kind', 'Kind', 'SpanKind'],
  start: [
    ['start_time_unix_nano', 'ns'],
    ['startTimeUnixNano', 'ns'],
    ['start_unix_nano', 'ns'],
    ['start_time_ns', 'ns'],
    ['start_ns', 'ns'],
    ['start_time_us', 'us'],
    ['start_us', 'us'],
    ['start_time_ms', 'ms'],
    ['startTimeMs', 'ms'],
    ['startTimeMillis', 'ms'],
    ['start_ms', 'ms'],
    'start_time',
    'startTime',
    'StartTime',
    'start_timestamp',
    'startTimestamp',
    'started_at',
    'startedAt',
    'start',
    'Start',
  ],
  timestamp: TIMESTAMP,
  end: [
    ['end_time_unix_nano', 'ns'],
    ['endTimeUnixNano', 'ns'],
    ['end_unix_nano', 'ns'],
    ['end_time_ns', 'ns'],
    ['end_ns', 'ns'],
    ['end_time_us', 'us'],
    ['end_us', 'us'],
    ['end_time_ms', 'ms'],
    ['endTimeMs', 'ms'],
    ['endTimeMillis', 'ms'],
    ['end_ms', 'ms'],
    'end_time',
    'endTime',
    'EndTime',
    'end_timestamp',
    'endTimestamp',
    'ended_at',
    'endedAt',
    'finished_at',
    'finishedAt',
    'end',
    'End',
  ],
  duration: [
    ['duration_ns', 'ns'],
    ['durationNs', 'ns'],
    ['duration_nano', 'ns'],
    ['durationNano', 'ns'],
    ['duration_nanos', 'ns'],
    ['durationNanos', 'ns'],
    ['duration_us', 'us'],
    ['durationUs', 'us'],
    ['duration_micros', 'us'],
    ['durationMicros', 'us'],
    ['duration_ms', 'ms'],
    ['durationMs', 'ms'],
    ['durationMillis', 'ms'],
    ['duration_millis', 'ms'],
    ['elapsed_ms', 'ms'],
    ['elapsedMs', 'ms'],
    ['latency_ms', 'ms'],
    ['latencyMs', 'ms'],
    ['duration_s', 's'],
    ['duration_sec', 's'],
    ['duration_seconds', 's'],
    ['durationSeconds', 's'],
    ['elapsed_s', 's'],
    ['latency_s', 's'],
    'duration',
    'Duration',
  ],
  status: ['status', 'status_code', 'statusCode', 'Status', 'StatusCode', 'status.code', 'otel.status_code'],
  statusMessage: [
    'status_message',
    'statusMessage',
    'StatusMessage',
    'status.message',
    'status_description',
    'otel.status_description',
    'error_message',
    'errorMessage',
    'error.message',
  ],
  service: ['service', 'service_name', 'serviceName', 'service.name', 'ServiceName'],
  attributes: ATTRIBUTES,
  resource: ['resource', 'Resource', 'resource_attributes', 'resourceAttributes', 'ResourceAttributes'],
  scopeName: ['scope_name', 'scopeName', 'ScopeName', 'scope.name', 'otel.scope.name'],
  scopeVersion: ['scope_version', 'scopeVersion', 'ScopeVersion', 'scope.version', 'otel.scope.version'],
  events: ['events', 'Events', 'span_events', 'spanEvents'],
  links: ['links', 'Links', 'span_links', 'spanLinks'],
});

export type SpanFields = ReturnType<typeof flatSpan>['fields'];

export const flatEvent = flatReader({
  name: ['name', 'Name', 'event_name', 'eventName', 'event'],
  time: TIMESTAMP,
  attributes: ATTRIBUTES,
});

export const flatLog = flatReader({
  traceId: [...TRACE_ID, 'logging.googleapis.com/trace', '@tr', 'traceparent', 'trace'],
  spanId: [...SPAN_ID, 'logging.googleapis.com/spanId', '@sp'],
  time: [...TIMESTAMP, 'hrTime'],
  severity: [
    'severity_text',
    'severityText',
    'SeverityText',
    'severity',
    'Severity',
    'level',
    'Level',
    'log.level',
    'levelname',
    'lvl',
    'loglevel',
    'logLevel',
    'LogLevel',
    '@l',
    '_severityText',
  ],
  severityNumber: ['severity_number', 'severityNumber', 'SeverityNumber', '_severityNumber'],
  eventName: ['event_name', 'eventName', 'EventName', '_eventName'],
  message: [
    'message',
    'msg',
    'Message',
    'body',
    'Body',
    'RenderedMessage',
    '@m',
    '@mt',
    'MessageTemplate',
    'textPayload',
    'jsonPayload',
    'short_message',
    'log',
    'text',
    'event',
    '_body',
  ],
  attributes: ATTRIBUTES,
  resource: ['resource', 'Resource'],
  scope: ['instrumentationScope', 'instrumentation_scope', 'Scope'],
});

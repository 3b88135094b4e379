import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/input/format.ts';
import { FORMATS } from '../../src/input/formats/index.ts';
import { EVERYTHING, type Span } from '../../src/model/index.ts';
import { collect, plain, readOnly } from './collect.ts';

/** Words of every format, so that random records look like telemetry to somebody. */
const KEYS =
  'resourceSpans scopeSpans spans batches trace resource scope attributes key value stringValue intValue doubleValue arrayValue kvlistValue values traceId spanId parentSpanId name kind startTimeUnixNano endTimeUnixNano status code message events links timeUnixNano resourceLogs scopeLogs logRecords body severityNumber id parentId timestamp duration localEndpoint serviceName tags shared annotations context trace_id span_id parent_id parent start_time end_time status_code SpanContext TraceID SpanID Parent StartTime EndTime Attributes Key Value Type Status Resource ScopeMetrics spanContext _spanContext parentSpanContext startTime endTime _duration _rawAttributes traceID spanID operationName references refType processes processID data process logs fields tag level msg time ts error dd Scopes start end duration_ms observations parentObservationId metadata usageDetails usage post patch runs run_type dotted_order child_runs extra outputs object span_data workflow_name sdk_span_type response info trace_metadata state mlflow.spanType context.trace_id span_kind child_spans properties $ai_trace_id root_span_id span_parents span_attributes metrics __proto__ constructor'.split(
    ' ',
  );
const leaf = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    undefined,
    true,
    false,
    0,
    -1,
    2,
    1.5,
    1e300,
    Number.NaN,
    1_767_225_600_000,
    10n ** 30n,
    '',
    '0',
    '1767225600000000000',
    '2026-01-01T00:00:00Z',
    'ERROR',
    'CLIENT',
    'SPAN_KIND_SERVER',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '00f067aa0ba902b7',
    'W47/95gDgQPSabYzgT/GDA==',
    '100927429609276267646756448943279827607',
    '9999-99-99T99:99:99Z',
    '1e9999',
    '.',
  ),
  fc.string({ maxLength: 8 }),
  fc.double(),
  fc.bigInt(),
  // What JavaScript cannot turn into a number or a text, and throws.
  fc.constant<JsonValue>({ toString: 1, valueOf: 1 }),
);
const { value: json } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 10 })
      .map((entries) => Object.fromEntries(entries) as JsonObject),
  ),
}));
const record = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), json), { maxLength: 12 })
  .map((entries) => Object.fromEntries(entries) as JsonObject);

/** Well-formed records of some formats, with one member each that holds anything. */
const shaped: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(fc.constantFrom('start', 'end_time', 'duration_ms', 'kind', 'status', 'level'), json)
    .map(([key, value]) => ({ trace_id: 'a', span_id: 'b', name: 'n', start_time: 1, [key]: value })),
  fc.tuple(fc.constantFrom('kind', 'startTimeUnixNano', 'status', 'attributes', 'flags'), json).map(
    ([key, value]): JsonObject => ({
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'a', spanId: 'b', name: 'n', [key]: value }] }] }],
    }),
  ),
  json.map((value): JsonObject => ({ traceId: 'a', spanId: 'b', msg: 'x', severityNumber: value })),
);

describe('every format', () => {
  it('reads any record it is given, its own or not, into spans that keep their promises', () => {
    fc.assert(
      fc.property(fc.oneof(record, shaped), fc.constantFrom(...FORMATS), (value, format) => {
        format.claims(value, 'json');
        format.claims(value, 'inspect');
        for (const span of collect((context) => readOnly(format, value, context)).spans)
          keepsItsPromises(span);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same spans however little of them is asked for', () => {
    fc.assert(
      fc.property(record, fc.constantFrom(...FORMATS), (value, format) => {
        const all = collect((context) => readOnly(format, value, context), EVERYTHING).spans;
        const narrow = { attributes: new Set(['name', 'error', 'key']), events: false, logs: false };
        const some = collect((context) => readOnly(format, value, context), narrow).spans;
        expect(some.map(identity)).toEqual(all.map(identity));
      }),
      { numRuns: 2000 },
    );
  });

  it('says nothing about a record that has no word of its own', () => {
    for (const value of [
      {},
      { name: 'package', version: '1' },
      { a: { b: [1] } },
      { level: 'info', msg: 'x' },
    ])
      for (const format of FORMATS) expect(format.claims(value, 'json'), format.name).toBe(false);
  });

  it('survives values nested to any depth', () => {
    let value: JsonValue = 'bottom';
    for (let depth = 0; depth < 3000; depth++) value = depth % 2 === 0 ? [value] : { arrayValue: value };
    for (const format of FORMATS) {
      const found = collect((context) =>
        readOnly(format, { traceId: 'a', spanId: 'b', name: 'n', attributes: { value } }, context),
      );
      expect(JSON.stringify(plain(found)).length, format.name).toBeLessThan(100_000);
    }
  });
});

function keepsItsPromises(span: Span): void {
  expect(span.traceId).toMatch(/./s);
  expect(span.spanId).toMatch(/./s);
  expect(span.parentSpanId).not.toBe('');
  expect(typeof span.name).toBe('string');
  expect([undefined, 'internal', 'server', 'client', 'producer', 'consumer']).toContain(span.kind);
  expect(['unset', 'ok', 'error']).toContain(span.status);
  for (const time of [span.start, span.end]) expect(['bigint', 'undefined']).toContain(typeof time);
  expect(span.attributes).toBeInstanceOf(Map);
  expect(span.resource.attributes).toBeInstanceOf(Map);
}

const identity = ({ traceId, spanId, parentSpanId, name, kind, start, end, status, half }: Span) => ({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  start,
  end,
  status,
  half,
});

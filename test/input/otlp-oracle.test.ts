import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otlpJson } from '../../src/input/formats/otlp-json.ts';
import { readOtlpProto } from '../../src/input/formats/otlp-proto.ts';
import { looksLikeOtlpProto } from '../../src/input/formats/otlp-proto-head.ts';
import { collect, plain, readOnly } from './collect.ts';

// OpenTelemetry's own serializers write; our readers must give back what went in.

type ReadableSpan = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];
type ReadableLogs = Parameters<typeof JsonLogsSerializer.serializeRequest>[0];
type Metrics = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES = ['unset', 'ok', 'error'];

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''))
    .filter((id) => !/^0+$/.test(id));
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const integer = fc.maxSafeInteger().map((value) => value + 0);
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Number.isInteger(value));
const scalar = fc.oneof(text, integer, double, fc.boolean());
const value = fc.oneof(
  scalar,
  fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 5 }),
  fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
);
const attributes = fc.dictionary(text, value, { maxKeys: 6, noNullPrototype: true });
const seconds = fc.integer({ min: 1, max: 4_000_000_000 });
const hrTime = fc.tuple(seconds, fc.integer({ min: 0, max: 999_999_999 }));
const context = fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constant(1) });

const span = fc.record({
  name: text,
  kind: fc.nat(4),
  context,
  parent: fc.option(context, { nil: undefined }),
  startTime: hrTime,
  endTime: hrTime,
  status: fc.record({ code: fc.nat(2), message: fc.option(text.filter(Boolean), { nil: undefined }) }),
  attributes,
  links: fc.array(fc.record({ context, attributes }), { maxLength: 2 }),
  events: fc.array(fc.record({ name: text, time: hrTime, attributes }), { maxLength: 2 }),
  resource: fc.record({ attributes }),
  scope: fc.record({
    name: text.filter(Boolean),
    version: fc.option(text.filter(Boolean), { nil: undefined }),
  }),
});
type Made = typeof span extends fc.Arbitrary<infer T> ? T : never;

function readable(made: Made): ReadableSpan {
  const { context: own, parent, scope, ...rest } = made;
  return {
    ...rest,
    spanContext: () => own,
    parentSpanContext: parent,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    duration: [0, 0],
    ended: true,
  } as unknown as ReadableSpan;
}

const nanos = ([s, n]: [number, number]) => String(BigInt(s) * 1_000_000_000n + BigInt(n));

/** What `plain` must say of a span that was made so; written down without the readers. */
function expected(made: Made) {
  const part = (key: string, list: unknown[]) => (list.length === 0 ? {} : { [key]: list });
  return {
    traceId: made.context.traceId,
    spanId: made.context.spanId,
    ...(made.parent && { parentSpanId: made.parent.spanId }),
    name: made.name,
    kind: KINDS[made.kind],
    start: nanos(made.startTime),
    end: nanos(made.endTime),
    status: STATUSES[made.status.code],
    ...(made.status.message && { statusMessage: made.status.message }),
    ...part('attributes', Object.entries(made.attributes)),
    ...part(
      'events',
      made.events.map((event) => ({
        name: event.name,
        time: nanos(event.time),
        ...part('attributes', Object.entries(event.attributes)),
      })),
    ),
    ...part(
      'links',
      made.links.map((link) => ({ traceId: link.context.traceId, spanId: link.context.spanId })),
    ),
    ...part('resource', Object.entries(made.resource.attributes)),
    scope: { name: made.scope.name, version: made.scope.version },
  };
}

const bySpan = (all: readonly { spanId: string }[]) =>
  [...all].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));

function check(made: readonly Made[], found: ReturnType<typeof collect>): void {
  const { spans, ...rest } = plain(found) as { spans: { spanId: string }[] };
  expect(rest).toEqual({ logs: [], skipped: {}, warnings: {} });
  expect(bySpan(spans)).toEqual(bySpan(made.map(expected)));
}

const spans = fc.uniqueArray(span, { maxLength: 4, selector: (made) => made.context.spanId });

describe('OTLP as OpenTelemetry writes it', () => {
  it('reads JSON back', () => {
    fc.assert(
      fc.property(spans, (made) => {
        const bytes = JsonTraceSerializer.serializeRequest(made.map(readable));
        const request = JSON.parse(new TextDecoder().decode(bytes));
        check(
          made,
          collect((to) => readOnly(otlpJson, request, to)),
        );
      }),
    );
  });

  it('reads protobuf back', () => {
    fc.assert(
      fc.property(spans, (made) => {
        const bytes = ProtobufTraceSerializer.serializeRequest(made.map(readable))!;
        check(
          made,
          collect((to) => readOtlpProto(bytes, to)),
        );
        if (made.length > 0) expect(looksLikeOtlpProto(bytes, bytes.length)).toBe(true);
      }),
    );
  });

  it('knows the beginning of protobuf however little of it is there', () => {
    const [made] = fc.sample(span, { seed: 7, numRuns: 1 });
    const bytes = ProtobufTraceSerializer.serializeRequest([readable(made!)])!;
    for (let length = 2; length < bytes.length; length++)
      expect(looksLikeOtlpProto(bytes.subarray(0, length)), `${length} bytes`).toBe(true);
  });

  it('reads integers and doubles that JSON cannot write', () => {
    const [made] = fc.sample(span, { seed: 1, numRuns: 1 });
    const odd = {
      big: 2 ** 60,
      least: -(2 ** 63),
      endless: Number.NEGATIVE_INFINITY,
      none: Number.NaN,
      zero: -0.0,
    };
    const bytes = ProtobufTraceSerializer.serializeRequest([readable({ ...made!, attributes: odd })])!;
    const found = collect((to) => readOtlpProto(bytes, to));
    expect([...found.spans[0]!.attributes]).toEqual([
      ['big', 2n ** 60n],
      ['least', -(2n ** 63n)],
      ['endless', Number.NEGATIVE_INFINITY],
      ['none', Number.NaN],
      ['zero', 0],
    ]);
  });

  it('reads logs in both encodings the same, and counts metrics', () => {
    const resource = { attributes: { 'service.name': 's' } };
    const instrumentationScope = { name: 'logger' };
    const hrTimeAt = [1_700_000_000, 5];
    const spanContext = {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      traceFlags: 1,
    };
    const record = { resource, instrumentationScope, hrTimeObserved: hrTimeAt, droppedAttributesCount: 0 };
    const logs = [
      { ...record, hrTime: hrTimeAt, spanContext, severityNumber: 17, body: 'text', attributes: { n: 1 } },
      { ...record, hrTime: [0, 0], spanContext, severityText: 'Info', body: { a: [1, 'x'] }, attributes: {} },
      { ...record, hrTime: hrTimeAt, spanContext, eventName: 'gen_ai.choice', attributes: {} },
      { ...record, hrTime: hrTimeAt, body: 'no trace', attributes: {} },
    ] as unknown as ReadableLogs;
    const request = JSON.parse(new TextDecoder().decode(JsonLogsSerializer.serializeRequest(logs)));
    const json = plain(collect((to) => readOnly(otlpJson, request, to)));
    const written = { resource: [['service.name', 's']], scope: { name: 'logger', version: undefined } };
    expect(json).toEqual({
      spans: [],
      logs: [
        {
          ...written,
          ...spanContextOf(spanContext),
          time: '1700000000000000005',
          severity: 'ERROR',
          body: 'text',
          attributes: [['n', 1]],
        },
        {
          ...written,
          ...spanContextOf(spanContext),
          time: '1700000000000000005',
          severity: 'Info',
          body: '{"a":[1,"x"]}',
        },
        {
          ...written,
          ...spanContextOf(spanContext),
          time: '1700000000000000005',
          eventName: 'gen_ai.choice',
          body: 'gen_ai.choice',
          attributes: [['event.name', 'gen_ai.choice']],
        },
        { ...written, time: '1700000000000000005', body: 'no trace' },
      ],
      skipped: {},
      warnings: {},
    });
    const bytes = ProtobufLogsSerializer.serializeRequest(logs)!;
    expect(plain(collect((to) => readOtlpProto(bytes, to)))).toEqual(json);
    expect(looksLikeOtlpProto(bytes, bytes.length)).toBe(true);

    const point = { startTime: hrTimeAt, endTime: hrTimeAt, attributes: {}, value: 1 };
    const metric = (name: string, dataPointType: number, value: unknown) => ({
      descriptor: { name, description: 'eight ch', unit: '1', type: 'COUNTER', valueType: 1 },
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPointType,
      dataPoints: [{ ...point, value }],
    });
    const histogram = { buckets: { boundaries: [1], counts: [1, 0] }, sum: 1, count: 1 };
    const metrics = {
      resource,
      scopeMetrics: [
        {
          scope: instrumentationScope,
          metrics: [metric('sum', 3, 1), metric('gauge', 2, 1), metric('name with 16 ch.', 0, histogram)],
        },
      ],
    } as unknown as Metrics;
    const found = plain(
      collect((to) => readOtlpProto(ProtobufMetricsSerializer.serializeRequest(metrics)!, to)),
    );
    expect(found).toMatchObject({ spans: [], logs: [], skipped: { metrics: 3 } });
  });
});

const spanContextOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => ({ traceId, spanId });

describe('readOtlpProto', () => {
  it('neither hangs nor crashes on bytes that are no message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (random, framed) => {
        const bytes = framed
          ? Uint8Array.from([0x0a, random.length & 127, ...random.subarray(0, 127)])
          : random;
        looksLikeOtlpProto(bytes);
        collectOrError(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('survives a flipped byte and a cut anywhere', () => {
    fc.assert(
      fc.property(spans, fc.nat(), fc.nat(255), fc.nat(), (made, place, byte, cut) => {
        const bytes = Uint8Array.from(ProtobufTraceSerializer.serializeRequest(made.map(readable))!);
        if (bytes.length === 0) return;
        collectOrError(bytes.subarray(0, cut % bytes.length));
        bytes[place % bytes.length] = byte;
        collectOrError(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('tells text that begins with a line feed from a message', () => {
    const texts = [
      '\n',
      '\n\n\n\n',
      '\n{"a":1}\n',
      '\n{\n  resource: {',
      '\n\n\n[]',
      '\n \n{',
      '\n\t\n',
      '\r\n{}',
      '{"a":1}',
    ];
    for (const sample of texts) {
      const bytes = new TextEncoder().encode(sample);
      expect(looksLikeOtlpProto(bytes, bytes.length), JSON.stringify(sample)).toBe(false);
    }
  });
});

function collectOrError(bytes: Uint8Array): void {
  try {
    collect((to) => readOtlpProto(bytes, to));
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^not protobuf: /);
  }
}

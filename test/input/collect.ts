import type { Format, JsonObject, ReadContext } from '../../src/input/format.ts';
import {
  type AttributeValue,
  EVERYTHING,
  type LogRecord,
  type Projection,
  type Span,
  type SpanSink,
} from '../../src/model/index.ts';

export type Collected = {
  readonly spans: Span[];
  readonly logs: LogRecord[];
  readonly skipped: Map<string, number>;
  readonly warnings: Map<string, number>;
  readonly sink: SpanSink;
};

/** A sink that keeps everything. */
export function collector(): Collected {
  const spans: Span[] = [];
  const logs: LogRecord[] = [];
  const skipped = new Map<string, number>();
  const warnings = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, count: number) =>
    counts.set(key, (counts.get(key) ?? 0) + count);
  return {
    spans,
    logs,
    skipped,
    warnings,
    sink: {
      span: (span) => spans.push(span),
      log: (log) => logs.push(log),
      skip: (reason, _, count = 1) => add(skipped, reason, count),
      warn: (kind) => add(warnings, kind, 1),
    },
  };
}

/** What a single record of a format gives. */
export function collect(
  read: (context: ReadContext) => void,
  projection: Projection = EVERYTHING,
): Collected {
  const collected = collector();
  read({
    sink: collected.sink,
    projection,
    at: { source: 'test', line: 1 },
    resource: (attributes) => ({ attributes }),
    scope: (name, version) => (name === undefined ? undefined : { name, version }),
  });
  return collected;
}

/** Lets a format read one record that is all of its input. */
export function readOnly(format: Format, value: JsonObject, context: ReadContext): void {
  if ('read' in format) {
    format.read(value, context);
    return;
  }
  const assembler = format.assembler();
  assembler.read(value, context);
  assembler.end();
}

/** What was collected as JSON can hold it: absent things left out, instants as decimal text, maps as objects. */
export function plain(collected: Collected) {
  return {
    spans: collected.spans.map(plainSpan),
    logs: collected.logs.map(plainLog),
    skipped: Object.fromEntries(collected.skipped),
    warnings: Object.fromEntries(collected.warnings),
  };
}

export function plainSpan(span: Span) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...present('parentSpanId', span.parentSpanId),
    name: span.name,
    ...present('kind', span.kind),
    ...present('start', span.start?.toString()),
    ...present('end', span.end?.toString()),
    status: span.status,
    ...present('statusMessage', span.statusMessage),
    ...filled('attributes', plainAttributes(span.attributes)),
    ...filled(
      'events',
      span.events.map((event) => ({
        name: event.name,
        ...present('time', event.time?.toString()),
        ...filled('attributes', plainAttributes(event.attributes)),
      })),
    ),
    ...filled('links', span.links),
    ...filled('resource', plainAttributes(span.resource.attributes)),
    ...present('scope', span.scope),
    ...present('half', span.half),
  };
}

function plainLog(log: LogRecord) {
  return {
    ...present('traceId', log.traceId),
    ...present('spanId', log.spanId),
    ...present('time', log.time?.toString()),
    ...present('severity', log.severity),
    ...present('eventName', log.eventName),
    body: log.body,
    ...filled('attributes', plainAttributes(log.attributes)),
    ...filled('resource', plainAttributes(log.resource.attributes)),
    ...present('scope', log.scope),
  };
}

/** Pairs, because an attribute may be called `__proto__`; numbers that JSON has no word for as text in an object. */
function plainAttributes(attributes: ReadonlyMap<string, AttributeValue>): unknown[] {
  return [...attributes].map(([key, value]) => [key, plainValue(value)]);
}

function plainValue(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { number: Object.is(value, -0) ? '-0' : String(value) };
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return { object: Object.entries(value).map(([key, item]) => [key, plainValue(item)]) };
}

const present = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });
const filled = (key: string, value: readonly unknown[]) => (value.length === 0 ? {} : { [key]: value });

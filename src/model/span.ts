import type { Instant } from './units.ts';

/** What an attribute can hold once it is read. `bigint` only where a double would lose digits. */
export type AttributeValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key, last one wins. A `Map`, because keys come from strangers (`__proto__`). */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** OpenTelemetry's span kinds. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** OpenTelemetry's status, as the telemetry said it. */
export type StatusCode = 'unset' | 'ok' | 'error';

export type SpanEvent = {
  readonly name: string;
  readonly time: Instant | undefined;
  readonly attributes: Attributes;
};

export type SpanLink = { readonly traceId: string; readonly spanId: string };

/** The process that made the span. One object per distinct resource in the input: readers share it between spans. */
export type Resource = { readonly attributes: Attributes };

/** The instrumentation library that made the span. */
export type Scope = { readonly name: string; readonly version: string | undefined };

/** Where a record stood: `source` as the user named it, `line` counted from 1 (bytes in for binary input). */
export type Place = {
  readonly source: string;
  readonly line: number;
  /** Name of the format that read it, where one did. */
  readonly format?: string;
};

/**
 * One span as the input had it, before any dialect is understood.
 *
 * Ids are normalised by the reader (`canonicalTraceId`, `canonicalSpanId`): lower-case hex, 32 and 16 digits;
 * ids that are not hex (UUIDs, `span_…`) stay as text. `parentSpanId` is undefined on roots.
 * `start` or `end` is undefined where the input has none or an impossible one; a span without `end` is open.
 */
export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind | undefined;
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  readonly status: StatusCode;
  readonly statusMessage: string | undefined;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly resource: Resource;
  readonly scope: Scope | undefined;
  /**
   * Zipkin only: both ends of one call share a span id. `shared` is the end that joined (the server), `owner` the end
   * that made the id; they are two spans, and children belong to the server. Undefined where ids name one span.
   */
  readonly half?: 'owner' | 'shared' | undefined;
  /** Made of a log event that reports an operation: the product may write a span of the same operation too. */
  readonly fromEvent?: boolean | undefined;
  /** OpenTracing only: the parent caused the span and does not wait for it (FOLLOWS_FROM). */
  readonly followsFrom?: boolean | undefined;
  /** W3C `tracestate` as written: samplers put their threshold into it. */
  readonly traceState?: string | undefined;
  /** How many attributes the SDK threw away because there were too many. */
  readonly droppedAttributes?: number | undefined;
};

/**
 * A log record. One that names a trace belongs to its span; one that names none may still be an event that reports a call,
 * so readers hand over both.
 */
export type LogRecord = {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly time: Instant | undefined;
  readonly severity: string | undefined;
  /** What kind of event the record is, where it says so in a place for it. */
  readonly eventName: string | undefined;
  readonly body: string;
  readonly attributes: Attributes;
  readonly resource: Resource;
  readonly scope: Scope | undefined;
};

export const NO_ATTRIBUTES: Attributes = new Map();
export const NO_RESOURCE: Resource = { attributes: NO_ATTRIBUTES };

import {
  type AttributeValue,
  canonicalTraceId,
  type Instant,
  madeSpanId,
  type Place,
  type SpanEvent,
  type SpanKind,
} from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { text } from '../values.ts';
import { instantOr, isWanted, type MutableAttributes } from './spans.ts';

/** What the readers of coding agents' session files share: spans made of lines, with ids made of what the lines say. */

/** A span of a session, as far as its lines told it. */
export type SessionSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind?: SpanKind;
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  readonly failed?: boolean;
  readonly attributes: readonly Named[];
  readonly events?: readonly SpanEvent[];
  /** The product and its version, as a scope. */
  readonly scope: readonly [name: string, version: string | undefined];
  readonly service: string;
  readonly at: Place;
};

export type Named = readonly [key: string, value: AttributeValue | undefined];

/** A span id made of what identifies a step in its own file: the same line copied into another file is the same step. */
export function contentId(...parts: readonly (string | undefined)[]): string {
  return madeSpanId(parts.map((part) => part ?? '').join('\0'));
}

/** Sessions name themselves by UUIDs: they stay as they are, so that they can be looked up by them. */
export const sessionTrace = (sessionId: string): string => canonicalTraceId(sessionId)?.id ?? sessionId;

/** When a line was written; undefined, with a warning where it says something that is no time. */
export function lineTime(value: JsonValue, context: ReadContext): Instant | undefined {
  return instantOr(timeOf(value), context);
}

export function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

export function latest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/** The folder that a session worked in, without the way to it. */
export function folderName(path: JsonValue): string | undefined {
  const parts = text(path)?.split(/[\\/]/);
  return parts?.findLast((part) => part !== '');
}

/** Events of one span beyond these tell nothing new. */
const MOST_EVENTS = 1_000;

/** Adds an event with what is told of it. */
export function addEvent(
  events: SpanEvent[],
  name: string,
  time: Instant | undefined,
  told: readonly Named[] = [],
): void {
  if (events.length >= MOST_EVENTS) return;
  const attributes: MutableAttributes = new Map();
  for (const [key, value] of told) if (value !== undefined) attributes.set(key, value);
  events.push({ name, time, attributes });
}

export function emit(span: SessionSpan, context: ReadContext): void {
  const attributes: MutableAttributes = new Map();
  for (const [key, value] of span.attributes) {
    if (value !== undefined && value !== null && isWanted(context, key)) attributes.set(key, value);
  }
  const { start, end } = span;
  context.sink.span(
    {
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: span.kind ?? 'internal',
      start,
      end: start !== undefined && end !== undefined && end < start ? start : end,
      status: span.failed === true ? 'error' : 'unset',
      statusMessage: undefined,
      attributes,
      events: span.events ?? [],
      links: [],
      resource: context.resource(new Map([['service.name', span.service]])),
      scope: context.scope(...span.scope),
    },
    span.at,
  );
}

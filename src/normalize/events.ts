import {
  type Attributes,
  canonicalTraceId,
  type Instant,
  instant,
  type LogRecord,
  madeSpanId,
  madeTraceId,
  type Span,
} from '../model/index.ts';
import type { Dialect, Evidence } from './dialect.ts';
import type { EventGroup, EventRule, EventTable } from './event-table.ts';
import { matches } from './patterns.ts';
import { wordOf } from './text.ts';

/** What a log record reports: a span, or the beginning of a group; and the groups it stands in, outermost first. */
export type Reported = {
  readonly groups: readonly Group[];
  readonly traceId: string;
  readonly time: Instant | undefined;
} & ({ readonly span: Span; readonly loose: boolean } | { readonly span: undefined });

/** A span that no record tells as a whole: a session, a turn. */
export type Group = {
  readonly spanId: string;
  readonly name: string;
  readonly key: string;
  readonly value: string;
};

/** What a record reports by the first rule that fits it; `repeated` where other records say the same; else undefined. */
export type EventReader = (log: LogRecord) => Reported | 'repeated' | undefined;

/** Compiles the event rules of all dialects. */
export function createEventReader(dialects: readonly Dialect[]): EventReader {
  const named = new Map<string, Candidate[]>();
  const unnamed: Candidate[] = [];
  const prefixes: NonNullable<EventTable['prefix']>[] = [];
  for (const { events } of dialects) {
    if (events === undefined) continue;
    if (events.prefix !== undefined) prefixes.push(events.prefix);
    for (const rule of events.rules) {
      const candidate = { rule, groups: events.groups ?? [] };
      if (rule.event === undefined) unnamed.push(candidate);
      else named.set(rule.event, [...(named.get(rule.event) ?? []), candidate]);
    }
  }
  return (log) => {
    for (const name of namesOf(log, prefixes)) {
      const fitting = named.get(name)?.find(({ rule }) => fits(rule, log));
      if (fitting !== undefined) return reported(log, fitting, name);
    }
    const fitting = unnamed.find(({ rule }) => fits(rule, log));
    return fitting === undefined ? undefined : reported(log, fitting, '');
  };
}

type Candidate = { readonly rule: EventRule; readonly groups: readonly EventGroup[] };

function* namesOf(log: LogRecord, prefixes: readonly NonNullable<EventTable['prefix']>[]): Generator<string> {
  yield log.body;
  if (log.eventName === undefined) return;
  yield log.eventName;
  for (const { text, from } of prefixes) if (isFrom(from, log)) yield text + log.eventName;
}

function fits({ when, has, from }: EventRule, log: LogRecord): boolean {
  const { attributes } = log;
  return (
    (when ?? []).every(({ key, is }) => {
      const text = wordIn(attributes, key);
      return text !== undefined && (is === undefined || is.includes(text.toLowerCase()));
    }) &&
    (has ?? []).every((keys) => keys.some((key) => wordIn(attributes, key) !== undefined)) &&
    (from === undefined || isFrom(from, log))
  );
}

/** A record has no span name: only scope, resource and keys can mark it. */
function isFrom(from: readonly Evidence[], { attributes, resource, scope }: LogRecord): boolean {
  return from.some(
    (sign) =>
      (sign.scope === undefined || matches(sign.scope, scope?.name ?? '')) &&
      (sign.resource === undefined ||
        matches(sign.resource.is, wordIn(resource.attributes, sign.resource.key) ?? '')) &&
      (sign.keys === undefined || sign.keys.some((key) => wordIn(attributes, key) !== undefined)),
  );
}

function reported(
  log: LogRecord,
  { rule, groups }: Candidate,
  name: string,
): Reported | 'repeated' | undefined {
  if ('repeats' in rule) return 'repeated';
  const { time } = log;
  if (log.traceId !== undefined) {
    if ('opens' in rule || (rule.alone === true && log.spanId !== undefined)) return undefined;
    const span = spanOf(log, rule, name, log.traceId, log.spanId);
    return { groups: [], traceId: log.traceId, time, span, loose: rule.loose === true };
  }
  const found = groupsOf(log.attributes, groups);
  const traceId = found.length === 0 ? madeTraceId(contentOf(log, name)) : traceOf(found[0]!.value);
  if ('opens' in rule) {
    const opened = found.findIndex((group) => group.name === rule.opens);
    return opened < 0 ? undefined : { groups: found.slice(0, opened + 1), traceId, time, span: undefined };
  }
  const span = spanOf(log, rule, name, traceId, found.at(-1)?.spanId);
  return { groups: found, traceId, time, span, loose: rule.loose === true };
}

/** A session's id is the id of its trace, where it can be one; `--trace` then finds it by what people know it by. */
function traceOf(session: string): string {
  return canonicalTraceId(session)?.id ?? madeTraceId(session);
}

/** The groups that a record names. One inside another is its own only there: turn 1 of one session is not that of the next. */
function groupsOf(attributes: Attributes, groups: readonly EventGroup[]): readonly Group[] {
  const found: Group[] = [];
  let path = '';
  for (const { keys, span } of groups) {
    const key = keys.find((candidate) => wordIn(attributes, candidate) !== undefined);
    if (key === undefined) break;
    const value = wordIn(attributes, key)!;
    path += `\0${span}\0${value}`;
    found.push({ spanId: madeSpanId(path), name: span, key, value });
  }
  return found;
}

type SpanRule = Extract<EventRule, { readonly span: string }>;

function spanOf(
  log: LogRecord,
  rule: SpanRule,
  event: string,
  traceId: string,
  parentSpanId: string | undefined,
): Span {
  const { attributes } = log;
  const words = (rule.spanKeys ?? [])
    .map((key) => wordIn(attributes, key))
    .filter((word) => word !== undefined);
  const failed =
    rule.failed === true || (rule.failed || []).some((key) => wordIn(attributes, key) !== undefined);
  const id = (rule.id ?? []).map((key) => wordIn(attributes, key)).find((word) => word !== undefined);
  const identity = id === undefined ? contentOf(log, event) : `${event}\0${id}\0${log.time ?? ''}`;
  return {
    traceId,
    spanId: madeSpanId(`${traceId}\0${identity}`),
    parentSpanId,
    name: words.length === 0 ? rule.span : words.join(' '),
    kind: undefined,
    start: startOf(log, rule),
    end: log.time,
    status: failed ? 'error' : 'unset',
    statusMessage: undefined,
    attributes,
    events: [],
    links: [],
    resource: log.resource,
    scope: log.scope,
    fromEvent: true,
  };
}

const NANOS = { ms: 1e6, s: 1e9 } as const;

/** The record was written when the operation was over; without a duration it is all that is known of its time. */
function startOf({ attributes, time }: LogRecord, { duration }: SpanRule): Instant | undefined {
  if (time === undefined) return undefined;
  for (const { key, unit } of duration ?? []) {
    const count = Number(wordIn(attributes, key) ?? Number.NaN) * NANOS[unit];
    if (count >= 0 && count <= Number(time)) return instant(time - BigInt(Math.round(count)));
  }
  return time;
}

/** What a record says, so that one that was sent twice is one. */
function contentOf({ time, body, attributes }: LogRecord, event: string): string {
  const text = JSON.stringify([...attributes], (_, part) => (typeof part === 'bigint' ? String(part) : part));
  return `${event}\0${time ?? ''}\0${body}\0${text}`;
}

function wordIn(attributes: Attributes, key: string): string | undefined {
  return wordOf(attributes.get(key));
}

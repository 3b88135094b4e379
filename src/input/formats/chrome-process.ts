import {
  instant,
  madeSpanId,
  madeTraceId,
  type Place,
  type Resource,
  type SpanEvent,
} from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { isWanted, type MutableAttributes } from './spans.ts';

/** A trace event in this house's words. */
export type ChromeEvent = {
  readonly phase: 'whole' | 'begin' | 'end' | 'instant';
  readonly thread: string;
  /** What nests: a thread, or the events of one asynchronous id. */
  readonly track: string;
  readonly name: string;
  readonly category: string | undefined;
  /** Nanoseconds. */
  readonly time: bigint;
  /** Of whole events that say how long they took. */
  readonly end: bigint | undefined;
  readonly attributes: MutableAttributes;
  readonly ids:
    | { readonly traceId: string; readonly spanId: string; readonly parentSpanId: string | undefined }
    | undefined;
  readonly at: Place;
};

/** A span that is to be, or a moment that belongs to one. */
type Interval = {
  readonly event: ChromeEvent;
  end: bigint | undefined;
  /** Up to when others can lie within it. */
  last: bigint;
  readonly attributes: MutableAttributes;
  readonly events: SpanEvent[];
  parent: Interval | undefined;
  spanId: string;
};

/** The events of one process. They may come in any order, so nothing is made of them before the end. */
export class ChromeProcess {
  /** What the process is called. */
  name: string | undefined;
  readonly threads = new Map<string, string>();
  readonly #id: number | string;
  readonly #events: ChromeEvent[] = [];
  #trace = '';

  constructor(id: number | string) {
    this.#id = id;
  }

  add(event: ChromeEvent): void {
    this.#events.push(event);
  }

  /** Puts a span for every interval into the sink. */
  end(context: ReadContext): void {
    const { sink } = context;
    const tracks = new Map<string, ChromeEvent[]>();
    for (const event of this.#events) {
      const track = tracks.get(event.track);
      if (track === undefined) tracks.set(event.track, [event]);
      else track.push(event);
    }
    const unpaired = (event: ChromeEvent) => sink.skip('bad_span', event.at);
    const homeless = (event: ChromeEvent) => sink.skip('other_json', event.at);
    const spans = [...tracks.values()].flatMap((events) => nested(intervals(events, unpaired), homeless));
    spans.sort(byPlace);
    this.#name(spans);
    const resource = context.resource(
      new Map([
        ...(this.name === undefined ? [] : [['service.name', this.name] as const]),
        ['process.pid', this.#id] as const,
      ]),
    );
    for (const span of spans) this.#add(span, resource, context);
  }

  /** Ids made of what the events say: the same recording has the same ids, whatever the order of its events. */
  #name(spans: readonly Interval[]): void {
    let trace = String(this.#id);
    for (const { event, end } of spans)
      trace = madeSpanId([trace, event.track, event.name, event.time, end].join('\0'));
    this.#trace = madeTraceId(trace);
    spans.forEach((span, i) => {
      span.spanId = span.event.ids?.spanId ?? madeSpanId(`${this.#trace}\0${i}`);
    });
  }

  #add(
    { event, end, events, parent, spanId, attributes }: Interval,
    resource: Resource,
    context: ReadContext,
  ): void {
    const { sink, projection } = context;
    const thread = this.threads.get(event.thread);
    const add = (key: string, value: string | undefined) => {
      if (value !== undefined && isWanted(context, key) && !attributes.has(key)) attributes.set(key, value);
    };
    add('cat', event.category);
    add('thread.id', event.thread);
    add('thread.name', thread);
    sink.span(
      {
        traceId: event.ids?.traceId ?? this.#trace,
        spanId,
        parentSpanId: event.ids?.parentSpanId ?? parent?.spanId,
        name: event.name,
        kind: undefined,
        start: instant(event.time),
        end: end === undefined ? undefined : instant(end),
        status: 'unset',
        statusMessage: undefined,
        attributes,
        events: projection.events ? events : [],
        links: [],
        resource,
        scope: undefined,
      },
      event.at,
    );
  }
}

/** Pairs beginnings with ends, the newest first, as the format asks for. A beginning without an end stays open. */
function intervals(events: ChromeEvent[], unpaired: (event: ChromeEvent) => void): Interval[] {
  events.sort((a, b) => compare(a.time, b.time));
  const found: Interval[] = [];
  const open: Interval[] = [];
  for (const event of events) {
    if (event.phase === 'end') {
      const begun = open.pop();
      if (begun === undefined) unpaired(event);
      else {
        begun.end = event.time;
        begun.last = event.time;
        for (const [key, value] of event.attributes) begun.attributes.set(key, value);
      }
      continue;
    }
    const { end, attributes } = event;
    const last = event.phase === 'begin' ? FOREVER : (end ?? event.time);
    const interval: Interval = { event, end, last, attributes, events: [], parent: undefined, spanId: '' };
    if (event.phase === 'begin') open.push(interval);
    found.push(interval);
  }
  return found;
}

/** The spans among the intervals of one track, each with the smallest one around it; moments go to the one around them. */
function nested(all: Interval[], homeless: (event: ChromeEvent) => void): Interval[] {
  all.sort((a, b) => compare(a.event.time, b.event.time) || compare(b.last, a.last));
  const spans: Interval[] = [];
  const around: Interval[] = [];
  for (const interval of all) {
    const { event } = interval;
    // Whatever ends before this one does holds neither it nor anything behind it that it does not hold itself.
    while (around.length > 0 && !holds(around.at(-1)!, interval)) around.pop();
    const parent = around.at(-1);
    if (event.phase === 'instant') {
      if (parent === undefined) homeless(event);
      else parent.events.push({ name: event.name, time: instant(event.time), attributes: event.attributes });
      continue;
    }
    interval.parent = parent;
    // One that never ended is over when what it is in is over.
    if (parent !== undefined && parent.last < interval.last) interval.last = parent.last;
    spans.push(interval);
    around.push(interval);
  }
  return spans;
}

/** Where an event ends that has begun and says no more. */
const FOREVER = 1n << 80n;

/** A moment at the very end of a span is in it; a span that begins there is not. */
function holds(outer: Interval, { event, last }: Interval): boolean {
  if (event.phase === 'instant') return outer.last >= event.time;
  return outer.last > event.time && (outer.last >= last || last === FOREVER);
}

/** By time; what is equal by all that tells intervals apart may be taken for one another. */
function byPlace(a: Interval, b: Interval): number {
  return compare(a.event.time, b.event.time) || compare(b.last, a.last) || compareText(keyOf(a), keyOf(b));
}

const keyOf = ({ event }: Interval): string => `${event.track}\0${event.name}`;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

import { canonicalSpanId, canonicalTraceId } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { epochTime, scaled } from '../time.ts';
import { isObject, list, nameText, own, plainAttributes, text } from '../values.ts';
import { type ChromeEvent, ChromeProcess } from './chrome-process.ts';

/**
 * Trace events as Chrome, Perfetto and many profilers write them: whole events (`X`), beginnings and ends (`B`, `E`), and
 * asynchronous ones (`b`, `n`, `e`). Events name no trace and no parent: a process is one trace, and on one thread an event
 * that lies within another is its child. Times count from an origin that is not told.
 */
export const chromeTrace: Format = {
  name: 'chrome-trace',
  title: 'Chrome trace events: browsers, Perfetto, profilers',
  source: 'https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU/preview',
  claims: (value) => isObject(list(value['traceEvents'])[0]) || isEvent(value),
  assembler: () => new ChromeTrace(),
};

/** Phases of events that become spans, or what stands in them. Old writers have letters of their own for the same. */
const PHASES: ReadonlyMap<JsonValue, ChromeEvent['phase']> = new Map<JsonValue, ChromeEvent['phase']>([
  ['X', 'whole'],
  ['B', 'begin'],
  ['E', 'end'],
  ['b', 'begin'],
  ['e', 'end'],
  ['S', 'begin'],
  ['F', 'end'],
  ['i', 'instant'],
  ['I', 'instant'],
  ['n', 'instant'],
  ['T', 'instant'],
  ['p', 'instant'],
]);
const ASYNCHRONOUS: readonly JsonValue[] = ['b', 'e', 'n', 'S', 'F', 'T', 'p'];

function isEvent(value: JsonObject): boolean {
  const phase = value['ph'];
  if (typeof phase !== 'string' || phase.length !== 1 || value['pid'] === undefined) return false;
  return value['ts'] !== undefined || phase === 'M';
}

class ChromeTrace implements Assembler {
  readonly #processes = new Map<string, ChromeProcess>();
  #context: ReadContext | undefined;

  read(value: JsonObject, context: ReadContext): void {
    this.#context = context;
    if (!Array.isArray(value['traceEvents'])) this.#event(value, context);
    else {
      for (const event of value['traceEvents']) {
        if (isObject(event) && isEvent(event)) this.#event(event, context);
        else context.sink.skip('bad_span', context.at);
      }
    }
  }

  end(): void {
    for (const process of this.#processes.values()) process.end(this.#context!);
    this.#processes.clear();
  }

  #event(value: JsonObject, context: ReadContext): void {
    const phase = PHASES.get(value['ph']);
    if (value['ph'] === 'M') this.#metadata(value);
    else if (phase === undefined)
      context.sink.skip(value['ph'] === 'C' ? 'metrics' : 'other_json', context.at);
    else {
      const time = epochTime(value['ts'], 'us');
      if (typeof time === 'bigint') this.#process(value).add(eventOf(value, phase, time, context));
      else context.sink.skip('bad_span', context.at);
    }
  }

  #process(value: JsonObject): ChromeProcess {
    const id = value['pid'];
    const key = keyOf(id);
    let process = this.#processes.get(key);
    if (process === undefined) {
      process = new ChromeProcess(typeof id === 'number' ? id : key);
      this.#processes.set(key, process);
    }
    return process;
  }

  #metadata(value: JsonObject): void {
    const name = isObject(value['args']) ? text(value['args']['name']) : undefined;
    if (name === undefined) return;
    if (value['name'] === 'process_name') this.#process(value).name = name;
    else if (value['name'] === 'thread_name') this.#process(value).threads.set(keyOf(value['tid']), name);
  }
}

function eventOf(
  value: JsonObject,
  phase: ChromeEvent['phase'],
  time: bigint,
  context: ReadContext,
): ChromeEvent {
  const asynchronous = ASYNCHRONOUS.includes(value['ph']);
  // `dur` may be missing where the thread's own clock (`tdur`) is told.
  const duration = scaled(value['dur'] ?? value['tdur'], 3);
  return {
    phase,
    thread: keyOf(value['tid']),
    track: asynchronous ? `async ${asyncId(value)}` : `thread ${keyOf(value['tid'])}`,
    name: nameText(value['name']),
    category: text(value['cat']),
    time,
    end: phase === 'whole' && duration !== undefined ? time + duration : undefined,
    attributes: plainAttributes(value['args'], context.projection.attributes),
    ids: idsIn(value['args']),
    at: context.at,
  };
}

/** Asynchronous events belong together by category and id, whatever thread they ran on. */
function asyncId(value: JsonObject): string {
  const local = value['id2'];
  const id = value['id'] ?? (isObject(local) ? (local['local'] ?? local['global']) : undefined);
  return `${keyOf(value['cat'])} ${keyOf(value['scope'])} ${keyOf(id)}`;
}

const TRACE_KEYS = ['trace_id', 'traceId', 'TraceID'] as const;
const SPAN_KEYS = ['span_id', 'spanId', 'SpanID'] as const;
const PARENT_KEYS = ['parent_span_id', 'parentSpanId', 'ParentSpanID'] as const;

/** Exporters of spans put the ids among the arguments. */
function idsIn(args: JsonValue): ChromeEvent['ids'] {
  if (!isObject(args)) return undefined;
  const first = (keys: readonly string[]): JsonValue =>
    keys.map((key) => own(args, key)).find((id) => id !== undefined);
  const trace = canonicalTraceId(first(TRACE_KEYS));
  const span = canonicalSpanId(first(SPAN_KEYS));
  if (trace === undefined || span === undefined || trace.odd || span.odd) return undefined;
  return { traceId: trace.id, spanId: span.id, parentSpanId: canonicalSpanId(first(PARENT_KEYS))?.id };
}

function keyOf(value: JsonValue): string {
  return typeof value === 'object' && value !== null ? '' : String(value ?? '');
}

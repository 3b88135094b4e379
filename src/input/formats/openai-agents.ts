import { canonicalTraceId } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { timeOf } from '../time.ts';
import { isObject, own, text } from '../values.ts';
import { responseOf } from './openai-response.ts';
import { first, type GrowingSpan, objectIn, platformIds, put, putAll } from './platform.ts';
import { instantOr, type MutableAttributes, spanObjects } from './spans.ts';
import { TraceJoin } from './trace-join.ts';

/**
 * Traces of the OpenAI Agents SDK: what it posts for ingestion (`{ data: [trace | trace.span …] }`), dumps of its
 * processors (`{ traces: [{ …, spans }] }`), and their records as lines.
 */
export const openaiAgents: Format = {
  name: 'openai-agents',
  title: 'OpenAI Agents SDK: bodies for ingestion, dumps of its trace processors, their records as lines',
  source: 'https://github.com/openai/openai-agents-js/tree/main/packages/agents-core/src/tracing',
  claims: (value) => {
    const object = own(value, 'object');
    if (object === 'trace.span') return isObject(own(value, 'span_data'));
    return (
      object === 'trace' && (own(value, 'workflow_name') !== undefined || own(value, 'spans') !== undefined)
    );
  },
  assembler: () => new AgentsReader(),
  acrossInputs: true,
};

class AgentsReader implements Assembler {
  readonly #join = new TraceJoin();
  readonly #turns = new Turns((span, context) => this.#join.span(span, context));

  read(value: JsonObject, context: ReadContext): void {
    if (own(value, 'object') !== 'trace') {
      this.#span(value, undefined, context);
      return;
    }
    const id = canonicalTraceId(own(value, 'id'))?.id;
    if (id !== undefined) this.#join.trace(id, traceAttributes(value, context));
    for (const span of spanObjects(own(value, 'spans'), context)) this.#span(span, own(value, 'id'), context);
  }

  end(): void {
    this.#turns.end();
    this.#join.end();
  }

  #span(value: JsonObject, traceId: JsonValue, context: ReadContext): void {
    const data = objectIn(own(value, 'span_data')) ?? {};
    const custom = objectIn(own(data, 'data'));
    const type = text(custom?.['sdk_span_type']) ?? text(own(data, 'type'));
    const error = own(value, 'error');
    const failed = error !== undefined && error !== null;
    const reply = responseOf(first(value, 'response', 'span_data_response') ?? own(data, 'response'));
    const usage =
      first(data, 'usage') ?? first(custom ?? {}, 'usage') ?? first(value, 'usage') ?? reply.usage;
    const attributes: MutableAttributes = new Map();
    const add = (key: string, field: JsonValue) => put(attributes, `span_data.${key}`, field, context);
    putAll(attributes, 'span_data.', data, context, SPELLED_OUT);
    putAll(attributes, 'span_data.data.', custom, context, USAGE);
    add(
      'model',
      first(data, 'model') ?? first(custom ?? {}, 'model') ?? first(value, 'model') ?? reply.model,
    );
    add('response_id', first(data, 'response_id') ?? reply.id);
    add('service_tier', reply.serviceTier);
    add('usage', objectIn(usage));
    if (isObject(error)) putAll(attributes, 'error.', error, context);
    const span: GrowingSpan = {
      ...platformIds(
        context,
        value,
        first(value, 'trace_id') ?? traceId,
        own(value, 'id'),
        own(value, 'parent_id'),
      ),
      name: text(own(data, 'name')) ?? text(own(value, 'name')) ?? type ?? '',
      kind: undefined,
      start: instantOr(timeOf(own(value, 'started_at')), context),
      end: instantOr(timeOf(own(value, 'ended_at')), context),
      status: failed ? 'error' : 'unset',
      statusMessage: isObject(error) ? text(own(error, 'message')) : text(error),
      attributes,
      events: [],
      links: [],
      resource: context.resource(new Map()),
      scope: undefined,
    };
    this.#turns.span(span, type, objectIn(usage), context);
  }
}

/** Members of `span_data` that stand in several places, or under their own names below it. */
const SPELLED_OUT: ReadonlySet<string> = new Set(['data', 'model', 'usage', 'response', 'response_id']);
const USAGE: ReadonlySet<string> = new Set(['usage']);

function traceAttributes(trace: JsonObject, context: ReadContext): MutableAttributes {
  const attributes: MutableAttributes = new Map();
  put(attributes, 'trace.workflow_name', own(trace, 'workflow_name'), context);
  put(attributes, 'trace.group_id', own(trace, 'group_id'), context);
  putAll(attributes, 'trace.metadata.', own(trace, 'metadata'), context);
  return attributes;
}

/** Types whose spans are one call of a model. */
const CALLS: ReadonlySet<string | undefined> = new Set(['response', 'generation']);
/** So many calls wait for the turn around them, which ends after them and is written down after them; and so many turns. */
const PATIENCE = 10_000;

type Leave = (span: GrowingSpan, context: ReadContext) => void;
type Call = { readonly span: GrowingSpan; readonly context: ReadContext };

/**
 * The JavaScript SDK writes the usage of a call on the turn around it. Where a turn holds one call that tells none, it is
 * that call's: a turn may hold other agents' calls too, whose usage is not in its own.
 */
class Turns {
  readonly #leave: Leave;
  /** Calls without usage by trace and parent. */
  readonly #calls = new Map<string, Call[]>();
  /** What turns told whose call has not come yet. */
  readonly #told = new Map<string, JsonObject>();
  #held = 0;

  constructor(leave: Leave) {
    this.#leave = leave;
  }

  span(
    span: GrowingSpan,
    type: string | undefined,
    usage: JsonObject | undefined,
    context: ReadContext,
  ): void {
    if (CALLS.has(type) && usage === undefined && span.parentSpanId !== undefined) {
      this.#call({ span, context }, `${span.traceId} ${span.parentSpanId}`);
      return;
    }
    this.#around(`${span.traceId} ${span.spanId}`, type === 'turn' ? usage : undefined);
    this.#leave(span, context);
  }

  end(): void {
    for (const calls of this.#calls.values()) this.#release(calls);
    this.#calls.clear();
  }

  #call(call: Call, parent: string): void {
    const told = this.#told.get(parent);
    if (told !== undefined) {
      this.#told.delete(parent);
      give(call, told);
      this.#leave(call.span, call.context);
      return;
    }
    const others = this.#calls.get(parent);
    if (others === undefined) this.#calls.set(parent, [call]);
    else others.push(call);
    if (++this.#held > PATIENCE) this.end();
  }

  #around(id: string, usage: JsonObject | undefined): void {
    const calls = this.#calls.get(id);
    if (calls !== undefined) {
      this.#calls.delete(id);
      if (usage !== undefined && calls.length === 1) give(calls[0]!, usage);
      this.#release(calls);
    } else if (usage !== undefined) {
      if (this.#told.size >= PATIENCE) this.#told.clear();
      this.#told.set(id, usage);
    }
  }

  #release(calls: readonly Call[]): void {
    this.#held -= calls.length;
    for (const { span, context } of calls) this.#leave(span, context);
  }
}

function give({ span, context }: Call, usage: JsonObject): void {
  put(span.attributes, 'span_data.usage', usage, context);
}

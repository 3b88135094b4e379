import type { Instant } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { sameTokens, tokensOf, tokensText } from './codex-counter.ts';
import {
  addEvent,
  emitIn,
  type PendingCall,
  parentIn,
  type Thread,
  threadOf,
  uuidTime,
} from './codex-thread.ts';
import { isToolCall, isToolOutput, Tools } from './codex-tools.ts';
import { contentId, earliest, latest, lineTime, type Named } from './coding-session.ts';
import { spanIds } from './ids.ts';
import { isWanted } from './spans.ts';

/**
 * Sessions as OpenAI's Codex keeps them: `~/.codex/sessions/<year>/<month>/<day>/rollout-*.jsonl`. A session is a trace:
 * turns, calls of the model as its token counter grew, and tools; a sub-agent's rollout belongs to its parent's trace.
 *
 * Lines have one time each, so spans are estimates: a call took from what was asked, a prompt or the results of tools, to
 * the line that counts its tokens, a tool from its call to its output.
 */
export const codexRollout: Format = {
  name: 'codex-rollout',
  title: 'OpenAI Codex: rollout files under ~/.codex/sessions',
  source: 'https://github.com/openai/codex/blob/main/codex-rs/protocol/src/protocol.rs',
  claims: (value, syntax) =>
    syntax === 'json' && LINES.has(own(value, 'type')) && isObject(own(value, 'payload')),
  assembler: () => new RolloutReader(),
};

const LINES: ReadonlySet<JsonValue> = new Set([
  'session_meta',
  'turn_context',
  'response_item',
  'event_msg',
  'compacted',
  'token_usage_record',
]);

/** A copied history is written at once when the new session begins. */
const BURST = 2_000_000_000n;

/** Whether a line tells what this session did, or is part of an older one's history, with or without its time. */
type Origin = 'own' | 'dated history' | 'undated history';

class RolloutReader implements Assembler {
  #thread: Thread | undefined;
  #context: ReadContext | undefined;
  /** The history of another session is being repeated. */
  #repeating = false;
  /** A turn told by its own id or time that it is another session's. */
  #foreignTurn = false;
  readonly #tools = new Tools();

  read(line: JsonObject, context: ReadContext): void {
    this.#context = context;
    const type = own(line, 'type');
    const payload = own(line, 'payload');
    if (!isObject(payload)) return;
    if (type === 'session_meta') {
      this.#meta(payload, line, context);
      return;
    }
    this.#thread ??= anonymous(line, context);
    const thread = this.#thread;
    const time = lineTime(own(line, 'timestamp'), context);
    const origin = this.#originOf(thread, type, payload, time);
    if (type === 'turn_context') turnContext(thread, payload, time, origin, context);
    else if (type === 'response_item') this.#item(thread, payload, time, origin, context);
    else if (type === 'event_msg') this.#event(thread, payload, time, origin, context);
    else if (type === 'token_usage_record') usageRecord(thread, payload, time, origin, context);
    else {
      // Whoever made the summary was asked, and answered.
      thread.answered = true;
      thread.asked = time ?? thread.asked;
      if (origin === 'own') addEvent(thread, 'compacted', time, []);
    }
    if (origin !== 'own') return;
    thread.start = earliest(thread.start, time);
    thread.end = latest(thread.end, time);
    if (thread.turn !== undefined) thread.turn.end = latest(thread.turn.end, time);
  }

  end(): void {
    this.#finish();
  }

  /** The first one opens the session. Others belong to histories that are repeated, or to another file behind this one. */
  #meta(meta: JsonObject, line: JsonObject, context: ReadContext): void {
    const id = text(own(meta, 'id')) ?? text(own(meta, 'session_id'));
    const thread = this.#thread;
    if (id === undefined || thread?.id === id) return;
    if (thread?.ancestors.has(id) === true || isParent(thread, id)) {
      const older = text(own(meta, 'forked_from_id'));
      if (older !== undefined) thread!.ancestors.add(older);
      this.#repeating ||= thread!.start === undefined;
      return;
    }
    this.#finish();
    this.#thread = threadOf(meta, id, line, context);
    this.#repeating = this.#thread.ancestors.size > 0;
    this.#foreignTurn = false;
  }

  #originOf(thread: Thread, type: JsonValue, payload: JsonObject, time: Instant | undefined): Origin {
    const old = time !== undefined && thread.created !== undefined && time < thread.created;
    if (old) return 'dated history';
    if (!this.#repeating) return 'own';
    const begins = type === 'turn_context' || own(payload, 'type') === 'task_started';
    const own_ = begins ? isOwnTurn(thread, payload) : undefined;
    if (own_ === false) this.#foreignTurn = true;
    const late = time !== undefined && thread.created !== undefined && time > thread.created + BURST;
    if (own_ === true || (late && !this.#foreignTurn)) this.#repeating = false;
    return this.#repeating ? 'undated history' : 'own';
  }

  #item(
    thread: Thread,
    item: JsonObject,
    time: Instant | undefined,
    origin: Origin,
    context: ReadContext,
  ): void {
    const type = text(own(item, 'type')) ?? '';
    if (isToolOutput(type)) {
      asked(thread, time);
      if (origin === 'own') this.#tools.output(item, time, context);
    } else if (type === 'message' && own(item, 'role') !== 'assistant') asked(thread, time);
    else if (type === 'message' || type === 'reasoning' || isToolCall(type)) {
      thread.answering ??= { since: thread.asked };
      thread.hasAnswers = true;
      thread.answered = true;
      if (origin !== 'own') return;
      if (thread.turn !== undefined) thread.turn.worked = true;
      if (isToolCall(type)) this.#tools.call(thread, type, item, time, context);
    }
  }

  #event(
    thread: Thread,
    event: JsonObject,
    time: Instant | undefined,
    origin: Origin,
    context: ReadContext,
  ): void {
    const type = text(own(event, 'type')) ?? '';
    if (type === 'token_count') {
      tokenCount(thread, event, time, origin, context);
      return;
    }
    if (type === 'user_message' || type === 'task_started' || type === 'turn_started') asked(thread, time);
    if (origin !== 'own') return;
    if (type === 'task_started' || type === 'turn_started')
      beginTurn(thread, text(own(event, 'turn_id')), time, context);
    else if (type === 'user_message') userMessage(thread, event, time, context);
    else if (type === 'task_complete' || type === 'turn_complete') endTurn(thread, context, time);
    else if (type === 'turn_aborted') {
      addEvent(thread, type, time, [['reason', text(own(event, 'reason'))]]);
      endTurn(thread, context, time);
    } else if (type === 'error') turnError(thread, event, time);
    else if (type === 'stream_error') addEvent(thread, type, time, []);
    else if (type === 'thread_name_updated') thread.title = text(own(event, 'thread_name')) ?? thread.title;
    else this.#tools.report(type, event);
  }

  #finish(): void {
    const [thread, context] = [this.#thread, this.#context];
    if (thread === undefined || context === undefined) return;
    endCall(thread, context);
    endTurn(thread, context);
    this.#tools.end(context);
    endThread(thread, context);
    this.#thread = undefined;
  }
}

/** Some tools cut rollouts: without its head a session is known by its first line. */
function anonymous(line: JsonObject, context: ReadContext): Thread {
  return threadOf({}, spanIds(context, line, undefined, undefined, undefined).traceId, {}, context);
}

function isParent(thread: Thread | undefined, id: string): boolean {
  return (
    thread !== undefined &&
    thread.parentSpanId !== undefined &&
    thread.traceId !== thread.id &&
    thread.traceId === id
  );
}

/** By the times in their ids, or in the turn itself; undefined where neither tells. */
function isOwnTurn(thread: Thread, payload: JsonObject): boolean | undefined {
  const created =
    uuidTime(thread.id) ?? (thread.created === undefined ? undefined : Number(thread.created / 1_000_000n));
  if (created === undefined) return undefined;
  const turn = uuidTime(own(payload, 'turn_id'));
  if (turn !== undefined) return turn >= created;
  const started = own(payload, 'started_at');
  return typeof started === 'number' ? started >= Math.floor(created / 1_000) : undefined;
}

function asked(thread: Thread, time: Instant | undefined): void {
  thread.asked = time ?? thread.asked;
}

function turnContext(
  thread: Thread,
  payload: JsonObject,
  time: Instant | undefined,
  origin: Origin,
  context: ReadContext,
): void {
  thread.model = text(own(payload, 'model')) ?? thread.model;
  thread.effort = text(own(payload, 'effort')) ?? thread.effort;
  thread.tier = text(own(payload, 'service_tier')) ?? thread.tier;
  asked(thread, time);
  const id = text(own(payload, 'turn_id'));
  if (origin !== 'own' || thread.parentSpanId !== undefined) return;
  const { turn } = thread;
  if (turn === undefined || (id === undefined ? turn.worked : turn.id !== undefined && turn.id !== id))
    beginTurn(thread, id, time, context);
}

/** A sub-agent has one task, so its work stands right under it. */
function beginTurn(
  thread: Thread,
  id: string | undefined,
  time: Instant | undefined,
  context: ReadContext,
): void {
  if (thread.parentSpanId !== undefined || (id !== undefined && thread.turn?.id === id)) return;
  endTurn(thread, context);
  thread.turn = {
    spanId: contentId('turn', thread.id, id ?? String(time ?? context.at.line)),
    id,
    start: time,
    end: time,
    worked: false,
    prompt: undefined,
    error: [],
    events: [],
    at: context.at,
  };
}

function userMessage(
  thread: Thread,
  event: JsonObject,
  time: Instant | undefined,
  context: ReadContext,
): void {
  // Older versions do not say when a task begins. A message into a turn that they do not name begins another one.
  const { turn } = thread;
  if (turn === undefined || (turn.id === undefined && turn.worked))
    beginTurn(thread, undefined, time, context);
  if (thread.turn !== undefined && isWanted(context, PROMPT))
    thread.turn.prompt ??= text(own(event, 'message'));
}

const PROMPT = 'user_prompt';

function endTurn(thread: Thread, context: ReadContext, time?: Instant): void {
  endCall(thread, context);
  const { turn } = thread;
  thread.turn = undefined;
  if (turn === undefined) return;
  emitIn(
    thread,
    {
      spanId: turn.spanId,
      parentSpanId: thread.spanId,
      name: 'turn',
      start: turn.start,
      end: latest(turn.end, time),
      failed: turn.error.length > 0,
      attributes: [['span.type', 'turn'], ['turn.id', turn.id], ...turn.error, [PROMPT, turn.prompt]],
      events: turn.events,
      at: turn.at,
    },
    context,
  );
}

function turnError(thread: Thread, event: JsonObject, time: Instant | undefined): void {
  const info = own(event, 'codex_error_info');
  const type = text(info) ?? (isObject(info) ? Object.keys(info)[0] : undefined);
  const message = text(own(event, 'message'));
  if (thread.turn === undefined) addEvent(thread, 'error', time, [['message', message]]);
  else
    thread.turn.error = [
      ['error.type', type ?? 'error'],
      ['error', message],
    ];
}

function tokenCount(
  thread: Thread,
  event: JsonObject,
  time: Instant | undefined,
  origin: Origin,
  context: ReadContext,
): void {
  const info = own(event, 'info');
  if (!isObject(info)) return;
  const counted = thread.counter.count(info, thread.hasAnswers ? thread.answered : undefined);
  if (counted === undefined) return;
  const { call } = thread;
  if (awaits(call, 'token_usage_record') && sameTokens(call.tokens, counted.tokens)) {
    call.paired = true;
    call.total = counted.total;
    return;
  }
  const model = text(own(info, 'model')) ?? text(own(event, 'model')) ?? thread.model;
  beginCall(
    thread,
    { ...counted, model, from: 'token_count', responseId: undefined, paired: false },
    time,
    origin,
    context,
  );
}

/** The call was told by one kind of lines and may be told once more by the other. */
function awaits(call: PendingCall | undefined, from: PendingCall['from']): call is PendingCall {
  return call !== undefined && call.from === from && !call.paired;
}

/** Newer versions report every call twice: as a `token_count`, and in a line of its own that knows the answer's id. */
function usageRecord(
  thread: Thread,
  payload: JsonObject,
  time: Instant | undefined,
  origin: Origin,
  context: ReadContext,
): void {
  const tokens = tokensOf(own(payload, 'usage'));
  if (tokens === undefined) return;
  const responseId = text(own(payload, 'response_id'));
  const { call } = thread;
  if (awaits(call, 'token_count') && sameTokens(call.tokens, tokens)) {
    call.paired = true;
    call.responseId = responseId;
    return;
  }
  if (call !== undefined && responseId !== undefined && call.responseId === responseId) return;
  const model = text(own(payload, 'model')) ?? thread.model;
  beginCall(
    thread,
    { tokens, total: undefined, model, from: 'token_usage_record', responseId, paired: false },
    time,
    origin,
    context,
  );
}

function beginCall(
  thread: Thread,
  counted: Omit<PendingCall, 'effort' | 'tier' | 'parentSpanId' | 'start' | 'end' | 'at'>,
  time: Instant | undefined,
  origin: Origin,
  context: ReadContext,
): void {
  endCall(thread, context);
  const asked = thread.answering === undefined ? thread.asked : thread.answering.since;
  thread.answering = undefined;
  thread.answered = false;
  thread.asked = undefined;
  const start = asked === undefined || (time !== undefined && asked > time) ? time : asked;
  const times = origin === 'undated history' ? { start: undefined, end: undefined } : { start, end: time };
  if (origin === 'own' && thread.turn !== undefined) thread.turn.worked = true;
  if (origin !== 'own') {
    // What a sub-agent was told of its parent's work is told by the parent.
    if (thread.parentSpanId !== undefined) return;
    thread.history = {
      start: earliest(thread.history?.start, times.start),
      end: latest(thread.history?.end, times.end),
    };
  }
  const parentSpanId = origin === 'own' ? parentIn(thread) : historyId(thread);
  const { effort, tier } = thread;
  thread.call = { ...counted, ...times, effort, tier, parentSpanId, at: context.at };
}

const historyId = (thread: Thread): string => contentId('history', thread.id);

function endCall(thread: Thread, context: ReadContext): void {
  const { call } = thread;
  thread.call = undefined;
  if (call === undefined) return;
  const { model, total } = call;
  const identity =
    total === undefined ? (call.responseId ?? `${call.end} ${tokensText(call.tokens)}`) : tokensText(total);
  emitIn(
    thread,
    {
      spanId: contentId('response', thread.id, identity, String(call.end ?? '')),
      parentSpanId: call.parentSpanId,
      name: model === undefined ? 'chat' : `chat ${model}`,
      kind: 'client',
      start: call.start,
      end: call.end,
      attributes: [
        ['span.type', 'response'],
        ['model', model],
        ['gen_ai.response.id', call.responseId],
        ['reasoning_effort', call.effort],
        ['service_tier', call.tier],
        ...call.tokens,
        ['total_token_usage', total === undefined ? undefined : tokensText(total)],
      ],
      at: call.at,
    },
    context,
  );
}

function endThread(thread: Thread, context: ReadContext): void {
  const { history } = thread;
  if (history !== undefined) {
    emitIn(
      thread,
      {
        spanId: historyId(thread),
        parentSpanId: thread.spanId,
        name: 'repeated history',
        ...history,
        attributes: [['span.type', 'history']],
        at: thread.at,
      },
      context,
    );
  }
  if (thread.start === undefined && history === undefined) return;
  const type: Named = ['span.type', thread.parentSpanId === undefined ? 'session' : 'agent'];
  emitIn(
    thread,
    {
      spanId: thread.spanId,
      parentSpanId: thread.parentSpanId,
      name: thread.name,
      start: thread.start,
      end: thread.end,
      attributes: [
        type,
        ...thread.attributes,
        ['session.title', thread.title],
        ['agent_type', thread.agentType],
      ],
      events: thread.events,
      at: thread.at,
    },
    context,
  );
}

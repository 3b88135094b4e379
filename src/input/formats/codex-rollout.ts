import type { Instant } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, JsonValue, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { endCall, tokenCount, usageRecord } from './codex-calls.ts';
import { eventsIn, type Origin, type Thread, threadOf, uuidTime } from './codex-thread.ts';
import { isToolCall, isToolOutput, Tools } from './codex-tools.ts';
import { asked, beginTurn, endThread, endTurn, turnContext, turnError, userMessage } from './codex-turns.ts';
import { addEvent, earliest, latest, lineTime } from './coding-session.ts';
import { spanIds } from './ids.ts';

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
      if (origin === 'own') addEvent(eventsIn(thread), 'compacted', time);
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
    const isOwn = begins ? isOwnTurn(thread, payload) : undefined;
    if (isOwn === false) this.#foreignTurn = true;
    const late = time !== undefined && thread.created !== undefined && time > thread.created + BURST;
    if (isOwn === true || (late && !this.#foreignTurn)) this.#repeating = false;
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
      addEvent(eventsIn(thread), type, time, [['reason', text(own(event, 'reason'))]]);
      endTurn(thread, context, time);
    } else if (type === 'error') turnError(thread, event, time);
    else if (type === 'stream_error') addEvent(eventsIn(thread), type, time);
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

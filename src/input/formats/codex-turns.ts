import type { Instant } from '../../model/index.ts';
import type { JsonObject, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { endCall, endHistory } from './codex-calls.ts';
import { emitIn, eventsIn, type Origin, type Thread } from './codex-thread.ts';
import { addEvent, contentId, latest, type Named } from './coding-session.ts';
import { isWanted } from './spans.ts';

/** Turns of a rollout, and the session or sub-agent around them. */

const PROMPT = 'user_prompt';

/** The model was given something to answer: whatever it answers next began here. */
export function asked(thread: Thread, time: Instant | undefined): void {
  thread.asked = time ?? thread.asked;
}

/** A line with the settings of a turn, which begins one where none was announced. */
export function turnContext(
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
export function beginTurn(
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

/** A prompt, into the open turn or a new one. */
export function userMessage(
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

/** Puts the open turn and its last call into the sink; `time`: its end as a line of its own told it. */
export function endTurn(thread: Thread, context: ReadContext, time?: Instant): void {
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

/** The turn failed; outside of turns it is an event of the session. */
export function turnError(thread: Thread, event: JsonObject, time: Instant | undefined): void {
  const info = own(event, 'codex_error_info');
  const type = text(info) ?? (isObject(info) ? Object.keys(info)[0] : undefined);
  const message = text(own(event, 'message'));
  if (thread.turn === undefined) addEvent(eventsIn(thread), 'error', time, [['message', message]]);
  else
    thread.turn.error = [
      ['error.type', type ?? 'error'],
      ['error', message],
    ];
}

/** Puts the session or sub-agent itself into the sink, unless nothing happened in it. */
export function endThread(thread: Thread, context: ReadContext): void {
  endHistory(thread, context);
  if (thread.start === undefined && thread.history === undefined) return;
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

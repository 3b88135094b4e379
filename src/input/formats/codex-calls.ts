import type { Instant } from '../../model/index.ts';
import type { JsonObject, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { sameTokens, tokensOf, tokensText } from './codex-counter.ts';
import { emitIn, type Origin, type PendingCall, parentIn, type Thread } from './codex-thread.ts';
import { contentId, earliest, latest } from './coding-session.ts';

/** Calls of the model in a rollout: lines that count tokens, and the spans they become. */

/** A line of the running counter: a call where the counter grew, unless the other kind of line told it already. */
export function tokenCount(
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

/** Newer versions report every call twice: as a `token_count`, and in a line of its own that knows the answer's id. */
export function usageRecord(
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

/** The call was told by one kind of lines and may be told once more by the other. */
function awaits(call: PendingCall | undefined, from: PendingCall['from']): call is PendingCall {
  return call !== undefined && call.from === from && !call.paired;
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

/** Puts the call that was read last into the sink, with whatever id and totals later lines gave it. */
export function endCall(thread: Thread, context: ReadContext): void {
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

/** Repeated calls hang under a span of their own. */
export function endHistory(thread: Thread, context: ReadContext): void {
  if (thread.history === undefined) return;
  emitIn(
    thread,
    {
      spanId: historyId(thread),
      parentSpanId: thread.spanId,
      name: 'repeated history',
      ...thread.history,
      attributes: [['span.type', 'history']],
      at: thread.at,
    },
    context,
  );
}

const historyId = (thread: Thread): string => contentId('history', thread.id);

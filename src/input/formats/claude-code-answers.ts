import type { AttributeValue, Instant, Place } from '../../model/index.ts';
import type { JsonObject, ReadContext } from '../format.ts';
import { attributeValue, isObject, list, own, text } from '../values.ts';
import { type AnswerUsage, addUsage, hiddenIterations } from './claude-code-lines.ts';
import { emitIn, parentIn, type Session, type Thread } from './claude-code-thread.ts';
import { contentId, earliest, latest, type Named } from './coding-session.ts';
import { isWanted } from './spans.ts';

/** One answer of the model, which takes several lines: one for each block of its content. */
export type Answer = {
  readonly session: Session;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly messageId: string | undefined;
  readonly requestId: string | undefined;
  readonly model: string | undefined;
  /** When the line before its first one was written. */
  readonly since: Instant | undefined;
  start: Instant | undefined;
  end: Instant | undefined;
  readonly usage: AnswerUsage;
  /** What older versions said the answer cost. */
  cost: number | undefined;
  stopReason: string | undefined;
  /** What other models, or the same one, did for this answer beside it. */
  readonly hidden: Map<number, JsonObject>;
  readonly content: AttributeValue[];
  readonly at: Place;
};

/** So many answers may still get lines. Blocks of one answer stand close together; only tools' results come between. */
const OPEN_ANSWERS = 1_024;
const OUTPUT = 'gen_ai.output.messages';

/** Joins the lines of answers; those that had no line for longest are finished first. */
export class Answers {
  readonly #open = new Map<string, Answer>();

  line(
    thread: Thread,
    line: JsonObject,
    message: JsonObject,
    time: Instant | undefined,
    context: ReadContext,
  ): Answer {
    const messageId = text(own(message, 'id'));
    const requestId = text(own(line, 'requestId'));
    const identity = messageId ?? text(own(line, 'uuid'));
    const key = `${thread.session.id}\0${thread.agent ?? ''}\0${identity ?? ''}\0${requestId ?? ''}`;
    const answer: Answer = this.#open.get(key) ?? {
      session: thread.session,
      spanId: contentId('answer', thread.agent, identity, requestId),
      parentSpanId: parentIn(thread),
      messageId,
      requestId,
      model: text(own(message, 'model')),
      since: thread.last,
      start: undefined,
      end: undefined,
      usage: new Map(),
      cost: undefined,
      stopReason: undefined,
      hidden: new Map(),
      content: [],
      at: context.at,
    };
    this.#open.delete(key);
    this.#open.set(key, answer);
    answer.start ??= answer.since === undefined || time === undefined ? time : earliest(answer.since, time);
    answer.end = latest(answer.end, time);
    answer.stopReason = text(own(message, 'stop_reason')) ?? answer.stopReason;
    const cost = own(line, 'costUSD');
    if (typeof cost === 'number' && !(answer.cost !== undefined && answer.cost > cost)) answer.cost = cost;
    const usage = own(message, 'usage');
    if (isObject(usage)) {
      addUsage(answer.usage, usage);
      for (const [index, iteration] of hiddenIterations(usage)) answer.hidden.set(index, iteration);
    }
    if (isWanted(context, OUTPUT))
      for (const block of list(own(message, 'content'))) answer.content.push(attributeValue(block));
    if (this.#open.size > OPEN_ANSWERS) this.#endOldest(context);
    return answer;
  }

  #endOldest(context: ReadContext): void {
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    this.#open.delete(oldest[0]);
    emitAnswer(oldest[1], context);
  }

  end(context: ReadContext): void {
    for (const answer of this.#open.values()) emitAnswer(answer, context);
    this.#open.clear();
  }
}

function emitAnswer(answer: Answer, context: ReadContext): void {
  const { session, model } = answer;
  // Without both nothing says that a model was asked.
  if (model === undefined && answer.usage.size === 0) return;
  const times = { start: answer.start, end: answer.end, kind: 'client', at: answer.at } as const;
  emitIn(
    session,
    {
      ...times,
      spanId: answer.spanId,
      parentSpanId: answer.parentSpanId,
      name: model === undefined ? 'chat' : `chat ${model}`,
      attributes: [
        ['span.type', 'llm_request'],
        ['model', model],
        ['gen_ai.response.id', answer.messageId],
        ['request_id', answer.requestId],
        ['stop_reason', answer.stopReason],
        ...answer.usage,
        ['cost_usd', answer.cost],
        [OUTPUT, answer.content.length === 0 ? undefined : answer.content],
      ],
    },
    context,
  );
  for (const [index, iteration] of answer.hidden) {
    const usage: AnswerUsage = new Map();
    addUsage(usage, iteration);
    const type = text(own(iteration, 'type'))!;
    const asked = text(own(iteration, 'model')) ?? model;
    const purpose: Named = ['operation', type.replace(/_message$/, '')];
    emitIn(
      session,
      {
        ...times,
        spanId: contentId('iteration', answer.spanId, String(index)),
        parentSpanId: answer.parentSpanId,
        name: asked === undefined ? type : `${type} ${asked}`,
        attributes: [['span.type', 'llm_request'], purpose, ['model', asked], ...usage],
      },
      context,
    );
  }
}

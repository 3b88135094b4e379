import type { Instant, Place } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { attributeValue, inside, isObject, own, text } from '../values.ts';
import type { Answer } from './claude-code-answers.ts';
import { plainText } from './claude-code-lines.ts';
import { callId, emitIn, type Session, type Thread } from './claude-code-thread.ts';
import { contentId, type Named } from './coding-session.ts';
import { isWanted } from './spans.ts';

/** A tool that was called and has not answered yet. */
type Call = {
  readonly session: Session;
  readonly thread: Thread;
  readonly id: string;
  readonly name: string;
  readonly parentSpanId: string;
  readonly start: Instant | undefined;
  /** For calls that start a sub-agent: what kind of agent, and what identifies the request in its own conversation. */
  readonly agentType: string | undefined;
  readonly asked: string | undefined;
  agent: string | undefined;
  readonly input: JsonValue;
  readonly at: Place;
};

const INPUT = 'gen_ai.tool.call.arguments';
const OUTPUT = 'gen_ai.tool.call.result';

/** So many lines back another line may go on with the conversation: sub-agents that work side by side take turns. */
const INLINE_LINES = 50_000;

/** Joins calls of tools with their results. Calls wait until the input is over: nothing says when a tool has given up. */
export class Tools {
  readonly #open = new Map<string, Call>();
  /** Those that asked a sub-agent for something, by what they asked, earliest first. */
  readonly #asking = new Map<string, Set<Call>>();
  /** Conversations of sub-agents that stand between the lines of the main one, by their last lines; older versions only. */
  readonly #inline = new Map<string, string>();

  call(
    thread: Thread,
    answer: Answer,
    block: JsonObject,
    time: Instant | undefined,
    context: ReadContext,
  ): void {
    const id = text(own(block, 'id'));
    const name = text(own(block, 'name'));
    if (id === undefined || name === undefined) return;
    const input = own(block, 'input');
    const prompt = text(inside(input, 'prompt'));
    const agentType = text(inside(input, 'subagent_type'));
    const call: Call = {
      session: thread.session,
      thread,
      id,
      name,
      parentSpanId: answer.parentSpanId,
      start: time,
      agentType:
        agentType ?? (prompt !== undefined && STARTS_AGENT.has(name) ? 'general-purpose' : undefined),
      asked: prompt === undefined ? undefined : contentId(thread.session.id, prompt),
      agent: undefined,
      input: isWanted(context, INPUT) ? input : undefined,
      at: context.at,
    };
    this.#open.set(keyOf(thread, id), call);
    if (call.asked === undefined) return;
    const asking = this.#asking.get(call.asked);
    if (asking === undefined) this.#asking.set(call.asked, new Set([call]));
    else asking.add(call);
  }

  result(
    thread: Thread,
    line: JsonObject,
    block: JsonObject,
    time: Instant | undefined,
    context: ReadContext,
  ): void {
    const id = text(own(block, 'tool_use_id'));
    const key = id === undefined ? '' : keyOf(thread, id);
    const call = this.#open.get(key);
    if (call === undefined) return;
    this.#open.delete(key);
    this.#answered(call);
    const told = own(line, 'toolUseResult');
    const details = isObject(told) ? told : {};
    call.agent = text(own(details, 'agentId')) ?? call.agent;
    const failed = own(block, 'is_error') === true;
    emitCall(call, time, failed, context, [
      ...(failed ? failure(told, own(block, 'content')) : []),
      ...durations(details),
      [OUTPUT, isWanted(context, OUTPUT) ? attributeValue(own(block, 'content')) : undefined],
    ]);
  }

  /** Reports of a sub-agent's work name the call it works for. They repeat lines of its own conversation. */
  progress(session: Session, line: JsonObject): void {
    const agent = text(inside(line, 'data', 'agentId'));
    const id = text(own(line, 'parentToolUseID'));
    if (agent === undefined || id === undefined) return;
    const call = this.#open.get(keyOf({ session, agent: undefined }, id));
    if (call !== undefined) call.agent ??= agent;
  }

  /**
   * The sub-agent to whose conversation a line without an agent's name belongs: that of the line before it, or a new one,
   * which the call that asked the same question started.
   */
  inlineAgent(session: Session, line: JsonObject): string {
    const uuid = text(own(line, 'uuid')) ?? '';
    const before = text(own(line, 'parentUuid'));
    const known = before === undefined ? undefined : this.#inline.get(before);
    const agent = known ?? uuid;
    this.#chain(uuid, agent);
    if (known === undefined) this.#started(session, agent, line);
    return agent;
  }

  /** A line that is no part of such a conversation's work but stands in its chain. */
  follow(line: JsonObject): void {
    const [uuid, before] = [text(own(line, 'uuid')), text(own(line, 'parentUuid'))];
    const agent = before === undefined ? undefined : this.#inline.get(before);
    if (agent !== undefined && uuid !== undefined) this.#chain(uuid, agent);
  }

  #chain(uuid: string, agent: string): void {
    if (this.#inline.size >= INLINE_LINES) this.#inline.delete(this.#inline.keys().next().value!);
    this.#inline.set(uuid, agent);
  }

  end(context: ReadContext): void {
    for (const call of this.#open.values()) emitCall(call, undefined, false, context, []);
    this.#open.clear();
  }

  #started(session: Session, agent: string, line: JsonObject): void {
    const prompt = plainText(inside(line, 'message', 'content'));
    const asking = prompt === undefined ? undefined : this.#asking.get(contentId(session.id, prompt));
    const [call] = asking ?? [];
    if (call === undefined) return;
    call.agent ??= agent;
    this.#answered(call);
  }

  /** The call waits for no sub-agent any more. */
  #answered(call: Call): void {
    if (call.asked === undefined) return;
    const asking = this.#asking.get(call.asked);
    asking?.delete(call);
    if (asking?.size === 0) this.#asking.delete(call.asked);
  }
}

const STARTS_AGENT: ReadonlySet<string> = new Set(['Task', 'Agent']);

function keyOf({ session, agent }: Pick<Thread, 'session' | 'agent'>, id: string): string {
  return `${session.id}\0${agent ?? ''}\0${id}`;
}

function emitCall(
  call: Call,
  end: Instant | undefined,
  failed: boolean,
  context: ReadContext,
  told: readonly Named[],
): void {
  const { session, agent, name } = call;
  emitIn(
    session,
    {
      spanId: spanIdOf(call, session, agent),
      parentSpanId: call.parentSpanId,
      name: `execute_tool ${name}`,
      start: call.start,
      end,
      failed,
      attributes: [
        ['span.type', 'tool'],
        ['gen_ai.tool.name', name],
        ['gen_ai.tool.call.id', call.id],
        ['agent_type', call.agentType],
        ['anthropic.mcp.server.name', /^mcp__(.+?)__/.exec(name)?.[1]],
        [INPUT, call.input === undefined ? undefined : attributeValue(call.input)],
        ...told,
      ],
      at: call.at,
    },
    context,
  );
}

/** The first call that an agent works for is the one its conversation hangs under; later ones only speak to it. */
function spanIdOf(call: Call, session: Session, agent: string | undefined): string {
  const plain = contentId('tool', call.thread.agent, call.id);
  if (agent === undefined) return plain;
  const first = session.callOfAgent.get(agent);
  if (first === undefined) session.callOfAgent.set(agent, call.id);
  return first === undefined || first === call.id ? callId(session, agent) : plain;
}

function failure(told: JsonValue, content: JsonValue): readonly Named[] {
  const message = plainText(content)?.replace(/^<tool_use_error>(.*)<\/tool_use_error>$/s, '$1');
  const refused = told === 'User rejected tool use';
  return [
    ['error.type', refused ? 'rejected_by_user' : 'tool_error'],
    ['error', message],
  ];
}

/** What tools say about their own time and, where they ran a sub-agent, its work. */
function durations(details: JsonObject): readonly Named[] {
  const number = (key: string, scale = 1): number | undefined => {
    const value = own(details, key);
    return typeof value === 'number' ? value * scale : undefined;
  };
  return [
    ['duration_ms', number('durationMs') ?? number('totalDurationMs') ?? number('durationSeconds', 1_000)],
    ['agent_id', text(own(details, 'agentId'))],
    ['subagent.total_tokens', number('totalTokens')],
    ['subagent.tool_uses', number('totalToolUseCount')],
  ];
}

import type { Instant, Place } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { attributeValue, inside, isObject, list, own, text } from '../values.ts';
import { emitIn, parentIn, spawnId, type Thread } from './codex-thread.ts';
import { contentId, type Named } from './coding-session.ts';
import { objectIn } from './platform.ts';
import { isWanted } from './spans.ts';

/** A tool that was called and has not answered yet. */
type Call = {
  readonly thread: Thread;
  readonly id: string;
  readonly name: string;
  readonly parentSpanId: string;
  readonly start: Instant | undefined;
  readonly input: JsonValue;
  /** What the program itself reported about the call. */
  exitCode: number | undefined;
  failed: boolean;
  durationMs: number | undefined;
  connector: string | undefined;
  /** The thread of the sub-agent that the call started. */
  agent: string | undefined;
  readonly at: Place;
};

const INPUT = 'gen_ai.tool.call.arguments';
const OUTPUT = 'gen_ai.tool.call.result';
const CALLS =
  /^(?:function|custom_tool|local_shell|tool_search|mcp_tool|computer|image_generation|web_search)_call$/;
/** Nothing answers these: they ran where the model does. */
const SILENT = /^(?:image_generation|web_search)_call$/;

export const isToolCall = (type: string): boolean => CALLS.test(type);
export const isToolOutput = (type: string): boolean => /^\w+_call_output$|^tool_search_output$/.test(type);

/** Joins calls of tools with their results. Calls wait until the session is over: nothing says when a tool has given up. */
export class Tools {
  readonly #open = new Map<string, Call>();

  call(
    thread: Thread,
    type: string,
    item: JsonObject,
    time: Instant | undefined,
    context: ReadContext,
  ): void {
    const id = text(own(item, 'call_id')) ?? text(own(item, 'id'));
    const name = text(own(item, 'name')) ?? type.replace(/_call$/, '');
    const call: Call = {
      thread,
      id: id ?? `${type} ${time ?? ''}`,
      name,
      parentSpanId: parentIn(thread),
      start: time,
      input: isWanted(context, INPUT)
        ? (own(item, 'arguments') ?? own(item, 'input') ?? own(item, 'action'))
        : undefined,
      exitCode: undefined,
      failed: false,
      durationMs: undefined,
      connector: text(own(item, 'namespace')) ?? /^mcp__(.+?)__/.exec(name)?.[1],
      agent: undefined,
      at: context.at,
    };
    if (SILENT.test(type) || id === undefined) emitCall(call, time, [], context);
    else this.#open.set(id, call);
  }

  output(item: JsonObject, time: Instant | undefined, context: ReadContext): void {
    const id = text(own(item, 'call_id'));
    const call = id === undefined ? undefined : this.#open.get(id);
    if (call === undefined) return;
    this.#open.delete(call.id);
    const output = own(item, 'output') ?? own(item, 'tools');
    if (call.name.includes('spawn')) {
      const told = objectIn(output);
      if (told !== undefined) call.agent ??= text(own(told, 'agent_id')) ?? text(own(told, 'thread_id'));
    }
    emitCall(call, time, failure(call, output), context, output);
  }

  /** What the program reports about a call beside its output. */
  report(type: string, event: JsonObject): void {
    const id = text(own(event, 'call_id'));
    const call = id === undefined ? undefined : this.#open.get(id);
    if (call === undefined) return;
    if (type === 'collab_agent_spawn_end') call.agent ??= text(own(event, 'new_thread_id'));
    const exitCode = own(event, 'exit_code');
    if (typeof exitCode === 'number') call.exitCode = exitCode;
    if (own(event, 'success') === false || inside(event, 'result', 'Err') !== undefined) call.failed = true;
    call.durationMs = milliseconds(own(event, 'duration')) ?? call.durationMs;
    call.connector ??= text(inside(event, 'invocation', 'server'));
  }

  end(context: ReadContext): void {
    for (const call of this.#open.values()) emitCall(call, undefined, [], context);
    this.#open.clear();
  }
}

/** `{ secs, nanos }`, or text in some unit, which is not worth guessing. */
function milliseconds(duration: JsonValue): number | undefined {
  if (!isObject(duration)) return undefined;
  const [secs, nanos] = [own(duration, 'secs'), own(duration, 'nanos')];
  return typeof secs === 'number' && typeof nanos === 'number' ? secs * 1e3 + nanos / 1e6 : undefined;
}

function emitCall(
  call: Call,
  end: Instant | undefined,
  error: readonly Named[],
  context: ReadContext,
  output?: JsonValue,
): void {
  const { thread, name, agent, input } = call;
  emitIn(
    thread,
    {
      spanId: agent === undefined ? contentId('tool', thread.id, call.id) : spawnId(agent),
      parentSpanId: call.parentSpanId,
      name: `execute_tool ${name}`,
      start: call.start,
      end,
      failed: error.length > 0,
      attributes: [
        ['span.type', 'tool'],
        ['gen_ai.tool.name', name],
        ['gen_ai.tool.call.id', call.id],
        ['mcp.server.name', call.connector],
        ['duration_ms', call.durationMs],
        ['process.exit.code', call.exitCode],
        ['thread.id', agent],
        ...error,
        [INPUT, input === undefined ? undefined : attributeValue(input)],
        [OUTPUT, output !== undefined && isWanted(context, OUTPUT) ? attributeValue(output) : undefined],
      ],
      at: call.at,
    },
    context,
  );
}

/** How shells end their output; the command's own text comes after it. */
const EXIT = /^(?:Exit code: |Process exited with code )(-?\d{1,10})$/m;
const REFUSED = /^(?:exec command |patch |tool call )?(?:rejected|aborted) by (?:the )?user/i;
const HEAD = 500;

function failure(call: Call, output: JsonValue): readonly Named[] {
  const words = wordsOf(output);
  if (REFUSED.test(words.slice(0, HEAD))) return [['error.type', 'rejected_by_user']];
  const stated = inside(objectIn(output), 'metadata', 'exit_code');
  const exit = typeof stated === 'number' ? stated : exitIn(words);
  call.exitCode ??= exit;
  if (call.exitCode !== undefined && call.exitCode !== 0)
    return [
      ['error.type', 'exit_code'],
      ['error', `exit code ${call.exitCode}`],
    ];
  if (!call.failed && inside(output, 'success') !== false) return [];
  return [
    ['error.type', 'tool_error'],
    ['error', words === '' ? undefined : words],
  ];
}

function exitIn(words: string): number | undefined {
  const code = EXIT.exec(words.slice(0, HEAD))?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Text of an output: itself, or that of its parts. */
function wordsOf(output: JsonValue): string {
  if (typeof output === 'string') return output;
  if (isObject(output)) return wordsOf(own(output, 'content') ?? own(output, 'output'));
  const first = list(output).find((part) => isObject(part) && text(own(part, 'text')) !== undefined);
  return isObject(first) ? String(own(first, 'text')) : '';
}

import type { Instant } from '../../model/index.ts';
import type { JsonObject, ReadContext } from '../format.ts';
import { inside, own, text } from '../values.ts';
import { type Prompt, plainText } from './claude-code-lines.ts';
import {
  callId,
  emitIn,
  eventsIn,
  parentIn,
  rootId,
  SERVICE,
  type Session,
  type Thread,
} from './claude-code-thread.ts';
import { addEvent, contentId, earliest, folderName, type Named } from './coding-session.ts';
import { isWanted } from './spans.ts';

/** Steps of a Claude Code session that are neither calls of the model nor of tools, and what they become. */

const PROMPT = 'user_prompt';

/** A prompt ends the turn before it; the same line once more is the same turn. */
export function beginTurn(
  thread: Thread,
  prompt: Prompt,
  time: Instant | undefined,
  context: ReadContext,
): void {
  const spanId = contentId('turn', thread.session.id, thread.leaf);
  if (thread.turn?.spanId === spanId) return;
  endTurn(thread, context);
  thread.turn = {
    spanId,
    prompt: isWanted(context, PROMPT) ? prompt : { ...prompt, text: '' },
    start: time,
    end: time,
    answered: false,
    durationMs: undefined,
    events: [],
    at: context.at,
  };
}

/** Puts the open turn into the sink, unless it was a local command that nothing came of. */
export function endTurn(thread: Thread, context: ReadContext): void {
  const { turn, session } = thread;
  thread.turn = undefined;
  if (turn === undefined || (turn.prompt.local && !turn.answered)) return;
  thread.start = earliest(thread.start, turn.start);
  emitIn(
    session,
    {
      spanId: turn.spanId,
      parentSpanId: thread.spanId,
      name: turn.prompt.name,
      start: turn.start,
      end: turn.end,
      attributes: [
        ['span.type', 'turn'],
        ['duration_ms', typeof turn.durationMs === 'number' ? turn.durationMs : undefined],
        [PROMPT, turn.prompt.text === '' ? undefined : turn.prompt.text],
      ],
      events: turn.events,
      at: turn.at,
    },
    context,
  );
}

/** Agents that the program starts by itself, named `a<purpose>-<hex digits>`: no call of a tool is behind them. */
const OWN_AGENT = /^a(compact|prompt_suggestion|side_question|session_memory|speculation|extract_memories)-/;

/** Puts a sub-agent into the sink, below the call that started it. */
export function endAgent(thread: Thread, context: ReadContext): void {
  const { session, agent } = thread;
  const purpose = OWN_AGENT.exec(agent!)?.[1];
  emitIn(
    session,
    {
      spanId: thread.spanId,
      parentSpanId: purpose === undefined ? callId(session, agent!) : rootId(session.id),
      name: purpose ?? 'sub-agent',
      start: thread.start,
      end: thread.end,
      attributes: [
        ['span.type', 'agent'],
        ['session.id', session.id],
        ['agent_id', agent],
        ['agent_type', purpose ?? thread.agentType],
        ...placeOf(session),
      ],
      at: thread.at,
    },
    context,
  );
}

/** Puts the session itself into the sink, if anything happened in its main conversation. */
export function endSession(session: Session, context: ReadContext): void {
  const main = session.threads.get('');
  if (main?.worked !== true) return;
  const folder = folderName(session.cwd);
  emitIn(
    session,
    {
      spanId: main.spanId,
      parentSpanId: undefined,
      name: folder === undefined ? SERVICE : `${SERVICE} ${folder}`,
      start: main.start,
      end: main.end,
      attributes: [
        ['span.type', 'session'],
        ['session.id', session.id],
        ['session.title', session.title],
        ['agent_type', SERVICE],
        ...placeOf(session),
      ],
      events: session.events,
      at: main.at,
    },
    context,
  );
}

function placeOf(session: Session): readonly Named[] {
  return [
    ['workspace', folderName(session.cwd)],
    ['process.working_directory', session.cwd],
    ['vcs.ref.head.name', session.gitBranch],
    ['user.type', session.userType],
  ];
}

/** What the program remarks about the conversation: a failed attempt and a compaction are part of it. */
export function remark(thread: Thread, line: JsonObject, time: Instant | undefined): boolean {
  const subtype = own(line, 'subtype');
  if (subtype === 'turn_duration' && thread.turn !== undefined) {
    thread.turn.durationMs = own(line, 'durationMs');
    return false;
  }
  const told: Named[] =
    subtype === 'api_error'
      ? [
          ['status', numberIn(line, 'error', 'status')],
          ['attempt', numberIn(line, 'retryAttempt')],
          ['retry_in_ms', numberIn(line, 'retryInMs')],
        ]
      : subtype === 'compact_boundary' || subtype === 'microcompact_boundary'
        ? [
            ['trigger', text(inside(line, 'compactMetadata', 'trigger'))],
            ['tokens_before', numberIn(line, 'compactMetadata', 'preTokens')],
            ['tokens_after', numberIn(line, 'compactMetadata', 'postTokens')],
          ]
        : [];
  if (told.length === 0) return false;
  addEvent(eventsIn(thread), String(subtype), time, told);
  return true;
}

/** The program gave up on an answer. It is a failed step, not a call: nobody tells what the failed attempts cost. */
export function apiError(
  thread: Thread,
  line: JsonObject,
  message: JsonObject,
  time: Instant | undefined,
  context: ReadContext,
): void {
  emitIn(
    thread.session,
    {
      spanId: contentId('api_error', thread.agent, text(own(line, 'uuid')) ?? text(own(message, 'id'))),
      parentSpanId: parentIn(thread),
      name: 'api_error',
      start: earliest(thread.last, time) ?? time,
      end: time,
      failed: true,
      attributes: [
        ['span.type', 'api_error'],
        [
          'error.type',
          text(own(line, 'error')) ?? numberIn(line, 'apiErrorStatus')?.toString() ?? 'api_error',
        ],
        ['error', plainText(own(message, 'content'))],
      ],
      at: context.at,
    },
    context,
  );
}

function numberIn(line: JsonObject, ...path: readonly string[]): number | undefined {
  const value = inside(line, ...path);
  return typeof value === 'number' ? value : undefined;
}

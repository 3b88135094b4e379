import type { Instant, Place, SpanEvent } from '../../model/index.ts';
import type { JsonObject, JsonValue, ReadContext } from '../format.ts';
import { inside, isObject, own, text } from '../values.ts';
import { Counter, type Tokens } from './codex-counter.ts';
import {
  contentId,
  emit,
  folderName,
  lineTime,
  type Named,
  type SessionSpan,
  sessionTrace,
} from './coding-session.ts';

/** What is known of one rollout while its lines are read. */

/** Whether a line tells what this session did, or is part of an older one's history, with or without its time. */
export type Origin = 'own' | 'dated history' | 'undated history';

const SERVICE = 'codex';
const SCOPE = 'codex-rollout';

type Turn = {
  readonly spanId: string;
  readonly id: string | undefined;
  readonly start: Instant | undefined;
  end: Instant | undefined;
  /** A model or a tool worked in it. */
  worked: boolean;
  prompt: string | undefined;
  error: readonly Named[];
  readonly events: SpanEvent[];
  readonly at: Place;
};

/** A call whose line was read; the next line may still tell its answer's id. */
export type PendingCall = {
  /** Which of the two kinds of lines told it first. */
  readonly from: 'token_count' | 'token_usage_record';
  readonly tokens: Tokens;
  /** The running totals behind it. Copies of the call have the same. */
  total: Tokens | undefined;
  readonly model: string | undefined;
  readonly effort: string | undefined;
  readonly tier: string | undefined;
  responseId: string | undefined;
  readonly parentSpanId: string;
  readonly start: Instant | undefined;
  readonly end: Instant | undefined;
  /** Both kinds of lines that report a call have reported this one. */
  paired: boolean;
  readonly at: Place;
};

export type Thread = {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
  /** For sub-agents: the call that started it, or the session that it belongs to. */
  readonly parentSpanId: string | undefined;
  readonly agentType: string | undefined;
  readonly attributes: readonly Named[];
  readonly name: string;
  readonly version: string | undefined;
  readonly created: Instant | undefined;
  /** Sessions whose history may stand in this file: those that it and they were forked from. */
  readonly ancestors: Set<string>;
  title: string | undefined;
  start: Instant | undefined;
  end: Instant | undefined;
  turn: Turn | undefined;
  readonly counter: Counter;
  model: string | undefined;
  effort: string | undefined;
  tier: string | undefined;
  /** When the model was last given something to answer, and when it was given what it is answering now. */
  asked: Instant | undefined;
  answering: { readonly since: Instant | undefined } | undefined;
  /** Whether the file holds what the model says, and whether it said something since the last call. */
  hasAnswers: boolean;
  answered: boolean;
  call: PendingCall | undefined;
  history: { start: Instant | undefined; end: Instant | undefined } | undefined;
  readonly events: SpanEvent[];
  readonly at: Place;
};

const rootId = (threadId: string): string => contentId('session', threadId);
/** The span of the call that started a sub-agent: both files know the sub-agent, so both can tell. */
export const spawnId = (threadId: string): string => contentId('spawn', threadId);

export const parentIn = (thread: Thread): string => thread.turn?.spanId ?? thread.spanId;

/** The thread that a `session_meta` opens. */
export function threadOf(meta: JsonObject, id: string, line: JsonObject, context: ReadContext): Thread {
  const agent = subAgentOf(meta);
  const cwd = text(own(meta, 'cwd'));
  const folder = folderName(cwd);
  const session = text(own(meta, 'session_id'));
  const inTraceOf =
    agent?.parent === undefined ? id : session === undefined || session === id ? agent.parent : session;
  const forkedFrom = text(own(meta, 'forked_from_id'));
  return {
    id,
    traceId: sessionTrace(inTraceOf),
    spanId: rootId(id),
    parentSpanId:
      agent?.parent === undefined ? undefined : agent.spawned ? spawnId(id) : rootId(agent.parent),
    agentType: agent === undefined ? SERVICE : agent.type,
    attributes: [
      ['session.id', text(own(meta, 'id')) === undefined ? undefined : inTraceOf],
      ['thread.id', inTraceOf === id ? undefined : id],
      ['workspace', folder],
      ['process.working_directory', cwd],
      ['vcs.ref.head.name', text(inside(meta, 'git', 'branch'))],
      ['originator', text(own(meta, 'originator'))],
      ['model_provider', text(own(meta, 'model_provider'))],
      ['forked_from_id', forkedFrom],
    ],
    name:
      agent === undefined
        ? folder === undefined
          ? SERVICE
          : `${SERVICE} ${folder}`
        : (agent.type ?? 'sub-agent'),
    version: text(own(meta, 'cli_version')),
    created: lineTime(own(line, 'timestamp'), context) ?? lineTime(own(meta, 'timestamp'), context),
    ancestors: new Set(forkedFrom === undefined ? [] : [forkedFrom]),
    title: undefined,
    start: undefined,
    end: undefined,
    turn: undefined,
    counter: new Counter(),
    model: undefined,
    effort: undefined,
    tier: undefined,
    asked: undefined,
    answering: undefined,
    hasAnswers: false,
    answered: false,
    call: undefined,
    history: undefined,
    events: [],
    at: context.at,
  };
}

type SubAgent = {
  readonly type: string | undefined;
  readonly parent: string | undefined;
  /** A call of the parent's started it; others (a review, a compaction) the program starts by itself. */
  readonly spawned: boolean;
};

function subAgentOf(meta: JsonObject): SubAgent | undefined {
  const kind = inside(meta, 'source', 'subagent');
  const parent = text(own(meta, 'parent_thread_id'));
  if (typeof kind === 'string') return { type: kind, parent, spawned: false };
  const spawn = inside(kind, 'thread_spawn');
  if (isObject(spawn)) {
    const type = text(own(spawn, 'agent_role')) ?? text(own(spawn, 'agent_nickname'));
    return { type, parent: text(own(spawn, 'parent_thread_id')) ?? parent, spawned: true };
  }
  const other = text(inside(kind, 'other'));
  if (other !== undefined) return { type: other, parent, spawned: false };
  if (kind === undefined && own(meta, 'thread_source') !== 'subagent') return undefined;
  return { type: text(own(meta, 'agent_role')), parent, spawned: true };
}

/** Events belong to the turn that is open, else to the session. */
export const eventsIn = (thread: Thread): SpanEvent[] => thread.turn?.events ?? thread.events;

export function emitIn(
  thread: Thread,
  span: Omit<SessionSpan, 'traceId' | 'scope' | 'service'>,
  context: ReadContext,
): void {
  emit({ ...span, traceId: thread.traceId, scope: [SCOPE, thread.version], service: SERVICE }, context);
}

/** Milliseconds in a UUID of version 7 (RFC 9562, section 5.7); undefined for other ids. */
export function uuidTime(id: JsonValue): number | undefined {
  const match = typeof id === 'string' ? /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id) : null;
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}

import type { Instant, Place, SpanEvent } from '../../model/index.ts';
import type { JsonValue, ReadContext } from '../format.ts';
import type { Prompt } from './claude-code-lines.ts';
import { contentId, emit, type SessionSpan } from './coding-session.ts';

/** What is known of the sessions of one input while their lines are read. */

export const SERVICE = 'claude-code';
const SCOPE = 'claude-code-session';

/** From a user's prompt to the last line before the next one. */
type Turn = {
  readonly spanId: string;
  readonly prompt: Prompt;
  readonly start: Instant | undefined;
  end: Instant | undefined;
  /** Something came of it. */
  answered: boolean;
  durationMs: JsonValue;
  readonly events: SpanEvent[];
  readonly at: Place;
};

/** The main conversation of a session, or a sub-agent's. */
export type Thread = {
  readonly session: Session;
  /** What its spans hang under when no turn is open. */
  readonly spanId: string;
  /** Tells the same message in two threads apart; undefined for the main conversation. */
  readonly agent: string | undefined;
  agentType: string | undefined;
  /** Something was said or done in it. */
  worked: boolean;
  start: Instant | undefined;
  end: Instant | undefined;
  /** When the last line of the conversation was written: the next answer begins there. */
  last: Instant | undefined;
  /** The line at the end of the conversation. */
  leaf: string | undefined;
  turn: Turn | undefined;
  readonly at: Place;
};

export type Session = {
  readonly id: string;
  readonly traceId: string;
  readonly threads: Map<string, Thread>;
  readonly version: string | undefined;
  readonly cwd: string | undefined;
  readonly gitBranch: string | undefined;
  readonly userType: string | undefined;
  title: string | undefined;
  readonly events: SpanEvent[];
  /** Which call of a tool each sub-agent works for. */
  readonly callOfAgent: Map<string, string>;
};

export const parentIn = (thread: Thread): string => thread.turn?.spanId ?? thread.spanId;

export function emitIn(
  session: Session,
  span: Omit<SessionSpan, 'traceId' | 'scope' | 'service'>,
  context: ReadContext,
): void {
  emit({ ...span, traceId: session.traceId, scope: [SCOPE, session.version], service: SERVICE }, context);
}

/** The span of a session itself. */
export const rootId = (sessionId: string): string => contentId('session', sessionId);

/** The span of the call that a sub-agent works for: both files know the agent, so both can tell. */
export const callId = (session: Session, agent: string): string => contentId('spawn', session.id, agent);

/** Events belong to the turn that is open, else to the session. */
export const eventsIn = (thread: Thread): SpanEvent[] => thread.turn?.events ?? thread.session.events;

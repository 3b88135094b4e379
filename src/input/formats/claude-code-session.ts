import type { Instant } from '../../model/index.ts';
import type { Assembler, Format, JsonObject, ReadContext } from '../format.ts';
import { isObject, own, text } from '../values.ts';
import { type Answer, Answers } from './claude-code-answers.ts';
import { blocksOf, isInterruption, isSessionLine, promptOf } from './claude-code-lines.ts';
import { apiError, beginTurn, endAgent, endSession, endTurn, remark } from './claude-code-steps.ts';
import { eventsIn, rootId, type Session, type Thread } from './claude-code-thread.ts';
import { Tools } from './claude-code-tools.ts';
import { addEvent, contentId, earliest, latest, lineTime, sessionTrace } from './coding-session.ts';

/**
 * Sessions as Claude Code keeps them, a line a message: `~/.claude/projects/<folder>/<session>.jsonl`, and the sub-agents'
 * beside them. A session is a trace: turns, answers of the model, tools and sub-agents. Every id is made of what a line
 * says, so lines that a resumed session copied are the same spans or the same calls.
 *
 * Lines have one time each, so spans are estimates: an answer took from the line that asked for it to its own last line, a
 * tool from its call to its result, with whatever it waited for.
 */
export const claudeCodeSession: Format = {
  name: 'claude-code-session',
  title: 'Claude Code: session files under ~/.claude/projects',
  source: 'https://docs.claude.com/en/docs/claude-code/data-usage',
  claims: (value, syntax) => syntax === 'json' && isSessionLine(value),
  assembler: () => new SessionReader(),
};

class SessionReader implements Assembler {
  readonly #sessions = new Map<string, Session>();
  readonly #answers = new Answers();
  readonly #tools = new Tools();
  #context: ReadContext | undefined;
  #last: Session | undefined;

  read(line: JsonObject, context: ReadContext): void {
    this.#context = context;
    const type = own(line, 'type');
    if (type === 'summary') {
      this.#summary(line);
      return;
    }
    const sessionId = text(own(line, 'sessionId'));
    if (sessionId === undefined) return;
    if (type === 'user' || type === 'assistant' || type === 'system') {
      const session = this.#session(sessionId, line);
      const thread = this.#thread(session, line, context);
      const time = lineTime(own(line, 'timestamp'), context);
      const worked =
        type === 'user'
          ? this.#user(thread, line, time, context)
          : type === 'assistant'
            ? this.#assistant(thread, line, time, context)
            : remark(thread, line, time);
      if (!worked) return;
      thread.worked = true;
      thread.start = earliest(thread.start, time);
      thread.end = latest(thread.end, time);
      if (thread.turn !== undefined) thread.turn.end = latest(thread.turn.end, time);
      return;
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    if (own(line, 'isSidechain') === true) this.#tools.follow(line);
    if (type === 'progress') this.#tools.progress(session, line);
    else if (type === 'custom-title') session.title = text(own(line, 'customTitle')) ?? session.title;
    else if (type === 'ai-title') session.title ??= text(own(line, 'aiTitle'));
  }

  end(): void {
    const context = this.#context;
    if (context === undefined) return;
    this.#answers.end(context);
    this.#tools.end(context);
    for (const session of this.#sessions.values()) {
      for (const thread of session.threads.values()) {
        endTurn(thread, context);
        if (thread.agent !== undefined) endAgent(thread, context);
      }
      endSession(session, context);
    }
    this.#sessions.clear();
  }

  #session(id: string, line: JsonObject): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = {
        id,
        traceId: sessionTrace(id),
        threads: new Map(),
        version: text(own(line, 'version')),
        cwd: text(own(line, 'cwd')),
        gitBranch: text(own(line, 'gitBranch')),
        userType: text(own(line, 'userType')),
        title: undefined,
        events: [],
        callOfAgent: new Map(),
      };
      this.#sessions.set(id, session);
    }
    this.#last = session;
    return session;
  }

  #thread(session: Session, line: JsonObject, context: ReadContext): Thread {
    const side = own(line, 'isSidechain') === true;
    const agent = side ? (text(own(line, 'agentId')) ?? this.#tools.inlineAgent(session, line)) : undefined;
    const key = agent ?? '';
    let thread = session.threads.get(key);
    if (thread === undefined) {
      thread = {
        session,
        spanId: agent === undefined ? rootId(session.id) : contentId('agent', session.id, agent),
        agent,
        agentType: undefined,
        worked: false,
        start: undefined,
        end: undefined,
        last: undefined,
        leaf: undefined,
        turn: undefined,
        at: context.at,
      };
      session.threads.set(key, thread);
    }
    if (side) thread.agentType ??= text(own(line, 'attributionAgent'));
    return thread;
  }

  /** Tells whether the conversation went on: what local commands print, minutes later perhaps, is no part of a turn. */
  #user(thread: Thread, line: JsonObject, time: Instant | undefined, context: ReadContext): boolean {
    const message = own(line, 'message');
    thread.leaf = text(own(line, 'uuid'));
    if (!isObject(message)) return false;
    const prompt = thread.agent === undefined ? promptOf(line, message) : undefined;
    if (prompt !== undefined) beginTurn(thread, prompt, time, context);
    const results = blocksOf(message).filter((block) => own(block, 'type') === 'tool_result');
    for (const block of results) this.#tools.result(thread, line, block, time, context);
    const interrupted = isInterruption(message);
    if (interrupted) addEvent(eventsIn(thread), 'interrupted', time);
    thread.last = time ?? thread.last;
    return prompt?.local === false || results.length > 0 || interrupted || thread.agent !== undefined;
  }

  #assistant(thread: Thread, line: JsonObject, time: Instant | undefined, context: ReadContext): boolean {
    const message = own(line, 'message');
    thread.leaf = text(own(line, 'uuid'));
    if (!isObject(message)) return false;
    if (thread.turn !== undefined) thread.turn.answered = true;
    // Written by the program itself, not by a model.
    if (own(line, 'isApiErrorMessage') === true) apiError(thread, line, message, time, context);
    else if (own(message, 'model') !== '<synthetic>') {
      const answer: Answer = this.#answers.line(thread, line, message, time, context);
      for (const block of blocksOf(message)) {
        if (own(block, 'type') === 'tool_use') this.#tools.call(thread, answer, block, time, context);
      }
    }
    thread.last = time ?? thread.last;
    return true;
  }

  /** Old files begin with summaries of other conversations: one names the session only if it is about its last line. */
  #summary(line: JsonObject): void {
    const main = this.#last?.threads.get('');
    if (main !== undefined && main.leaf === own(line, 'leafUuid'))
      main.session.title = text(own(line, 'summary')) ?? main.session.title;
  }
}

import { append, FLAG, type Forest } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';
import { promptTokens } from '../trace/index.ts';

/** Calls of one model that go on from one another, in the order of their starts: each prompt holds the one before. */
export type Conversation = { readonly calls: number[] };

/** A use of a tool, and the first call that can have read its result. */
export type ToolUse = {
  readonly position: number;
  readonly conversation: Conversation;
  /** Index of that call; the number of calls where none came after it. */
  readonly readBy: number;
  /** No call of the conversation came after it, but others beside the tool did: whether they read it is not known. */
  readonly lost: boolean;
};

export type Conversations = {
  readonly all: readonly Conversation[];
  /** Undefined where no call stands beside the tool that could have asked for it. */
  readonly useOf: (tool: number) => ToolUse | undefined;
  /** Did a call of the same loop and model that tells no counts begin after the one call was over and before the other? */
  readonly isSilentBetween: (before: number, after: number) => boolean;
  /** The agent, the tool or the top-level span that a span works in. */
  readonly loopOf: (position: number) => number;
  readonly clock: Clock;
};

/** Clocks of a millisecond: what ends as something else begins may seem to end after it. */
const TICK = 1_000_000;
/** So many conversations of one loop or session are followed at a time. */
const FOLLOWED = 16;
/** A prompt that the cache knew this far is the old one gone on. */
const SAME_PREFIX = 0.9;

/**
 * Finds the conversations in all traces. In one loop a call goes on from an earlier one of its model that was over and
 * whose prompt was no longer. A loop goes on from another of the same session and agent, the turn before, if its prompt has
 * room for that one's prompt and answer or was found in the cache. Everything else begins a conversation: a prompt that
 * shrank was compacted, or is about something else.
 */
export function findConversations({ forest, attribution, bill }: Measured): Conversations {
  const { table, row } = forest;
  const loops = loopsOf(forest);
  const tools = toolsAround(forest);
  /** What turns have in common: the session, else the trace, and the agent; inside a tool, its use. */
  const contextOf = (loop: number): string => {
    const session = attribution.session(loop);
    const scope = session === 0 ? `trace ${table.traceOf(row[loop]!)}` : `session ${session}`;
    return `${scope} ${attribution.agent(loop)} ${tools[loop]}`;
  };
  const times = clock(forest);
  const all: Strand[] = [];
  const byLoop = new Map<string, Strand[]>();
  const byContext = new Map<string, Strand[]>();
  const calls = callsInOrder(forest, bill.isCall, times);
  for (const p of calls) {
    const prompt = promptOf(forest, p);
    const cached = table.usageOf(row[p]!, 'cacheRead');
    const model = modelOf(forest, p);
    const inLoop = listOf(byLoop, `${loops[p]} ${model}`);
    const inContext = listOf(byContext, `${contextOf(loops[p]!)} ${model}`);
    const over = ({ end }: Strand): boolean => end <= times.start(p) + TICK;
    const goesOn = ({ prompt: before, answer }: Strand): boolean =>
      prompt >= before + answer || (prompt >= before && cached >= SAME_PREFIX * before);
    const before =
      longest(inLoop.filter((strand) => over(strand) && prompt >= strand.prompt)) ??
      longest(inContext.filter((strand) => over(strand) && goesOn(strand)));
    const strand = before ?? { calls: [], end: 0, prompt: 0, answer: 0 };
    if (before === undefined) all.push(strand);
    strand.calls.push(p);
    strand.end = times.end(p);
    strand.prompt = prompt;
    strand.answer = answerOf(forest, p);
    follow(inLoop, strand);
    follow(inContext, strand);
  }
  return {
    all,
    clock: times,
    loopOf: (position) => loops[position]!,
    useOf: toolUses(loops, all, times),
    isSilentBetween: silentCalls(forest, bill.isCall, loops, times),
  };
}

type Strand = Conversation & {
  /** When its last call was over, and how many tokens its prompt and its answer had. */
  end: number;
  prompt: number;
  answer: number;
};

function listOf(lists: Map<string, Strand[]>, key: string): Strand[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: Strand[] = [];
  lists.set(key, made);
  return made;
}

function longest(strands: readonly Strand[]): Strand | undefined {
  return strands.reduce<Strand | undefined>(
    (best, strand) => (best === undefined || strand.prompt >= best.prompt ? strand : best),
    undefined,
  );
}

/** The one that was heard of last stands last. */
function follow(strands: Strand[], strand: Strand): void {
  const at = strands.indexOf(strand);
  if (at >= 0) strands.splice(at, 1);
  strands.push(strand);
  if (strands.length > FOLLOWED) strands.shift();
}

/**
 * A tool was asked for by the latest call beside it that had begun, of those that were followed by another once it was done;
 * and its result is read by that other one.
 */
function toolUses(loops: Int32Array, all: readonly Conversation[], times: Clock): Conversations['useOf'] {
  const ofLoop = new Map<number, { readonly calls: number[]; readonly conversations: Conversation[] }>();
  for (const { call, conversation } of inOrder(all, times)) {
    const beside = ofLoop.get(loops[call]!) ?? { calls: [], conversations: [] };
    beside.calls.push(call);
    beside.conversations.push(conversation);
    ofLoop.set(loops[call]!, beside);
  }
  return (tool) => {
    const beside = ofLoop.get(loops[tool]!);
    if (beside === undefined) return undefined;
    const done = times.end(tool) - TICK;
    const lost = countUntil(beside.calls, times, done - 1) < beside.calls.length;
    let asked: ToolUse | undefined;
    let at = countUntil(beside.calls, times, times.start(tool));
    for (let looked = 0; at-- > 0 && looked < 4 * FOLLOWED; looked++) {
      const conversation = beside.conversations[at]!;
      const { calls } = conversation;
      const by = countUntil(calls, times, times.start(tool));
      const use = {
        position: tool,
        conversation,
        readBy: Math.max(by, countUntil(calls, times, done - 1)),
      };
      if (use.readBy < calls.length) return { ...use, lost: false };
      asked ??= { ...use, lost };
    }
    return asked;
  };
}

function inOrder(
  all: readonly Conversation[],
  { start }: Clock,
): readonly { readonly call: number; readonly conversation: Conversation }[] {
  return all
    .flatMap((conversation) => conversation.calls.map((call) => ({ call, conversation })))
    .sort((a, b) => start(a.call) - start(b.call) || a.call - b.call);
}

/** All tokens of a call's prompt, cached or not. */
export const promptOf = ({ table, row }: Forest, position: number): number =>
  promptTokens(table, row[position]!);

/** What of a call's output comes back in the next prompt: all but what it thought. */
export function answerOf({ table, row }: Forest, position: number): number {
  const at = row[position]!;
  return table.usageOf(at, 'output') - table.usageOf(at, 'reasoning');
}

/** The model that answered, else the one asked for, as a number. */
export function modelOf({ table, row }: Forest, position: number): number {
  const at = row[position]!;
  return table.textIdOf('model', at) || table.textIdOf('requestModel', at);
}

function loopsOf({ table, row, parent, length }: Forest): Int32Array {
  const loops = new Int32Array(length);
  for (let p = 0; p < length; p++) {
    const above = parent[p]!;
    const kind = above < 0 ? undefined : table.kindOf(row[above]!);
    loops[p] = above < 0 ? p : kind === 'agent' || kind === 'tool' ? above : loops[above]!;
  }
  return loops;
}

/** The tool that a span is, or is in; -1 where there is none. */
function toolsAround({ table, row, parent, length }: Forest): Int32Array {
  const tools = new Int32Array(length).fill(-1);
  for (let p = 0; p < length; p++) {
    if (table.kindOf(row[p]!) === 'tool') tools[p] = p;
    else if (parent[p]! >= 0) tools[p] = tools[parent[p]!]!;
  }
  return tools;
}

/** In nanoseconds, for all traces on one axis. */
type Clock = { readonly start: (position: number) => number; readonly end: (position: number) => number };

/** Nanoseconds after the earliest second in the data: exact up to 104 days, good enough beyond. */
function clock({ table, row, length }: Forest): Clock {
  let origin = Number.POSITIVE_INFINITY;
  for (let p = 0; p < length; p++)
    if (table.has(row[p]!, FLAG.hasStart)) origin = Math.min(origin, table.startSecondOf(row[p]!));
  const start = (p: number): number => table.startOffset(row[p]!, origin) ?? 0;
  return { start, end: (p) => start(p) + (table.durationOf(row[p]!) ?? 0) };
}

/** Answers that nobody counted are in later prompts too; what failed answered nothing. */
function silentCalls(
  forest: Forest,
  isCall: (position: number) => boolean,
  loops: Int32Array,
  times: Clock,
): Conversations['isSilentBetween'] {
  const { table, row, length } = forest;
  const silent = new Map<string, number[]>();
  const keyOf = (p: number): string => `${loops[p]} ${modelOf(forest, p)}`;
  for (let p = 0; p < length; p++) {
    const at = row[p]!;
    if (!isCall(p) || table.kindOf(at) !== 'llm' || isCounted(forest, p) || table.has(at, FLAG.failed))
      continue;
    append(silent, keyOf(p), p);
  }
  for (const calls of silent.values()) calls.sort((a, b) => times.start(a) - times.start(b) || a - b);
  return (before, after) => {
    const calls = silent.get(keyOf(after));
    if (calls === undefined) return false;
    const begun = countUntil(calls, times, times.end(before) - TICK - 1);
    return countUntil(calls, times, times.start(after)) > begun;
  };
}

/** Are its prompt and its answer told apart, and when it began? */
function isCounted({ table, row }: Forest, position: number): boolean {
  const at = row[position]!;
  return table.hasUsage(at) && table.usageOf(at, 'totalOnly') === 0 && table.has(at, FLAG.hasStart);
}

/** Calls of models with a start and token counts, in the order of their starts. */
function callsInOrder(
  forest: Forest,
  isCall: (position: number) => boolean,
  { start }: Clock,
): readonly number[] {
  const { table, row, length } = forest;
  const calls: number[] = [];
  for (let p = 0; p < length; p++) {
    if (isCall(p) && table.kindOf(row[p]!) === 'llm' && isCounted(forest, p)) calls.push(p);
  }
  return calls.sort((a, b) => start(a) - start(b) || a - b);
}

/** How many of the calls have begun by a time. */
function countUntil(calls: readonly number[], { start }: Clock, time: number): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(calls[middle]!) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

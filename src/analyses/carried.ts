import { append, type Reckoning, type Selection, TOOL_RESULT_SIZE } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';
import {
  answerOf,
  type Conversation,
  type Conversations,
  findConversations,
  promptOf,
  type ToolUse,
} from './conversations.ts';
import { type Carry, PromptReads, type Rates } from './prompt-reads.ts';

/** Why nobody can tell what a tool's result cost later. */
export const CARRIED_UNKNOWN = {
  no_conversation: 'no call with token counts stands beside the tool',
  history_cut: 'the next prompt was shorter: the history was cut, or it was about something else',
  user_text: 'the result came back together with what the user said next',
  call_without_counts: 'an answer whose tokens nobody counted came back together with the result',
  smaller_than_answer: 'the next prompt grew by less than the answer before it',
} as const;
export type CarriedUnknown = keyof typeof CARRIED_UNKNOWN;

export type CarriedCosts = {
  /** By position of the tool. */
  readonly of: ReadonlyMap<number, Carried>;
  readonly conversations: number;
  /** Results that came back several at a time and whose sizes nobody tells: they share equally. */
  readonly sharedEqually: number;
};

/**
 * What the results of tools cost in later calls. A call's prompt is the one before, the answer to it, and what came since:
 * where that is a tool's result, it is as long as the rest of the growth, and every later call of the conversation reads it
 * again. A view of money that the calls themselves have in their cost; never to be added to it.
 */
export function carriedCosts(data: Measured, selected?: Selection): CarriedCosts {
  const { table, row, length } = data.forest;
  const conversations = findConversations(data);
  const { all, useOf, loopOf } = conversations;
  const of = new Map<number, Carried>();
  const usesOf = new Map<Conversation, ToolUse[]>();
  for (let p = 0; p < length; p++) {
    if (table.kindOf(row[p]!) !== 'tool') continue;
    const use = useOf(p);
    if (use === undefined) {
      // What a tool inside a tool gives back is read by that tool.
      if (table.kindOf(row[loopOf(p)]!) !== 'tool' || loopOf(p) === p)
        of.set(p, { unknown: 'no_conversation' });
    } else if (use.readBy < use.conversation.calls.length) append(usesOf, use.conversation, use);
    else of.set(p, use.lost ? { unknown: 'history_cut' } : NEVER_READ);
  }
  let sharedEqually = 0;
  for (const [conversation, uses] of usesOf) {
    const carried = carriedIn(data, conversations, conversation, uses);
    sharedEqually += carried.sharedEqually;
    for (const [position, carry] of carried.of) of.set(position, carry);
  }
  if (selected !== undefined) for (const p of of.keys()) if (!selected(p)) of.delete(p);
  return { of, conversations: all.length, sharedEqually };
}

type Carried = Carry | { readonly unknown: CarriedUnknown };

/** What the results that one conversation reads cost in it. */
function carriedIn(
  data: Measured,
  { loopOf, isSilentBetween }: Conversations,
  { calls }: Conversation,
  uses: readonly ToolUse[],
): Pick<CarriedCosts, 'of' | 'sharedEqually'> {
  const { forest, bill } = data;
  const of = new Map<number, Carried>();
  const readBy = new Map<number, number[]>();
  for (const use of uses) append(readBy, use.readBy, use.position);
  const reads = new PromptReads();
  let sharedEqually = 0;
  for (let i = 1; i < calls.length; i++) {
    const [before, call] = [calls[i - 1]!, calls[i]!];
    const back = readBy.get(i) ?? [];
    let offset = promptOf(forest, before) + answerOf(forest, before);
    const room = promptOf(forest, call) - offset;
    const unknown = reasonOf(loopOf(before) !== loopOf(call), isSilentBetween(before, call), room);
    if (unknown !== undefined) for (const position of back) of.set(position, { unknown });
    else {
      const sizes = back.map((position) => resultSize(data, position));
      const told = sizes.every((size) => size !== undefined) && sizes.some((size) => size! > 0);
      if (!told && back.length > 1) sharedEqually += back.length;
      for (const [n, tokens] of shares(room, told ? (sizes as number[]) : back.map(() => 1)).entries()) {
        reads.append(back[n]!, offset, tokens);
        offset += tokens;
      }
    }
    reads.read(cachedOf(data, call), writtenOf(data, call), ratesOf(bill.reckon(call)));
  }
  for (const [position, carry] of reads.total()) of.set(position, carry);
  return { of, sharedEqually };
}

function reasonOf(nextTurn: boolean, silent: boolean, room: number): CarriedUnknown | undefined {
  if (nextTurn) return 'user_text';
  if (silent) return 'call_without_counts';
  return room <= 0 ? 'smaller_than_answer' : undefined;
}

const NEVER_READ: Carry = { tokens: 0, reads: 0, cached: 0n, uncached: 0n, unpricedReads: 0 };

/** Characters, bytes or tokens, whatever is told: only results beside each other are compared. */
function resultSize({ forest }: Measured, position: number): number | undefined {
  const { table, row } = forest;
  const text = table.strings.text(table.extraIdOf(TOOL_RESULT_SIZE, row[position]!));
  return text === undefined ? undefined : Number(text);
}

/** Whole parts of a whole in the ratio of the weights; they add up to it. */
function shares(whole: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let weighed = 0;
  let given = 0;
  return weights.map((weight) => {
    weighed += weight;
    const upTo = Math.floor(whole * (weighed / sum));
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

const cachedOf = ({ forest }: Measured, call: number): number =>
  forest.table.usageOf(forest.row[call]!, 'cacheRead');

function writtenOf({ forest: { table, row } }: Measured, call: number): number {
  return table.usageOf(row[call]!, 'cacheWrite5m') + table.usageOf(row[call]!, 'cacheWrite1h');
}

/**
 * What a token of the prompt cost, by where it came from; undefined where the call has no price. A recorded cost and a
 * discount change all rates alike. Whole picodollars, rounded down, so that parts are never more than the whole.
 */
function ratesOf(reckoning: Reckoning | undefined): Rates | undefined {
  if (reckoning === undefined) return undefined;
  const { price, counted, amount } = reckoning;
  if (counted === undefined) return price?.status === 'unpriced' || price === undefined ? undefined : FREE;
  if (price?.status === 'free') return amount === 0 ? FREE : undefined;
  if (price?.status !== 'computed') return undefined;
  const lines = price.lines.filter(({ bucket }) => bucket !== 'discount');
  const listed = lines.reduce((sum, line) => sum + line.amount, 0);
  // An amount for what the prices make nothing of: no token of it has a rate.
  if (listed === 0) return amount === 0 ? FREE : undefined;
  const factor = listed === amount ? 1 : amount / listed;
  const rateOf = (...buckets: readonly string[]): number => {
    const found = lines.filter(({ bucket }) => buckets.includes(bucket));
    const tokens = found.reduce((sum, line) => sum + line.tokens, 0);
    const paid = found.reduce((sum, line) => sum + line.amount, 0);
    return tokens === 0 ? 0 : Math.floor((paid / tokens) * factor);
  };
  return {
    cached: rateOf('cache_read', 'cache_read_audio'),
    written: rateOf('cache_write', 'cache_write_1h'),
    fresh: rateOf('input', 'input_audio'),
  };
}

const FREE: Rates = { cached: 0, written: 0, fresh: 0 };

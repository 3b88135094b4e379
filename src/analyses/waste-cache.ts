import {
  type Forest,
  type Pico,
  PROMPT_HASHES,
  type SpanTable,
  traceAt,
  type Usage,
} from '../model/index.ts';
import { answerOf, type Conversations, modelOf, promptOf } from './conversations.ts';
import type { Dataset } from './dataset.ts';
import type { WasteReason } from './waste-finding.ts';

/** A call that sent again what a cache had held, and paid for it as if it had not. */
export type CacheMiss = {
  readonly position: number;
  readonly reason: Extract<
    WasteReason,
    'ttl_lapse' | 'model_switch' | 'prefix_change' | 'not_written' | 'cannot_tell'
  >;
  /** Tokens that the cache had held, or could have, and this call did not read from it. */
  readonly tokens: number;
  /** What it cost beyond what reading them from the cache would have; undefined where that has no price. */
  readonly cost: Pico | undefined;
  /** What there is to say of the reason. */
  readonly detail: string;
};

/** How the prompt cache did for prompts that go on from others. */
export type CacheNumbers = {
  /** Calls that sent a prompt again and tell what they read from a cache, and those that tell nothing of caches. */
  readonly calls: number;
  readonly untold_calls: number;
  /** Tokens of their prompts that had been sent before, and how many of them came from the cache. */
  readonly repeated_tokens: number;
  readonly read_tokens: number;
  readonly missed_tokens: number;
  /** Calls that seem to send again what did not come from a cache; nothing proves that they go on from others. */
  readonly unproven_calls: number;
  /** Null where nothing was repeated. */
  readonly hit_ratio: number | null;
};

export type CacheMisses = {
  readonly misses: readonly CacheMiss[];
  readonly numbers: CacheNumbers;
};

/** Nanoseconds. Entries live five minutes after their last use unless an hour was bought. */
const FIVE_MINUTES = 300e9;
const ONE_HOUR = 3600e9;
/** No provider caches less: https://platform.openai.com/docs/guides/prompt-caching, and Anthropic's smallest. */
const LEAST_TOKENS = 1024;
/** Providers that cache by themselves do it in blocks of so many tokens. */
const BLOCK = 128;
/** A call that read less than this part of what the cache had held has missed it. */
const MUCH_LESS = 0.5;
/** Models of those who cache what they are told to, and nothing else. */
const TOLD_TO_CACHE = /claude|anthropic|nova/i;

/**
 * Calls of a conversation that read nothing, or much less than the cache had held after the call before. What it held is
 * what that call read and wrote; of providers that cache by themselves, its whole prompt.
 */
export function cacheMisses(data: Dataset, conversations: Conversations): CacheMisses {
  const { forest, selected } = data;
  const { all, clock, loopOf } = conversations;
  const caching = cachingModels(forest, all);
  const numbers = {
    calls: 0,
    untold_calls: 0,
    repeated_tokens: 0,
    read_tokens: 0,
    missed_tokens: 0,
    unproven_calls: 0,
  };
  const misses: CacheMiss[] = [];
  const heldBy = new Map<number, Held>();
  const readers = readersOfTools(forest, conversations);
  for (const { calls } of all) {
    let held: Held | undefined;
    let worked = false;
    for (const [i, call] of calls.entries()) {
      const before = calls[i - 1];
      const prefix = before === undefined ? 'other' : comparePrompts(forest, before, call);
      if (before !== undefined && prefix !== 'other') {
        const how = caching.get(modelOf(forest, call));
        const repeated = Math.min(promptOf(forest, before), promptOf(forest, call));
        const read = Math.min(repeated, usageOf(forest, call).cacheRead);
        worked ||= read > 0 && read >= MUCH_LESS * repeated;
        if (selected === undefined || selected(call)) {
          if (how === undefined) numbers.untold_calls++;
          else {
            numbers.calls++;
            numbers.repeated_tokens += repeated;
            numbers.read_tokens += read;
            // Calls about different things may follow each other, and their prompts may happen to grow.
            const proven =
              worked || prefix !== undefined || readers.has(call) || loopOf(before) !== loopOf(call);
            const miss = judge(data, clock, { before, call, prefix }, held, how, proven);
            if (miss === 'unproven') numbers.unproven_calls++;
            else if (miss !== undefined) misses.push(miss);
          }
        }
      }
      held = heldAfter(forest, call, prefix === 'other' ? undefined : held, caching, clock);
      if (held !== undefined) heldBy.set(call, held);
    }
  }
  for (const pair of switches(forest, conversations)) {
    const held = heldBy.get(pair.before);
    if (held === undefined || (selected !== undefined && !selected(pair.call))) continue;
    const miss = missOf(data, clock, held, pair);
    if (miss !== undefined) misses.push(miss);
  }
  for (const { tokens } of misses) numbers.missed_tokens += tokens;
  const { repeated_tokens, read_tokens } = numbers;
  const hit_ratio = repeated_tokens === 0 ? null : Math.round((read_tokens / repeated_tokens) * 1e9) / 1e9;
  return { misses: misses.sort((a, b) => a.position - b.position), numbers: { ...numbers, hit_ratio } };
}

/** What is in the cache of a conversation, by what its calls told. */
type Held = { readonly tokens: number; readonly used: number; readonly lives: number };
type Caching = 'told' | 'by_itself';

function usageOf({ table, row }: Forest, call: number): Usage {
  return table.usageAt(row[call]!);
}

/** How the caches of models work, of those that read or write any in this data: others may not tell it. */
function cachingModels(forest: Forest, all: Conversations['all']): ReadonlyMap<number, Caching> {
  const { table, row } = forest;
  const found = new Map<number, Caching>();
  for (const { calls } of all) {
    for (const call of calls) {
      const { cacheRead, cacheWrite5m, cacheWrite1h } = usageOf(forest, call);
      const wrote = cacheWrite5m + cacheWrite1h > 0;
      if (!wrote && cacheRead === 0) continue;
      const model = modelOf(forest, call);
      const names = `${table.textOf('provider', row[call]!) ?? ''} ${table.strings.text(model) ?? ''}`;
      if (wrote || TOLD_TO_CACHE.test(names)) found.set(model, 'told');
      else if (!found.has(model)) found.set(model, 'by_itself');
    }
  }
  return found;
}

function heldAfter(
  forest: Forest,
  call: number,
  before: Held | undefined,
  caching: ReadonlyMap<number, Caching>,
  { end }: Conversations['clock'],
): Held | undefined {
  const { cacheRead, cacheWrite5m, cacheWrite1h } = usageOf(forest, call);
  let tokens = cacheRead + cacheWrite5m + cacheWrite1h;
  if (caching.get(modelOf(forest, call)) === 'by_itself') {
    const prompt = promptOf(forest, call);
    if (prompt >= LEAST_TOKENS) tokens = Math.max(tokens, prompt - (prompt % BLOCK));
  }
  if (tokens === 0) return before;
  const lives =
    cacheWrite1h > 0 ? ONE_HOUR : cacheWrite5m > 0 ? FIVE_MINUTES : (before?.lives ?? FIVE_MINUTES);
  return { tokens, used: end(call), lives };
}

/** What a call missed; `unproven` where it cannot be told whether it went on from the one before at all. */
function judge(
  data: Dataset,
  clock: Conversations['clock'],
  pair: Pair,
  held: Held | undefined,
  how: Caching,
  proven: boolean,
): CacheMiss | 'unproven' | undefined {
  if (!hasRoom(data.forest, pair.before, pair.call) && pair.prefix !== 'same') return undefined;
  if (held === undefined) return undefined;
  const miss = missOf(data, clock, held, pair);
  if (how === 'by_itself') return miss === undefined || proven ? miss : 'unproven';
  if (miss !== undefined) return miss;
  const again = notWritten(data, held, pair);
  return again === undefined || proven ? again : 'unproven';
}

/** A call, the one that it goes on from, and how its prompt begins. */
type Pair = {
  readonly before: number;
  readonly call: number;
  readonly prefix: Exclude<Prefix, 'other'>;
};

function missOf(
  data: Dataset,
  { start }: Conversations['clock'],
  held: Held,
  pair: Pair,
): CacheMiss | undefined {
  const { call } = pair;
  const usage = usageOf(data.forest, call);
  const expected = Math.min(held.tokens, promptOf(data.forest, call));
  const tokens = expected - usage.cacheRead;
  if (tokens < LEAST_TOKENS || usage.cacheRead >= MUCH_LESS * expected) return undefined;
  const why = reasonOf(data.forest, pair, start(call) - held.used, held.lives);
  return { position: call, tokens, cost: dearer(data, call, usage, tokens), ...why };
}

/** What a call sent again although the cache had never been given it, in a conversation that uses one. */
function notWritten(data: Dataset, held: Held, { before, call, prefix }: Pair): CacheMiss | undefined {
  const { forest } = data;
  const usage = usageOf(forest, call);
  const repeated = Math.min(promptOf(forest, before), promptOf(forest, call));
  const tokens = repeated - Math.max(usage.cacheRead, held.tokens);
  if (tokens < LEAST_TOKENS || usage.cacheRead >= MUCH_LESS * repeated || held.tokens >= MUCH_LESS * repeated)
    return undefined;
  if (prefix !== undefined && prefix !== 'same') return undefined;
  return {
    position: call,
    reason: 'not_written',
    tokens,
    cost: dearer(data, call, usage, tokens),
    detail: `only ${held.tokens} tokens of the prompt before were written to the cache`,
  };
}

/** Calls that read what a tool gave back to the call before: they go on from it for certain. */
function readersOfTools({ table, row, length }: Forest, { useOf }: Conversations): ReadonlySet<number> {
  const readers = new Set<number>();
  for (let p = 0; p < length; p++) {
    const use = table.kindOf(row[p]!) === 'tool' ? useOf(p) : undefined;
    const call = use?.conversation.calls[use.readBy];
    if (call !== undefined && use!.readBy > 0) readers.add(call);
  }
  return readers;
}

function reasonOf(
  forest: Forest,
  { before, call, prefix }: Pair,
  gap: number,
  lives: number,
): Pick<CacheMiss, 'reason' | 'detail'> {
  const { strings } = forest.table;
  const [model, next] = [modelOf(forest, before), modelOf(forest, call)];
  if (model !== next)
    return {
      reason: 'model_switch',
      detail: `${strings.text(next) ?? 'another model'} took over from ${strings.text(model) ?? 'another'}`,
    };
  if (prefix !== undefined && prefix !== 'same') return { reason: 'prefix_change', detail: prefix.changed };
  if (gap > lives) {
    const minutes = (nanos: number): string => `${Math.round(nanos / 60e9)} minutes`;
    return {
      reason: 'ttl_lapse',
      detail: `${minutes(gap)} after the last use, and entries live ${minutes(lives)}`,
    };
  }
  return {
    reason: 'cannot_tell',
    detail:
      prefix === 'same'
        ? 'the prompt began with the same messages, in time'
        : 'the prompts are not in the telemetry, and the call came in time',
  };
}

/** Whether a prompt has room for the one before and the answer to it. */
const hasRoom = (forest: Forest, before: number, call: number): boolean =>
  promptOf(forest, call) >= promptOf(forest, before) + answerOf(forest, before);

/** Undefined where it is not told. `other`: about something else altogether. */
type Prefix = 'same' | 'other' | { readonly changed: string } | undefined;

function comparePrompts({ table, row }: Forest, before: number, call: number): Prefix {
  const [a, b] = [before, call].map((p) => hashesOf(table, row[p]!));
  if (a === undefined || b === undefined) return undefined;
  const [headA, ...messagesA] = a;
  const [headB, ...messagesB] = b;
  const both = Math.min(messagesA.length, messagesB.length);
  let first = 0;
  while (first < both && messagesA[first] === messagesB[first]) first++;
  const later = messagesA.findIndex((hash, i) => i > first && hash === messagesB[i]);
  if (first === 0 && later < 0) return 'other';
  if (headA !== headB) return { changed: 'the instructions or the tools were other ones' };
  return first < both ? { changed: `message ${first + 1} was another one` } : 'same';
}

function hashesOf(table: SpanTable, row: number): readonly string[] | undefined {
  return table.strings.text(table.extraIdOf(PROMPT_HASHES, row))?.split('.');
}

/** Calls that another model's call in the same loop seems to go on from: the last that was over before the conversation began. */
function* switches(forest: Forest, { all, loopOf, clock }: Conversations): Iterable<Pair> {
  const loops = new Map<number, { readonly call: number; readonly begins: boolean }[]>();
  for (const { calls } of all) {
    for (const [i, call] of calls.entries()) {
      const loop = loopOf(call);
      const known = loops.get(loop);
      if (known === undefined) loops.set(loop, [{ call, begins: i === 0 }]);
      else known.push({ call, begins: i === 0 });
    }
  }
  for (const calls of loops.values()) {
    calls.sort((a, b) => clock.start(a.call) - clock.start(b.call) || a.call - b.call);
    for (const [i, { call, begins }] of calls.entries()) {
      const before = calls[i - 1]?.call;
      if (!begins || before === undefined || clock.end(before) > clock.start(call)) continue;
      if (modelOf(forest, before) === modelOf(forest, call)) continue;
      const prefix = comparePrompts(forest, before, call);
      if (prefix !== 'other' && (prefix === 'same' || hasRoom(forest, before, call)))
        yield { before, call, prefix };
    }
  }
}

/** What a call cost beyond what it would have if so many more of its tokens had been read from the cache. */
function dearer({ bill }: Dataset, call: number, usage: Usage, tokens: number): Pico | undefined {
  const reckoning = bill.reckon(call);
  if (reckoning?.counted === undefined || reckoning.price?.status !== 'computed') {
    return reckoning?.price?.status === 'free' ? (0 as Pico) : undefined;
  }
  // A prompt is cached from its front: what is missing was written first, then fresh.
  const short = Math.min(tokens, usage.cacheWrite5m);
  const long = Math.min(tokens - short, usage.cacheWrite1h);
  const fresh = Math.min(tokens - short - long, usage.uncachedInput);
  const cheaper = bill.priceWith(call, {
    ...usage,
    cacheRead: usage.cacheRead + short + long + fresh,
    cacheWrite5m: usage.cacheWrite5m - short,
    cacheWrite1h: usage.cacheWrite1h - long,
    uncachedInput: usage.uncachedInput - fresh,
  });
  if (cheaper?.status !== 'computed') return undefined;
  const { price, amount } = reckoning;
  const saved = Math.max(0, price.amount - cheaper.amount);
  // A recorded cost changes all rates alike.
  const part = price.amount === 0 ? 0 : amount / price.amount;
  return Math.min(amount, Math.floor(saved * part)) as Pico;
}

/** Misses of a trace, in order of their calls. */
export function byTrace(forest: Forest, misses: readonly CacheMiss[]): ReadonlyMap<number, CacheMiss[]> {
  const traces = new Map<number, CacheMiss[]>();
  for (const miss of misses) {
    const trace = traceAt(forest, miss.position);
    const known = traces.get(trace);
    if (known === undefined) traces.set(trace, [miss]);
    else known.push(miss);
  }
  return traces;
}

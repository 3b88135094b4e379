import type { Usage } from '../model/index.ts';
import type { Counts } from './counts.ts';
import type { Accounting } from './dialect.ts';

/** What is known about how a family counts where its numbers prove nothing. */
export type Assumption = {
  readonly cached: Accounting;
  /** The span itself says so. */
  readonly stated: boolean;
  /** Whose word the assumption about the cache is: `emitter:…` or `dialect:…`. */
  readonly rule: string;
  readonly reasoning: Accounting;
  readonly audio: Accounting;
  readonly providerTotal: boolean;
};

export type Disjoint = {
  readonly usage: { -readonly [field in keyof Usage]: number };
  /** What decided whether the input holds the cache. */
  cacheRule: string;
  /** The output did not hold the reasoning. */
  besideReasoning: boolean;
  /** All cache writes were told by how long they live. */
  cacheTtlTold: boolean;
  /** Only what was read or only what was written was told; the other is 0 here. */
  halfTold: boolean;
};

/** Room for counts, to be written again and again where there are many. */
export const roomForDisjoint = (): Disjoint => ({
  usage: { ...NO_TOKENS },
  cacheRule: '',
  besideReasoning: false,
  cacheTtlTold: false,
  halfTold: false,
});

/** The name of the way in which counts were read. */
export const ruleOf = ({ cacheRule, besideReasoning }: Disjoint): string =>
  besideReasoning ? `${cacheRule}+reasoning` : cacheRule;

/**
 * Reported counts as disjoint buckets. Two readings are possible, and taking the wrong one is wrong by the whole cache:
 *
 *     inclusive   |---- input ----------------------|        exclusive   |---- input ----|
 *                 |- uncached -|- read -|-- write --|                    |-- uncached ---|- read -|-- write --|
 *
 * Explicit parts decide first, then what only one reading can add up to, then the assumption. Nothing is ever clamped:
 * a negative uncached part proves the exclusive reading. They are written into `into`, which is returned.
 */
export function disjoint(counts: Counts, assumption: Assumption, into = roomForDisjoint()): Disjoint {
  const { usage } = into;
  if (isOnlyTotal(counts)) {
    Object.assign(usage, NO_TOKENS);
    usage.totalOnly = counts.total!;
    usage.webSearches = counts.webSearches ?? 0;
    into.cacheRule = 'total_only';
    into.besideReasoning = false;
    into.cacheTtlTold = false;
    into.halfTold = false;
    return into;
  }
  const input = counts.input ?? counts.uncached ?? 0;
  const output = counts.output ?? 0;
  const read = counts.cacheRead ?? 0;
  const written = writtenOf(counts);
  const cached = read + written;
  const reasoning = counts.reasoning ?? 0;

  const { reading, rule } = cacheReading(counts, input, cached, assumption);
  const uncached = reading === 'exclusive' ? input : input - cached;
  const beside = reasoningReading(counts, uncached + cached, assumption) === 'exclusive' ? reasoning : 0;
  const audioInput = counts.audioInput ?? 0;
  const audioOutput = counts.audioOutput ?? 0;
  const audioBesideInput =
    assumption.audio === 'exclusive' || audioInput > uncached + cached ? audioInput : 0;
  const audioBesideOutput =
    assumption.audio === 'exclusive' || audioOutput > output + beside ? audioOutput : 0;
  const writeOneHour = counts.cacheWrite1h ?? 0;
  usage.reportedInput = input;
  usage.reportedOutput = output;
  usage.uncachedInput = uncached + audioBesideInput;
  usage.cacheRead = read;
  usage.cacheWrite5m = written - writeOneHour;
  usage.cacheWrite1h = writeOneHour;
  usage.output = output + beside + audioBesideOutput;
  usage.reasoning = reasoning;
  usage.audioInput = audioInput;
  usage.audioOutput = audioOutput;
  usage.webSearches = counts.webSearches ?? 0;
  usage.totalOnly = 0;
  into.cacheRule = rule;
  into.besideReasoning = beside > 0;
  into.cacheTtlTold = isTtlTold(counts, written);
  into.halfTold = isHalfTold(counts, uncached + cached);
  return into;
}

/** A total that the input alone makes up says that nothing was written. */
function isHalfTold({ input, uncached, output, total }: Counts, prompt: number): boolean {
  if ((input ?? uncached) === undefined) return true;
  return output === undefined && total !== prompt;
}

const NO_TOKENS: Usage = {
  reportedInput: 0,
  reportedOutput: 0,
  uncachedInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  webSearches: 0,
  totalOnly: 0,
};

/**
 * The half that was not told, where a recorded total leaves room for it: input 100 of a total of 150 is an output of 50.
 * Assumes what the family assumes of cache and reasoning; a total that does not hold what was told tells nothing.
 */
export function withMissingHalf(counts: Counts, assumption: Assumption): Counts {
  const { input, output, total, uncached, cacheRead = 0, reasoning = 0 } = counts;
  const told = input ?? uncached;
  if (total === undefined || (told === undefined) === (output === undefined)) return counts;
  if (assumption.audio === 'exclusive' && (counts.audioInput ?? 0) + (counts.audioOutput ?? 0) > 0)
    return counts;
  const cached = cacheRead + writtenOf(counts);
  const besideReasoning = assumption.reasoning === 'exclusive' ? reasoning : 0;
  if (told === undefined) {
    const beside = Math.max(besideReasoning, reasoning > output! ? reasoning : 0);
    const rest = total - output! - beside - (assumption.cached === 'exclusive' ? cached : 0);
    return rest > 0 ? { ...counts, input: rest } : counts;
  }
  // That adds up without an output, and proves where the cache is.
  if (cached > 0 && total === told + cached) return counts;
  const apart = input === undefined || cached > told || assumption.cached === 'exclusive';
  const rest = total - told - (apart ? cached : 0) - besideReasoning;
  return rest > 0 && rest + besideReasoning >= reasoning ? { ...counts, output: rest } : counts;
}

function writtenOf({ cacheWrite = 0, cacheWrite5m = 0, cacheWrite1h = 0 }: Counts): number {
  return Math.max(cacheWrite, cacheWrite5m + cacheWrite1h);
}

/** A part that was told may be 0: then all writes were of the other kind, and nothing is left to assume. */
function isTtlTold({ cacheWrite5m, cacheWrite1h }: Counts, written: number): boolean {
  if (cacheWrite5m === undefined && cacheWrite1h === undefined) return false;
  return (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0) === written;
}

/** Nothing but a sum was told. */
export function isOnlyTotal(counts: Counts): boolean {
  return (
    counts.total !== undefined &&
    counts.input === undefined &&
    counts.output === undefined &&
    counts.uncached === undefined
  );
}

function cacheReading(
  counts: Counts,
  input: number,
  cached: number,
  assumption: Assumption,
): { readonly reading: Accounting; readonly rule: string } {
  if (cached === 0) return { reading: 'inclusive', rule: 'no_cache' };
  if (assumption.stated && (assumption.cached === 'exclusive' || cached <= input))
    return { reading: assumption.cached, rule: assumption.rule };
  if (counts.uncached !== undefined) {
    if (counts.input === undefined || input === counts.uncached)
      return { reading: 'exclusive', rule: 'parts' };
    if (input === counts.uncached + cached) return { reading: 'inclusive', rule: 'parts' };
  }
  if (cached > input) return { reading: 'exclusive', rule: 'proof:cache_exceeds_input' };
  const { total } = counts;
  if (total !== undefined) {
    const output = counts.output ?? 0;
    const reasoning = counts.reasoning ?? 0;
    const withCache = total === input + output + cached || total === input + output + cached + reasoning;
    const without = total === input + output || total === input + output + reasoning;
    if (withCache && !without) return { reading: 'exclusive', rule: 'proof:total_includes_cache' };
    if (without && !withCache && assumption.providerTotal)
      return { reading: 'inclusive', rule: 'proof:total_is_input_plus_output' };
  }
  return { reading: assumption.cached, rule: assumption.rule };
}

function reasoningReading(counts: Counts, prompt: number, assumption: Assumption): Accounting {
  const reasoning = counts.reasoning ?? 0;
  const output = counts.output ?? 0;
  if (reasoning > output) return 'exclusive';
  if (counts.total === prompt + output + reasoning) return 'exclusive';
  if (counts.total === prompt + output && assumption.providerTotal) return 'inclusive';
  return assumption.reasoning;
}

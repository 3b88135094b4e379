import { type PriceLine, pico, type Usage } from '../model/index.ts';
import type { Card, Level, Part } from './card.ts';
import { WHOLE } from './config.ts';
import { scaleHalfEven } from './decimal.ts';
import type { Discount } from './overrides.ts';
import type { RateKey } from './rates.ts';

/**
 * The arithmetic of one call, or `too_large` for counts that cannot be one call's. `missing`: a rate that nobody names for
 * something that was used; the amount is what the rest costs.
 */
export type Billed =
  | {
      readonly amount: number;
      readonly lines: readonly PriceLine[];
      readonly assumptions: readonly string[];
      readonly missing: Needed | undefined;
    }
  | 'too_large';

/** Rates that nothing stands in for. */
export type Needed = 'input' | 'output' | 'web_search';

/**
 * What else decides a bill. `ttlTold`: the telemetry said how long cache writes live. `halfTold`: it said only what was
 * read or only what was written.
 */
export type BillOptions = {
  readonly embedding: boolean;
  readonly ttlTold: boolean;
  readonly halfTold: boolean;
  readonly discount: Discount | undefined;
  /** Nobody looks at the lines: there are none. */
  readonly brief: boolean;
};

const NOTHING: readonly string[] = [];
const NO_LINES: readonly PriceLine[] = [];

/**
 * Disjoint token counts times rates. A call whose prompt passes a threshold is billed at the upper rates as a whole,
 * output too. Embeddings are billed for input alone.
 */
export function bill(card: Card, usage: Usage, options: BillOptions): Billed {
  const level = levelFor(card, usage);
  const { parts } = level;
  const lines: PriceLine[] | undefined = options.brief ? undefined : [];
  const tally: Tally = { amount: 0, lines, assumptions: NOTHING, missing: undefined };

  // Audio counts do not say which of them came from the cache: fresh tokens are taken to hold as much as they can.
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
  const freshAudio = Math.min(usage.audioInput, uncachedInput);
  const cachedAudio = Math.min(usage.audioInput - freshAudio, cacheRead);
  if (promptOf(usage) > 0) {
    if (parts.input === undefined) tally.missing = 'input';
    add(tally, 'input', uncachedInput - freshAudio, parts.input);
    add(tally, 'input_audio', freshAudio, parts.input_audio);
    add(tally, 'cache_read', cacheRead - cachedAudio, parts.cache_read);
    add(tally, 'cache_read_audio', cachedAudio, parts.cache_read_audio);
    add(tally, 'cache_write', cacheWrite5m, parts.cache_write);
    add(tally, 'cache_write_1h', cacheWrite1h, parts.cache_write_1h);
    if (isTtlAssumed(level, usage, options)) assume(tally, 'cache_write_ttl=5m');
  }
  if (usage.output > 0 && !options.embedding) {
    if (parts.output === undefined) tally.missing ??= 'output';
    const audio = Math.min(usage.audioOutput, usage.output);
    const ownRate = parts.output_reasoning !== undefined;
    const reasoning = ownRate ? Math.min(usage.reasoning, usage.output - audio) : 0;
    add(tally, 'output', usage.output - audio - reasoning, parts.output);
    add(tally, 'output_reasoning', reasoning, parts.output_reasoning);
    add(tally, 'output_audio', audio, parts.output_audio);
  }
  if (options.halfTold) assume(tally, usage.output > 0 ? 'input=0' : 'output=0');
  if (usage.webSearches > 0 && parts.web_search === undefined) tally.missing ??= 'web_search';
  add(tally, 'web_search', usage.webSearches, parts.web_search);
  add(tally, 'request', 1, parts.request);
  // Sources disagree by one token on boundaries that the catalogue writes as 271999.
  if (level.above % 1000 === 999 && promptOf(usage) === level.above + 1)
    assume(tally, `tier_boundary=${level.above + 1}`);
  if (!(tally.amount <= Number.MAX_SAFE_INTEGER)) return 'too_large';
  if (options.discount !== undefined) takeOff(tally, options.discount);
  const { amount, assumptions, missing } = tally;
  return { amount, lines: lines ?? NO_LINES, assumptions, missing };
}

type Tally = {
  amount: number;
  lines: PriceLine[] | undefined;
  assumptions: readonly string[];
  missing: Needed | undefined;
};

/** A rate that nobody names has a stand-in (`card.ts`), or is told as missing. */
function add(tally: Tally, bucket: RateKey, tokens: number, part: Part | undefined): void {
  if (tokens === 0 || part === undefined) return;
  const amount = tokens * part.rate;
  tally.amount += amount;
  tally.lines?.push({ bucket, tokens, rate: part.rate, amount: pico(amount), layer: part.layer });
  if (part.assume !== undefined) assume(tally, part.assume);
}

function assume(tally: Tally, text: string): void {
  if (!tally.assumptions.includes(text)) tally.assumptions = [...tally.assumptions, text];
}

function takeOff(tally: Tally, { keep, layer }: Discount): void {
  const kept = scaleHalfEven(tally.amount, keep, WHOLE);
  tally.lines?.push({ bucket: 'discount', tokens: 0, rate: 0, amount: pico(kept - tally.amount), layer });
  tally.amount = kept;
}

function promptOf(usage: Usage): number {
  return usage.uncachedInput + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

function levelFor(card: Card, usage: Usage): Level {
  const { levels } = card;
  let index = levels.length - 1;
  if (index > 0) {
    const prompt = promptOf(usage);
    while (index > 0 && prompt <= levels[index]!.above) index--;
  }
  return levels[index]!;
}

/** Writes of an untold lifetime are counted as five minutes; it matters where an hour costs more. */
function isTtlAssumed({ parts }: Level, usage: Usage, options: BillOptions): boolean {
  if (options.ttlTold || usage.cacheWrite5m === 0 || usage.cacheWrite1h > 0) return false;
  return parts.cache_write_1h?.rate !== parts.cache_write?.rate;
}

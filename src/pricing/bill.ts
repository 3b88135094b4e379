import { type Pico, type PriceLine, pico, type Usage } from '../model/index.ts';
import type { Card, Level, Part } from './card.ts';
import { WHOLE } from './config.ts';
import { scaleHalfEven } from './decimal.ts';
import type { Discount } from './overrides.ts';

/** The arithmetic of one call, or why there is none: the rate that is missing, or counts too large to be one call's. */
export type Billed =
  | { readonly amount: Pico; readonly lines: readonly PriceLine[]; readonly assumptions: readonly string[] }
  | { readonly missing: 'input' | 'output' }
  | 'too_large';

/** What else decides a bill. `ttlTold`: the telemetry said how long cache writes live. */
export type BillOptions = {
  readonly embedding: boolean;
  readonly ttlTold: boolean;
  readonly discount: Discount | undefined;
};

const NOTHING: readonly string[] = [];

/**
 * Disjoint token counts times rates. A call whose prompt passes a threshold is billed at the upper rates as a whole,
 * output too. Embeddings are billed for input alone.
 */
export function bill(card: Card, usage: Usage, options: BillOptions): Billed {
  const level = levelFor(card, usage);
  const { parts } = level;
  const lines: PriceLine[] = [];
  let amount = 0;
  let assumptions: string[] | undefined;
  const assume = (text: string): void => {
    assumptions ??= [];
    if (!assumptions.includes(text)) assumptions.push(text);
  };
  const add = (bucket: string, tokens: number, part: Part): void => {
    const product = tokens * part.rate;
    amount += product;
    lines.push({ bucket, tokens, rate: part.rate, amount: pico(product), layer: part.layer });
    if (part.assume !== undefined) assume(part.assume);
  };

  // Audio counts do not say which of them came from the cache: fresh tokens are taken to hold as much as they can.
  const freshAudio = Math.min(usage.audioInput, usage.uncachedInput);
  const cachedAudio = Math.min(usage.audioInput - freshAudio, usage.cacheRead);
  const { uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
  if (uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h > 0) {
    if (parts.input === undefined) return { missing: 'input' };
    if (uncachedInput > freshAudio) add('input', uncachedInput - freshAudio, parts.input);
    if (freshAudio > 0) add('input_audio', freshAudio, parts.input_audio!);
    if (cacheRead > cachedAudio) add('cache_read', cacheRead - cachedAudio, parts.cache_read!);
    if (cachedAudio > 0) add('cache_read_audio', cachedAudio, parts.cache_read_audio!);
    if (cacheWrite5m > 0) add('cache_write', cacheWrite5m, parts.cache_write!);
    if (cacheWrite1h > 0) add('cache_write_1h', cacheWrite1h, parts.cache_write_1h!);
    if (isTtlAssumed(level, usage, options)) assume('cache_write_ttl=5m');
  }
  if (usage.output > 0 && !options.embedding) {
    if (parts.output === undefined) return { missing: 'output' };
    const audio = Math.min(usage.audioOutput, usage.output);
    const reasoning =
      parts.output_reasoning === undefined ? 0 : Math.min(usage.reasoning, usage.output - audio);
    if (usage.output > audio + reasoning) add('output', usage.output - audio - reasoning, parts.output);
    if (reasoning > 0) add('output_reasoning', reasoning, parts.output_reasoning!);
    if (audio > 0) add('output_audio', audio, parts.output_audio!);
  }
  if (parts.request !== undefined) add('request', 1, parts.request);
  // Sources disagree by one token on boundaries that the catalogue writes as 271999.
  if (level.above % 1000 === 999 && promptOf(usage) === level.above + 1)
    assume(`tier_boundary=${level.above + 1}`);
  if (amount > Number.MAX_SAFE_INTEGER) return 'too_large';
  if (options.discount !== undefined) {
    const { keep, layer } = options.discount;
    const kept = scaleHalfEven(amount, keep, WHOLE);
    lines.push({ bucket: 'discount', tokens: 0, rate: 0, amount: pico(kept - amount), layer });
    amount = kept;
  }
  return { amount: pico(amount), lines, assumptions: assumptions ?? NOTHING };
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

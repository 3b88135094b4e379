import type { Tariff } from '../model/index.ts';
import type { Card } from './card.ts';

/** A tariff under which every call has to be priced by itself. */
export const noTariff = (from: number, until: number): Tariff => ({
  from,
  until,
  isOwn: false,
  amountOf: () => Number.NaN,
});

/**
 * The products of `bill`, for calls that are nothing but products: what calls of audio, of long prompts, with reasoning that
 * has a rate of its own, or without a rate for something they used cost has to be told by `bill`.
 */
export function tariffOf(card: Card, embedding: boolean, from: number, until: number): Tariff {
  const [level, next] = card.levels;
  const { input, cache_read, cache_write, cache_write_1h, output, output_reasoning, web_search, request } =
    level!.parts;
  if (card.free || input === undefined || cache_read === undefined) return noTariff(from, until);
  if (cache_write === undefined || cache_write_1h === undefined) return noTariff(from, until);
  if (output === undefined && !embedding) return noTariff(from, until);
  const longest = next?.above ?? Number.POSITIVE_INFINITY;
  const outputRate = output === undefined || embedding ? 0 : output.rate;
  const searchRate = web_search?.rate ?? Number.NaN;
  const requestRate = request?.rate ?? 0;
  return {
    from,
    until,
    isOwn: card.first.layer === 'config' || card.first.layer === 'file',
    amountOf: (usage, call) => {
      const fresh = usage.uncachedInput.get(call);
      const read = usage.cacheRead.get(call);
      const written = usage.cacheWrite5m.get(call);
      const kept = usage.cacheWrite1h.get(call);
      const isPlain =
        fresh + read + written + kept <= longest &&
        usage.totalOnly.get(call) === 0 &&
        usage.audioInput.get(call) === 0 &&
        usage.audioOutput.get(call) === 0 &&
        (output_reasoning === undefined || usage.reasoning.get(call) === 0);
      if (!isPlain) return Number.NaN;
      const searches = usage.webSearches.get(call);
      const amount =
        fresh * input.rate +
        read * cache_read.rate +
        written * cache_write.rate +
        kept * cache_write_1h.rate +
        usage.output.get(call) * outputRate +
        (searches === 0 ? 0 : searches * searchRate) +
        requestRate;
      return amount <= Number.MAX_SAFE_INTEGER ? amount : Number.NaN;
    },
  };
}

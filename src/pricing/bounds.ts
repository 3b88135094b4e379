import { pico, type Usage } from '../model/index.ts';
import { type BillOptions, bill } from './bill.ts';
import type { Card } from './card.ts';

/**
 * Between which amounts a call lies of which only the sum of its tokens is known: all of them input, all output, or any
 * share. What is not told of other calls is not assumed of this one either: nothing is cached, nothing is audio.
 */
export function boundsOfTotal(
  card: Card,
  usage: Usage,
  options: BillOptions,
): { readonly low: ReturnType<typeof pico>; readonly high: ReturnType<typeof pico> } | undefined {
  const total = usage.totalOnly;
  // Between two thresholds the amount is a straight line of the share, so it is least and most where a line ends.
  const shares = new Set([0, total]);
  for (const { above } of card.levels)
    for (const prompt of [above, above + 1]) if (prompt > 0 && prompt < total) shares.add(prompt);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const prompt of shares) {
    const billed = bill(
      card,
      { ...usage, totalOnly: 0, uncachedInput: prompt, output: total - prompt },
      options,
    );
    if (billed === 'too_large' || billed.missing !== undefined) return undefined;
    low = Math.min(low, billed.amount);
    high = Math.max(high, billed.amount);
  }
  return { low: pico(low), high: pico(high) };
}

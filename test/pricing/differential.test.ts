import { calcPrice, type MatchLogic, waitForUpdate } from '@pydantic/genai-prices';
import { expect, test } from 'vitest';
import type { Usage } from '../../src/model/index.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { call, time, usage } from './calls.ts';

/** Where the shipped preset corrects the data on purpose; `defects.test.ts` has the right amounts. */
const CORRECTED = new Set([
  'deepseek/deepseek-chat',
  'deepseek/deepseek-reasoner',
  'mistral/mistral-large-latest',
  'openai/o3',
]);
const USAGES: readonly Partial<Usage>[] = [
  { uncachedInput: 1500, output: 800 },
  { uncachedInput: 1000, cacheRead: 500, cacheWrite5m: 300, output: 200 },
  { uncachedInput: 250_000, cacheRead: 50_000, output: 20_000 },
];
const DATES = [
  '2025-01-15T12:00:00Z',
  '2026-07-15T12:00:00Z',
  '2026-09-24T12:00:00Z',
  '2027-02-01T12:00:00Z',
];

function listed(rule: MatchLogic): string[] {
  if ('or' in rule) return rule.or.flatMap(listed);
  return 'equals' in rule ? [rule.equals] : [];
}

test('every listed model costs what the data’s own package says, where that is not known to be wrong', async () => {
  const providers = (await waitForUpdate()) ?? [];
  const book = createPriceBook();
  const differing: string[] = [];
  let compared = 0;
  for (const provider of providers)
    for (const model of provider.models)
      for (const name of new Set([model.id, ...listed(model.match)]))
        for (const date of DATES)
          for (const counts of USAGES) {
            const theirs = calcPrice(
              {
                input_tokens:
                  (counts.uncachedInput ?? 0) + (counts.cacheRead ?? 0) + (counts.cacheWrite5m ?? 0),
                cache_read_tokens: counts.cacheRead ?? 0,
                cache_write_tokens: counts.cacheWrite5m ?? 0,
                output_tokens: counts.output ?? 0,
              },
              name,
              { providerId: provider.id, timestamp: new Date(date) },
            );
            if (theirs === null) continue;
            const ours = book.priceOf(
              call(name, { provider: provider.id, usage: usage(counts), at: time(date) }),
            );
            // A missing output rate is $0 there, and so is what is sold by the hour or the page.
            if (ours.status === 'unpriced' && ours.reason === 'missing_rate') continue;
            if (ours.status !== 'unpriced' && ours.match.layer === 'preset' && CORRECTED.has(ours.match.row))
              continue;
            compared++;
            const amount =
              ours.status === 'computed' ? ours.amount / 1e12 : ours.status === 'free' ? 0 : Number.NaN;
            // One rate in the data, a twelfth of a dollar, is no whole number of picodollars.
            const tolerance = theirs.total_price * 1e-9 + 1e-9 * Number(counts.cacheWrite5m !== undefined);
            if (!(Math.abs(amount - theirs.total_price) <= tolerance))
              differing.push(`${provider.id}/${name} ${date}: ${amount} here, ${theirs.total_price} there`);
          }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(25_000);
}, 120_000);

test('the catalogue was published after the last price it knows to have changed', async () => {
  const { as_of, version } = createPriceBook().source;
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  const changes = ((await waitForUpdate()) ?? []).flatMap(({ models }) =>
    models
      .flatMap(({ prices }) => (Array.isArray(prices) ? prices : []))
      .flatMap(({ constraint }) => (constraint?.type === 'start_date' ? [constraint.start_date] : [])),
  );
  const announced = '2027-01-01';
  expect(changes.filter((date) => date > as_of && date !== announced)).toEqual([]);
});

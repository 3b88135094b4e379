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

type Providers = NonNullable<Awaited<ReturnType<typeof waitForUpdate>>>;
type Model = Providers[number]['models'][number];

/** Compares one call and tells what differs; `undefined` where the two cannot be compared. */
function comparison(
  provider: string,
  name: string,
  date: string,
  counts: Partial<Usage>,
): string | undefined {
  const { uncachedInput = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, webSearches = 0 } = counts;
  const theirs = calcPrice(
    {
      input_tokens: uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h,
      cache_read_tokens: cacheRead,
      cache_write_tokens: cacheWrite5m + cacheWrite1h,
      output_tokens: counts.output ?? 0,
      ...(cacheWrite1h === 0 ? {} : { cache_write_1h_tokens: cacheWrite1h }),
      ...(counts.audioInput === undefined ? {} : { input_audio_tokens: counts.audioInput }),
      ...(counts.audioOutput === undefined ? {} : { output_audio_tokens: counts.audioOutput }),
      ...(webSearches === 0 ? {} : { web_searches: webSearches }),
    },
    name,
    { providerId: provider, timestamp: new Date(date) },
  );
  if (theirs === null) return undefined;
  const ours = book.priceOf(call(name, { provider, usage: usage(counts), at: time(date) }));
  // A missing output rate is $0 there, and so is what is sold by the hour or the page.
  if (ours.status === 'unpriced' && ours.reason === 'missing_rate') return undefined;
  if (ours.status !== 'unpriced' && ours.match.layer === 'preset' && CORRECTED.has(ours.match.row))
    return undefined;
  const amount = ours.status === 'computed' ? ours.amount / 1e12 : ours.status === 'free' ? 0 : Number.NaN;
  // One rate in the data, a twelfth of a dollar, is no whole number of picodollars.
  const tolerance = theirs.total_price * 1e-9 + 1e-9 * Number(cacheWrite5m > 0);
  const same = Math.abs(amount - theirs.total_price) <= tolerance;
  return same ? '' : `${provider}/${name} ${date}: ${amount} here, ${theirs.total_price} there`;
}

const book = createPriceBook();

test('every listed model costs what the data’s own package says, where that is not known to be wrong', async () => {
  const differing: string[] = [];
  const models = new Set<string>();
  let compared = 0;
  let listedModels = 0;
  for (const provider of (await waitForUpdate()) ?? [])
    for (const model of provider.models) {
      listedModels++;
      for (const name of new Set([model.id, ...listed(model.match)]))
        for (const date of DATES)
          for (const counts of USAGES) {
            const difference = comparison(provider.id, name, date, counts);
            if (difference === undefined) continue;
            compared++;
            models.add(`${provider.id}/${model.id}`);
            if (difference !== '') differing.push(difference);
          }
    }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(25_000);
  // What is sold by the hour, the page or the image, and what the preset corrects, is not comparable.
  expect(models.size).toBeGreaterThan(0.95 * listedModels);
}, 120_000);

/** Hours that carry no day reach back in time there: `defects.test.ts` has what is right. */
const hasHours = ({ prices }: Model): boolean =>
  Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');

/** Every day on which a price changes, and the day before. */
function changesOf({ prices }: Model): string[] {
  if (!Array.isArray(prices)) return [];
  return prices.flatMap(({ constraint }) => {
    if (constraint?.type !== 'start_date') return [];
    const day = Date.parse(`${constraint.start_date}T00:00:00Z`);
    return [day - 1000, day].map((millis) => new Date(millis).toISOString());
  });
}

/** Every number of tokens from which a price is another. */
function thresholdsOf({ prices }: Model): number[] {
  const all = Array.isArray(prices) ? prices.map((one) => one.prices) : [prices];
  const tiers = all
    .flatMap((one) => Object.values(one))
    .flatMap((price) => (typeof price === 'object' ? price.tiers : []));
  return [...new Set(tiers.map(({ start }) => start))];
}

test('on both sides of every change of a price, and of every threshold', async () => {
  const differing: string[] = [];
  let changes = 0;
  let thresholds = 0;
  for (const provider of (await waitForUpdate()) ?? [])
    for (const model of provider.models.filter((one) => !hasHours(one))) {
      const compare = (date: string, counts: Partial<Usage>): number => {
        const difference = comparison(provider.id, model.id, date, counts);
        if (difference !== undefined && difference !== '') differing.push(difference);
        return difference === undefined ? 0 : 1;
      };
      for (const date of changesOf(model)) for (const counts of USAGES) changes += compare(date, counts);
      for (const date of [DATES[0]!, ...changesOf(model), DATES[2]!])
        for (const start of thresholdsOf(model))
          for (const prompt of [start - 1, start, start + 1])
            for (const cacheRead of [0, 1000])
              thresholds += compare(date, { uncachedInput: prompt - cacheRead, cacheRead, output: 1000 });
    }
  expect(differing).toEqual([]);
  expect(changes).toBeGreaterThan(50);
  expect(thresholds).toBeGreaterThan(500);
}, 120_000);

test('searches, requests, audio and cache writes of an hour too, where a row has rates for them', async () => {
  const differing: string[] = [];
  const compared = new Map<string, number>();
  for (const provider of (await waitForUpdate()) ?? [])
    for (const model of provider.models.filter((one) => !hasHours(one))) {
      const { prices } = model;
      const rates = Array.isArray(prices) ? prices.at(-1)!.prices : prices;
      const has = (...keys: string[]) => keys.every((key) => rates[key] !== undefined);
      const cases: readonly (readonly [boolean, string, Partial<Usage>])[] = [
        [
          has('web_searches_kcount', 'input_mtok'),
          'search',
          { uncachedInput: 10, output: 5, webSearches: 3 },
        ],
        [
          has('cache_write_1h_mtok'),
          'hour',
          { uncachedInput: 10, cacheWrite5m: 100, cacheWrite1h: 200, output: 5 },
        ],
        [
          has('input_audio_mtok', 'output_audio_mtok'),
          'audio',
          { uncachedInput: 500, audioInput: 300, output: 200, audioOutput: 150 },
        ],
      ];
      for (const [applies, what, counts] of cases) {
        if (!applies) continue;
        const difference = comparison(provider.id, model.id, DATES[2]!, counts);
        if (difference === undefined) continue;
        compared.set(what, (compared.get(what) ?? 0) + 1);
        if (difference !== '') differing.push(`${what} ${difference}`);
      }
    }
  expect(differing).toEqual([]);
  expect(
    [...compared]
      .filter(([, count]) => count >= 5)
      .map(([what]) => what)
      .sort(),
  ).toEqual(['audio', 'hour', 'search']);
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

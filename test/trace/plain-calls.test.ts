import fc from 'fast-check';
import { expect, it } from 'vitest';
import { otherReading, type Usage } from '../../src/model/index.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { assemble, bill, type CostMode } from '../../src/trace/index.ts';
import { call, config, time, usage } from '../pricing/calls.ts';
import { ORIGIN, type Sketch, tableOf } from './table.ts';

// Bills price most calls by tariffs (`PlainCalls`). The same prices without tariffs price every call by itself: they are the oracle.

const PRICES = `
models:
  acme/house: { input: 1.5, output: 6, cache_read: 0.1 }
  acme/long: { input: { base: 1, above: { 1000: 3 } }, output: 4 }
  acme/thinker: { input: 1, output: 2, output_reasoning: 3 }
  acme/searcher: { input: 1, output: 2, web_search: 10, request: 1 }
  acme/half: { input: 1 }
  acme/gift: { input: 0, output: 0 }
discounts: [{ provider: mistral_ai, percent: 12.5 }]
`;
const MODELS = [
  ['anthropic', 'claude-sonnet-4-20250514'],
  ['openai', 'o3'],
  ['openai', 'gpt-4o-audio-preview'],
  ['gcp.gemini', 'gemini-2.5-pro'],
  ['deepseek', 'deepseek-chat'],
  ['mistral_ai', 'mistral-large-latest'],
  ['ollama', 'llama3'],
  ['nobody', 'unheard-of'],
  ['acme', 'house'],
  ['acme', 'long'],
  ['acme', 'thinker'],
  ['acme', 'thinker'],
  ['acme', 'searcher'],
  ['acme', 'half'],
  ['acme', 'gift'],
] as const;
const MOMENTS = [
  undefined,
  '1970-01-01T00:00:05Z',
  '2024-12-01T03:00:00Z',
  '2025-09-30T20:00:00Z',
  '2026-09-30T12:00:00Z',
];

const tokens = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2000 }), fc.constant(250_000));
const rare = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(40) });
const counts: fc.Arbitrary<Usage> = fc
  .record({
    uncachedInput: tokens,
    cacheRead: tokens,
    cacheWrite5m: rare,
    cacheWrite1h: rare,
    output: tokens,
    reasoning: rare,
    audioInput: rare,
    audioOutput: rare,
    webSearches: rare,
    totalOnly: rare,
    inclusive: fc.boolean(),
  })
  .map(({ inclusive, ...some }) => {
    const cached = some.cacheRead + some.cacheWrite5m + some.cacheWrite1h;
    const reportedInput = some.uncachedInput + (inclusive ? cached : 0);
    return usage({ ...some, reportedInput, reportedOutput: some.output });
  });

const book = createPriceBook({ config: config(PRICES) });
const oracle = { priceOf: book.priceOf };

const calls = fc.record({
  model: fc.constantFrom(...MODELS),
  kind: fc.constantFrom('llm', 'llm', 'embedding'),
  moment: fc.constantFrom(...MOMENTS),
  tier: fc.constantFrom(undefined, 'default', 'batch'),
  rule: fc.constantFrom('dialect:openai', 'proven'),
  counts,
  authority: fc.constantFrom('asserted', 'billed', 'not_billed'),
  /** A recorded cost, as a multiple of what one reading of the counts comes to. */
  recorded: fc.constantFrom(undefined, undefined, undefined, undefined, 0, 0.5, 0.98, 0.997, 1, 1.003, 1.02),
  swapped: fc.boolean(),
});

const sketches = fc.array(calls, { minLength: 1, maxLength: 12 }).map((list) =>
  list.map(({ model: [provider, model], kind, moment, tier, rule, counts: used, ...cost }, i): Sketch => {
    const from = moment === undefined ? undefined : Number(time(moment) - ORIGIN) / 1e6;
    const read = cost.swapped ? (otherReading(used, 'dialect:any') ?? used) : used;
    const price = book.priceOf(call(model, { provider, usage: read, serviceTier: tier }));
    const amount = price.status === 'computed' ? price.amount / 1e12 : 0.25;
    return {
      id: `a${i}`,
      trace: `${i % 3}`,
      kind: kind as 'llm' | 'embedding',
      usage: used,
      text: { provider, model, usageRule: rule, ...(tier === undefined ? {} : { serviceTier: tier }) },
      ...(from === undefined ? {} : { from, to: from + 1 }),
      ...(cost.recorded === undefined
        ? {}
        : {
            recorded: amount * cost.recorded,
            authority: cost.authority as 'asserted' | 'billed' | 'not_billed',
          }),
    };
  }),
);

function billed(list: readonly Sketch[], prices: Parameters<typeof bill>[1], mode: CostMode) {
  const forest = assemble(tableOf(list));
  const result = bill(forest, prices, mode);
  const spans = Array.from({ length: forest.length }, (_, p) => [result.status(p), result.cost(p)]);
  return {
    spans,
    conflicts: result.conflicts(),
    unpriced: result.unpriced().map(({ key, calls: n }) => [key, n]),
  };
}

it('calls cost by tariffs what they cost one by one', () => {
  let plain = 0;
  const counting = {
    priceOf: book.priceOf,
    tariffOf: (...asked: Parameters<NonNullable<typeof book.tariffOf>>) => {
      const tariff = book.tariffOf!(...asked);
      return {
        ...tariff,
        amountOf: (...of: Parameters<typeof tariff.amountOf>) => {
          const amount = tariff.amountOf(...of);
          if (!Number.isNaN(amount)) plain++;
          return amount;
        },
      };
    },
  };
  fc.assert(
    fc.property(sketches, fc.constantFrom<CostMode>('auto', 'auto', 'computed', 'recorded'), (list, mode) => {
      expect(billed(list, counting, mode)).toEqual(billed(list, oracle, mode));
    }),
    { numRuns: 600 },
  );
  expect(plain).toBeGreaterThan(200);
});

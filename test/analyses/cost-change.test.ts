import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COST_TERMS, type CostChange, costChange } from '../../src/analyses/cost-change.ts';
import { CallSums } from '../../src/analyses/cost-change-sums.ts';
import type { Pico, PriceLine, Reckoning, Usage } from '../../src/model/index.ts';

type Call = {
  readonly row: string;
  /** Bucket, tokens, picodollars a token. */
  readonly lines: readonly (readonly [string, number, number])[];
  readonly retry?: boolean;
  /** What the telemetry says it cost, or what a discount leaves of it. */
  readonly amount?: number;
};

function sums(calls: readonly Call[]): CallSums {
  const all = new CallSums();
  for (const { row, lines, retry = false, amount } of calls) {
    const priced = lines.map(
      ([bucket, tokens, rate]): PriceLine => ({ bucket, tokens, rate, amount: (tokens * rate) as Pico }),
    );
    const listed = priced.reduce((sum, line) => sum + line.amount, 0);
    all.add(reckoning(row, priced, amount ?? listed), noUsage, retry);
  }
  return all;
}

const noUsage = (): Usage => {
  throw new Error('only free calls are asked');
};

function reckoning(row: string, lines: readonly PriceLine[], amount: number): Reckoning {
  return {
    recorded: undefined,
    ignored: undefined,
    price: {
      status: 'computed',
      amount: amount as Pico,
      lines,
      match: { layer: 'catalogue', row, kind: 'exact', assumptions: [] },
    },
    counted: 'computed',
    amount: amount as Pico,
    conflict: false,
  };
}

/** The terms that are not 0. */
function terms({ terms: found }: CostChange): Record<string, number> {
  return Object.fromEntries([...found].filter(([, amount]) => amount !== 0n).map(([k, v]) => [k, Number(v)]));
}

const change = (a: readonly Call[], b: readonly Call[], runs = { a: 1, b: 1 }): CostChange =>
  costChange([{ a: sums(a), b: sums(b) }], runs);

const call = (input: number, output = 0, row = 'm', rate = 10): Call => ({
  row,
  lines: [
    ['input', input, rate],
    ['output', output, 4 * rate],
  ],
});

describe('what a difference in cost is made of, where one thing changed', () => {
  it.each<[string, readonly Call[], readonly Call[], Record<string, number>]>([
    ['nothing', [call(100, 10)], [call(100, 10)], {}],
    ['more calls', [call(100)], [call(100), call(100), call(100)], { calls: 2000 }],
    ['more input', [call(100, 10)], [call(150, 10)], { input_tokens: 500 }],
    ['less output', [call(100, 10)], [call(100, 5)], { output_tokens: -200 }],
    ['another price', [call(100, 10)], [call(100, 10, 'm', 20)], { price: 1400 }],
    ['another model', [call(100, 10)], [call(100, 10, 'other', 1)], { model_mix: -1260 }],
    [
      'half of the calls to another model',
      [call(100), call(100)],
      [call(100), call(100, 0, 'x', 1)],
      { model_mix: -900 },
    ],
    ['a retry', [call(100)], [call(100), { ...call(100), retry: true }], { retries: 1000 }],
    [
      'a cache that no longer answers',
      [
        {
          row: 'm',
          lines: [
            ['input', 20, 10],
            ['cache_read', 80, 1],
          ],
        },
      ],
      [{ row: 'm', lines: [['input', 100, 10]] }],
      { cache: 720 },
    ],
    [
      'more searches',
      [
        {
          row: 'm',
          lines: [
            ['input', 10, 10],
            ['web_search', 1, 500],
          ],
        },
      ],
      [
        {
          row: 'm',
          lines: [
            ['input', 10, 10],
            ['web_search', 3, 500],
          ],
        },
      ],
      { other_usage: 1000 },
    ],
    ['a discount', [call(100)], [{ ...call(100), amount: 900 }], { price: -100 }],
    ['what was recorded instead', [call(100)], [{ ...call(100), amount: 1300 }], { price: 300 }],
    [
      'what was recorded for a price of 0',
      [call(100, 0, 'm', 0)],
      [{ ...call(100, 0, 'm', 0), amount: 7 }],
      { calls: 0, recorded: 7 },
    ],
    ['a step that is new', [], [call(100)], { calls: 1000 }],
  ])('%s', (_, a, b, expected) => {
    const found = change(a, b);
    expect(terms(found)).toEqual(Object.fromEntries(Object.entries(expected).filter(([, v]) => v !== 0)));
  });

  it('more runs of the same', () => {
    expect(terms(change([call(100)], [call(100), call(100), call(100)], { a: 1, b: 3 }))).toEqual({
      runs: 2000,
    });
  });

  it('a retry of a call that has no price is the only one that was billed', () => {
    expect(terms(change([call(100)], [{ ...call(100), retry: true }]))).toEqual({});
  });
});

it('two things at once share what both did together equally', () => {
  // 1 call of 100 tokens, then 2 of 200: 1000 -> 4000. Calls first: +1000, then tokens +2000; the other way round the same.
  expect(terms(change([call(100)], [call(200), call(200)]))).toEqual({ calls: 1500, input_tokens: 1500 });
});

const calls = fc.array(
  fc.record({
    row: fc.constantFrom('m', 'n', 'o'),
    lines: fc.array(
      fc.tuple(
        fc.constantFrom(
          'input',
          'cache_read',
          'cache_write',
          'output',
          'output_audio',
          'web_search',
          'request',
        ),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 75_000_000 }),
      ),
      { maxLength: 5 },
    ),
    retry: fc.boolean(),
    amount: fc.option(fc.integer({ min: 0, max: 1_000_000_000 }), { nil: undefined, freq: 4 }),
  }),
  { maxLength: 8 },
);
const groups = fc.array(fc.tuple(calls, calls), { minLength: 1, maxLength: 4 });
const runs = fc.record({ a: fc.integer({ min: 1, max: 9 }), b: fc.integer({ min: 1, max: 9 }) });
const costOf = (some: readonly Call[]): bigint => {
  const all = sums(some as Call[]);
  return all.priced() + all.recorded;
};

describe('for any calls', () => {
  it('terms add up to the difference, to the last picodollar', () => {
    fc.assert(
      fc.property(groups, runs, (some, count) => {
        const found = costChange(
          some.map(([a, b]) => ({ a: sums(a as Call[]), b: sums(b as Call[]) })),
          count,
        );
        const difference = some.reduce((sum, [a, b]) => sum + costOf(b as Call[]) - costOf(a as Call[]), 0n);
        expect(found.total).toBe(difference);
        expect([...found.terms.values()].reduce((sum, term) => sum + term, 0n)).toBe(difference);
        expect([...found.terms.keys()]).toEqual([...COST_TERMS]);
      }),
    );
  });

  it('A and B in each other’s place turn every sign', () => {
    fc.assert(
      fc.property(groups, runs, (some, { a, b }) => {
        const there = costChange(
          some.map(([x, y]) => ({ a: sums(x as Call[]), b: sums(y as Call[]) })),
          { a, b },
        );
        const back = costChange(
          some.map(([x, y]) => ({ a: sums(y as Call[]), b: sums(x as Call[]) })),
          { a: b, b: a },
        );
        expect([...back.terms]).toEqual([...there.terms].map(([name, amount]) => [name, -amount]));
      }),
    );
  });

  it('the same calls, and the same calls many times in as many runs, leave nothing but runs', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 5 }), (some, times) => {
        const many = Array.from({ length: times }, () => some as Call[]).flat();
        const found = costChange([{ a: sums(some as Call[]), b: sums(many) }], { a: 1, b: times });
        const others = [...found.terms].filter(([name]) => name !== 'runs' && name !== 'recorded');
        for (const [name, amount] of others)
          if (sums(some as Call[]).calls > 0) expect([name, amount]).toEqual([name, 0n]);
      }),
    );
  });
});

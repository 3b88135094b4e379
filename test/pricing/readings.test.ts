import { describe, expect, test } from 'vitest';
import { otherReading, type PricedCall, pico } from '../../src/model/index.ts';
import { call, dollars, matchOf, price, usage } from './calls.ts';

// Claude Sonnet 4: $3 in, $0.30 from the cache, $15 out per million.
//   inclusive   9,000 + 1,000 cached of 10,000 in:  9,000 × 3 + 1,000 × 0.30 + 100 × 15 = 28,800 millionths
//   exclusive  10,000 beside 1,000 cached:         10,000 × 3 + 1,000 × 0.30 + 100 × 15 = 31,800 millionths
const inclusive = usage({ reportedInput: 10_000, uncachedInput: 9_000, cacheRead: 1_000, output: 100 });
const exclusive = usage({ reportedInput: 10_000, uncachedInput: 10_000, cacheRead: 1_000, output: 100 });
const sonnet = (about: Partial<PricedCall>) =>
  price(call('claude-sonnet-4', { provider: 'anthropic', ...about }));

describe('the other reading', () => {
  test('moves the cached tokens into the input, or out of it', () => {
    expect(otherReading(inclusive, 'dialect:gen-ai')).toEqual(exclusive);
    expect(otherReading(exclusive, 'dialect:gen-ai+reasoning')).toEqual(inclusive);
  });

  test.each(['parts', 'emitter:x', 'proof:cache_exceeds_input', 'no_cache', undefined])(
    'is none where the reading is no guess: %s',
    (rule) => expect(otherReading(inclusive, rule)).toBeUndefined(),
  );

  test('is none where it is impossible, or the same', () => {
    const larger = usage({ reportedInput: 10, uncachedInput: 10, cacheRead: 11 });
    expect(otherReading(larger, 'dialect:x')).toBeUndefined();
    expect(otherReading(usage({ reportedInput: 10, uncachedInput: 10 }), 'dialect:x')).toBeUndefined();
  });
});

describe('two readings that differ', () => {
  test.each([
    ['the usual one without a recorded cost', undefined, '0.0288', 'input_inclusive', 'dialect', 31.8e9],
    [
      'the usual one that a recorded cost equals',
      28.8e9,
      '0.0288',
      'input_inclusive',
      'recorded_cost',
      31.8e9,
    ],
    [
      'the other one that a recorded cost equals',
      31.9e9,
      '0.0318',
      'input_exclusive',
      'recorded_cost',
      28.8e9,
    ],
    ['the usual one where a recorded cost equals none', 40e9, '0.0288', 'input_inclusive', 'dialect', 31.8e9],
    ['the usual one beside a recorded 0', 0, '0.0288', 'input_inclusive', 'dialect', 31.8e9],
  ])('%s', (_case, recorded, expected, taken, because, other) => {
    const bill = sonnet({
      usage: inclusive,
      otherReading: exclusive,
      recorded: recorded === undefined ? undefined : pico(recorded),
    });
    expect(dollars(bill)).toBe(expected);
    expect(bill.status === 'computed' && bill.reading).toEqual({ taken, because, other });
    expect(matchOf(bill).assumptions).toEqual(because === 'dialect' ? [taken] : []);
  });

  test('from the other side', () => {
    const bill = sonnet({ usage: exclusive, otherReading: inclusive, recorded: pico(28.8e9) });
    expect(dollars(bill)).toBe('0.0288');
    expect(bill.status === 'computed' && bill.reading?.taken).toBe('input_inclusive');
  });

  test('by less than one percent are not told apart', () => {
    const little = usage({ ...inclusive, uncachedInput: 9_990, cacheRead: 10 });
    const bill = sonnet({ usage: little, otherReading: usage({ ...little, uncachedInput: 10_000 }) });
    expect(bill.status === 'computed' && bill.reading).toBeUndefined();
    expect(matchOf(bill).assumptions).toEqual([]);
  });
});

describe('a total alone', () => {
  test('lies between all of it input and all of it output', () => {
    const bill = sonnet({ usage: usage({ totalOnly: 1_000 }) });
    expect(dollars(bill)).toBe('total_only');
    expect(bill.status === 'unpriced' && bill.bounds).toEqual({ low: 3e9, high: 15e9 });
  });

  test('may pass a threshold: the dearest share of input and output is the upper bound', () => {
    // $3 / $15 up to 200,000 tokens of prompt, $6 / $22.50 above: all in 300,000 × 6, all out 300,000 × 15.
    const bill = price(call('claude-sonnet-4-5', { usage: usage({ totalOnly: 300_000 }) }));
    expect(bill.status === 'unpriced' && bill.bounds).toEqual({ low: 1_800_000e6, high: 4_500_000e6 });
    const dear = price(
      call('x', { usage: usage({ totalOnly: 1_000 }) }),
      'models: { x: { input: { base: 1, above: { 100: 10 } }, output: { base: 2, above: { 100: 20 } } } }',
    );
    // 100 × 1 + 900 × 2, and one token more in the prompt: 101 × 10 + 899 × 20.
    expect(dear.status === 'unpriced' && dear.bounds).toEqual({ low: 1_900e6, high: 18_990e6 });
  });

  test('of embeddings is input', () => {
    const bill = price(
      call('text-embedding-3-small', { embedding: true, usage: usage({ totalOnly: 1_000 }) }),
    );
    expect(dollars(bill)).toBe('0.00002');
  });
});

describe('searches of the web', () => {
  test('are billed apart, by the piece', () => {
    const bill = sonnet({ usage: usage({ uncachedInput: 1500, output: 800, webSearches: 3 }) });
    expect(dollars(bill)).toBe('0.0465');
    expect(bill.status === 'computed' && bill.lines.at(-1)).toMatchObject({
      bucket: 'web_search',
      tokens: 3,
      rate: 10_000_000_000,
      layer: 'catalogue',
    });
  });

  test('without a rate leave the call without a price, and its tokens as the least it cost', () => {
    const about = { provider: 'acme', usage: usage({ uncachedInput: 1000, output: 0, webSearches: 1 }) };
    const bill = price(call('m', about), 'models: { acme/m: { input: 1, output: 2 } }');
    expect(dollars(bill)).toBe('missing_rate');
    expect(bill.status === 'unpriced' && bill.bounds).toEqual({ low: 1e9, high: undefined });
    expect(bill.status === 'unpriced' && bill.hint).toContain('"acme/m": { web_search: USD_PER_THOUSAND }');
    const told = price(call('m', about), 'models: { acme/m: { input: 1, output: 2, web_search: 0 } }');
    expect(dollars(told)).toBe('0.001');
  });

  test('are not free with a model whose tokens are', () => {
    const about = { provider: 'acme', usage: usage({ uncachedInput: 1000, webSearches: 2 }) };
    const yaml = 'models: { acme/m: { input: 0, output: 0, web_search: 5 } }';
    expect(dollars(price(call('m', about), yaml))).toBe('0.01');
    expect(dollars(price(call('m', { ...about, usage: usage({ uncachedInput: 1000 }) }), yaml))).toBe('free');
  });
});

test('a request has a fee where the row has one', () => {
  // Perplexity Sonar: $1 / $1 per million tokens and $12 per thousand requests.
  const bill = price(
    call('sonar', { provider: 'perplexity', usage: usage({ uncachedInput: 1000, output: 500 }) }),
  );
  expect(dollars(bill)).toBe('0.0135');
});

test('nothing is assumed of a lifetime that was told', () => {
  const written = usage({ uncachedInput: 10, cacheWrite5m: 1000, output: 1 });
  expect(matchOf(sonnet({ usage: written })).assumptions).toEqual(['cache_write_ttl=5m']);
  expect(matchOf(sonnet({ usage: written, cacheTtlTold: true })).assumptions).toEqual([]);
});

import { expect, test } from 'vitest';
import { call, dollars, matchOf, price, time, usage } from './calls.ts';

// Rates in USD per million tokens stand beside each bill; one token of $1 per million is 0.000001.

test.each([
  // 1500 × 3 + 800 × 15 = 4500 + 12000 millionths
  ['claude-sonnet-4', '0.0165'],
  // 1500 × 15 + 800 × 75 = 22500 + 60000; doubles make it 0.08249999999999999
  ['claude-opus-4', '0.0825'],
  // 1500 × 0.8 + 800 × 4 = 1200 + 3200
  ['claude-haiku-3.5', '0.0044'],
])('the users’ table: %s', (model, expected) => {
  expect(dollars(price(call(model)))).toBe(expected);
  expect(matchOf(price(call(model))).layer).toBe('preset');
});

test('cached tokens have their own rates, and the bill says which layer each comes from', () => {
  const cached = usage({
    uncachedInput: 1000,
    cacheRead: 20_000,
    cacheWrite5m: 3000,
    cacheWrite1h: 400,
    output: 500,
  });
  const bill = price(call('claude-sonnet-4', { usage: cached }));
  // 1000 × 3 + 20000 × 0.30 + 3000 × 3.75 + 400 × 6 + 500 × 15 = 3000 + 6000 + 11250 + 2400 + 7500
  expect(dollars(bill)).toBe('0.03015');
  expect(bill.status === 'computed' && bill.lines).toEqual([
    { bucket: 'input', tokens: 1000, rate: 3_000_000, amount: 3_000_000_000, layer: 'preset' },
    { bucket: 'cache_read', tokens: 20_000, rate: 300_000, amount: 6_000_000_000, layer: 'catalogue' },
    { bucket: 'cache_write', tokens: 3000, rate: 3_750_000, amount: 11_250_000_000, layer: 'catalogue' },
    { bucket: 'cache_write_1h', tokens: 400, rate: 6_000_000, amount: 2_400_000_000, layer: 'catalogue' },
    { bucket: 'output', tokens: 500, rate: 15_000_000, amount: 7_500_000_000, layer: 'preset' },
  ]);
});

test('writes of an untold lifetime are counted as five minutes, and it is said', () => {
  const written = usage({ cacheWrite5m: 1000 });
  // 1000 × 3.75
  expect(dollars(price(call('claude-sonnet-4', { usage: written })))).toBe('0.00375');
  expect(matchOf(price(call('claude-sonnet-4', { usage: written }))).assumptions).toContain(
    'cache_write_ttl=5m',
  );
  const told = price(call('claude-sonnet-4', { usage: written, cacheTtlTold: true }));
  expect(matchOf(told).assumptions).not.toContain('cache_write_ttl=5m');
});

test('a prompt longer than the threshold is billed at the upper rates as a whole, output too', () => {
  const sonnet = (counts: Parameters<typeof usage>[0]) =>
    dollars(price(call('claude-sonnet-4-5', { usage: usage(counts) })));
  // 200000 × 3 + 1000 × 15 = 600000 + 15000
  expect(sonnet({ uncachedInput: 200_000, output: 1000 })).toBe('0.615');
  // 200001 × 6 + 1000 × 22.5 = 1200006 + 22500
  expect(sonnet({ uncachedInput: 200_001, output: 1000 })).toBe('1.222506');
  // The whole prompt decides: 1 × 6 + 200000 × 0.60 + 1000 × 22.5 = 6 + 120000 + 22500
  expect(sonnet({ uncachedInput: 1, cacheRead: 200_000, output: 1000 })).toBe('0.142506');
  // Output is no part of the prompt: 200000 × 3 + 9000 × 15
  expect(sonnet({ uncachedInput: 200_000, output: 9000 })).toBe('0.735');
});

test('reasoning is a part of the output and is not billed again', () => {
  const thought = usage({ uncachedInput: 100, output: 1000, reasoning: 900 });
  // o3: 100 × 2 + 1000 × 8
  expect(dollars(price(call('o3', { usage: thought })))).toBe('0.0082');
});

test('reasoning has its own rate where the vendor gives it one', () => {
  const thought = usage({ uncachedInput: 100, output: 1000, reasoning: 900 });
  // sonar-deep-research: 100 × 2 + 100 × 8 + 900 × 3 = 200 + 800 + 2700
  expect(dollars(price(call('sonar-deep-research', { usage: thought })))).toBe('0.0037');
});

test('audio tokens are parts of the prompt and the output at rates of their own', () => {
  const spoken = usage({ uncachedInput: 1000, audioInput: 400, output: 500, audioOutput: 300 });
  // gpt-audio: 600 × 2.5 + 400 × 32 + 200 × 10 + 300 × 64 = 1500 + 12800 + 2000 + 19200
  expect(dollars(price(call('gpt-audio', { usage: spoken })))).toBe('0.0355');
});

test('audio beyond the fresh tokens came from the cache', () => {
  const spoken = usage({ uncachedInput: 100, cacheRead: 900, audioInput: 300 });
  // gpt-realtime: 100 × 32 + 700 × 0.4 + 200 × 0.4 = 3200 + 280 + 80
  expect(dollars(price(call('gpt-realtime', { usage: spoken })))).toBe('0.00356');
});

test('a request may cost something by itself', () => {
  // sonar: 12 per thousand requests = 0.012; 1500 × 1 + 800 × 1 = 0.0023
  expect(dollars(price(call('sonar')))).toBe('0.0143');
});

test('the price is that of the day of the call', () => {
  const on = (date: string | undefined) =>
    price(call('gpt-5.6-luna', { at: date === undefined ? undefined : time(date) }));
  // 1500 × 1 + 800 × 6 until the cut of 2026-07-30, 1500 × 0.2 + 800 × 1.2 after
  expect(dollars(on('2026-07-29T23:59:59.999Z'))).toBe('0.0063');
  expect(dollars(on('2026-07-30T00:00:00Z'))).toBe('0.00126');
  expect(matchOf(on('2026-08-01T00:00:00Z')).effective).toBe('2026-07-30');
  expect(dollars(on(undefined))).toBe('0.00126');
  expect(matchOf(on(undefined)).assumptions).toEqual(['provider=openai', 'time=2026-09-23']);
});

test('embeddings are billed for input alone, and a mere total is their input', () => {
  const embed = (counts: Parameters<typeof usage>[0]) =>
    dollars(price(call('text-embedding-3-small', { embedding: true, usage: usage(counts) })));
  // 1000 × 0.02
  expect(embed({ uncachedInput: 1000 })).toBe('0.00002');
  expect(embed({ totalOnly: 1000 })).toBe('0.00002');
  expect(embed({ uncachedInput: 1000, output: 7 })).toBe('0.00002');
});

test('counts too large for one call have no price instead of a wrong one', () => {
  expect(dollars(price(call('claude-opus-4', { usage: usage({ output: 2 ** 53 - 1 }) })))).toBe(
    'invalid_usage',
  );
});

test('a service tier nobody lists is billed at the list price, and it is said', () => {
  const flex = price(call('gpt-5', { serviceTier: 'flex' }));
  // 1500 × 1.25 + 800 × 10
  expect(dollars(flex)).toBe('0.009875');
  expect(matchOf(flex).assumptions).toContain('service_tier=standard');
  for (const serviceTier of ['default', 'standard', undefined])
    expect(matchOf(price(call('gpt-5', { serviceTier }))).assumptions).toEqual(['provider=openai']);
});

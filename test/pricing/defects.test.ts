import { describe, expect, test } from 'vitest';
import { call, dollars, matchOf, price, time, usage } from './calls.ts';

// What goes wrong when the catalogue's own package prices calls; each of these must not reach a user.

test('defect 1: a known model with only a total is no bill of $0', () => {
  expect(dollars(price(call('gpt-4o', { usage: usage({ totalOnly: 2300 }) })))).toBe('total_only');
});

describe('defect 2: a name that only begins like a listed one has no price', () => {
  test.each([
    ['anthropic', 'claude-haiku-4-5-turbo'],
    ['anthropic', 'claude-sonnet-4-5-lite'],
    ['google', 'gemini-2.5-pro-ultra'],
    ['deepseek', 'deepseek-chat-v9'],
    ['anthropic', 'claude-opus-4-9'],
    ['openai', 'gpt-4o-2026-08-01'],
  ])('%s/%s', (provider, model) => {
    expect(dollars(price(call(model, { provider })))).toBe('unknown_model');
  });

  test('claude-opus-5-5 is its own row, not claude-opus-5', () => {
    // 1500 × 4 + 800 × 20
    expect(dollars(price(call('claude-opus-5-5')))).toBe('0.022');
    // 1500 × 5 + 800 × 25
    expect(dollars(price(call('claude-opus-5')))).toBe('0.0275');
  });
});

describe('defect 3: providers are found under the names telemetry gives them', () => {
  test.each([
    ['x_ai', 'grok-3', 'x-ai/grok-3'],
    ['xai.chat', 'grok-3', 'x-ai/grok-3'],
    ['gcp.gen_ai', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['gcp.gemini', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['gcp.vertex_ai', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['google.generative-ai', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['azure.ai.inference', 'phi-4', 'azure/phi-4'],
    ['azure.ai.openai', 'o3', 'azure/o3-2025-04-16'],
    ['azure.chat', 'o3', 'azure/o3-2025-04-16'],
    ['openai.responses', 'gpt-5', 'openai/gpt-5'],
    ['mistral_ai', 'mistral-small-latest', 'mistral/mistral-small-latest'],
    ['MistralAI', 'mistral-small-latest', 'mistral/mistral-small-latest'],
    ['amazon-bedrock', 'amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
    ['aws.bedrock', 'amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
    ['moonshot_ai', 'kimi-k2-thinking', 'moonshotai/kimi-k2-thinking'],
    ['together_ai', 'google/gemma-7b', 'together/google/gemma-7b'],
  ])('%s %s', (provider, model, row) => {
    expect(matchOf(price(call(model, { provider }))).row).toBe(row);
  });

  test('a biller the catalogue does not list never gets a vendor’s price', () => {
    for (const provider of ['ollama', 'ibm.watsonx.ai', 'vllm', 'replicate'])
      expect(dollars(price(call('deepseek-chat', { provider })))).toBe('unknown_model');
  });
});

describe('defect 4: routing prefixes are taken off', () => {
  test.each([
    [undefined, 'anthropic/claude-sonnet-4', 'anthropic/claude-sonnet-4'],
    [undefined, 'openrouter/anthropic/claude-sonnet-4', 'openrouter/anthropic/claude-sonnet-4'],
    ['google', 'models/gemini-2.5-flash', 'google/gemini-2.5-flash'],
    [undefined, 'publishers/google/models/gemini-2.5-flash', 'google/gemini-2.5-flash'],
    [
      undefined,
      'projects/p/locations/us/publishers/google/models/gemini-2.5-flash',
      'google/gemini-2.5-flash',
    ],
    [undefined, 'bedrock/amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
    [undefined, 'bedrock/us-east-1/amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
    ['litellm', 'vertex_ai/gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['litellm', 'azure/o3', 'azure/o3-2025-04-16'],
    ['openai', 'litellm_proxy/anthropic/claude-opus-4', 'anthropic/claude-opus-4'],
    [undefined, 'openai:gpt-5', 'openai/gpt-5'],
    [
      undefined,
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    [undefined, 'ft:gpt-4o-2024-08-06:acme::abc123', 'openai/ft:gpt-4o'],
  ])('%s %s', (provider, model, row) => {
    expect(matchOf(price(call(model, { provider }))).row).toBe(row);
  });
});

describe('defect 5: hours of the day hold from the day that introduced them', () => {
  const flash = (date: string) =>
    dollars(price(call('deepseek-v4-flash', { at: time(date), usage: usage({ output: 1000 }) })));

  test('before, the price is flat', () => {
    expect(flash('2026-07-10T02:00:00Z')).toBe('0.00028');
  });

  test('after, peak hours cost more', () => {
    expect(flash('2026-08-18T00:59:59Z')).toBe('0.00066');
    expect(flash('2026-08-18T01:00:00Z')).toBe('0.00132');
    expect(flash('2026-08-18T04:00:00Z')).toBe('0.00066');
    expect(flash('2026-08-18T09:59:59Z')).toBe('0.00132');
  });

  test('weekends have no peak from 2026-08-23 on', () => {
    expect(flash('2026-08-22T02:00:00Z')).toBe('0.00132');
    expect(flash('2026-08-29T02:00:00Z')).toBe('0.00066');
    expect(flash('2026-08-31T02:00:00Z')).toBe('0.00132');
  });

  test('the old night discount ended in September 2025', () => {
    const chat = (date: string) =>
      dollars(price(call('deepseek-chat', { at: time(date), usage: usage({ output: 1000 }) })));
    expect(chat('2025-02-20T20:00:00Z')).toBe('0.0011');
    expect(chat('2025-08-01T20:00:00Z')).toBe('0.00055');
    expect(chat('2025-08-01T12:00:00Z')).toBe('0.0011');
    expect(chat('2025-09-10T20:00:00Z')).toBe('0.00168');
    expect(chat('2025-12-24T20:00:00Z')).toBe('0.00042');
    expect(chat('2026-05-01T20:00:00Z')).toBe('0.00028');
  });
});

test('defect 6: an override without an output rate leaves a model that has output unpriced', () => {
  const bill = price(call('house-model', { provider: 'acme' }), 'models: { acme/house-model: { input: 1 } }');
  expect(dollars(bill)).toBe('missing_rate');
  expect(bill.status === 'unpriced' && bill.hint).toContain(
    '"acme/house-model": { output: USD_PER_MILLION }',
  );
});

test('defect 7: a prompt on a boundary that sources disagree on is priced with a word about it', () => {
  const on = (tokens: number) => price(call('gpt-5.4', { usage: usage({ uncachedInput: tokens }) }));
  expect(matchOf(on(271_999)).assumptions).toEqual(['provider=openai']);
  expect(matchOf(on(272_000)).assumptions).toEqual(['provider=openai', 'tier_boundary=272000']);
  expect(matchOf(on(272_001)).assumptions).toEqual(['provider=openai']);
});

describe('defect 8: wrong or missing rates', () => {
  test('audio on gpt-4o-audio-preview', () => {
    const spoken = usage({ uncachedInput: 100, audioInput: 100, output: 100, audioOutput: 100 });
    // 100 × 40 + 100 × 80, and 100 × 100 + 100 × 200 for the first snapshot
    expect(dollars(price(call('gpt-4o-audio-preview-2024-12-17', { usage: spoken })))).toBe('0.012');
    expect(dollars(price(call('gpt-4o-audio-preview-2024-10-01', { usage: spoken })))).toBe('0.03');
  });

  test('hour-long cache writes of Claude on other platforms', () => {
    const written = usage({ cacheWrite1h: 1000 });
    const onBedrock = price(call('global.anthropic.claude-sonnet-4-5-20250929-v1:0', { usage: written }));
    // twice the input rate: 1000 × 6
    expect(dollars(onBedrock)).toBe('0.006');
    expect(matchOf(onBedrock).assumptions).toContain('cache_write_1h=2x_input');
  });

  test('mistral-large-latest moved on 2025-12-02, mistral-large-2411 did not', () => {
    const large = (model: string, date: string) => dollars(price(call(model, { at: time(date) })));
    // 1500 × 2 + 800 × 6, then 1500 × 0.5 + 800 × 1.5
    expect(large('mistral-large-latest', '2025-12-01T00:00:00Z')).toBe('0.0078');
    expect(large('mistral-large-latest', '2025-12-02T00:00:00Z')).toBe('0.00195');
    expect(large('mistral-large-2411', '2026-01-01T00:00:00Z')).toBe('0.0078');
  });

  test('cached input of o3 before the price cut', () => {
    const cached = usage({ cacheRead: 1000 });
    expect(dollars(price(call('o3', { usage: cached, at: time('2025-06-09T00:00:00Z') })))).toBe('0.0025');
    expect(dollars(price(call('o3', { usage: cached, at: time('2025-06-10T00:00:00Z') })))).toBe('0.0005');
  });

  test('a rate nobody names is the input rate, and it is said', () => {
    const cached = price(call('command-a', { usage: usage({ cacheRead: 1000 }) }));
    expect(dollars(cached)).toBe('0.0025');
    expect(matchOf(cached).assumptions).toContain('cache_read=input');
  });
});

describe('defect 9: what costs nothing is free, not $0', () => {
  test.each([
    ['openrouter', 'google/gemma-3-27b-it:free'],
    ['openrouter', 'somebody/new-model:free'],
    ['google', 'gemma-3n'],
    ['openai', 'moderation'],
  ])('%s %s', (provider, model) => {
    expect(dollars(price(call(model, { provider })))).toBe('free');
  });

  test('a model sold by the hour is not free', () => {
    expect(dollars(price(call('whisper-1', { provider: 'openai' })))).toBe('missing_rate');
    expect(dollars(price(call('whisper-1', { provider: 'openai', usage: usage({}) })))).toBe('missing_rate');
  });
});

import { describe, expect, test } from 'vitest';
import { createPriceBook } from '../../src/pricing/index.ts';
import { call, config, dollars, matchOf, price, time, usage } from './calls.ts';

const sonnet = call('claude-sonnet-4-20250514', { provider: 'anthropic' });

describe('the first layer that names a rate decides', () => {
  test('config, then files in order, then preset and catalogue', () => {
    const book = createPriceBook({
      config: config('models: { anthropic/claude-sonnet-4: { input: 1 } }'),
      files: [
        { path: 'a.yaml', prices: config('models: { anthropic/claude-sonnet-4: { input: 7, output: 2 } }') },
        {
          path: 'b.yaml',
          prices: config('models: { anthropic/claude-sonnet-4: { output: 9, cache_read: 3 } }'),
        },
      ],
    });
    const bill = book.priceOf({
      ...sonnet,
      usage: usage({ uncachedInput: 1000, cacheRead: 1000, cacheWrite1h: 1000, output: 1000 }),
    });
    expect(
      bill.status === 'computed' && bill.lines.map(({ bucket, rate, layer }) => [bucket, rate, layer]),
    ).toEqual([
      ['input', 1_000_000, 'config'],
      ['cache_read', 3_000_000, 'file'],
      ['cache_write_1h', 6_000_000, 'catalogue'],
      ['output', 2_000_000, 'file'],
    ]);
    expect(matchOf(bill)).toMatchObject({
      layer: 'config',
      row: 'anthropic/claude-sonnet-4',
      kind: 'variant',
    });
    expect(book.source).toMatchObject({ source: 'genai-prices', overrides: 3 });
  });

  test('a model configured under one of its names holds for all of them, and for no other model', () => {
    const yaml = 'models: { anthropic/claude-sonnet-4: { input: 1, output: 1 } }';
    for (const model of [
      'claude-sonnet-4',
      'claude-sonnet-4-0',
      'claude-sonnet-4@20250514',
      'claude-4-sonnet-20250514',
    ])
      expect(dollars(price(call(model, { provider: 'anthropic' }), yaml))).toBe('0.0023');
    expect(dollars(price(call('claude-sonnet-4-5', { provider: 'anthropic' }), yaml))).toBe('0.0165');
  });

  test('an exact name beats a glob, a longer glob a shorter', () => {
    const yaml = `models:
      anthropic/*: { input: 1, output: 1 }
      anthropic/claude-sonnet-*: { input: 2, output: 2 }
      anthropic/claude-sonnet-4-20250514: { input: 3, output: 3 }`;
    expect(dollars(price(sonnet, yaml))).toBe('0.0069');
    expect(dollars(price(call('claude-sonnet-5', { provider: 'anthropic' }), yaml))).toBe('0.0046');
    expect(dollars(price(call('claude-next', { provider: 'anthropic' }), yaml))).toBe('0.0023');
    expect(matchOf(price(call('claude-next', { provider: 'anthropic' }), yaml))).toMatchObject({
      kind: 'glob',
      row: 'anthropic/*',
    });
  });

  test('providers may be spelt as telemetry does, and a name without one holds for any', () => {
    const yaml =
      'models: { aws.bedrock/house-*: { input: 1, output: 1 }, other-model: { input: 2, output: 2 } }';
    expect(dollars(price(call('house-1', { provider: 'amazon-bedrock' }), yaml))).toBe('0.0023');
    expect(dollars(price(call('other-model', { provider: 'azure' }), yaml))).toBe('0.0046');
    expect(dollars(price(call('other-model'), yaml))).toBe('0.0046');
  });

  test('a call that names no provider is priced by the one configured model of that name', () => {
    const one = 'models: { acme/house-model: { input: 1, output: 1 } }';
    expect(matchOf(price(call('house-model'), one)).assumptions).toEqual(['provider=acme']);
    const two =
      'models: { acme/house-model: { input: 1, output: 1 }, apex/house-model: { input: 2, output: 2 } }';
    expect(dollars(price(call('house-model'), two))).toBe('unknown_model');
  });
});

test('free is free', () => {
  expect(
    dollars(price(call('llama3:8b', { provider: 'ollama' }), 'models: { ollama/*: { free: true } }')),
  ).toBe('free');
  expect(dollars(price(sonnet, 'models: { anthropic/*: { free: true } }'))).toBe('free');
});

describe('aliases', () => {
  const yaml = `aliases:
      azure/prod-chat: azure/gpt-4o
      "arn:aws:bedrock:*:application-inference-profile/abcd1234efgh": bedrock/anthropic.claude-sonnet-4
      our-sonnet: claude-sonnet-4`;

  test.each([
    ['azure.ai.openai', 'prod-chat', '0.01175'],
    [undefined, 'azure/prod-chat', '0.01175'],
    ['aws', 'arn:aws:bedrock:eu-west-1:42:application-inference-profile/abcd1234efgh', '0.0165'],
    [undefined, 'Our-Sonnet', '0.0165'],
    ['anything', 'our-sonnet', '0.0165'],
  ])('%s %s', (provider, model, expected) => {
    const bill = price(call(model, { provider }), yaml);
    expect(dollars(bill)).toBe(expected);
    expect(matchOf(bill).kind).toBe('alias');
    expect(matchOf(bill).steps?.[0]).toMatch(/^alias /);
  });

  test('of what was asked for counts where the answer names nobody’s model', () => {
    const bill = price(call('chat-2', { provider: 'azure', requestModel: 'prod-chat' }), yaml);
    expect(dollars(bill)).toBe('0.01175');
  });

  test.each([
    [
      'to nothing',
      'aliases: { acme/x: acme/claude-sonnet-9 }',
      /"acme\/x" stands for .*, which nothing lists$/,
    ],
    [
      'to a name nearly right',
      'aliases: { acme/x: anthropic/claude-sonet-4 }',
      /did you mean "anthropic\/claude-sonnet-4"\?$/,
    ],
    [
      'in a circle',
      'aliases: { x: y, y: x }',
      /^aliases\.x: the alias "x" stands for "y", which is an alias itself \(aliases\.y\)\naliases\.y:/,
    ],
    ['to itself', 'aliases: { x: x }', /"x" stands for "x", which is an alias itself/],
  ])('%s is refused', (_case, yaml, message) => {
    expect(() => createPriceBook({ config: config(yaml) })).toThrow(message);
  });

  test('to a model that only the same file prices is fine', () => {
    const own = '{ aliases: { x: acme/large }, models: { acme/large: { input: 1, output: 1 } } }';
    expect(dollars(price(call('x'), own))).toBe('0.0023');
  });
});

describe('dates, hours and tiers of a configured model', () => {
  const yaml = `models:
    acme/house-model:
      - { input: 1, output: 2 }
      - { from: 2026-07-01, until: 2027-01-01, input: { base: 0.5, above: { 1000: 1 } }, output: 1 }
      - { from: 2026-07-01, until: 2027-01-01, window: 22:00-06:00, input: 0.25, output: 0.5 }`;
  const at = (date: string | undefined, tokens = 1000) =>
    dollars(
      price(
        call('house-model', {
          provider: 'acme',
          at: date === undefined ? undefined : time(date),
          usage: usage({ uncachedInput: tokens, output: 1000 }),
        }),
        yaml,
      ),
    );

  test.each([
    ['2026-06-30T23:59:59Z', '0.003'],
    ['2026-07-01T12:00:00Z', '0.0015'],
    ['2026-07-01T21:59:59Z', '0.0015'],
    ['2026-07-01T22:00:00Z', '0.00075'],
    ['2026-07-02T05:59:59Z', '0.00075'],
    ['2026-07-02T06:00:00Z', '0.0015'],
    ['2027-01-01T00:00:00Z', '0.003'],
    [undefined, '0.0015'],
  ])('%s', (date, expected) => {
    expect(at(date)).toBe(expected);
  });

  test('one token more than the threshold', () => {
    expect(at('2026-07-01T12:00:00Z', 1001)).toBe('0.002001');
  });

  test('before the first price of a model only the configuration knows', () => {
    const late = 'models: { acme/house-model: [{ from: 2026-07-01, input: 1, output: 1 }] }';
    expect(
      dollars(price(call('house-model', { provider: 'acme', at: time('2026-01-01T00:00:00Z') }), late)),
    ).toBe('missing_rate');
    const known = 'models: { openai/gpt-5: [{ from: 2026-07-01, input: 1, output: 1 }] }';
    const bill = price(call('gpt-5', { provider: 'openai', at: time('2026-01-01T00:00:00Z') }), known);
    expect(matchOf(bill)).toMatchObject({ layer: 'catalogue', row: 'openai/gpt-5' });
  });
});

test('service tiers', () => {
  const yaml = `models:
    openai/gpt-5: { input: 2, output: 8, service_tiers: { flex: { input: 1 }, batch: { input: 1, output: 4 } } }`;
  const tier = (serviceTier: string | undefined, model = 'gpt-5') =>
    price(call(model, { provider: 'openai', serviceTier }), yaml);
  expect(dollars(tier(undefined))).toBe('0.0094');
  expect(dollars(tier('batch'))).toBe('0.0047');
  expect(dollars(tier(undefined, 'gpt-5:batch'))).toBe('0.0047');
  expect(dollars(tier('FLEX'))).toBe('0.0079');
  expect(matchOf(tier('flex')).assumptions).toEqual(['output=standard']);
  expect(dollars(tier('priority'))).toBe('0.0094');
  expect(matchOf(tier('priority')).assumptions).toEqual(['service_tier=standard']);
});

describe('discounts', () => {
  test('come off the whole bill, by who bills', () => {
    const yaml =
      'discounts: [{ provider: anthropic, percent: 20 }, { provider: azure.ai.openai, percent: 12.5 }]';
    const bill = price(sonnet, yaml);
    expect(dollars(bill)).toBe('0.0132');
    expect(bill.status === 'computed' && bill.lines.reduce((sum, line) => sum + line.amount, 0)).toBe(
      13_200_000_000,
    );
    // 0.01175 × 0.875
    expect(dollars(price(call('gpt-4o', { provider: 'azure' }), yaml))).toBe('0.01028125');
    expect(dollars(price(call('gpt-4o', { provider: 'openai' }), yaml))).toBe('0.01175');
  });

  test('are rounded once, half to even', () => {
    const half = (input: string) =>
      price(
        call('m', { provider: 'acme', usage: usage({ uncachedInput: 1 }) }),
        `{ models: { acme/m: { input: ${input}, output: 0 } }, discounts: [{ provider: acme, percent: 50 }] }`,
      );
    expect(dollars(half('0.000003'))).toBe('0.000000000002');
    expect(dollars(half('0.000005'))).toBe('0.000000000002');
    expect(dollars(half('0.000007'))).toBe('0.000000000004');
  });
});

describe('keys with equal right are refused, both named', () => {
  test.each([
    [
      'models: { aws.bedrock/x: { input: 1 }, bedrock/x: { input: 2 } }',
      /"aws\.bedrock\/x" .* and "bedrock\/x" .*same model/,
    ],
    [
      'models: { openai/*-mini: { input: 1 }, openai/gpt-5*: { input: 2 } }',
      /"openai\/\*-mini" .* and "openai\/gpt-5\*" .*equally well/,
    ],
    ['{ aliases: { openai/x: openai/gpt-5 }, models: { openai/x: { input: 1 } } }', /alias and a price/],
    ['discounts: [{ provider: aws, percent: 1 }, { provider: bedrock, percent: 2 }]', /two discounts/],
  ])('%s', (yaml, message) => {
    expect(() => createPriceBook({ config: config(yaml) })).toThrow(message);
  });

  test('globs of one length that no name can fit both are fine', () => {
    const yaml = 'models: { openai/gpt-4*: { input: 1, output: 1 }, openai/gpt-5*: { input: 2, output: 2 } }';
    expect(dollars(price(call('gpt-5-x', { provider: 'openai' }), yaml))).toBe('0.0046');
  });
});

test('the same call has the same price, whatever was priced before', () => {
  const book = createPriceBook();
  const models = ['claude-sonnet-4', 'gpt-4o', 'nobody-1', 'deepseek-v4-flash', 'claude-sonnet-4'];
  const first = models.map((model) => book.priceOf(call(model)));
  for (let index = 0; index < 6_000; index++) book.priceOf(call(`model-${index}`, { provider: 'acme' }));
  expect(models.map((model) => book.priceOf(call(model)))).toEqual(first);
}, 60_000);

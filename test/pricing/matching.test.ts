import { describe, expect, test } from 'vitest';
import { call, config, dollars, matchOf, price } from './calls.ts';

describe('safe variants inherit a price', () => {
  test.each([
    // a date the row declares irrelevant
    ['anthropic', 'claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5'],
    ['anthropic', 'claude-haiku-4-5@20251001', 'anthropic/claude-haiku-4-5'],
    ['openai', 'gpt-5.6-sol-2026-07-01', 'openai/gpt-5.6-sol'],
    ['google', 'gemini-2.5-flash-lite-preview-09-2025', 'google/gemini-2.5-flash-lite'],
    ['google', 'gemini-2.0-flash-001', 'google/gemini-2.0-flash'],
    ['mistral', 'magistral-medium-2506', 'mistral/magistral-medium'],
    // a date that is listed
    ['openai', 'gpt-4o-2024-11-20', 'openai/gpt-4o'],
    ['openai', 'gpt-4o-2024-05-13', 'openai/gpt-4o-2024-05-13'],
    // versions with a dot or a dash
    ['anthropic', 'claude-opus-4.6', 'anthropic/claude-opus-4-6'],
    ['anthropic', 'claude-opus-4.6-20260205', 'anthropic/claude-opus-4-6'],
    ['openai', 'gpt-4-1-mini', 'openai/gpt-4.1-mini'],
    // Bedrock's regions and versions
    ['aws', 'us.amazon.nova-lite-v1:0', 'aws/amazon.nova-lite-v1:0'],
    [
      'aws',
      'eu.anthropic.claude-3-7-sonnet-20250219-v1:0',
      'aws/regional.anthropic.claude-3-7-sonnet-20250219-v1:0',
    ],
    [
      'aws',
      'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    [
      'aws',
      'arn:aws:bedrock:us-east-1:1234:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
      'aws/regional.anthropic.claude-sonnet-4-20250514-v1:0',
    ],
    // the long-context mark of Claude Code
    ['anthropic', 'claude-sonnet-4-6[1m]', 'anthropic/claude-sonnet-4-6'],
    // case and white space
    ['OpenAI', ' GPT-4o ', 'openai/gpt-4o'],
  ])('%s %s', (provider, model, row) => {
    expect(matchOf(price(call(model, { provider }))).row).toBe(row);
  });

  test('`-latest` is taken and marked as moving', () => {
    const { row, assumptions } = matchOf(price(call('claude-3-7-sonnet-latest', { provider: 'anthropic' })));
    expect(row).toBe('anthropic/claude-3-7-sonnet-latest');
    expect(assumptions).toEqual(['moving_alias=claude-3-7-sonnet-latest']);
  });

  test('the steps are recorded', () => {
    const { steps, kind } = matchOf(
      price(call('openai/litellm_proxy/claude-sonnet-4-5-20250929', { provider: 'litellm' })),
    );
    expect(kind).toBe('variant');
    expect(steps).toEqual([
      'prefix "openai" removed',
      'prefix "litellm_proxy" removed',
      'sold by anthropic',
      '"claude-sonnet-4-5-20250929" is listed as "claude-sonnet-4-5"',
    ]);
  });
});

describe('nothing else does', () => {
  test.each([
    ['openai', 'gpt-4o-2026-08-01'],
    ['openai', 'gpt-4o-latest'],
    ['openai', 'gpt-4o-mini-high'],
    ['openai', 'my-gpt-4o'],
    ['openai', 'ft:gpt-4.1-2025-04-14:acme::abc'],
    ['anthropic', 'claude-sonnet-4-5-20251341'],
    ['anthropic', 'claude-sonnet-4-5-fast'],
    ['anthropic', 'claude-sonnet'],
    ['deepseek', 'deepseek-chat-v9'],
    ['deepseek', 'deepseek-chat-v9:0'],
    ['google', 'gemini-2.5-pro-ultra'],
    ['google', 'tuned-claude-sonnet-4-5'],
    ['aws', 'anthropic.claude-haiku-4-5-turbo-v1:0'],
    ['groq', 'gpt-4o'],
    ['anthropic', '__proto__'],
    ['constructor', 'toString'],
    ['anthropic', 'x'.repeat(299)],
  ])('%s %s', (provider, model) => {
    expect(dollars(price(call(model, { provider })))).toBe('unknown_model');
  });
});

describe('an unpriced model comes with the way out', () => {
  test('the nearest names and a line that can be pasted', () => {
    const bill = price(call('gpt-4o-2026-08-01', { provider: 'openai' }));
    if (bill.status !== 'unpriced') throw new Error('priced');
    expect(bill.hint).toMatch(/^nearest: openai\/gpt-4o-2024-08-06, /);
    const line = bill.hint!.split('add under prices.aliases in agentobs.yaml: ')[1]!;
    expect(line).toBe('"openai/gpt-4o-2026-08-01": "openai/gpt-4o-2024-08-06"');
    const pasted = price(call('gpt-4o-2026-08-01', { provider: 'openai' }), `aliases:\n  ${line}`);
    expect(dollars(pasted)).toBe('0.01175');
    expect(matchOf(pasted).kind).toBe('alias');
  });

  test('the line for a model nobody sells is refused until prices stand in it', () => {
    const bill = price(call('house-model', { provider: 'acme' }));
    const hint = bill.status === 'unpriced' ? bill.hint! : '';
    const line = hint.split('add under prices.models in agentobs.yaml: ')[1]!.split(';')[0]!;
    expect(() => config(`models:\n  ${line}`)).toThrow('expected a number');
    const filled = `models:\n  ${line.replaceAll('USD_PER_MILLION', '1')}`;
    expect(dollars(price(call('house-model', { provider: 'acme' }), filled))).toBe('0.0023');
  });

  test('no model, and a model two companies sell', () => {
    expect(dollars(price(call(undefined)))).toBe('no_model');
    expect(dollars(price(call('  ')))).toBe('no_model');
    const bill = price(call('glm-5.2'));
    expect(bill.status === 'unpriced' && bill.hint).toContain('sold by zai and zhipuai');
    expect(matchOf(price(call('glm-5.2', { provider: 'zai' }))).row).toBe('zai/GLM-5.2');
  });
});

describe('who bills', () => {
  test('a bare name is taken from the one company that makes the model, and it is said', () => {
    for (const [model, row] of [
      ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
      ['gemini-2.5-pro', 'google/gemini-2.5-pro'],
      ['text-embedding-3-large', 'openai/text-embedding-3-large'],
      ['command-a', 'cohere/command-a'],
    ] as const)
      expect(matchOf(price(call(model, { embedding: true })))).toMatchObject({
        row,
        assumptions: [`provider=${row.slice(0, row.indexOf('/'))}`],
      });
  });

  test('the OpenAI SDK is the client of other APIs too', () => {
    const bill = price(call('deepseek-v4-flash', { provider: 'openai' }));
    expect(matchOf(bill)).toMatchObject({
      row: 'deepseek/deepseek-v4-flash',
      assumptions: ['provider=deepseek'],
    });
  });

  test('Azure bills what the catalogue says it does, and OpenAI’s list price where that says so', () => {
    expect(matchOf(price(call('o3', { provider: 'azure' }))).row).toBe('azure/o3-2025-04-16');
    expect(matchOf(price(call('gpt-5-mini', { provider: 'azure' })))).toMatchObject({
      row: 'openai/gpt-5-mini',
      assumptions: ['provider_price=openai'],
    });
  });

  test('a host’s own name for a model is not its maker’s', () => {
    expect(matchOf(price(call('openai/gpt-oss-120b', { provider: 'groq' }))).row).toBe(
      'groq/openai/gpt-oss-120b',
    );
  });
});

describe('the answer’s model decides', () => {
  const row = (provider: string | undefined, model: string, requestModel: string) => {
    const bill = price(call(model, { provider, requestModel }));
    return bill.status === 'unpriced' ? bill.reason : bill.match.row;
  };

  test('over the one that was asked for', () => {
    expect(row('openai', 'gpt-4o-2024-05-13', 'gpt-4o')).toBe('openai/gpt-4o-2024-05-13');
    expect(row('openrouter', 'openai/gpt-4o', 'anthropic/claude-sonnet-4')).toBe('openrouter/openai/gpt-4o');
    expect(row('azure', 'gpt-4o-2024-08-06', 'prod-chat')).toBe('openai/gpt-4o');
  });

  test('and one that is unknown stays unknown', () => {
    expect(row('openai', 'gpt-4o-2026-08-01', 'gpt-4o')).toBe('unknown_model');
  });

  test('unless what was asked for is the same model under the name that is billed', () => {
    expect(
      row('aws.bedrock', 'claude-sonnet-4-5-20250929', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0'),
    ).toBe('aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0');
    expect(
      dollars(
        price(
          call('deepseek/deepseek-r1', { provider: 'openrouter', requestModel: 'deepseek/deepseek-r1:free' }),
        ),
      ),
    ).toBe('free');
  });

  test('or is the biller’s name and the answer’s is nobody’s', () => {
    expect(row('aws.bedrock', 'claude', 'us.anthropic.claude-sonnet-4-20250514-v1:0')).toBe(
      'aws/regional.anthropic.claude-sonnet-4-20250514-v1:0',
    );
    expect(row('litellm', 'claude-next', 'anthropic/claude-sonnet-4')).toBe('anthropic/claude-sonnet-4');
  });

  test('the request’s counts where there is no answer', () => {
    const bill = price(call(undefined, { provider: 'openai', requestModel: 'gpt-4o' }));
    expect(matchOf(bill).row).toBe('openai/gpt-4o');
  });
});

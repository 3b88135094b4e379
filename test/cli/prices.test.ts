import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { root } from '../agentobs.ts';
import { fakeSession } from './fake-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentobs-prices-'));
const data = join(folder, 'data');
const stored = join(data, 'prices.json');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(data, { recursive: true, force: true }));

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const schema = (name: string) => JSON.parse(readFileSync(join(root, 'docs/schema', name), 'utf8'));
ajv.addSchema(schema('input.json'), 'input.json');
const validators = new Map(
  ['list', 'show', 'import', 'diff', 'reset'].map((name) => [
    name,
    ajv.compile(schema(`prices-${name}.json`)),
  ]),
);

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...args: readonly string[]) {
  const { session, stdout, stderr } = fakeSession({ env: { AGENTOBS_DATA_DIR: data } });
  const code = await runProgram(args, session, () => 'test');
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The answer of `prices …`, which its schema describes. */
// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests say
async function prices(command: string, ...args: readonly string[]): Promise<any> {
  const { code, stdout, stderr } = await run('prices', command, ...args, '-f', 'json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const answer = JSON.parse(stdout);
  const validate = validators.get(command)!;
  validate(answer);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ ...answer, more: 1 })).toBe(false);
  return answer;
}

/** USD per million of the rates that `prices show` names. */
async function ratesOf(model: string, at: string): Promise<Record<string, string>> {
  const { rates } = await prices('show', model, '--at', at);
  return Object.fromEntries(rates.map(({ rate, usd }: { rate: string; usd: string }) => [rate, usd]));
}

// The shape of LiteLLM's model_prices_and_context_window.json; the amounts are made up.
const LITELLM = file('litellm.json', {
  sample_spec: { litellm_provider: 'one of …', input_cost_per_token: 0 },
  'claude-sonnet-4-20250514': {
    litellm_provider: 'anthropic',
    mode: 'chat',
    input_cost_per_token: 2.4e-6,
    output_cost_per_token: 1.2e-5,
    cache_creation_input_token_cost_above_1hr: 4.8e-6,
    input_cost_per_token_above_200k_tokens: 4.8e-6,
    input_cost_per_token_priority: 4e-6,
    input_cost_per_token_above_200k_tokens_priority: 8e-6,
    search_context_cost_per_query: { search_context_size_low: 0.02, search_context_size_high: 0.02 },
  },
  'gpt-4o': { litellm_provider: 'openai', input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 },
  'azure/eu/gpt-4o': {
    litellm_provider: 'azure',
    input_cost_per_token: 2.75e-6,
    output_cost_per_token: 1.1e-5,
  },
  'gpt-99': { litellm_provider: 'openai', input_cost_per_token: 1e-5, output_cost_per_token: 5e-5 },
  'gemini/odd-1': { litellm_provider: 'gemini', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
  'vertex_ai/odd-1': {
    litellm_provider: 'vertex_ai-models',
    input_cost_per_token: 2e-6,
    output_cost_per_token: 1e-6,
  },
  'dall-e-3': { litellm_provider: 'openai', output_cost_per_image: 0.04 },
  'ollama/llama3': { litellm_provider: 'ollama', input_cost_per_token: 0, output_cost_per_token: 0 },
  'tiny-1': { litellm_provider: 'openai', input_cost_per_token: 1.3e-13, output_cost_per_token: 1e-6 },
});

describe('prices list', () => {
  test('holds every row of every layer, by model', async () => {
    const { rows, prices: source } = await prices('list', '--no-config');
    expect(rows.length).toBeGreaterThan(1400);
    const names = rows.map(({ model }: { model: string }) => model);
    expect(names).toEqual([...names].sort());
    expect(source).toMatchObject({ source: 'genai-prices', overrides: 0, imports: [] });
  });

  test.each([
    ['a model of anybody', ['claude-opus-4-5'], ['anthropic/claude-opus-4-5']],
    [
      'a provider under another name',
      ['x_ai/grok-4*fast*'],
      expect.arrayContaining([expect.stringMatching(/^x-ai\//)]),
    ],
    ['a glob over both', ['anthropic/*opus-4-5'], ['anthropic/claude-opus-4-5']],
  ])('shows %s', async (_case, patterns, expected) => {
    const { rows } = await prices('list', '--no-config', ...patterns);
    const models = [...new Set(rows.map(({ model }: { model: string }) => model))];
    expect(models.filter((model) => !String(model).includes('openrouter'))).toEqual(expected);
  });

  test('shows what holds on a day', async () => {
    const at = async (day: string) =>
      (await prices('list', 'openai/o3', '--at', day, '--no-config')).rows.flatMap(
        (row: { usd_per_mtok: { input?: string } }) => row.usd_per_mtok.input ?? [],
      );
    expect([await at('2025-06-09'), await at('2025-06-10')]).toEqual([['10'], ['2']]);
  });

  test('says so when there is nothing', async () => {
    const { code, stdout, stderr } = await run('prices', 'list', 'nobody/*', '--no-config');
    expect([code, stdout, stderr]).toEqual([0, '', 'nothing is listed as nobody/*\n']);
  });

  test('holds globs and tools of a price file', async () => {
    const own = file(
      'own.yaml',
      'models: { "anthropic/claude-sonnet-4*": { input: 2.4 } }\ntools: { web_search: { per_call: 0.01 } }',
    );
    const { rows, tools } = await prices('list', 'claude-sonnet-4-5', '--prices', own, '--no-config');
    expect(rows[0]).toMatchObject({
      model: 'anthropic/claude-sonnet-4*',
      layer: 'file',
      usd_per_mtok: { input: '2.4' },
    });
    expect(tools).toEqual([
      { tool: 'web_search', layer: 'file', usd_per_call: '0.01', from: null, until: null },
    ]);
  });
});

describe('prices show', () => {
  test('says how the name is read, who decides each rate and whom it stands before', async () => {
    const own = file('layers.yaml', 'models: { anthropic/claude-sonnet-4: { input: 2.4 } }');
    const shown = await prices(
      'show',
      'litellm_proxy/anthropic/claude-sonnet-4',
      '--at',
      '2026-08-01',
      '--no-config',
      '--prices',
      own,
    );
    expect(shown).toMatchObject({
      row: 'anthropic/claude-sonnet-4',
      layer: 'file',
      kind: 'exact',
      biller: 'anthropic',
    });
    expect(shown.steps).toEqual([
      '"litellm_proxy/anthropic/claude-sonnet-4" as written',
      'prefix "litellm_proxy" removed',
      'prefix "anthropic" removed',
      'listed as anthropic/claude-sonnet-4 (exact, file)',
    ]);
    const [input, output, read] = shown.rates;
    expect(input).toMatchObject({ rate: 'input', usd: '2.4', layer: 'file', per: 'million tokens' });
    expect(input.instead.map(({ layer, usd }: { layer: string; usd: string }) => [layer, usd])).toEqual([
      ['preset', '3'],
      ['catalogue', '3'],
    ]);
    expect([output.layer, read.layer]).toEqual(['preset', 'catalogue']);
    expect(
      shown.layers.map(({ layer, wins }: { layer: string; wins: string[] }) => [layer, wins.slice(0, 1)]),
    ).toEqual([
      ['file', ['input']],
      ['preset', ['output']],
      ['catalogue', ['cache_read']],
    ]);
  });

  test('knows the price of a day, thresholds, and what is derived', async () => {
    expect((await ratesOf('o3', '2025-06-09'))['input']).toBe('10');
    expect((await ratesOf('o3', '2025-06-10'))['input']).toBe('2');
    const { rates } = await prices('show', 'claude-sonnet-4-5', '--no-config', '--at', '2026-08-01');
    expect(rates[0]).toMatchObject({ usd: '3', above: [{ tokens: 200_000, usd: '6' }] });
    const bedrock = await prices(
      'show',
      'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      '--no-config',
    );
    const hour = bedrock.rates.find(({ rate }: { rate: string }) => rate === 'cache_write_1h');
    expect(hour.note).toBe('cache_write_1h=2x_input');
  });

  test('of an unknown model is an error with the line to add', async () => {
    const { code, stdout, stderr } = await run('prices', 'show', 'acme/claude-99', '--no-config');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('acme/claude-99: nothing lists this model');
    expect(stderr).toContain('"acme/claude-99": { input: USD_PER_MILLION, output: USD_PER_MILLION }');
  });

  test.each([[[]], [['a', 'b']]])('takes one model, not %j', async (models) => {
    expect((await run('prices', 'show', ...models)).code).toBe(2);
  });

  test('fits a narrow terminal', async () => {
    const { session, stdout } = fakeSession({ terminal: true, columns: 80, env: { NO_COLOR: '1' } });
    await runProgram(
      ['prices', 'show', 'claude-sonnet-4', '--no-config', '--at', '2026-08-01'],
      session,
      () => 'test',
    );
    await new Promise(setImmediate);
    const table = stdout()
      .split('\n')
      .filter((line) => /^(?:RATE|input|cache)/.test(line));
    expect(table.length).toBeGreaterThan(3);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('prices import', () => {
  test('takes LiteLLM’s floats as the decimals they stand for, and says what it leaves out', async () => {
    const answer = await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    expect(answer).toMatchObject({ added: 1, changed: 2, removed: 0, unchanged: 1, written: true });
    expect(answer.import).toMatchObject({ origin: 'litellm.json', format: 'litellm', as_of: '2026-10-01' });
    const left = Object.fromEntries(
      answer.left_out.map(({ reason, first }: { reason: string; first: string }) => [reason, first]),
    );
    expect(left).toEqual({
      no_token_price: 'dall-e-3',
      zero_price: 'ollama/llama3',
      inexact_price: 'tiny-1',
      two_prices: 'google/odd-1',
    });
    const rates = await ratesOf('anthropic/claude-sonnet-4', '2026-10-01');
    expect(rates).toEqual({
      input: '2.4',
      output: '12',
      cache_read: '0.3',
      cache_write: '3.75',
      cache_write_1h: '4.8',
      web_search: '20',
    });
    const shown = await prices('show', 'anthropic/claude-sonnet-4', '--at', '2026-10-01');
    expect(shown.rates[0].above).toEqual([{ tokens: 200_000, usd: '4.8' }]);
    expect(shown.service_tiers).toMatchObject([
      {
        tier: 'priority',
        usd_per_mtok: { input: '4' },
        above: [{ tokens: 200_000, usd_per_mtok: { input: '8' } }],
      },
    ]);
    expect(shown.prices.imports).toHaveLength(1);
  });

  test('never reprices the past', async () => {
    await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    expect((await ratesOf('anthropic/claude-sonnet-4', '2026-09-30'))['input']).toBe('3');
    const next = file('next.yaml', 'models: { anthropic/claude-sonnet-4: { input: 2, output: 10 } }');
    await prices('import', '--from', next, '--as-of', '2026-11-01');
    const days = ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01'];
    const inputs: (string | undefined)[] = [];
    for (const day of days) inputs.push((await ratesOf('anthropic/claude-sonnet-4', day))['input']);
    expect(inputs).toEqual(['3', '2.4', '2.4', '2']);
  });

  test('prices what nothing else lists from the beginning, and says that it assumes so', async () => {
    await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    const before = await prices('show', 'gpt-99', '--at', '2026-07-01');
    expect(before.assumptions).toEqual(['provider=openai', 'first_price=2026-10-01']);
    const after = await prices('show', 'gpt-99', '--at', '2026-10-01');
    expect(after.assumptions).toEqual(['provider=openai']);
  });

  test('ends where the shipped prices know of a later change', async () => {
    const early = file('early.yaml', 'models: { openai/o3: { input: 9, output: 36 } }');
    await prices('import', '--from', early, '--as-of', '2025-06-01');
    const at = async (day: string) => (await ratesOf('openai/o3', day))['input'];
    expect([await at('2025-05-31'), await at('2025-06-09'), await at('2025-06-10')]).toEqual([
      '10',
      '9',
      '2',
    ]);
  });

  test('twice is once', async () => {
    await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    const once = readFileSync(stored, 'utf8');
    const again = await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 4 });
    expect(readFileSync(stored, 'utf8')).toBe(once);
  });

  test('tells what an earlier list of the same kind had and this one has not', async () => {
    await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    const fewer = file('fewer.json', {
      'gpt-4o': { litellm_provider: 'openai', input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 },
    });
    const answer = await prices('import', '--from', fewer, '--as-of', '2026-11-01');
    const removed = answer.rows.filter(({ change }: { change: string }) => change === 'removed');
    expect(removed.map(({ model }: { model: string }) => model)).toContain('openai/gpt-99');
    expect((await ratesOf('gpt-99', '2026-12-01'))['input']).toBe('10');
  });

  test('refuses a list in another unit, unless it is told to', async () => {
    const wrong = file('wrong.json', {
      'gpt-4o': { litellm_provider: 'openai', input_cost_per_token: 2.5e-3, output_cost_per_token: 1e-2 },
      'gpt-4o-mini': {
        litellm_provider: 'openai',
        input_cost_per_token: 1.5e-4,
        output_cost_per_token: 6e-4,
      },
    });
    const { code, stderr } = await run('prices', 'import', '--from', wrong);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /2 of 2 known prices would more than double or halve; nothing was imported\nopenai\/gpt-4o: input 2\.5 → 2500/,
    );
    expect(existsSync(stored)).toBe(false);
    expect((await prices('import', '--from', wrong, '--force')).changed).toBe(2);
  });

  test('writes nothing when it is only asked what it would do', async () => {
    expect((await prices('import', '--from', LITELLM, '--dry-run')).written).toBe(false);
    expect(existsSync(stored)).toBe(false);
  });

  test('reads models.dev, genai-prices and files of its own', async () => {
    const modelsDev = file('api.json', {
      'amazon-bedrock': {
        id: 'amazon-bedrock',
        models: {
          'acme.big-1': {
            cost: {
              input: 1,
              output: 2,
              tiers: [{ input: 3, output: 4, tier: { type: 'context', size: 272_000 } }],
              context_over_200k: { input: 9, output: 9 },
            },
          },
          'acme.old-1': { cost: { input: 1, output: 2, context_over_200k: { input: 3 } } },
          'acme.none': {},
        },
      },
    });
    const dev = await prices('import', '--from', modelsDev, '--as-of', '2026-10-01');
    expect(dev.import.format).toBe('models.dev');
    const shown = await prices('show', 'bedrock/acme.big-1', '--at', '2026-10-01');
    expect(shown.rates[0]).toMatchObject({ usd: '1', above: [{ tokens: 272_000, usd: '3' }] });

    const genai = file('data.json', [
      {
        id: 'acme',
        models: [
          {
            id: 'dated-1',
            match: { or: [{ equals: 'dated-1' }, { equals: 'dated-one' }] },
            prices: [
              { prices: { input_mtok: 1, output_mtok: 2 } },
              {
                constraint: { start_date: '2026-12-01' },
                prices: { input_mtok: { base: 3, tiers: [{ start: 100, price: 4 }] }, output_mtok: 2 },
              },
            ],
          },
        ],
      },
    ]);
    expect((await prices('import', '--from', genai, '--as-of', '2026-10-01')).import.format).toBe('genai');
    expect((await ratesOf('acme/dated-one', '2026-11-30'))['input']).toBe('1');
    expect((await ratesOf('acme/dated-one', '2026-12-01'))['input']).toBe('3');

    const own = file(
      'house.yaml',
      'prices: { models: { acme/house: { input: 0.5, output: 1 }, acme/gift: { free: true } } }',
    );
    expect((await prices('import', own)).import.format).toBe('agentobs');
    expect((await prices('show', 'acme/gift')).free).toBe(true);
    expect((await prices('list', 'acme')).rows.map(({ model }: { model: string }) => model)).toEqual([
      'acme/dated-1',
      'acme/dated-1',
      'acme/dated-one',
      'acme/dated-one',
      'acme/gift',
      'acme/house',
    ]);
  });

  test.each([
    ['no file', ['--from', 'nowhere.json'], /nowhere\.json: there is no such file/],
    ['a JSON of something else', ['--from', file('else.json', { a: 1 })], /is no price list that is known/],
    [
      'another format',
      ['--from', LITELLM, '--as', 'models.dev'],
      /is no price list of models\.dev[\s\S]*--as litellm/,
    ],
    ['a mistyped format', ['--from', LITELLM, '--as', 'litelm'], /Did you mean 'litellm'/],
    [
      'a glob',
      [file('glob.yaml', 'models: { acme/*: { input: 1, output: 1 } }')],
      /is not one model of one provider/,
    ],
    [
      'an alias',
      [file('alias.yaml', 'aliases: { a: openai/gpt-4o }')],
      /only the prices of models can be imported/,
    ],
    [
      'nothing of use',
      ['--from', file('empty.json', { 'dall-e-3': { litellm_provider: 'openai' } })],
      /holds no price[\s\S]*no price per token[^\n]*: dall-e-3/,
    ],
    [
      'a price beyond all numbers',
      [
        file(
          'huge.yaml.json',
          '{"gpt-x":{"litellm_provider":"openai","input_cost_per_token":1e400,"output_cost_per_token":0.000002}}',
        ),
      ],
      /cannot be written in picodollars[^\n]*: gpt-x/,
    ],
    ['a folder', ['--from', tmpdir()], /that is a folder/],
    ['two files', [LITELLM, LITELLM], /takes one file/],
    ['none', [], /takes one file/],
    ['a date that is none', ['--from', LITELLM, '--as-of', 'soon'], /--as-of 'soon': not a date/],
  ])('refuses %s', async (_case, args, message) => {
    const { code, stderr } = await run('prices', 'import', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(stored)).toBe(false);
  });

  test('counts in every bill from that day on, and the footer names it; --no-config leaves it out', async () => {
    await prices(
      'import',
      '--from',
      file('half.yaml', 'models: { anthropic/claude-sonnet-4: { input: 2, output: 10 } }'),
      '--as-of',
      '2025-01-01',
    );
    const bill = async (...args: string[]) => {
      const { stdout } = await run(
        'cost',
        'fixtures/demo/deploy-app.log',
        '-f',
        'json',
        '--cost-mode',
        'computed',
        ...args,
      );
      return JSON.parse(stdout);
    };
    const [imported, shipped] = [await bill(), await bill('--no-config')];
    expect(Number(imported.total.cost_usd)).toBeLessThan(Number(shipped.total.cost_usd));
    expect(imported.prices.imports).toMatchObject([{ origin: 'half.yaml', as_of: '2025-01-01' }]);
    expect(shipped.prices.imports).toBeUndefined();
    const { stdout } = await run('cost', 'fixtures/demo/deploy-app.log');
    expect(stdout).toContain(', 1 import (half.yaml of 2025-01-01);');
  });
});

describe('a damaged file of imports', () => {
  test.each([
    ['no JSON', '{'],
    ['another version', '{"schema_version": 2}'],
    ['no imports', '{"schema_version": 1, "imports": 1, "models": {}}'],
    ['a price that is none', '{"schema_version": 1, "imports": [], "models": {"a/b": {"input": "x"}}}'],
    ['a prototype', '{"schema_version": 1, "imports": [], "models": {"__proto__": {"input": "x"}}}'],
    [
      'a deep hole',
      `{"schema_version": 1, "imports": [], "models": {"a/b": ${'['.repeat(50)}${']'.repeat(50)}}}`,
    ],
  ])('is named, and a reset helps: %s', async (_case, text) => {
    await prices('import', '--from', LITELLM);
    writeFileSync(stored, text);
    const { code, stderr } = await run('prices', 'list');
    expect(code).toBe(2);
    expect(stderr).toContain(stored);
    expect(stderr).toContain('prices reset');
    await prices('reset');
    expect(existsSync(stored)).toBe(false);
    expect((await run('prices', 'list')).code).toBe(0);
  });
});

test('prices reset forgets every import', async () => {
  await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
  expect((await prices('reset')).removed).toMatchObject([{ origin: 'litellm.json' }]);
  expect((await ratesOf('anthropic/claude-sonnet-4', '2026-10-01'))['input']).toBe('3');
  expect((await prices('reset')).removed).toEqual([]);
});

describe('prices diff', () => {
  test('compares what both list', async () => {
    const { rows, compared, same, against } = await prices(
      'diff',
      '--against',
      LITELLM,
      '--at',
      '2026-10-01',
      '--no-config',
    );
    expect([compared, same]).toEqual([3, 1]);
    expect(against.format).toBe('litellm');
    expect(rows[0]).toEqual({
      model: 'anthropic/claude-sonnet-4-20250514',
      rate: 'input',
      here: '3',
      there: '2.4 (> 200,000: 4.8)',
      change: -0.2,
    });
  });

  test('without another list compares what was imported with what is shipped', async () => {
    await prices('import', '--from', LITELLM, '--as-of', '2026-10-01');
    const { rows, against } = await prices('diff', '--at', '2026-10-01');
    expect(against).toBeNull();
    expect(rows.find(({ model }: { model: string }) => model === 'azure/eu/gpt-4o')).toMatchObject({
      here: '2.75',
      there: '2.5',
    });
    expect((await prices('diff', '--at', '2026-10-01', '--no-config')).rows).toEqual([]);
  });

  test('prices a run both ways', async () => {
    const list = file(
      'list.yaml',
      'models: { anthropic/claude-sonnet-4: { input: 6, output: 30, cache_read: 0.6, cache_write: 7.5 } }',
    );
    const { code, stdout } = await run(
      'prices',
      'diff',
      '--against',
      list,
      'fixtures/demo/deploy-app.log',
      '-f',
      'json',
      '--no-config',
    );
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    const validate = validators.get('diff')!;
    validate(answer);
    expect(validate.errors ?? []).toEqual([]);
    const sonnet = answer.models.find(({ model }: { model: string }) => model.includes('claude-sonnet-4'));
    expect(sonnet.change).toBe(1);
    expect(Number(sonnet.there_usd)).toBeCloseTo(2 * Number(sonnet.here_usd), 9);
    expect(answer.input.spans).toBeGreaterThan(0);
  });

  test('a model that the list does not name is not priced by it', async () => {
    const list = file('others.yaml', 'models: { openai/gpt-4o: { input: 6, output: 30 } }');
    const { stdout } = await run(
      'prices',
      'diff',
      '--against',
      list,
      'fixtures/demo/deploy-app.log',
      '-f',
      'json',
      '--no-config',
    );
    const { models } = JSON.parse(stdout);
    expect(models[0]).toMatchObject({ there_usd: null, change: null });
  });
});

describe('what a bill says of its prices', () => {
  const call = (id: string, day: string, more: Record<string, string | number> = {}) =>
    JSON.stringify({
      trace_id: id.repeat(32),
      span_id: id.repeat(16),
      name: 'chat claude-sonnet-4',
      start_time: `${day}T10:00:00Z`,
      end_time: `${day}T10:00:01Z`,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': 'claude-sonnet-4',
        'gen_ai.usage.input_tokens': 1500,
        'gen_ai.usage.output_tokens': 800,
        ...more,
      },
    });

  test('that they are much older than the calls', async () => {
    const late = file('late.jsonl', `${call('a', '2026-10-01')}\n${call('b', '2026-12-01')}\n`);
    const { stderr } = await run('cost', late, '--no-config');
    expect(stderr).toBe(
      'prices are as of 2026-09-23, 69 days before the newest call; newer lists: agentobs prices import --from FILE\n',
    );
    const newer = file('newer.yaml', 'models: { acme/x: { input: 1, output: 1 } }');
    await prices('import', newer, '--as-of', '2026-11-15');
    expect((await run('cost', late)).stderr).toBe('');
    const own = file('mine.yaml', 'models: { anthropic/claude-sonnet-4: { input: 1, output: 1 } }');
    expect((await run('cost', late, '--no-config', '--prices', own)).stderr).toBe('');
  });

  test('that a service tier has no rates, which is incomplete with --strict', async () => {
    const tier = { 'openai.response.service_tier': 'scale' };
    const path = file('tier.jsonl', `${call('a', '2026-08-01', tier)}\n`);
    expect((await run('cost', path, '--no-config')).code).toBe(0);
    const { code, stderr } = await run('cost', path, '--no-config', '--strict');
    expect(code).toBe(2);
    expect(stderr).toContain('calls of a service tier without rates, priced as standard (1)');
    const known = file(
      'known.jsonl',
      `${call('a', '2026-08-01', { 'openai.response.service_tier': 'default' })}\n`,
    );
    expect((await run('cost', known, '--no-config', '--strict')).code).toBe(0);
  });
});

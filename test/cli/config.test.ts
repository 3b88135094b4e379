import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, loadPriceFile } from '../../src/cli/config.ts';
import { UserError } from '../../src/model/index.ts';
import { createPriceBook } from '../../src/pricing/index.ts';
import { call, dollars, matchOf, usage } from '../pricing/calls.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/prices/', import.meta.url));
const here = { cwd: fixtures, env: {}, home: fixtures };

/** The message of the `UserError` that is thrown; anything else is rethrown. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('not refused');
}

describe('what the file says', () => {
  test('every part of it reaches the prices', async () => {
    const { prices } = await loadConfig('full.good.yaml', here);
    const book = createPriceBook({ config: prices! });
    expect(prices?.costMode).toBe('computed');
    // 1500 × 2.4 + 800 × 12 = 0.0132, less a fifth
    expect(dollars(book.priceOf(call('claude-sonnet-4-20250514', { provider: 'anthropic' })))).toBe(
      '0.01056',
    );
    expect(dollars(book.priceOf(call('llama3', { provider: 'ollama' })))).toBe('free');
    expect(matchOf(book.priceOf(call('prod-chat', { provider: 'azure' }))).row).toBe('openai/gpt-4o');
    expect(dollars(book.priceOf(call('house-model', { provider: 'acme' })))).toBe('0.00155');
    // 200001 × 2 + 1000 × 3, and half a dollar per thousand requests
    const long = call('large', { provider: 'acme', usage: usage({ uncachedInput: 200_001, output: 1000 }) });
    expect(dollars(book.priceOf(long))).toBe('0.403502');
    expect(dollars(book.priceOf(call('large', { provider: 'acme', serviceTier: 'flex' })))).toBe('0.00245');
  });

  test('cache rates that are not named are inherited', async () => {
    const { prices } = await loadConfig('full.good.yaml', here);
    const cached = call('claude-sonnet-4', { provider: 'anthropic', usage: usage({ cacheRead: 1000 }) });
    const bill = createPriceBook({ config: prices! }).priceOf(cached);
    expect(bill.status === 'computed' && bill.lines[0]).toMatchObject({ rate: 300_000, layer: 'catalogue' });
  });

  test('a price file is the same section, in YAML or JSON, with or without the word above it', async () => {
    const json = await loadPriceFile('house.good.json', fixtures);
    const book = createPriceBook({ files: [json] });
    expect(matchOf(book.priceOf(call('house-model', { provider: 'acme' }))).layer).toBe('file');
    expect(await refusal(loadPriceFile('full.good.yaml', fixtures))).toBe(
      'full.good.yaml:21: prices.cost_mode: belongs in agentobs.yaml, or on the command line as --cost-mode',
    );
  });
});

test('anchors and merge keys work, and faults in them have a line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  const places = { ...here, cwd: folder };
  const write = (output: string) =>
    writeFileSync(
      join(folder, 'agentobs.yaml'),
      `prices:\n  models:\n    acme/a: &a { input: 1, output: ${output} }\n    acme/b:\n      <<: *a\n      input: 2\n    acme/c: *a\n`,
    );
  write('2');
  const { prices } = await loadConfig(undefined, places);
  const book = createPriceBook({ config: prices! });
  // 1500 × 2 + 800 × 2, and 1500 × 1 + 800 × 2
  expect(dollars(book.priceOf(call('b', { provider: 'acme' })))).toBe('0.0046');
  expect(dollars(book.priceOf(call('c', { provider: 'acme' })))).toBe('0.0031');
  write('-2');
  expect((await refusal(loadConfig(undefined, places))).split('\n').map((line) => line.slice(0, 55))).toEqual(
    [
      'agentobs.yaml:3: prices.models.acme/a.output: -2 cannot',
      'agentobs.yaml:3: prices.models.acme/c.output: -2 cannot',
      'agentobs.yaml:4: prices.models.acme/b.output: -2 cannot',
    ],
  );
  rmSync(folder, { recursive: true });
});

test('the example in docs/pricing.md is without fault', async () => {
  const page = readFileSync(new URL('../../docs/pricing.md', import.meta.url), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  writeFileSync(join(folder, 'agentobs.yaml'), /```yaml\n(.*?)```/s.exec(page)![1]!);
  const { prices } = await loadConfig(undefined, { ...here, cwd: folder });
  const book = createPriceBook({ config: prices! });
  expect(book.source.overrides).toBe(6);
  expect(dollars(book.priceOf(call('house-model', { provider: 'acme' })))).toBe('0.00155');
  rmSync(folder, { recursive: true });
});

describe('what is wrong with it', () => {
  test('every fault is named at once, with its line', async () => {
    const expected = readFileSync(join(fixtures, 'faults.bad.expected.txt'), 'utf8');
    expect(`${await refusal(loadConfig('faults.bad.yaml', here))}\n`).toBe(expected);
  });

  test('two keys with equal right are named by their lines', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
    writeFileSync(
      join(folder, 'agentobs.yaml'),
      'prices:\n  models:\n    bedrock/x: { free: true }\n    aws/x: { free: true }\n',
    );
    const { prices } = await loadConfig('agentobs.yaml', { ...here, cwd: folder });
    expect(() => createPriceBook({ config: prices! })).toThrow(
      'prices: "bedrock/x" (agentobs.yaml:3) and "aws/x" (agentobs.yaml:4) name the same model',
    );
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['alias-bomb.bad.yaml', /^alias-bomb\.bad\.yaml: its aliases \(\*name\) multiply without end$/],
    ['syntax.bad.yaml', /^syntax\.bad\.yaml:4: /],
    ['absent.yaml', /^absent\.yaml: there is no such file$/],
    ['.', /that is a folder$/],
  ])('%s', async (file, message) => {
    expect(await refusal(loadConfig(file, here))).toMatch(message);
    expect(await refusal(loadPriceFile(file, fixtures))).toMatch(message);
  });

  test.each([
    ['a list', '- 1\n', 'agentobs.yaml:1: expected a mapping, like prices: { … }'],
    [
      'prices that are a list',
      'prices: [1]\n',
      'agentobs.yaml:1: prices: expected a mapping (key: value), found a list',
    ],
    [
      'a foreign prototype',
      'prices: { __proto__: { polluted: 1 } }\n',
      'agentobs.yaml:1: prices.__proto__: unknown key "__proto__"',
    ],
    [
      'a key that is no text',
      'prices: { models: { [1]: { free: true } } }\n',
      'agentobs.yaml:1: prices.models: a key is empty, not text, or too long',
    ],
  ])('%s', async (_, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
    writeFileSync(join(folder, 'agentobs.yaml'), text);
    expect(await refusal(loadConfig('agentobs.yaml', { ...here, cwd: folder }))).toBe(message);
    rmSync(folder, { recursive: true });
  });
});

test('nesting deeper than the parser’s stack is a fault of the file, wherever the parser notices', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  writeFileSync(join(folder, 'agentobs.yaml'), `prices: ${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  expect(await refusal(loadConfig('agentobs.yaml', { ...here, cwd: folder }))).toMatch(
    /^agentobs\.yaml(?::1)?: nested too deeply to read$/,
  );
  rmSync(folder, { recursive: true });
});

describe('where it is found', () => {
  let root = '';
  const write = (path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'prices: {}\n');
  };
  const found = async (cwd: string, file?: string | false, env: Record<string, string> = {}) => {
    mkdirSync(join(root, cwd), { recursive: true });
    const { path } = await loadConfig(file, { cwd: join(root, cwd), env, home: join(root, 'home') });
    return path?.slice(root.length + 1);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'agentobs-'));
    mkdirSync(join(root, 'repo/.git'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('nearest upward to the repository root', async () => {
    write('repo/agentobs.yaml');
    expect(await found('repo/a/b')).toBe('repo/agentobs.yaml');
    write('repo/a/agentobs.yaml');
    expect(await found('repo/a/b')).toBe('repo/a/agentobs.yaml');
  });

  test('never above the repository root', async () => {
    write('agentobs.yaml');
    expect(await found('repo/a')).toBeUndefined();
  });

  test('else the user’s own', async () => {
    write('home/.config/agentobs/agentobs.yaml');
    expect(await found('repo')).toBe('home/.config/agentobs/agentobs.yaml');
    write('xdg/agentobs/agentobs.yaml');
    expect(await found('repo', undefined, { XDG_CONFIG_HOME: join(root, 'xdg') })).toBe(
      'xdg/agentobs/agentobs.yaml',
    );
    expect(await found('repo', undefined, { XDG_CONFIG_HOME: 'xdg' })).toBe(
      'home/.config/agentobs/agentobs.yaml',
    );
  });

  test('a named file, or none', async () => {
    write('repo/agentobs.yaml');
    write('repo/other.yaml');
    expect(await found('repo', 'other.yaml')).toBe('repo/other.yaml');
    expect(await found('repo', false)).toBeUndefined();
  });
});

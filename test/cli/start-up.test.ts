import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainHelp } from '../../src/cli/help.ts';
import { knownFormats } from '../../src/cli/known-formats.ts';
import { agentobs, root, run } from '../agentobs.ts';

const START = ['main', 'program', 'rolldown-runtime'];
const TABLE = [...START, 'table'];
const PRICING = [...TABLE, 'pricing'];
const TELEMETRY = [...PRICING, 'telemetry'];
const PAGE = ['markdown'];

/**
 * Which files of `dist/cli` are loaded for an answer, and how many kilobytes of code that is at most. Whatever appears here
 * costs every run of the command its time: what only some answers need is imported where it is needed.
 */
const LOADED: Readonly<Record<string, { readonly files: readonly string[]; readonly kilobytes: number }>> = {
  '--help': { files: [], kilobytes: 0 },
  '--version': { files: [], kilobytes: 0 },
  'cost --help': { files: [...START, 'usage-cost'], kilobytes: 100 },
  'cost TEAM': { files: [...TELEMETRY, 'usage-cost', 'commands-cost'], kilobytes: 1125 },
  'cost -f json TEAM': {
    files: [...TELEMETRY, 'usage-cost', 'commands-cost', 'render-json'],
    kilobytes: 1125,
  },
  'cost --audit TEAM': {
    files: [
      ...TELEMETRY,
      'usage-cost',
      'commands-cost',
      'analyses-audit',
      'render-audit',
      'sections',
      'markdown',
    ],
    kilobytes: 1165,
  },
  'trace list TEAM': {
    files: [...TELEMETRY, 'usage-trace-list', 'commands-trace-list', 'trace-list', 'path'],
    kilobytes: 1165,
  },
  'trace show TEAM': {
    files: [...TELEMETRY, 'usage-trace-show', 'commands-trace-show', 'trace-list', 'path', 'render-tree'],
    kilobytes: 1175,
  },
  'bottlenecks TEAM': {
    files: [
      ...TELEMETRY,
      'usage-bottlenecks',
      'commands-bottlenecks',
      'path',
      'trace-list',
      'render-bottlenecks',
      ...PAGE,
    ],
    kilobytes: 1165,
  },
  'stats TEAM': {
    files: [...TELEMETRY, 'usage-stats', 'commands-stats', 'attempts'],
    kilobytes: 1165,
  },
  'trace diff TEAM fixtures/demo/two-hosts.jsonl': {
    files: [
      ...TELEMETRY,
      'usage-trace-diff',
      'commands-trace-diff',
      'path',
      'trace-list',
      'render-diff',
      'sections',
      ...PAGE,
    ],
    kilobytes: 1200,
  },
  'check --max-errors 9 TEAM': {
    files: [...TELEMETRY, 'usage-check', 'commands-check', 'path', 'trace-list', 'render-gates', ...PAGE],
    kilobytes: 1180,
  },
  'explain --pick costliest TEAM': {
    files: [...TELEMETRY, 'usage-explain', 'commands-explain', 'render-explain', 'markdown'],
    kilobytes: 1165,
  },
  'doctor TEAM': {
    files: [...TELEMETRY, 'usage-doctor', 'commands-doctor', 'render-doctor', 'markdown'],
    kilobytes: 1165,
  },
  'prices show gpt-4o': {
    files: [...PRICING, 'usage-prices-show', 'commands-prices-show', 'rows', 'source', 'without-input'],
    kilobytes: 310,
  },
  'prices list openai': {
    files: [...PRICING, 'usage-prices-list', 'commands-prices-list', 'rows', 'source', 'without-input'],
    kilobytes: 310,
  },
  formats: {
    files: [...TABLE, 'usage-formats', 'commands-formats', 'without-input'],
    kilobytes: 210,
  },
};

/** Modules of Node that may be loaded: the others, streams and sockets among them, take longer than a small answer. */
const CHEAP = new Set(['vm', 'os', 'process']);

type Loaded = {
  readonly files: readonly (readonly [path: string, bytes: number])[];
  readonly modules: readonly string[];
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentobs-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function loadedBy(words: string): Promise<Loaded> {
  const list = join(folder, words.replaceAll(/\W/g, '-'));
  const args = words.replaceAll('TEAM', 'fixtures/demo/team.jsonl').split(' ');
  const watched = ['--require', './test/cli/watch-loading.cjs', 'bin/agentobs.js', ...args];
  const { code, stderr } = await run(process.execPath, watched, { env: { LOADED_BY: list } });
  expect(code, stderr).toBe(0);
  return JSON.parse(readFileSync(list, 'utf8')) as Loaded;
}

describe('start-up', () => {
  it.each(Object.entries(LOADED))('loads for %s what it needs', async (words, expected) => {
    const { files } = await loadedBy(words);
    const code = files.filter(([path]) => /^dist\/cli\/.*\.js$/.test(path));
    const names = code.map(([path]) => path.slice('dist/cli/'.length, -'.js'.length));
    expect(names.sort()).toEqual([...expected.files].sort());
    expect(code.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000).toBeLessThanOrEqual(expected.kilobytes);
  });

  it.each(Object.keys(LOADED))('loads for %s nothing large of Node', async (words) => {
    const { modules } = await loadedBy(words);
    expect(modules.filter((name) => !CHEAP.has(name))).toEqual([]);
  });

  it('has the formats that the program would read', async () => {
    const { stdout } = await agentobs(['formats', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject(knownFormats());
  });

  it('reads prices where something is priced', async () => {
    const reads = async (words: string) =>
      (await loadedBy(words)).files.some(([path]) => path.startsWith('dist/pricing/'));
    expect(await reads('cost TEAM')).toBe(true);
    expect(await reads('formats')).toBe(false);
  });

  it('loads what sends mail where mail is sent', async () => {
    const { files } = await loadedBy('alerts notify --to email --dry-run --preset budgets TEAM');
    const names = files.map(([path]) => path);
    expect(names).toContain('dist/cli/commands-alerts-notify.js');
    expect(names).not.toContain('dist/cli/notify-mail.js');
  });

  it('has a page of help that is what the program would say', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(readFileSync(join(root, 'dist/help.txt'), 'utf8')).toBe(mainHelp(version));
  });
});

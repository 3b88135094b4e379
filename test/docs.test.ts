import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LINE_WRAPPERS, RECORD_WRAPPERS } from '../src/input/wrappers.ts';
import { CALL_RULES, OBSERVED_NUMBERS, OBSERVED_TEXTS, SKIP_REASONS, WARNINGS } from '../src/model/index.ts';
import { DIALECTS } from '../src/normalize/index.ts';
import { agentobs, root, run } from './agentobs.ts';
import { inProcess } from './answer.ts';

// The documents tell the truth: every example prints what it says, every option is explained, every link leads somewhere.

const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md'].map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name)),
].map((path) => ({ path, name: relative(root, path), text: readFileSync(path, 'utf8') }));
/** Writes the tables that are made from data. */
const UPDATE = process.env['UPDATE_DOCS'] !== undefined;
const readme = readFileSync(join(root, 'README.md'), 'utf8');

type Example = { readonly page: string; readonly command: string; readonly output: string };

const examples = pages.flatMap(({ name, text }) => examplesOf(name, text));
const TEST_RUN = 'npm ci && npm test';

const bin = mkdtempSync(join(tmpdir(), 'agentobs-'));
writeFileSync(
  join(bin, 'agentobs'),
  `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'bin/agentobs.js')}" "$@"\n`,
  { mode: 0o755 },
);
afterAll(() => rmSync(bin, { recursive: true }));

describe('examples', () => {
  it('open the README: the main job, then every test', () => {
    const [first, second] = examples.filter(({ page }) => page === 'README.md');
    expect(first!.command).toMatch(/^npm ci && npx agentobs trace show fixtures\/demo\/\S+$/);
    expect(second!.command).toBe(TEST_RUN);
    expect(second!.output).toMatch(/Test Files {2}\d+ passed/);
    expect(second!.output).toMatch(/Tests {2}\d+ passed/);
  });

  it.concurrent.for(examples.filter(({ command }) => command !== TEST_RUN))(
    '$page: $command',
    { timeout: 30_000 },
    async ({ command, output }) => {
      const line = command.replace(/^npm ci && npx agentobs/, 'agentobs');
      const { stdout } = await run('bash', ['-c', `exec 2>&1\n${line}`], {
        env: { PATH: `${bin}:${process.env['PATH']}` },
      });
      expect(stdout.trimEnd()).toBe(output.trimEnd());
    },
  );
});

describe('the README', () => {
  it('explains every command and every option, and none that is not there', async () => {
    const main = await agentobs(['--help']);
    const commands = [...main.stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}\S/gm)].map(([, name]) => name!);
    expect(commands).toContain('trace show');
    const helps = await Promise.all(commands.map((command) => agentobs([...command.split(' '), '--help'])));
    for (const command of commands) expect(readme, command).toContain(`agentobs ${command}`);

    const flagsIn = (text: string) => new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g));
    const known = new Set([main, ...helps].flatMap(({ stdout }) => [...flagsIn(stdout)]));
    const explained = flagsIn(readme.replaceAll(/^```[\s\S]*?^```$/gm, ''));
    expect(
      [...known].filter((flag) => !explained.has(flag)),
      'not in the README',
    ).toEqual([]);
    expect(
      [...explained].filter((flag) => !known.has(flag)),
      'only in the README',
    ).toEqual([]);
  });
});

describe('documents', () => {
  it('tell what is read and what happens to the rest', () => {
    const rows = readFileSync(join(root, 'docs/input.md'), 'utf8').split('\n');
    const first = (name: string) => rows.filter((row) => row.startsWith(`| \`${name}\` |`));
    for (const [name, { damaged }] of Object.entries({ ...SKIP_REASONS, ...WARNINGS })) {
      expect(first(name), name).toEqual([expect.stringMatching(damaged ? / yes \|$/ : / no \|$/)]);
    }
    for (const { name, source } of [...LINE_WRAPPERS, ...RECORD_WRAPPERS]) {
      expect(rows, name).toContain(`| ${name} | <${source}> |`);
    }
  });

  it('hold the tables of formats and vocabularies as the program prints them', async () => {
    const path = join(root, 'docs/input.md');
    const text = readFileSync(path, 'utf8');
    const { stdout } = await inProcess(['formats', '--format', 'markdown']);
    const vocabularies = byName(DIALECTS).map(({ name, source }) => {
      const where = source.startsWith('https:') ? `<${source}>` : 'in-house systems';
      return `| \`${name}\` | ${where} |\n`;
    });
    const observations = [...OBSERVED_NUMBERS, ...OBSERVED_TEXTS].map((name) => {
      const tellers = byName(DIALECTS).filter((table) => tells(table, name));
      return `| \`${name}\` | ${tellers.map((table) => `\`${table.name}\``).join(', ')} |\n`;
    });
    const tables = {
      formats: stdout,
      vocabularies: `| vocabulary | learned from |\n|---|---|\n${vocabularies.join('')}`,
      observations: `| observation | told by |\n|---|---|\n${observations.join('')}`,
    };
    let expected = text;
    for (const [name, table] of Object.entries(tables)) {
      const place = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
      expect(text).toMatch(place);
      expected = expected.replace(place, (_, before: string, after: string) => before + table + after);
    }
    if (UPDATE) writeFileSync(path, expected);
    expect(readFileSync(path, 'utf8'), 'UPDATE_DOCS=1 writes the tables').toBe(expected);
  });

  it('explain every line of the audit', () => {
    const lines = readFileSync(join(root, 'docs/audit.md'), 'utf8').split('\n');
    const others = ['as_reported', 'resent', 'not_billed', 'other_reports'];
    for (const name of [...Object.keys(CALL_RULES), ...others]) {
      expect(
        lines.filter((line) => line.startsWith(`| \`${name}\` |`)),
        name,
      ).toHaveLength(1);
    }
  });

  it.each(pages)('$name: links lead somewhere', ({ path, text }) => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    const missing = targets.filter(
      (target) => !/^https?:/.test(target) && !existsSync(join(dirname(path), target)),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether a vocabulary has a word for it; ids are among its fields. */
function tells({ observations, fields }: (typeof DIALECTS)[number], name: string): boolean {
  return [observations?.numbers, observations?.texts, fields].some(
    (words) => words !== undefined && Object.hasOwn(words, name),
  );
}

const byName = <T extends { readonly name: string }>(entries: readonly T[]): T[] =>
  [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Commands and what they print, from blocks marked `console`: a line that begins with `$ ` is a command. */
function examplesOf(page: string, text: string): Example[] {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = /(?<!\\)\n/.exec(example)?.index ?? example.length;
        return {
          page,
          command: example.slice(0, end).replaceAll(/\\\n\s*/g, ''),
          output: example.slice(end + 1),
        };
      }),
  );
}

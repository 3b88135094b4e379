import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, run } from '../agentobs.ts';

// Every file of fixtures/cli is one call of the built program as a person types it: the command, what came on stdout and
// stderr, and the exit code. A new case is a file with its first line (`$ agentobs …`); `vitest -u` writes the rest, to be
// read before it is kept.

const folder = join(root, 'fixtures/cli');
const SHELL = `agentobs() { "${process.execPath}" "${join(root, 'bin/agentobs.js')}" "$@"; }`;

describe('the command line', () => {
  it.each(readdirSync(folder).sort())('%s', async (name) => {
    const path = join(folder, name);
    const [first = ''] = readFileSync(path, 'utf8').split('\n', 1);
    expect(first).toMatch(/^\$ .*agentobs/);
    const { code, stdout, stderr } = await run('sh', ['-c', `${SHELL}\n${first.slice(2)}`], {});
    const shown = `${first}\n--- stdout\n${steady(stdout)}--- stderr\n${steady(stderr)}--- exit ${code}\n`;
    await expect(shown).toMatchFileSnapshot(path);
  });
});

/** Without what every release changes: the version, and the date of the price list. */
const steady = (text: string): string =>
  text
    .replace(/^agentobs \d+\.\d+\.\d+:/gm, 'agentobs VERSION:')
    .replace(/as of \S+ \((\S+) [\d.]+\)/g, 'as of DATE ($1 VERSION)')
    .replace(/"version":"[^"]+","as_of":"[^"]+"/g, '"version":"VERSION","as_of":"DATE"')
    .replace(/"sha256":"[0-9a-f]+"/g, '"sha256":"HASH"');

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { root, run } from './agentobs.ts';

describe('the package', () => {
  it('names no package registry in its lock file', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
    expect(lock).not.toContain('https://registry');
  });

  it('has a program that can be started', () => {
    const program = join(root, 'bin/agentobs.js');
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(program).mode & 0o111).toBe(0o111);
  });

  it('describes itself without faults', async () => {
    const { messages } = await publint({ pkgDir: root, pack: 'npm' });
    expect(messages).toEqual([]);
  });

  it('holds the program, the licence and the documents, and nothing else', async () => {
    const { code, stdout, stderr } = await run(
      'npm',
      ['pack', '--dry-run', '--json', '--ignore-scripts'],
      {},
    );
    expect(code, stderr).toBe(0);
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'bin/agentobs.js', 'dist/cli/main.js']),
    );
    expect(
      paths.filter(
        (path) => !/^(?:dist|bin)\/|^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(path),
      ),
    ).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../agentobs.ts';

const source = join(root, 'src');
const IMPORT = /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm;

/** What is loaded before the first line of a file runs: the house's own files, and packages by name. */
function loaded(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, from = ''] of readFileSync(join(source, file), 'utf8').matchAll(IMPORT)) {
    if (from.startsWith('.')) loaded(relative(source, join(source, dirname(file), from)), known);
    else if (!from.startsWith('node:')) known.add(from);
  }
  return known;
}

const packages = (file: string) => [...loaded(file)].filter((name) => !name.endsWith('.ts')).sort();

describe('start-up', () => {
  it('loads next to nothing for --version, and data alone for --help', () => {
    expect([...loaded('cli/main.ts')]).toEqual(['cli/main.ts', 'cli/plain-stream.ts']);
    expect([...loaded('cli/help.ts')].sort()).toEqual([
      'cli/commands/index.ts',
      'cli/help.ts',
      'cli/options.ts',
    ]);
  });

  it('loads little to read the command line', () => {
    expect(packages('cli/program.ts')).toEqual(['commander']);
    expect(loaded('cli/program.ts').has('pipeline.ts')).toBe(false);
  });

  it.each(['trace-list', 'trace-show', 'cost'])('loads no package for %s that it may not need', (name) => {
    expect(packages(`cli/commands/${name}.ts`)).toEqual(['chalk', 'string-width']);
  });

  it.each(['trace-list', 'trace-show', 'cost'])('loads for %s nothing of what others answer', (name) => {
    const others =
      /^(?:analyses\/(?:audit|carried|conversations|doctor|explain|find-span)|pricing\/views\/|render\/(?:audit|doctor|explain|github|junit))/;
    expect([...loaded(`cli/commands/${name}.ts`)].filter((file) => others.test(file))).toEqual([]);
  });
});

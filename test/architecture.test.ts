import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Which rooms a room may import from; the table of ARCHITECTURE.md. A file that stands alone is a room of its own. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  input: ['model'],
  scanner: [],
  normalize: ['model'],
  pricing: ['model'],
  trace: ['model'],
  rollup: ['model'],
  promql: ['model'],
  metrics: ['model', 'rollup'],
  alerts: ['model', 'metrics', 'promql'],
  intake: ['model', 'input', 'normalize', 'rollup'],
  analyses: ['model', 'rollup', 'trace'],
  render: ['model'],
  'details.ts': ['model'],
  'pipeline.ts': [
    'model',
    'input',
    'normalize',
    'intake',
    'pricing',
    'trace',
    'rollup',
    'analyses',
    'details.ts',
  ],
  cli: [
    'model',
    'input',
    'normalize',
    'pricing',
    'trace',
    'rollup',
    'promql',
    'metrics',
    'alerts',
    'intake',
    'analyses',
    'render',
    'details.ts',
    'pipeline.ts',
  ],
};

/** What only the impure room may touch: the process, the terminal, the clock. */
const IMPURE_CODE: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'the process',
    pattern: /(?<![.\w])process\.(?:argv|env|exit|stdin|stdout|stderr|cwd|on|once|pid|hrtime|memoryUsage)\w*/,
  },
  { what: 'the console', pattern: /(?<![.\w])console\./ },
  { what: 'a chalk that looks at the environment', pattern: /import chalk\b/ },
  { what: 'the clock', pattern: /\bDate\.now\(|\bnew Date\(\s*\)|\bperformance\.now\(/ },
];
const IMPURE_MODULES = new Set(['process', 'child_process', 'readline', 'tty', 'ora', 'commander']);

/** What may be taken from `node:fs` by a file that reads. Everything else that a file system can do belongs to `cli/`. */
const READING = new Set([
  ...[
    'accessSync',
    'closeSync',
    'constants',
    'createReadStream',
    'existsSync',
    'fstatSync',
    'globSync',
    'lstatSync',
    'openSync',
    'opendirSync',
  ],
  ...['readFileSync', 'readSync', 'readdirSync', 'realpathSync', 'statSync'],
  ...['lstat', 'open', 'opendir', 'readFile', 'readdir', 'realpath', 'stat'],
  ...['type Dirent', 'type FileHandle', 'type Stats'],
]);

/** Files outside `input/` and `cli/` that read a file, and which one. */
const READERS: Readonly<Record<string, string>> = {
  'pricing/catalogue.ts': 'the price data that is built into the program',
};

/** Files outside `cli/` that write a file, and which one. */
const WRITERS: Readonly<Record<string, string>> = {
  'input/spool.ts': 'standard input, kept aside in a temporary file so that it can be read again',
};

type Source = { readonly path: string; readonly text: string };

const sources: readonly Source[] = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((file) => ({
    path: relative(join(root, 'src'), file).split(sep).join('/'),
    text: readFileSync(file, 'utf8'),
  }));

describe('architecture', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it('keeps to the directions of imports', () => {
    expect(sources.flatMap(wrongImports)).toEqual([]);
  });

  it('keeps the process, the terminal, the clock and file writes in cli/', () => {
    expect(sources.flatMap(impurities)).toEqual([]);
  });

  it('is the table of ARCHITECTURE.md', () => {
    expect(documentedRooms()).toEqual(ROOMS);
  });

  it.each([
    ['static', "import { a } from '../input/lines.ts';"],
    ['type only', "import type { A } from '../input/lines.ts';"],
    ['for its side effect', "import '../input/lines.ts';"],
    ['over several lines', "import {\n  a,\n  b,\n} from '../input/lines.ts';"],
    ['dynamic', "const { a } = await import('../input/lines.ts');"],
    ['re-exported', "export * from '../input/lines.ts';"],
    ['re-exported by name', "export { a } from '../input/lines.ts';"],
    ['outside the rooms', "import { a } from '../stray.ts';"],
    ['outside src', "import { a } from '../../scripts/build.js';"],
  ])('finds a forbidden import: %s', (_name, text) => {
    expect(wrongImports({ path: 'render/table.ts', text })).toHaveLength(1);
  });

  it('finds a file outside the rooms', () => {
    expect(wrongImports({ path: 'stray.ts', text: '' })).toEqual(['stray.ts stands in no room']);
  });

  it.each([
    ["import { writeFileSync } from 'node:fs';"],
    ["import * as fs from 'node:fs';"],
    ["import fs from 'fs';"],
    ["import { openSync } from 'node:fs';\nconst file = openSync(path, 'w');"],
    ["import { writeFile } from 'node:fs/promises';"],
    ["const { writeFileSync } = await import('node:fs');"],
    ['process.stdout.write(text);'],
    ["import { stdout } from 'node:process';"],
    ['console.error(text);'],
    ['const now = Date.now();'],
    ['const now = new Date();'],
    ["import chalk from 'chalk';"],
  ])('finds an impurity outside cli/: %s', (text) => {
    expect(impurities({ path: 'input/lines.ts', text })).toHaveLength(1);
    expect(impurities({ path: 'cli/main.ts', text })).toEqual([]);
  });

  it.each([
    ["import { openSync, readSync } from 'node:fs';"],
    ['// the process.exit of a reader'],
    ["const help = 'process.env is not read';"],
    ['for (const process of trace.processes) read(process.tags);'],
    ["import { open } from 'node:fs/promises';"],
    ['const parsed = new Date(text);'],
  ])('leaves what is allowed alone: %s', (text) => {
    expect(impurities({ path: 'input/lines.ts', text })).toEqual([]);
  });

  it('lets only input/ read files', () => {
    const text = "import { readFileSync } from 'node:fs';";
    expect(impurities({ path: 'render/table.ts', text })).toHaveLength(1);
    expect(impurities({ path: 'input/lines.ts', text })).toEqual([]);
  });

  it.each(Object.keys({ ...READERS, ...WRITERS }))('names no exception that is not there: %s', (path) => {
    expect(sources.some((source) => source.path === path && /['"]node:fs/.test(source.text))).toBe(true);
  });
});

function roomOf(path: string): string | undefined {
  const room = path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
  return Object.hasOwn(ROOMS, room) ? room : undefined;
}

function wrongImports({ path, text }: Source): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} stands in no room`];
  return importsOf(text)
    .filter((specifier) => specifier.startsWith('.'))
    .flatMap((specifier) => {
      const target = join(dirname(path), specifier).split(sep).join('/');
      const other = roomOf(target);
      if (other === room || (other !== undefined && ROOMS[room]!.includes(other))) return [];
      return [`${path} imports ${target}`];
    });
}

/** Every module a source names: `import`, `import()`, `export … from`. */
function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const patterns = [
    /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!));
}

function impurities({ path, text }: Source): string[] {
  if (roomOf(path) === 'cli') return [];
  const code = withoutComments(text);
  const withoutTexts = code.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
  return [
    ...IMPURE_CODE.filter(({ pattern }) => pattern.test(withoutTexts)).map(
      ({ what }) => `${path} uses ${what}`,
    ),
    ...importsOf(text)
      .map((specifier) => specifier.replace(/^node:/, ''))
      .filter((module) => IMPURE_MODULES.has(module))
      .map((module) => `${path} imports ${module}`),
    ...fileSystem(path, code),
  ];
}

function fileSystem(path: string, code: string): string[] {
  const imports = [...code.matchAll(/^import\s+(?<what>[^;]*?)\s+from\s+'(?:node:)?fs(?:\/promises)?'/gm)];
  const mentions = code.match(/['"](?:node:)?fs(?:\/promises)?['"]/g)?.length ?? 0;
  if (mentions === 0 || Object.hasOwn(WRITERS, path)) return [];
  if (roomOf(path) !== 'input' && !Object.hasOwn(READERS, path)) return [`${path} uses the file system`];
  if (imports.length < mentions) return [`${path} does not say what it needs of the file system`];
  if (/\bopen(?:Sync)?\([^)]*['"][wax]/.test(code)) return [`${path} opens a file to write`];
  return imports.flatMap(({ groups }) => {
    const named = /^\{(.*)\}$/s.exec(groups!['what']!)?.[1];
    if (named === undefined) return [`${path} does not say what it needs of the file system`];
    const names = named.split(',').map((name) => name.trim());
    return names
      .filter((name) => name !== '' && !READING.has(name))
      .map((name) => `${path} uses ${name} of the file system`);
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
}

/** The table under "Rooms" in ARCHITECTURE.md: first column the room, last column what it may import. */
function documentedRooms(): Record<string, string[]> {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  // The scanner is another language: nobody can import it.
  const everything = Object.keys(ROOMS).filter((room) => room !== 'cli' && room !== 'scanner');
  const rows = text.matchAll(/^\| `([a-z.]+)\/?` \|.*\| ([^|]+) \|$/gm);
  return Object.fromEntries(
    [...rows].map((row) => {
      const allowed = row[2]!.trim();
      if (allowed === 'nothing') return [row[1]!, []];
      if (allowed === 'everything') return [row[1]!, everything];
      return [row[1]!, allowed.split(',').map((room) => room.trim().replaceAll('`', ''))];
    }),
  );
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { generate, truthFile } from './generate.js';

const here = dirname(fileURLToPath(import.meta.url));
/** Where corpora stay between runs; git ignores it. */
export const DATA = join(dirname(here), 'perf-data');

/** Changes whenever the generator does. */
const VERSION = createHash('sha256')
  .update(
    [
      'generate.js',
      ...readdirSync(join(here, 'corpus'))
        .sort()
        .map((name) => join('corpus', name)),
    ]
      .map((name) => readFileSync(join(here, name), 'utf8'))
      .join('\0'),
  )
  .digest('hex')
  .slice(0, 12);

/** A corpus as `generate` takes it, written unless it is there already: `{ path, truth, bytes }`. */
export function corpus(options) {
  const name = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([option, value]) => `${option}-${value}`);
  const path = join(DATA, [...name, VERSION].join('-'));
  if (!existsSync(truthFile(path))) {
    mkdirSync(DATA, { recursive: true });
    generate({ ...options, out: path });
  }
  const truth = JSON.parse(readFileSync(truthFile(path), 'utf8'));
  return { path, truth, bytes: truth.bytes };
}

/** The same corpus compressed: `{ path, truth, bytes }`, bytes as they were before. Undefined where the tool is missing. */
export async function compressed(plain, how) {
  const path = `${plain.path}.${how}`;
  if (!existsSync(path)) {
    const partial = `${path}.partial`;
    if (how === 'gz') await pipeline(createReadStream(plain.path), createGzip(), createWriteStream(partial));
    else if (!isThere('zstd')) return undefined;
    else execFileSync('zstd', ['--quiet', '--force', '-3', plain.path, '-o', partial]);
    renameSync(partial, path);
  }
  return { ...plain, path };
}

export function isThere(tool) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, tool)));
}

import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bench } from './rows.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What was asked for on the command line. Throws what is wrong with it. */
export function optionsOf() {
  const { values } = parseArgs({
    options: {
      mb: { type: 'string', default: '100' },
      runs: { type: 'string', default: '3' },
      rows: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      program: { type: 'string', default: join(root, 'bin/agentobs.js') },
    },
  });
  const options = { ...values, mb: Number(values.mb), runs: Number(values.runs), seed: Number(values.seed) };
  if (!(options.mb > 0 && options.runs >= 1)) throw new Error('--mb and --runs must be positive numbers');
  return options;
}

/** The rows with these keys, all when nothing is named. */
export function selected(rows, names) {
  if (names === undefined) return rows;
  return names.split(',').map((name) => {
    const row = rows.find(({ key }) => key === name);
    if (row === undefined)
      throw new Error(`There is no row ${name}: ${rows.map(({ key }) => key).join(', ')}`);
    return row;
  });
}

export function benchOf({ mb, seed, program }) {
  const path = resolve(program);
  const built = join(dirname(dirname(path)), 'dist/cli/main.js');
  if (!existsSync(built)) throw new Error(`${built} is not there: run "npm run build" first`);
  const about = { megabytes: mb, node: process.version, processors: cpus().length };
  return {
    ...bench({ program: realpathSync(path), megabytes: mb, seed }),
    about,
    described: `${mb} MB, Node ${about.node.slice(1)}, ${about.processors} processors`,
  };
}

/** Every sample of every row, where `--json` asks for it. */
export function writeJson({ json, runs }, { about }, results) {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...about, runs, results }, null, 2)}\n`);
}

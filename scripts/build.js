// Builds `dist/`, what is shipped. The TypeScript compiler makes `build/`, a module for each source; these become a few files
// that are quick to load, beside the scanner in WebAssembly, the price index and the text of `--help`. What was built before
// stays in place until the new one is whole. Then the program is linked where `npx` looks first: npm links the commands of
// dependencies only, and without this `npx agentobs` would install the checkout into its own cache before it runs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, `build-${process.pid}`);
const fresh = join(root, `dist-${process.pid}`);
const old = join(root, `dist-${process.pid}-old`);
const run = (file, ...args) =>
  execFileSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });

try {
  mkdirSync(fresh);
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', modules);
  run('scripts/compile-scanner.js', join(fresh, 'scanner.wasm'));
  run('scripts/bundle.js', modules, fresh);
  run('scripts/compile-prices.js', modules, fresh);
  replace(modules, join(root, 'build'));
  replace(fresh, join(root, 'dist'));
  run('scripts/compile-code.js');
  linkCommand(join(root, 'node_modules/.bin'));
} finally {
  for (const folder of [modules, fresh, old]) rmSync(folder, { recursive: true, force: true });
}

function replace(from, to) {
  rmSync(old, { recursive: true, force: true });
  try {
    renameSync(to, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  renameSync(from, to);
}

function linkCommand(folder) {
  if (process.platform === 'win32' || !existsSync(folder)) return;
  rmSync(join(folder, 'agentobs'), { force: true });
  symlinkSync('../../bin/agentobs.js', join(folder, 'agentobs'));
}

// Builds `dist/`: the TypeScript compiler, then the price index that is compiled from data.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = (file, ...args) =>
  execFileSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
if (existsSync(join(root, 'scripts/compile-prices.js'))) run('scripts/compile-prices.js');

// compile-scanner.js FILE: compiles src/scanner to WebAssembly. That takes seconds, and is not done again for the same sources.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const room = join(root, 'src/scanner');
const compiler = join(root, 'node_modules/assemblyscript');
const cache = join(root, 'node_modules/.cache/scanner');

const [file] = process.argv.slice(2);
const before = sources();
const kept = join(cache, `${before}.wasm`);
if (existsSync(kept)) copyFileSync(kept, file);
else {
  const options = ['--config', join(room, 'asconfig.json'), '--outFile', file];
  execFileSync(process.execPath, [join(compiler, 'bin/asc.js'), join(room, 'index.ts'), ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  mkdirSync(cache, { recursive: true });
  // Kept under the name of what it was made of, unless that has changed meanwhile.
  copyFileSync(file, `${kept}.${process.pid}`);
  if (sources() === before) renameSync(`${kept}.${process.pid}`, kept);
  else rmSync(`${kept}.${process.pid}`);
}

function sources() {
  const hash = createHash('sha256').update(readFileSync(join(compiler, 'package.json')));
  for (const name of readdirSync(room).sort()) hash.update(name).update(readFileSync(join(room, name)));
  return hash.digest('hex').slice(0, 16);
}

// compile-scanner.js FILE: compiles src/scanner to WebAssembly. That takes seconds, and is not done again for the same sources.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const room = join(root, 'src/scanner');
const compiler = join(root, 'node_modules/assemblyscript');
const cache = join(root, 'node_modules/.cache/scanner');

const compiled = join(cache, `${sources()}.wasm`);
if (!existsSync(compiled)) {
  mkdirSync(cache, { recursive: true });
  const fresh = `${compiled}.${process.pid}`;
  const options = ['--config', join(room, 'asconfig.json'), '--outFile', fresh];
  execFileSync(process.execPath, [join(compiler, 'bin/asc.js'), join(room, 'index.ts'), ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  if (compiled !== join(cache, `${sources()}.wasm`))
    throw new Error('src/scanner changed while it was compiled');
  renameSync(fresh, compiled);
}
copyFileSync(compiled, process.argv[2]);

function sources() {
  const hash = createHash('sha256').update(readFileSync(join(compiler, 'package.json')));
  for (const name of readdirSync(room).sort()) hash.update(name).update(readFileSync(join(room, name)));
  return hash.digest('hex').slice(0, 16);
}

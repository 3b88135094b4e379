import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

// npm run fuzz -- --runs 1000000 --seconds 900 --seed 1

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = await rolldown({ input: join(root, 'fuzz/main.ts'), platform: 'node', logLevel: 'silent' });
// As deep as the file that it is made of, which finds others by their place.
const file = join(root, 'node_modules/.cache/fuzz.js');
mkdirSync(dirname(file), { recursive: true });
const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
writeFileSync(file, output[0].code);
const { main } = await import(pathToFileURL(file).href);
process.exitCode = await main(process.argv.slice(2));

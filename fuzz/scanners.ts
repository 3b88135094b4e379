import { createTsScanner } from '../src/input/scan/ts-scanner.ts';
import { createWasmScanner } from '../src/input/wasm-scanner.ts';
import type { NamedScanner } from './check.ts';

/** Every scanner that there is. */
export const SCANNERS: readonly NamedScanner[] = [
  { name: 'ts', create: createTsScanner },
  { name: 'wasm', create: createWasmScanner },
];

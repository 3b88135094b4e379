import type { TableIndex } from './tables.ts';

/** The index of the dialects' tables where the program is built (`scripts/bundle.js`); without one they are compiled whole. */
export function tableIndex(): TableIndex | undefined {
  return undefined;
}

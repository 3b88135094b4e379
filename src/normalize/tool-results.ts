import type { Span } from '../model/index.ts';
import { DIALECTS } from './dialects/index.ts';
import { textOf } from './text.ts';

const SIZES = DIALECTS.flatMap(({ toolResult }) => toolResult?.sizes ?? []);
/** The attributes that hold the result of a tool itself. */
export const TOOL_RESULT_TEXTS = bareLast(DIALECTS.flatMap(({ toolResult }) => toolResult?.texts ?? []));

/** The attributes that `toolResultSize` looks at. */
export const TOOL_RESULT_KEYS: readonly string[] = [...SIZES, ...TOOL_RESULT_TEXTS];

/** A key without a dot is a bare word that others use too: it is asked last. */
export function bareLast(keys: readonly string[]): readonly string[] {
  return keys.toSorted((a, b) => Number(isBare(a)) - Number(isBare(b)));
}

/** How large the result of a tool was, in whatever unit it is told; the length of its text where it is not. */
export function toolResultSize({ attributes }: Span): number | undefined {
  for (const key of SIZES) {
    const size = Number(textOf(attributes.get(key)) ?? Number.NaN);
    if (size >= 0 && size <= Number.MAX_SAFE_INTEGER) return size;
  }
  for (const key of TOOL_RESULT_TEXTS) {
    const value = attributes.get(key);
    if (typeof value === 'string') return value.length;
  }
  return undefined;
}

function isBare(key: string): boolean {
  return !key.includes('.');
}

import type { AttributeValue } from '../model/index.ts';

/** What emitters write where they have nothing to say. */
export const NOTHING: ReadonlySet<string> = new Set([
  '',
  '<not specified>',
  '(merged tools)',
  '<REDACTED>',
  'N/A',
  'n/a',
  'unknown',
  'None',
  'none',
  'null',
  'undefined',
]);

/** An id or a name as text; undefined for placeholders and for anything that is not a text or a number. */
export function textOf(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'string') {
    const text = unquoted(value.trim());
    return NOTHING.has(text) ? undefined : text;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'bigint') return String(value);
  return undefined;
}

/** A value as tables compare it: a text, or `true` and `false`. */
export function wordOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'boolean' ? String(value) : textOf(value);
}

/** MLflow encodes every value once more: `"LLM"` with its quotes. */
export function unquoted(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== QUOTE || text.charCodeAt(text.length - 1) !== QUOTE)
    return text;
  if (!text.includes('\\')) return text.slice(1, -1).trim();
  try {
    return String(JSON.parse(text)).trim();
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

const QUOTE = 0x22;

import type { AttributeValue } from '../model/index.ts';

/** What emitters write where they have nothing to say. */
const NOTHING = new Set([
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
    const text = value.trim();
    return NOTHING.has(text) ? undefined : text;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'bigint') return String(value);
  return undefined;
}

import type { AttributeValue } from '../model/index.ts';

/** JSON texts longer than this are compared as they stand. */
const LONGEST_JSON = 8_000_000;
const DEEPEST = 100;

/** Marks for the provider's cache: they wander through a conversation and are not part of what is said. */
const CACHE_MARKS: ReadonlySet<string> = new Set([
  'cache_control',
  'cacheControl',
  'cachePoint',
  'providerOptions',
  'providerMetadata',
]);

/**
 * A text that is the same for values that mean the same: JSON is read, and its keys are put in order. Undefined for what is
 * nested too deep to be compared.
 */
export function canonicalText(value: AttributeValue): string | undefined {
  const parts: string[] = [];
  return write(typeof value === 'string' ? read(value) : value, parts, 0) ? parts.join('') : undefined;
}

function read(text: string): AttributeValue {
  const trimmed = text.trim();
  const first = trimmed[0];
  if (trimmed.length > LONGEST_JSON || (first !== '{' && first !== '[' && first !== '"')) return trimmed;
  try {
    return JSON.parse(trimmed) as AttributeValue;
  } catch {
    return trimmed;
  }
}

function write(value: AttributeValue, parts: string[], depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (typeof value !== 'object' || value === null) {
    parts.push(typeof value === 'string' ? JSON.stringify(value) : String(value));
    return true;
  }
  if (Array.isArray(value)) {
    parts.push('[');
    for (const item of value) {
      if (!write(item, parts, depth + 1)) return false;
      parts.push(',');
    }
    parts.push(']');
    return true;
  }
  const record = value as { readonly [key: string]: AttributeValue };
  parts.push('{');
  for (const key of Object.keys(record).sort()) {
    if (CACHE_MARKS.has(key)) continue;
    parts.push(JSON.stringify(key), ':');
    if (!write(record[key]!, parts, depth + 1)) return false;
    parts.push(',');
  }
  parts.push('}');
  return true;
}

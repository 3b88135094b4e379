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
 * A text that is the same for values that mean the same: JSON is read, and its keys are put in order. Undefined for what
 * cannot be compared: a part of it was taken out or cut off, or it is nested too deep.
 */
export function canonicalText(value: AttributeValue): string | undefined {
  if (typeof value === 'string' && !isWhole(value)) return undefined;
  const parts: string[] = [];
  return write(typeof value === 'string' ? read(value) : value, parts, 0) ? parts.join('') : undefined;
}

/** What stands where a text was taken out. */
const REDACTED = /^[<[(*_]*redacted[>\])*_]*$/i;
const CUT = /(?:\.\.\.|…|truncated[^\w]{0,3})$/i;
/** SDKs and exporters cut values at multiples of this, and at powers of two. */
const ROUND = 1000;
/** Shorter than anybody cuts. */
const SHORT = 128;

/** A text that was taken out or cut off may stand for different ones. */
function isWhole(text: string): boolean {
  if (text.length < SHORT) return !(text.length < 32 && REDACTED.test(text)) && !text.endsWith('…');
  if (text.length % ROUND === 0 || (text.length & (text.length - 1)) === 0) return false;
  return !CUT.test(text.slice(-16));
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
    if (typeof value === 'string' && !isWhole(value)) return false;
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

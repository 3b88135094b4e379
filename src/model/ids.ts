import { hash64 } from './id-columns.ts';

/**
 * Ids as every comparison in the house expects them.
 * Hex is case-insensitive (opentelemetry-proto docs/specification.md), so it is lower-cased; naive protobuf-JSON
 * printers write base64 (24 characters for 16 bytes, 12 for 8), which is decoded; 64-bit trace ids (Jaeger, Zipkin)
 * are padded on the left; Python writes `0x…`. Everything else that is a non-empty string stays text.
 */
export type CanonicalId = { readonly id: string; readonly odd: boolean };

const NO_SPAN = '0'.repeat(16);
const NO_TRACE = '0'.repeat(32);
const HEX = /^[0-9a-f]+$/;
const BASE64_16 = /^[A-Za-z0-9+/_-]{22}==$/;
const BASE64_8 = /^[A-Za-z0-9+/_-]{11}=$/;

/** The trace id, or undefined when there is none (absent, empty, or all zeros). */
export function canonicalTraceId(raw: unknown): CanonicalId | undefined {
  return canonical(raw, 32, BASE64_16);
}

/** The span id, or undefined when there is none (absent, empty, or all zeros: a root's parent). */
export function canonicalSpanId(raw: unknown): CanonicalId | undefined {
  return canonical(raw, 16, BASE64_8);
}

function canonical(raw: unknown, digits: 16 | 32, base64: RegExp): CanonicalId | undefined {
  if (typeof raw === 'bigint') return nonZero(raw.toString(16).padStart(digits, '0'), digits);
  if (typeof raw === 'number')
    return Number.isSafeInteger(raw) && raw > 0 ? { id: String(raw), odd: true } : undefined;
  if (typeof raw !== 'string' || raw === '') return undefined;
  const text = raw.length > 2 && raw.startsWith('0x') ? raw.slice(2) : raw;
  if (text.length === digits && HEX.test(text)) return nonZero(text, digits);
  const lower = text.toLowerCase();
  if (HEX.test(lower)) {
    if (lower.length === digits) return nonZero(lower, digits);
    if (/^0+$/.test(lower)) return undefined;
    if (digits === 32 && lower.length === 16) return nonZero(lower.padStart(32, '0'), digits);
    if (digits === 16 && lower.length === 32 && lower.startsWith('0'.repeat(16)))
      return nonZero(lower.slice(16), digits);
  }
  if (base64.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length === digits / 2) return nonZero(bytes.toString('hex'), digits);
  }
  return { id: raw, odd: true };
}

function nonZero(id: string, digits: number): CanonicalId | undefined {
  return id === (digits === 16 ? NO_SPAN : NO_TRACE) ? undefined : { id, odd: false };
}

/** A span id made of what identifies a span that names none: equal content, equal id. Never all zeros. */
export function madeSpanId(content: string): string {
  const id = hash64(content)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
  return id === NO_SPAN ? ONE : id;
}

/** A trace id made like a span id. */
export function madeTraceId(content: string): string {
  return madeSpanId(content) + madeSpanId(`${content}\0`);
}

const ONE = '1'.padStart(16, '0');

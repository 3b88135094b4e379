import type { JsonObject, JsonValue, Syntax } from './format.ts';
import { parseInspect } from './inspect.ts';

export type Parsed =
  | { readonly value: JsonValue; readonly syntax: Syntax }
  | { readonly failure: 'invalid_json' | 'too_deep' };

/** Deeper than any telemetry, far from the end of the stack of whoever walks the value. */
const DEPTH_LIMIT = 500;

/** An integer that a double may not hold: 17 digits or more, or 16 from 9,000,000,000,000,000 up. */
const LONG_INTEGER = /[:,[\s-](?:\d{17}|9\d{15})/;
const HEAD = 1024;
/** What Python's `json.dumps` writes for floats that JSON has no word for. */
const BARE_WORD = /[:,[\s-](?:NaN|Infinity)\b/;
const MANY_BRACKETS = /[[{]{24}|[\]}]{24}/;

/**
 * One JSON text. Integers too long for a double arrive as strings of digits, bare `NaN` and `Infinity` as strings;
 * nothing is lost by rounding. Nesting beyond 500 levels is refused wherever a run of brackets gives it away; readers
 * of values must have a limit of their own.
 */
export function parseJson(text: string): Parsed {
  if (mayBeDeep(text) && nesting(text) > DEPTH_LIMIT) return { failure: 'too_deep' };
  try {
    return { value: parsed(text), syntax: 'json' };
  } catch (error) {
    if (error instanceof RangeError) return { failure: 'too_deep' };
    if (!BARE_WORD.test(text)) return { failure: 'invalid_json' };
  }
  try {
    return { value: JSON.parse(quoteNumbers(text)), syntax: 'json' };
  } catch (error) {
    return { failure: error instanceof RangeError ? 'too_deep' : 'invalid_json' };
  }
}

/** Large integers are looked for in what was parsed, which is faster than in all of its text; those of records come early. */
function parsed(text: string): JsonValue {
  if (LONG_INTEGER.test(text.slice(0, HEAD))) return JSON.parse(quoteNumbers(text));
  const value: JsonValue = JSON.parse(text);
  return holdsLargeNumber(value) ? JSON.parse(quoteNumbers(text)) : value;
}

/** One JSON text or one value as `util.inspect` prints it. */
export function parseRecord(text: string): Parsed {
  const quoted = /^\s*[{[]\s*["}\]{[]/.test(text);
  if (!quoted) {
    const inspected = inspect(text);
    if (!('failure' in inspected)) return inspected;
  }
  const parsed = parseJson(text);
  return quoted && 'failure' in parsed && parsed.failure === 'invalid_json' ? inspect(text) : parsed;
}

function inspect(text: string): Parsed {
  try {
    return { value: parseInspect(text), syntax: 'inspect' };
  } catch (error) {
    if (error instanceof RangeError) return { failure: 'too_deep' };
    if (error instanceof SyntaxError) return { failure: 'invalid_json' };
    throw error;
  }
}

function mayBeDeep(text: string): boolean {
  if (text.length < 2 * DEPTH_LIMIT) return false;
  return MANY_BRACKETS.test(text.slice(0, 512)) || MANY_BRACKETS.test(text.slice(-512));
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = stringEnd(text, at + 1, 0x22) - 1;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** A whole number so large that digits of it may have been lost. Looking at what was parsed is faster than at its text. */
function holdsLargeNumber(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const open: (JsonObject | JsonValue[])[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const item of next) {
        if (typeof item === 'object' && item !== null) open.push(item);
        else if (isLarge(item)) return true;
      }
      continue;
    }
    for (const key in next) {
      const member = next[key];
      if (typeof member === 'object' && member !== null) open.push(member);
      else if (isLarge(member)) return true;
    }
  }
  return false;
}

const isLarge = (value: JsonValue): boolean =>
  typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);

/** Puts quotes around long integers and around `NaN`, `Infinity`, `-Infinity`, outside of strings. */
function quoteNumbers(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  const quote = (start: number, end: number) => {
    pieces.push(text.slice(from, start), '"', text.slice(start, end), '"');
    from = end;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = stringEnd(text, at + 1, 0x22);
      continue;
    }
    if (code !== 0x2d && code !== 0x4e && code !== 0x49 && !isDigit(code)) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? '';
    if (isWord(token) || isLongInteger(token)) quote(at, at + token.length);
    at += Math.max(1, token.length);
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

const TOKEN = /-?(?:NaN|Infinity|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isWord = (token: string): boolean => token.endsWith('N') || token.endsWith('y');

function isLongInteger(token: string): boolean {
  return token.length >= 16 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
}

/** The place behind the quote that ends a string, or the end of the text. `from` is behind the opening quote. */
export function stringEnd(text: string, from: number, quote: number): number {
  const mark = String.fromCharCode(quote);
  for (let at = from; ; ) {
    const end = text.indexOf(mark, at);
    if (end < 0) return text.length + 1;
    let backslash = end;
    while (backslash > from && text.charCodeAt(backslash - 1) === 0x5c) backslash--;
    if ((end - backslash) % 2 === 0) return end + 1;
    at = end + 1;
  }
}

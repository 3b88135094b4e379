import { closeSync, openSync, readSync } from 'node:fs';
import type { Input } from './resolve.ts';

export type File = Extract<Input, { kind: 'file' | 'pipe' }> & { readonly kind: 'file' };

/** Where inputs are cut in two: in front of an input, or at a byte of it that seems to begin a document. */
export type Cut = { readonly input: number; readonly offset: number };

/** Files up to this size are not cut. */
const WHOLE = 8 * 1024 * 1024;
/** So far behind the middle the beginning of a document is looked for. */
const REACH = 32 * 1024 * 1024;
const STEP = 64 * 1024;
const KEY = Buffer.from('"resourceSpans"');
const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, OPEN_BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x7b];

/**
 * Cuts files behind so many of their bytes. It is a guess: what looks like the beginning of a document may be text.
 * Undefined where there is nothing to be cut.
 */
export function cutOf(files: readonly File[], middle: number, whole = WHOLE): Cut | undefined {
  let before = 0;
  for (const [input, { path, size }] of files.entries()) {
    if (before + size <= middle) {
      before += size;
      continue;
    }
    const offset = size > whole ? documentIn(path, Math.floor(middle - before), size) : undefined;
    if (offset !== undefined) return { input, offset };
    // The nearer end of it.
    const next = middle - before > size / 2 ? input + 1 : input;
    return next === 0 || next === files.length ? undefined : { input: next, offset: 0 };
  }
  return undefined;
}

function documentIn(path: string, from: number, size: number): number | undefined {
  const file = openSync(path, 'r');
  try {
    const end = Math.min(size, from + REACH);
    // Blanks may stand between the bracket and the key.
    const memory = Buffer.allocUnsafe(Math.min(2 * STEP, end - from));
    for (let at = from; at < end; at += STEP) {
      const bytes = memory.subarray(0, readSync(file, memory, 0, memory.length, at));
      const found = documentAt(bytes);
      if (found !== undefined) return at + found;
      if (bytes.length < memory.length) return undefined;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** The first line of these bytes on which, behind a line feed, only a bracket stands before the key of a document. */
export function documentAt(bytes: Buffer): number | undefined {
  for (let key = bytes.indexOf(KEY); key >= 0; key = bytes.indexOf(KEY, key + 1)) {
    let at = key - 1;
    while (at >= 0 && isSpace(bytes[at]!)) at--;
    if (at < 0 || bytes[at] !== OPEN_BRACE) continue;
    do at--;
    while (at >= 0 && isBlank(bytes[at]!));
    if (at >= 0 && bytes[at] === LINE_FEED) return at + 1;
  }
  return undefined;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
const isSpace = (byte: number): boolean => isBlank(byte) || byte === LINE_FEED || byte === CARRIAGE_RETURN;

import { intern, isNumberOf, newTable } from './byte-strings.ts';
import { MINUS, QUOTE, ZERO } from './bytes.ts';
import { allocate } from './memory.ts';
import { escaped } from './strings.ts';
import { valueEnd } from './values.ts';

/** Bytes of a name; of a kind, which may stand between quotes. */
const LONGEST_NAME: usize = 1024;
const LONGEST_KIND: usize = 34;
const LONGEST_WORD: usize = 128;
/** Different ones. */
const MOST: u32 = 4096;

let names: usize = 0;
let words: usize = 0;
/** Words of different owners, of which kinds of OTLP are the first, and the last one of each: the next span mostly has it too. */
const KINDS: u32 = 0;
const MOST_OWNERS: usize = 8;
let lastWords: usize = 0;

/** The number of the last name or kind; 0 where it cannot be part of a pattern. */
export let label: u32 = 0;

export function newLabels(): void {
  names = newTable(MOST, u32.MAX_VALUE);
  words = newTable(MOST, u32.MAX_VALUE);
  lastWords = allocate(MOST_OWNERS << 2);
}

/** From the first byte of a span's name to behind its last. */
export function nameEnd(at: usize): usize {
  const end = valueEnd(at);
  const isPlain = end != 0 && load<u8>(at) == QUOTE && !escaped;
  label = isPlain ? nameLabel(at + 1, end - at - 2) : 0;
  return end;
}

/** The number of a name without escapes; 0 likewise. */
export function nameLabel(at: usize, length: usize): u32 {
  return length <= LONGEST_NAME ? intern(names, 0, at, length) : 0;
}

/** From the first byte of a span's kind to behind its last. Quotes are kept: they tell texts from numbers. */
export function kindEnd(at: usize): usize {
  const end = valueEnd(at);
  const first = load<u8>(at);
  const isKind = first == QUOTE || first == MINUS || <u32>first - ZERO < 10;
  label = end != 0 && isKind && end - at <= LONGEST_KIND ? wordLabel(KINDS, at, end - at) : 0;
  return end;
}

/** From the first byte of any value, which counts as a whole for this owner (from 1), to behind its last. */
export function wordValueEnd(at: usize, owner: u32): usize {
  const end = valueEnd(at);
  label = end != 0 && end - at <= LONGEST_WORD ? wordLabel(owner, at, end - at) : 0;
  return end;
}

function wordLabel(owner: u32, at: usize, length: usize): u32 {
  const last = lastWords + ((<usize>owner) << 2);
  const expected = load<u32>(last);
  if (isNumberOf(words, expected, owner, at, length)) return expected;
  const found = intern(words, owner, at, length);
  store<u32>(last, found);
  return found;
}

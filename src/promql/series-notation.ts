import type { Labels } from '../model/index.ts';
import { METRIC_NAME } from './labels.ts';
import { describe, Lexer, METRIC_WORDS, type Token } from './lexer.ts';
import { parseNumber } from './numbers.ts';
import { ParseError } from './parse-error.ts';
import { quoted, quotedCharacter } from './quoting.ts';
import { unquote } from './strings.ts';

/** One place in a sequence of samples: a value, a stale marker, or nothing. */
type SequenceValue = number | 'stale' | undefined;

export type SeriesDescription = { readonly labels: Labels; readonly values: readonly SequenceValue[] };

/** How many samples one series may have. */
const MOST_VALUES = 10_000_000;

/** Reads `metric{a="b"} 1+2x3 _ stale`, the notation of unit tests; throws a `ParseError`. */
export function parseSeries(text: string, { version }: { readonly version: 2 | 3 }): SeriesDescription {
  const { labels, end } = readMetric(text, version);
  return { labels, values: readValues(text, end) };
}

/** Reads `metric{a="b"}`: labels with their values, and no matchers; throws a `ParseError`. */
export function parseMetric(text: string, { version }: { readonly version: 2 | 3 }): Labels {
  const { labels, lexer } = readMetric(text, version);
  const rest = lexer.next();
  if (rest.kind === 'end of input') return labels;
  throw new ParseError(`unexpected ${describe(rest)}`, text, rest.start);
}

type Metric = { readonly labels: Labels; readonly end: number; readonly lexer: Lexer };

function readMetric(text: string, version: 2 | 3): Metric {
  const lexer = new Lexer(text, version);
  const labels = new Map<string, string>();
  let token = lexer.next();
  const { kind, end: nameEnd } = token;
  if (kind === 'identifier' || kind === 'metric identifier' || METRIC_WORDS.has(kind)) {
    labels.set(METRIC_NAME, token.text);
    // What may follow, `0x5` or `{{`, are no tokens of expressions.
    if (text[nameEnd] !== '{') return { labels, end: nameEnd, lexer };
    token = lexer.next();
  }
  if (token.kind !== '{') throw unexpected(text, token, 'series values', '');
  let end = nameEnd;
  const named = new Map<string, string>();
  for (token = lexer.next(); ; token = lexer.next()) {
    if (token.kind === '}') {
      end = token.end;
      break;
    }
    const separator = readLabel(text, token, lexer, version, named);
    if (separator.kind === '}') {
      end = separator.end;
      break;
    }
    if (separator.kind !== ',') throw unexpected(text, separator, 'label set', '"," or "}"');
  }
  for (const [label, value] of named) if (value !== '' && !labels.has(label)) labels.set(label, value);
  return { labels, end, lexer };
}

/** Reads one label into the others, and gives back what stands behind it. */
function readLabel(
  text: string,
  label: Token,
  lexer: Lexer,
  version: 2 | 3,
  into: Map<string, string>,
): Token {
  const isQuoted = label.kind === 'string' && version === 3;
  if (label.kind !== 'identifier' && !isQuoted) {
    throw unexpected(text, label, 'label set', 'identifier or "}"');
  }
  const name = isQuoted ? unquote(label.text) : label.text;
  const equals = lexer.next();
  if (isQuoted && (equals.kind === ',' || equals.kind === '}')) {
    into.set(METRIC_NAME, name);
    return equals;
  }
  if (equals.kind !== '=') throw unexpected(text, equals, 'label set', '"="');
  const value = lexer.next();
  if (value.kind !== 'string') throw unexpected(text, value, 'label set', 'string');
  into.set(name, unquote(value.text));
  return lexer.next();
}

/** Reads what stands behind the labels: `1`, `1x2`, `1+2x3`, `_`, `_x2`, `stale`, with spaces between. */
function readValues(text: string, start: number): SequenceValue[] {
  const values: SequenceValue[] = [];
  const tokens = new ValueTokens(text, start);
  while (tokens.is('space')) {
    const { start, end } = tokens.take();
    if (tokens.is('end of input')) break;
    if (text.slice(start, end).includes('\n')) throw tokens.unexpected('');
    if (tokens.is('_')) {
      tokens.take();
      append(values, undefined, 0, tokens.takeIf('x') ? tokens.repetition() - 1 : 0, tokens);
    } else if (tokens.is('identifier')) {
      if (tokens.ahead.text !== 'stale') throw tokens.unexpected('number or "stale"');
      tokens.take();
      values.push('stale');
    } else if (tokens.beginsNumber()) {
      const value = tokens.number();
      const step = tokens.beginsSign() ? tokens.number() : undefined;
      const repeats = step !== undefined ? tokens.mustRepeat() : tokens.takeIf('x') ? tokens.repetition() : 0;
      append(values, value, step ?? 0, repeats, tokens);
    } else break;
  }
  if (!tokens.is('end of input')) {
    throw new ParseError(`unexpected ${describe(tokens.ahead)}`, text, tokens.ahead.start);
  }
  return values;
}

/** A value and as many more. Steps are added one after the other, rounding errors included. */
function append(
  values: SequenceValue[],
  first: SequenceValue,
  step: number,
  repeats: number,
  tokens: ValueTokens,
): void {
  if (values.length + repeats >= MOST_VALUES) {
    throw tokens.error(`more than ${MOST_VALUES} samples in series values`);
  }
  let value = first;
  for (let place = 0; place <= repeats; place += 1) {
    values.push(value);
    if (typeof value === 'number' && step !== 0) value += step;
  }
}

const VALUE_TOKENS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['+', /\+/y],
  ['-', /-/y],
  ['x', /x/y],
  ['_', /_/y],
  ['number', /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]*)?/y],
  ['identifier', /[a-zA-Z][a-zA-Z0-9_:]*/y],
];

/** The tokens of values are not those of expressions: `0x5` is six zeros. */
class ValueTokens {
  ahead: Token;
  readonly #text: string;
  #last: Token;

  constructor(text: string, start: number) {
    this.#text = text;
    this.ahead = this.#read(start);
    this.#last = this.ahead;
  }

  is(kind: string): boolean {
    return this.ahead.kind === kind;
  }

  take(): Token {
    this.#last = this.ahead;
    this.ahead = this.#read(this.ahead.end);
    return this.#last;
  }

  takeIf(kind: string): boolean {
    if (!this.is(kind)) return false;
    this.take();
    return true;
  }

  beginsNumber(): boolean {
    return this.is('number') || this.beginsSign();
  }

  beginsSign(): boolean {
    return this.is('+') || this.is('-');
  }

  number(): number {
    const isNegative = this.is('-');
    if (this.beginsSign()) this.take();
    if (!this.is('number')) throw this.unexpected('');
    const value = this.#valueOf(this.take());
    return isNegative ? -value : value;
  }

  mustRepeat(): number {
    if (this.takeIf('x')) return this.repetition();
    throw this.unexpected('');
  }

  repetition(): number {
    if (!this.is('number')) throw this.unexpected('');
    const { text } = this.take();
    if (/^[0-9]+$/.test(text)) return Number(text);
    const reason = `strconv.ParseUint: parsing ${quoted(text)}: invalid syntax`;
    throw this.error(`invalid repetition in series values: ${reason}`);
  }

  unexpected(expected: string): ParseError {
    return unexpected(this.#text, this.ahead, 'series values', expected);
  }

  /** A fault of what was taken last. */
  error(reason: string): ParseError {
    return new ParseError(reason, this.#text, this.#last.start);
  }

  #valueOf({ text, start }: Token): number {
    try {
      return parseNumber(text);
    } catch (error) {
      if (error instanceof Error) throw new ParseError(error.message, this.#text, start);
      throw error;
    }
  }

  #read(start: number): Token {
    if (start >= this.#text.length) return { kind: 'end of input', text: '', start, end: start };
    for (const [kind, pattern] of VALUE_TOKENS) {
      pattern.lastIndex = start;
      if (!pattern.test(this.#text)) continue;
      const token = { kind, text: this.#text.slice(start, pattern.lastIndex), start, end: pattern.lastIndex };
      if (kind === 'number' && /[a-wyzA-Z0-9_]/.test(this.#text[token.end] ?? '')) {
        throw new ParseError(`bad number syntax: ${quoted(token.text)}`, this.#text, start);
      }
      if (kind === 'space') return { ...token, text: token.text.slice(0, 1) };
      return kind === 'identifier' ? word(token) : token;
    }
    if (this.#text.startsWith('{{', start)) {
      throw new ParseError('native histograms are not supported in series values', this.#text, start);
    }
    const character = quotedCharacter(String.fromCodePoint(this.#text.codePointAt(start)!));
    throw new ParseError(`unexpected character in series sequence: ${character}`, this.#text, start);
  }
}

function word(token: Token): Token {
  const isNumber = /^(?:inf|nan)$/i.test(token.text);
  if (isNumber) return { ...token, kind: 'number' };
  return token.text.includes(':') ? { ...token, kind: 'metric identifier' } : token;
}

function unexpected(text: string, token: Token, context: string, expected: string): ParseError {
  const instead = expected === '' ? '' : `, expected ${expected}`;
  return new ParseError(`unexpected ${describe(token)} in ${context}${instead}`, text, token.start);
}

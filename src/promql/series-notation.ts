import type { Labels } from '../model/index.ts';
import { METRIC_NAME } from './labels.ts';
import { describe, Lexer, METRIC_WORDS, type Token } from './lexer.ts';
import { parseNumber } from './numbers.ts';
import { ParseError } from './parse-error.ts';
import { quotedCharacter } from './quoting.ts';
import { unquote } from './strings.ts';

/** One place in a sequence of samples: a value, a stale marker, or nothing. */
export type SequenceValue = number | 'stale' | undefined;

export type SeriesDescription = { readonly labels: Labels; readonly values: readonly SequenceValue[] };

/** How many samples one series may have. */
const MOST_VALUES = 10_000_000;

/** Reads `metric{a="b"} 1+2x3 _ stale`, the notation of unit tests; throws a `ParseError`. */
export function parseSeries(text: string, { version }: { readonly version: 2 | 3 }): SeriesDescription {
  const { labels, end } = readMetric(text, version);
  if (!/[ \t\r\n]/.test(text[end] ?? '')) throw wrongCharacter(text, end, 'series description');
  return { labels, values: readValues(text, end) };
}

/** Reads `metric{a="b"}`: labels with their values, and no matchers; throws a `ParseError`. */
export function parseMetric(text: string, { version }: { readonly version: 2 | 3 }): Labels {
  const { labels, end } = readMetric(text, version);
  const behind = /[^ \t\r\n]/g;
  behind.lastIndex = end;
  const rest = behind.exec(text);
  if (rest !== null) {
    throw new ParseError(`unexpected ${quotedCharacter(rest[0])} behind the labels`, text, rest.index);
  }
  return labels;
}

function readMetric(text: string, version: 2 | 3): { readonly labels: Labels; readonly end: number } {
  const lexer = new Lexer(text, version);
  const labels = new Map<string, string>();
  let end = 0;
  // A name is read by hand: what may follow it, `0x5` or `{{`, are no tokens of expressions.
  const name = /^[ \t\r\n]*([a-zA-Z_:][a-zA-Z0-9_:]*)/.exec(text);
  if (name !== null) {
    end = name[0].length;
    const token = lexer.next();
    const isName =
      token.kind === 'identifier' || token.kind === 'metric identifier' || METRIC_WORDS.has(token.kind);
    if (!isName) throw unexpected(text, token, 'metric name', '');
    labels.set(METRIC_NAME, token.text);
  }
  const open = /[ \t\r\n]*\{(?!\{)/y;
  open.lastIndex = end;
  if (name !== null && text[end] !== '{') return { labels, end };
  if (!open.test(text)) throw wrongCharacter(text, end, 'series description');
  lexer.next();
  const named = new Map<string, string>();
  for (let token = lexer.next(); ; token = lexer.next()) {
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
  return { labels, end };
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

const NUMBER = String.raw`(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[iI][nN][fF]|[nN][aA][nN]`;
/** A value, what is added to it from one sample to the next, and how often. */
const ITEM = new RegExp(
  `^(?:(?<omitted>_)|(?<stale>stale)|(?<value>[+-]?(?:${NUMBER}))(?<step>[+-](?:${NUMBER}))?)(?:x(?<times>[0-9]+))?$`,
);

function readValues(text: string, start: number): SequenceValue[] {
  const values: SequenceValue[] = [];
  const words = /[^ \t\r\n]+/g;
  words.lastIndex = start;
  for (let word = words.exec(text); word !== null; word = words.exec(text)) {
    const at = word.index;
    if (word[0].startsWith('{{')) {
      throw new ParseError('native histograms are not supported in series values', text, at);
    }
    const item = ITEM.exec(word[0])?.groups;
    if (item === undefined || (item['step'] !== undefined && item['times'] === undefined)) {
      throw new ParseError(
        `unexpected ${JSON.stringify(word[0])} in series values, expected number or "stale"`,
        text,
        at,
      );
    }
    const times = Number(item['times'] ?? 0);
    if (values.length + times >= MOST_VALUES) {
      throw new ParseError(`more than ${MOST_VALUES} samples in series values`, text, at);
    }
    repeat(item, times, values);
  }
  return values;
}

/** `1x3` is one value and three more, `_x3` are three places. Steps are added one after the other, rounding errors included. */
function repeat(item: Record<string, string | undefined>, times: number, into: SequenceValue[]): void {
  if (item['omitted'] !== undefined) {
    const places = item['times'] === undefined ? 1 : times;
    for (let place = 0; place < places; place += 1) into.push(undefined);
    return;
  }
  const step = item['step'] === undefined ? 0 : signedNumber(item['step']);
  let value = item['value'] === undefined ? undefined : signedNumber(item['value']);
  for (let place = 0; place <= times; place += 1) {
    into.push(value ?? 'stale');
    if (value !== undefined && item['step'] !== undefined) value += step;
  }
}

function signedNumber(text: string): number {
  return text.startsWith('-') ? -parseNumber(text.slice(1)) : parseNumber(text.replace(/^\+/, ''));
}

function unexpected(text: string, token: Token, context: string, expected: string): ParseError {
  const instead = expected === '' ? '' : `, expected ${expected}`;
  return new ParseError(`unexpected ${describe(token)} in ${context}${instead}`, text, token.start);
}

function wrongCharacter(text: string, index: number, context: string): ParseError {
  const code = text.codePointAt(index);
  const what = code === undefined ? 'end of input' : quotedCharacter(String.fromCodePoint(code));
  return new ParseError(`unexpected ${what} in ${context}`, text, index);
}

import { ParseError } from './parse-error.ts';
import { quoted, quotedCharacter } from './quoting.ts';
import { endOfString, StringFault } from './strings.ts';

/** `kind` is the keyword or sign itself in lower case where it is not one of these. */
export type Token = {
  readonly kind: string;
  readonly text: string;
  /** Index in the text, and the one behind the last. */
  readonly start: number;
  readonly end: number;
};

const SIGN_OPERATORS = ['+', '-', '*', '/', '%', '^', '==', '!=', '<=', '<', '>=', '>', '=~', '!~', '@'];
const WORD_OPERATORS = ['and', 'or', 'unless', 'atan2'];
const OPERATORS: ReadonlySet<string> = new Set([...SIGN_OPERATORS, ...WORD_OPERATORS]);

/** Aggregations; as names of metrics they are allowed too. */
export const AGGREGATES: ReadonlySet<string> = new Set([
  ...['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar'],
  ...['topk', 'bottomk', 'count_values', 'quantile'],
]);

/** Words of the syntax that Prometheus' messages put in angle brackets. */
const MODIFIERS = ['offset', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool'];

const KEYWORDS: ReadonlySet<string> = new Set([
  ...WORD_OPERATORS,
  ...AGGREGATES,
  ...MODIFIERS,
  'start',
  'end',
]);

/** Words that name a metric where an expression begins, although they are keywords. */
export const METRIC_WORDS: ReadonlySet<string> = new Set([
  ...AGGREGATES,
  ...['and', 'or', 'unless', 'by', 'without', 'offset', 'start', 'end'],
]);

/** Words that name a label in a list of labels, although they are keywords. */
export const LABEL_WORDS: ReadonlySet<string> = new Set([...KEYWORDS].filter((word) => word !== 'without'));

/** A token as Prometheus' messages speak of it: `identifier "a"`, `<op:+>`, `end of input`. */
export function describe({ kind, text }: Token): string {
  switch (kind) {
    case 'end of input':
      return kind;
    case 'identifier':
    case 'metric identifier':
      return `${kind} ${quoted(text)}`;
    case 'number':
    case 'duration':
    case 'string':
      return `${kind} ${shortened(text)}`;
    default:
      if (MODIFIERS.includes(kind)) return `<${text}>`;
      if (OPERATORS.has(kind)) return `<op:${text}>`;
      if (AGGREGATES.has(kind)) return `<aggr:${text}>`;
      return shortened(text);
  }
}

/** Ten characters of what has more than ten bytes. */
function shortened(text: string): string {
  if (Buffer.byteLength(text) <= 10) return quoted(text);
  return `${quoted([...text.slice(0, 20)].slice(0, 10).join(''))}...`;
}

const SPACE = /[ \t\r\n]*/y;
const COMMENT = /#[^\r\n]*/y;
const LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const SIGN = /==|!=|<=|>=|[-+*/%^=<>,@()[\]{]/y;
const SIGN_IN_BRACES = /=~|!~|!=|[=,}]/y;

/**
 * Not every one of these is a number: what is none is found out when it is read as one. The digits are looked ahead at and
 * then stepped over, so that no shorter reading is tried where a letter follows.
 */
const NUMBER =
  /(?=((?:0[xX][0-9a-fA-F]*(?:\.[0-9a-fA-F]*)?|[0-9]*(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]*)?))\1(?![a-zA-Z0-9_])/y;
const NUMBER_3 =
  /(?=((?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F]*)?|(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?)(?:[eE][+-]?[0-9_]*)?))\1(?![a-zA-Z0-9_])/y;
/** What is left of a number that is none, up to where Prometheus gives up. */
const NUMBER_START = /(?:0[xX][0-9a-fA-F]*(?:\.[0-9a-fA-F]*)?|[0-9]*(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]*)?/y;
const DURATION_UNITS = /[smhdwy]s?(?:[0-9]+[smhdw]s?)*/y;
const DURATION_SPOILED = /[0-9]+|[a-zA-Z_]/y;

/** Hands out the tokens of an expression one by one; throws a `ParseError` where there is none. */
export class Lexer {
  readonly #text: string;
  readonly #version: 2 | 3;
  #at = 0;
  #parens = 0;
  #inBraces = false;
  #inBrackets = false;
  #sawColon = false;
  /** A bracket was opened and the range comes next. */
  #wantsRange = false;

  constructor(text: string, version: 2 | 3) {
    this.#text = text;
    this.#version = version;
  }

  next(): Token {
    if (!this.#wantsRange) this.#skipComments();
    else this.#match(SPACE);
    if (this.#wantsRange) {
      this.#wantsRange = false;
      const duration = this.#range();
      if (duration !== undefined) return duration;
    }
    if (this.#at >= this.#text.length) return this.#end();
    return this.#inBraces ? this.#insideBraces() : this.#statement();
  }

  #end(): Token {
    if (this.#inBraces) throw this.#error('unexpected end of input inside braces');
    if (this.#parens !== 0) throw this.#error('unclosed left parenthesis');
    if (this.#inBrackets) throw this.#error('unclosed left bracket');
    return { kind: 'end of input', text: '', start: this.#at, end: this.#at };
  }

  #statement(): Token {
    const character = this.#character(this.#at);
    const next = this.#text[this.#at + 1];
    if (/[0-9]/.test(character) || (character === '.' && next !== undefined && /[0-9]/.test(next))) {
      return this.#numberOrDuration();
    }
    if (/[a-zA-Z_:]/.test(character)) return this.#inBrackets ? this.#colon(character) : this.#word();
    if (/["'`]/.test(character)) return this.#string();
    if (character === '!' && next !== '=') {
      throw this.#error(`unexpected character after '!': ${quotedCharacter(this.#character(this.#at + 1))}`);
    }
    if (character === '=' && next === '~') throw this.#error(`unexpected character after '=': '~'`);
    const sign = this.#token(SIGN);
    if (sign === undefined) throw this.#error(`unexpected character: ${quotedCharacter(character)}`);
    this.#track(sign);
    return sign;
  }

  /** Keeps count of what is open. */
  #track(sign: Token): void {
    switch (sign.kind) {
      case '(':
        this.#parens += 1;
        break;
      case ')':
        this.#parens -= 1;
        if (this.#parens < 0) throw this.#error("unexpected right parenthesis ')'");
        break;
      case '{':
        this.#inBraces = true;
        break;
      case '[':
        if (this.#inBrackets) throw this.#error("unexpected left bracket '['", sign.start);
        this.#inBrackets = true;
        this.#sawColon = false;
        this.#wantsRange = true;
        break;
      case ']':
        if (!this.#inBrackets) throw this.#error("unexpected right bracket ']'", sign.start);
        this.#inBrackets = false;
        break;
    }
  }

  #insideBraces(): Token {
    const character = this.#character(this.#at);
    if (/[a-zA-Z_]/.test(character)) return this.#token(LABEL, 'identifier')!;
    if (/["'`]/.test(character)) return this.#string();
    if (character === '{') throw this.#error("unexpected left brace '{'");
    const sign = this.#token(SIGN_IN_BRACES);
    if (sign !== undefined) {
      if (sign.kind === '}') this.#inBraces = false;
      return sign;
    }
    if (character !== '!') {
      throw this.#error(`unexpected character inside braces: ${quotedCharacter(character)}`);
    }
    const after = quotedCharacter(this.#character(this.#at + 1));
    throw this.#error(`unexpected character after '!' inside braces: ${after}`);
  }

  #word(): Token {
    const word = this.#token(WORD, 'identifier')!;
    const keyword = word.text.toLowerCase();
    if (keyword === 'inf' || keyword === 'nan') return { ...word, kind: 'number' };
    if (KEYWORDS.has(keyword)) return { ...word, kind: keyword };
    return word.text.includes(':') ? { ...word, kind: 'metric identifier' } : word;
  }

  /** The colon of a subquery. Prometheus 2 takes any letter for one. */
  #colon(character: string): Token {
    if (this.#version === 3 && character !== ':') {
      throw this.#error(`unexpected character: ${quotedCharacter(character)}, expected ':'`);
    }
    if (this.#sawColon) throw this.#error(`unexpected colon ${quotedCharacter(character)}`);
    this.#sawColon = true;
    this.#at += 1;
    return { kind: ':', text: character, start: this.#at - 1, end: this.#at };
  }

  #string(): Token {
    const start = this.#at;
    try {
      this.#at = endOfString(this.#text, start);
    } catch (error) {
      if (error instanceof StringFault) throw this.#error(error.message);
      throw error;
    }
    return { kind: 'string', text: this.#text.slice(start, this.#at), start, end: this.#at };
  }

  #numberOrDuration(): Token {
    return (
      this.#token(this.#version === 3 ? NUMBER_3 : NUMBER, 'number') ??
      this.#duration('bad number or duration syntax')
    );
  }

  /** What stands behind an opened bracket. In Prometheus 3 that may be a number, and nothing is for the parser to see. */
  #range(): Token | undefined {
    if (this.#version === 3) {
      if (!/[0-9.]/.test(this.#text[this.#at] ?? '')) return undefined;
      return this.#token(NUMBER_3, 'number') ?? this.#duration('bad duration syntax');
    }
    if (this.#matches(NUMBER)) throw this.#error('missing unit character in duration');
    return this.#duration('bad duration syntax');
  }

  #duration(fault: string): Token {
    const start = this.#at;
    this.#match(NUMBER_START);
    const units = this.#match(DURATION_UNITS);
    const spoiled = units === '' ? '' : this.#match(DURATION_SPOILED);
    const text = this.#text.slice(start, this.#at);
    if (units === '' || spoiled !== '') throw this.#error(`${fault}: ${quoted(text)}`, start);
    return { kind: 'duration', text, start, end: this.#at };
  }

  #skipComments(): void {
    do this.#match(SPACE);
    while (this.#match(COMMENT) !== '');
  }

  /** The character at a place; behind the end Prometheus sees one that is none. */
  #character(index: number): string {
    const code = this.#text.codePointAt(index);
    return code === undefined ? '\ufffd' : String.fromCodePoint(code);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  /** Steps over what fits the pattern. */
  #match(pattern: RegExp): string {
    if (!this.#matches(pattern)) return '';
    const found = this.#text.slice(this.#at, pattern.lastIndex);
    this.#at = pattern.lastIndex;
    return found;
  }

  #token(pattern: RegExp, kind?: string): Token | undefined {
    const start = this.#at;
    const text = this.#match(pattern);
    return text === '' ? undefined : { kind: kind ?? text, text, start, end: this.#at };
  }

  #error(reason: string, index = this.#at): ParseError {
    return new ParseError(reason, this.#text, index);
  }
}

import type { Extent } from './ast.ts';
import { describe, Lexer, METRIC_WORDS, type Token } from './lexer.ts';
import { ParseError } from './parse-error.ts';
import { refusedWord } from './refusals.ts';

/** The tokens of an expression, one of them looked at before it is taken, and what is said of the wrong ones. */
export class Tokens {
  readonly version: 2 | 3;
  /** How many aggregations are open: a fault inside one is said to be in it. */
  aggregations = 0;
  readonly #text: string;
  readonly #lexer: Lexer;
  readonly #bytes: (index: number) => number;
  /** Tokens are read when they are looked at, so that faults come in Prometheus' order. */
  #ahead: Token | undefined;
  #lastEnd = 0;

  constructor(text: string, version: 2 | 3) {
    this.version = version;
    this.#text = text;
    this.#lexer = new Lexer(text, version);
    this.#bytes = byteIndex(text);
  }

  /** Where the last one taken ends, in bytes. */
  get end(): number {
    return this.#bytes(this.#lastEnd);
  }

  /** Whether an expression can begin with this one. */
  beginsExpression({ kind }: Token): boolean {
    return (
      ['(', '{', '+', '-', 'number', 'string', 'identifier', 'metric identifier'].includes(kind) ||
      METRIC_WORDS.has(kind) ||
      (kind === 'duration' && this.version === 3)
    );
  }

  /** What others say of a token is said of its place. */
  attempt<T>(token: Token, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Error) throw this.error(error.message, token.start);
      throw error;
    }
  }

  peek(): Token {
    this.#ahead ??= this.#lexer.next();
    return this.#ahead;
  }

  take(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    this.#lastEnd = token.end;
    return token;
  }

  is(kind: string): boolean {
    return this.peek().kind === kind;
  }

  takeIf(kind: string): Token | undefined {
    return this.is(kind) ? this.take() : undefined;
  }

  /** Where a token begins, in bytes. */
  startOf({ start }: Token): number {
    return this.#bytes(start);
  }

  /** From the beginning of one to the end of another, in bytes. */
  extent(first: Token, last: Token): Extent {
    return { start: this.#bytes(first.start), end: this.#bytes(last.end) };
  }

  /** The fault that the next one is. */
  unexpected(context = this.aggregations > 0 ? 'aggregation' : '', expected = ''): ParseError {
    const token = this.peek();
    const refused = this.version === 3 ? refusedWord(token, context) : undefined;
    if (refused !== undefined) return this.error(refused, token.start);
    const where = context === '' ? '' : ` in ${context}`;
    const instead = expected === '' ? '' : `, expected ${expected}`;
    return this.error(`unexpected ${describe(token)}${where}${instead}`, token.start);
  }

  error(reason: string, index: number): ParseError {
    return new ParseError(reason, this.#text, index);
  }

  errorAtByte(reason: string, at: number): ParseError {
    return this.error(reason, Buffer.from(this.#text).subarray(0, at).toString().length);
  }
}

/** Where a character stands in UTF-8. */
function byteIndex(text: string): (index: number) => number {
  if (!/[^\0-\x7f]/.test(text)) return (index) => index;
  const bytes = new Uint32Array(text.length + 1);
  for (let index = 0, at = 0; index < text.length; ) {
    const code = text.codePointAt(index)!;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += code < 0x10000 ? 1 : 2;
    bytes[index] = at;
  }
  return (index) => bytes[index] ?? 0;
}

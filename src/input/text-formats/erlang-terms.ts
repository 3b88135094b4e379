import type { AttributeValue } from '../../model/index.ts';
import { stringEnd } from '../json.ts';
import { DEPTH_LIMIT, readable, wholeNumber } from '../values.ts';
import { character, TermReader } from './term-reader.ts';

/** A printed term: tuples and lists are arrays, binaries, strings and atoms text, maps are maps by the text of their keys. */
export type Term = number | bigint | string | readonly Term[] | ReadonlyMap<string, Term>;

/** A term as `io:format("~p")` prints it. Throws a SyntaxError on text that is no such term. */
export function erlangTerm(text: string): Term {
  return new ErlangReader(text).term(0);
}

const NUMBER = /-?\d+(?:\.\d+(?:e[+-]?\d+)?)?/y;
const BYTE = /\d{1,3}/y;
const ATOM = /[a-z][\w@]*/y;
/** `<0.123.0>`, `#Ref<0.1.2.3>`, `#Fun<erl_eval.6>` */
const OPAQUE = /#?\w*<[^>\n]*>/y;
const SEGMENT_TYPE = /(?::\d+)?(?:\/\w+)?/y;

class ErlangReader extends TermReader {
  term(depth: number): Term {
    if (depth > DEPTH_LIMIT) throw this.error('nested too deeply');
    this.space();
    const char = this.text[this.at];
    if (this.skips('{')) return this.#items('}', depth);
    if (this.skips('[')) return this.#items(']', depth);
    if (this.skips('#{')) return this.#map(depth);
    if (this.skips('<<')) return this.#binary();
    if (char === '"') return this.#strings();
    if (char === "'") return this.#quoted(0x27);
    const number = this.take(NUMBER);
    if (number !== undefined) return numberOf(number);
    const other = this.take(ATOM) ?? this.take(OPAQUE);
    if (other === undefined) throw this.error('term expected');
    return other;
  }

  #items(close: string, depth: number): Term[] {
    const items: Term[] = [];
    for (let first = true; this.next(close, first); first = false) items.push(this.term(depth + 1));
    return items;
  }

  #map(depth: number): ReadonlyMap<string, Term> {
    const map = new Map<string, Term>();
    for (let first = true; this.next('}', first); first = false) {
      const key = this.term(depth + 1);
      this.space();
      if (!this.skips('=>')) throw this.error('=> expected');
      map.set(readable(key as AttributeValue), this.term(depth + 1));
    }
    return map;
  }

  /** `<<"text">>`, `<<"text"/utf8>>`, `<<104,105>>` */
  #binary(): string {
    const parts: Buffer[] = [];
    for (let first = true; this.next('>>', first); first = false) {
      const number = this.take(BYTE);
      if (number !== undefined) parts.push(Buffer.from([Number(number) & 0xff]));
      else if (this.text[this.at] === '"') parts.push(Buffer.from(this.#strings()));
      else throw this.error('bytes expected');
      this.take(SEGMENT_TYPE);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  /** A string, or several one after another: long ones are printed in parts. */
  #strings(): string {
    let text = this.#quoted(0x22);
    while (this.take(/\s*(?=")/y) !== undefined) text += this.#quoted(0x22);
    return text;
  }

  #quoted(quote: number): string {
    const end = stringEnd(this.text, this.at + 1, quote);
    if (end > this.text.length) throw this.error('quote expected');
    const literal = this.text.slice(this.at + 1, end - 1);
    this.at = end;
    // Line feeds are printed as `\n`: a real one was put there by somebody who wrapped the lines.
    return literal.replaceAll('\n', ' ').replaceAll(ESCAPE, unescaped);
  }
}

function numberOf(text: string): Term {
  return /^-?\d{1,60}$/.test(text) ? wholeNumber(BigInt(text)) : Number(text);
}

const ESCAPE = /\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|([0-7]{1,3})|(.))/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['d', '\x7f'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['s', ' '],
  ['v', '\v'],
]);

function unescaped(_: string, wide?: string, hex?: string, octal?: string, char?: string): string {
  const code = wide ?? hex;
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  if (code === undefined) return ESCAPES.get(char!) ?? char!;
  return character(Number.parseInt(code, 16));
}

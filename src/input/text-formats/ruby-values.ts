import type { JsonObject, JsonValue } from '../format.ts';
import { stringEnd } from '../json.ts';
import { attributeValue, DEPTH_LIMIT, readable, wholeNumber } from '../values.ts';
import { character, TermReader } from './term-reader.ts';

/**
 * A value as Ruby's `inspect` and `pp` print it. Structs and other objects read as objects of their members, without the
 * `@`. Members that are called `…_id` are raw bytes and read as hex. Throws a SyntaxError on text that is no such value.
 */
export function rubyValue(text: string): JsonValue {
  return new RubyReader(text).value(0);
}

const NUMBER = /-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?/y;
const SYMBOL = /:[A-Za-z_]\w*[?!]?/y;
const WORD = /[A-Za-z_][\w:.]*[?!]?/y;
const MEMBER = /@{0,2}[A-Za-z_]\w*(?==)/y;
const KEY = /[A-Za-z_]\w*[?!]?(?=: )/y;
const CLASS = /(?:struct )?[\w:]*/y;
const BARE = /[^,}\]>\n]+/y;
const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['nil', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]);

class RubyReader extends TermReader {
  value(depth: number): JsonValue {
    if (depth > DEPTH_LIMIT) throw this.error('nested too deeply');
    this.space();
    const char = this.text[this.at];
    if (char === '"') return this.#bytes().toString('utf8');
    if (this.skips('#<')) return this.#object(depth);
    if (this.skips('{')) return this.#hash(depth);
    if (this.skips('[')) return this.#array(depth);
    if (char === ':') return this.#symbol();
    const number = this.take(NUMBER);
    if (number !== undefined) return numberOf(number.replaceAll('_', ''));
    const word = this.take(WORD);
    if (word !== undefined && WORDS.has(word)) return WORDS.get(word);
    const rest = this.take(BARE);
    if (word === undefined && rest === undefined) throw this.error('value expected');
    return `${word ?? ''}${rest ?? ''}`.trim();
  }

  /** `#<struct Name a=1, b=2>`, `#<Name:0x0001 @a=1>`, `#<Name>`. */
  #object(depth: number): JsonObject {
    const object: JsonObject = Object.create(null);
    this.take(CLASS);
    for (let first = true; ; first = false) {
      this.space();
      if (this.skips('>')) return object;
      if (!first && this.skips(',')) this.space();
      const member = this.take(MEMBER);
      if (member === undefined) {
        // Something that an object says of itself in its own words.
        if (this.take(BARE) === undefined && this.take(/[,}\]\n]/y) === undefined)
          throw this.error('> expected');
        continue;
      }
      this.at++;
      this.space();
      const isId = member.endsWith('_id') && this.text[this.at] === '"';
      object[member.replace(/^@+/, '')] = isId ? this.#bytes().toString('hex') : this.value(depth + 1);
    }
  }

  #hash(depth: number): JsonObject {
    const object: JsonObject = Object.create(null);
    for (let first = true; this.next('}', first); first = false) {
      const key = this.take(KEY) ?? this.value(depth + 1);
      this.space();
      if (!this.skips('=>') && !this.skips(':')) throw this.error('=> expected');
      object[readable(attributeValue(key))] = this.value(depth + 1);
    }
    return object;
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    for (let first = true; this.next(']', first); first = false) items.push(this.value(depth + 1));
    return items;
  }

  #symbol(): string {
    const symbol = this.take(SYMBOL);
    if (symbol !== undefined) return symbol.slice(1);
    this.at++;
    if (this.text[this.at] !== '"') throw this.error('symbol expected');
    return this.#bytes().toString('utf8');
  }

  /** A string, or several that are joined: `pp` breaks long ones at line feeds, with a `+` between the parts. */
  #bytes(): Buffer {
    const parts: Buffer[] = [];
    for (;;) {
      const end = stringEnd(this.text, this.at + 1, 0x22);
      if (end > this.text.length) throw this.error('string does not end');
      parts.push(unescaped(this.text.slice(this.at + 1, end - 1)));
      this.at = end;
      if (this.take(/\s*\+\s*(?=")/y) === undefined)
        return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    }
  }
}

function numberOf(text: string): JsonValue {
  return /^-?\d{1,40}$/.test(text) ? wholeNumber(BigInt(text)) : Number(text);
}

const ESCAPE = /\\(?:x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|([0-7]{1,3})|([\s\S]))/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['v', '\v'],
  ['s', ' '],
]);

/** The bytes of a string literal: `\xHH` is one byte, everything else is text. */
function unescaped(literal: string): Buffer {
  if (!literal.includes('\\')) return Buffer.from(literal);
  const parts: Buffer[] = [];
  let from = 0;
  for (const found of literal.matchAll(ESCAPE)) {
    if (found.index > from) parts.push(Buffer.from(literal.slice(from, found.index)));
    from = found.index + found[0].length;
    const [, byte, braced, unit, octal, char] = found;
    const code = braced ?? unit;
    if (byte !== undefined) parts.push(Buffer.from([Number.parseInt(byte, 16)]));
    else if (octal !== undefined) parts.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]));
    else if (code !== undefined) parts.push(Buffer.from(character(Number.parseInt(code, 16))));
    else parts.push(Buffer.from(ESCAPES.get(char!) ?? char!));
  }
  parts.push(Buffer.from(literal.slice(from)));
  return Buffer.concat(parts);
}

import type { JsonObject, JsonValue } from './format.ts';

/**
 * Reads back what Node's `util.inspect` printed (lib/internal/util/inspect.js), whatever layout its options gave.
 *
 * What it left out stays left out: items past `maxArrayLength` are missing, a cut string keeps its note
 * (`… more characters`), and things too deep or without a literal (`[Object]`, `[Function: f]`, dates, symbols) are the
 * text that was printed. A `Map` and a class instance read as objects, a `Set` and a typed array as arrays.
 * Throws a SyntaxError on text that is no such value.
 */
export function parseInspect(text: string): JsonValue {
  const parser = new Parser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

/** Deeper than any console exporter prints, far from the end of the stack. */
const DEPTH_LIMIT = 500;

const NUMBER = /[+-]?(?:\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|Infinity)n?(?![\w.:-])/y;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$.]*/uy;
const MORE_CHARACTERS = /\.\.\. \d+ more characters?/y;
const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

class Parser {
  readonly #text: string;
  #at = 0;
  #searchedFrom = 0;
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > DEPTH_LIMIT) throw this.#error('nested too deeply');
    this.#space();
    const char = this.#text[this.#at];
    if (char === undefined) throw this.#error('value expected');
    if (char === '{') return this.#object(depth, true);
    if (char === "'" || char === '"' || char === '`') return this.#strings();
    if (char === '[' && !this.#atLabel()) return this.#array(depth);
    const number = this.#take(NUMBER);
    return number === undefined ? this.#named(depth) : numberFrom(number);
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('end expected');
  }

  /** `{ key: value, [Symbol(x)]: value }`; behind a name also `{ 'map key' => value, setItem, ... 2 more items }`. */
  #object(depth: number, keyed: boolean): JsonValue {
    const object: JsonObject = Object.create(null);
    const items: JsonValue[] = [];
    this.#at++;
    for (let first = true; !this.#closes('}', first); first = false) {
      if (this.#more()) continue;
      const key = this.#key();
      if (key !== undefined) object[key] = this.value(depth + 1);
      else if (keyed) throw this.#error('key expected');
      else {
        const item = this.value(depth + 1);
        this.#space();
        if (this.#text.startsWith('=>', this.#at)) {
          this.#at += 2;
          object[keyText(item)] = this.value(depth + 1);
        } else items.push(item);
      }
    }
    return items.length > 0 ? items : object;
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#at++;
    for (let first = true; !this.#closes(']', first); first = false) {
      if (this.#more()) continue;
      // An array may carry members of its own: `[ 'a', index: 0 ]`.
      if (this.#atWord() && this.#key() !== undefined) this.value(depth + 1);
      else items.push(this.value(depth + 1));
    }
    return items;
  }

  /** A key and its colon; undefined, with nothing consumed, where no key stands. */
  #key(): string | undefined {
    this.#space();
    const start = this.#at;
    const char = this.#text[start];
    let key: string | undefined;
    if (char === "'" || char === '"' || char === '`') key = this.#string();
    else if (char === '[') key = this.#bracketKey();
    else key = this.#word();
    this.#space();
    if (key !== undefined && this.#text[this.#at] === ':') {
      this.#at++;
      return key;
    }
    this.#at = start;
    return undefined;
  }

  /** `[Symbol(x)]`, `[length]` of hidden members, and `['__proto__']`. */
  #bracketKey(): string | undefined {
    const quote = this.#text[this.#at + 1];
    if (quote !== "'" && quote !== '"')
      return this.#atLabel() ? this.#brackets('[', ']').slice(1, -1) : undefined;
    this.#at++;
    const key = this.#string();
    if (this.#text[this.#at] !== ']') return undefined;
    this.#at++;
    return key;
  }

  /** `[` of a label such as `[Object]`, `[Circular *1]`, `[length]`, not of an array, whose items stand apart from it. */
  #atLabel(): boolean {
    const next = this.#text[this.#at + 1];
    if (next === undefined || !/[\p{L}_$]/u.test(next)) return false;
    return !/^(?:true|false|null|undefined|NaN|Infinity)\s*[,\]]/.test(
      this.#text.slice(this.#at + 1, this.#at + 14),
    );
  }

  /**
   * Everything that begins with a name: literals, `Foo {`, `Map(1) {`, `Foo [tag] {`, `[Object: null prototype] {`,
   * `<ref *1> {`, `Foo <Complex prototype> {`, and what stays text: `[Object]`, `Symbol(x)`, a date, `<pending>`.
   */
  #named(depth: number): JsonValue {
    const start = this.#at;
    const word = this.#word();
    if (word !== undefined && WORDS.has(word) && this.#atDelimiter()) return WORDS.get(word);
    for (;;) {
      const char = this.#text[this.#at];
      if (char === '(') this.#brackets('(', ')');
      else if (char === '<') this.#brackets('<', '>');
      else if (char === '[' && this.#atLabel()) this.#brackets('[', ']');
      else if (char === ' ' && /[([<{]/.test(this.#text[this.#at + 1] ?? '')) this.#at++;
      else break;
    }
    if (this.#at > start) {
      if (this.#text[this.#at] === '{') return this.#object(depth, false);
      if (this.#text[this.#at] === '[') return this.#array(depth);
    }
    return this.#bareText(start);
  }

  /** The text up to the next delimiter of the enclosing value. */
  #bareText(start: number): string {
    while (!this.#atDelimiter()) {
      const char = this.#text[this.#at];
      if (char === '(') this.#brackets('(', ')');
      else if (char === '[') this.#brackets('[', ']');
      else this.#at++;
    }
    const text = this.#text.slice(start, this.#at).trimEnd();
    if (text === '') throw this.#error('value expected');
    return text;
  }

  #atDelimiter(): boolean {
    const char = this.#text[this.#at];
    if (char === undefined || char === ',' || char === '}' || char === ']' || char === '\n') return true;
    if (char !== ' ') return false;
    const next = this.#text[this.#at + 1];
    return next === '}' || next === ']' || next === '=';
  }

  /** From an opening bracket past the one that closes it. */
  #brackets(open: string, close: string): string {
    const start = this.#at;
    for (let depth = 0; this.#at < this.#text.length; ) {
      const char = this.#text[this.#at++];
      if (char === open) depth++;
      else if (char === close && --depth === 0) return this.#text.slice(start, this.#at);
    }
    this.#at = start;
    throw this.#error(`${close} expected`);
  }

  /** A string, or several joined by ` +` as they are printed when they hold line breaks. */
  #strings(): string {
    let text = this.#string();
    for (;;) {
      const cut = this.#take(MORE_CHARACTERS);
      if (cut !== undefined) return text + cut;
      const before = this.#at;
      this.#space();
      const quote = this.#text[this.#at] === '+' ? /\+\s*(['"`])/y : undefined;
      if (quote !== undefined) quote.lastIndex = this.#at;
      const joined = quote?.exec(this.#text);
      if (joined === undefined || joined === null) {
        this.#at = before;
        return text;
      }
      this.#at += joined[0].length - 1;
      text += this.#string();
    }
  }

  #string(): string {
    const text = this.#text;
    const quote = text[this.#at]!;
    const chunks: string[] = [];
    let from = ++this.#at;
    let end = text.indexOf(quote, from);
    for (; end >= 0; from = ++this.#at) {
      const backslash = this.#nextBackslash(from);
      if (backslash > end) {
        chunks.push(text.slice(from, end));
        this.#at = end + 1;
        return chunks.length === 1 ? chunks[0]! : chunks.join('');
      }
      this.#at = backslash;
      chunks.push(text.slice(from, backslash), this.#escape());
      if (end <= this.#at) end = text.indexOf(quote, this.#at + 1);
    }
    throw this.#error('string does not end');
  }

  /** Remembered, so that strings without escapes do not each search the rest of the text. */
  #nextBackslash(from: number): number {
    if (from < this.#searchedFrom || from > this.#backslash) {
      const found = this.#text.indexOf('\\', from);
      this.#searchedFrom = from;
      this.#backslash = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#backslash;
  }

  /** From a backslash to the last character of its escape. */
  #escape(): string {
    const char = this.#text[++this.#at] ?? '';
    const digits = char === 'x' ? 2 : char === 'u' ? 4 : 0;
    if (digits > 0) {
      const hex = this.#text.slice(this.#at + 1, this.#at + 1 + digits);
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) throw this.#error('bad escape');
      this.#at += digits;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return ESCAPES.get(char) ?? char;
  }

  /** Steps to the next member; true past the closing bracket. */
  #closes(bracket: string, first: boolean): boolean {
    this.#space();
    if (!first && this.#text[this.#at] === ',') {
      this.#at++;
      this.#space();
    } else if (!first && this.#text[this.#at] !== bracket) throw this.#error(`, or ${bracket} expected`);
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  /** `... 20 more items` */
  #more(): boolean {
    if (!this.#text.startsWith('...', this.#at)) return false;
    this.#bareText(this.#at);
    return true;
  }

  #space(): void {
    for (let code = this.#text.charCodeAt(this.#at); code === 32 || (code >= 9 && code <= 13); )
      code = this.#text.charCodeAt(++this.#at);
  }

  #atWord(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return isWordCode(code, false) || code > 127;
  }

  /** A name; nearly all are ASCII. */
  #word(): string | undefined {
    const start = this.#at;
    let at = start;
    while (isWordCode(this.#text.charCodeAt(at), at > start)) at++;
    if (this.#text.charCodeAt(at) > 127) return this.#take(WORD);
    this.#at = at;
    return at > start ? this.#text.slice(start, at) : undefined;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #error(what: string): SyntaxError {
    return new SyntaxError(`${what} at ${this.#at}`);
  }
}

function isWordCode(code: number, inside: boolean): boolean {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36) return true;
  return inside && ((code >= 48 && code <= 57) || code === 46);
}

function numberFrom(text: string): JsonValue {
  const digits = text.replaceAll('_', '');
  return digits.endsWith('n') ? BigInt(digits.slice(0, -1)) : Number(digits);
}

const keyText = (key: JsonValue): string =>
  typeof key === 'object' && key !== null ? '[Object]' : String(key);

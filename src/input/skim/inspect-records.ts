import type { JsonObject, JsonValue } from '../format.ts';
import { Cursor, type Escapes, NOT_PLAIN } from './cursor.ts';
import { PRUNED, REPEATED } from './members.ts';
import { Repeats } from './repeats.ts';
import type { Keys } from './texts.ts';

const [LINE_FEED, SPACE, QUOTE, APOSTROPHE, PLUS, COMMA, MINUS, COLON] = [
  0x0a, 0x20, 0x22, 0x27, 0x2b, 0x2c, 0x2d, 0x3a,
];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, BACKTICK] = [0x7b, 0x7d, 0x5b, 0x5d, 0x60];
const WORDS: readonly (readonly [Buffer, JsonValue])[] = [
  [Buffer.from('undefined'), undefined],
  [Buffer.from('null'), null],
  [Buffer.from('true'), true],
  [Buffer.from('false'), false],
];

/** Escapes of `util.inspect`: one for every character that needs it, and any other character stands for itself. */
const ESCAPES: Escapes = { lengths: new Uint8Array(256).fill(2, SPACE), decode: unescaped };
ESCAPES.lengths[0x78] = 4;
ESCAPES.lengths[0x75] = 6;

/** Objects as `util.inspect` prints plain ones and `parseInspect` reads them, without attributes that nobody wants. */
export class InspectRecords {
  readonly cursor = new Cursor(ESCAPES);
  readonly #keys: Keys;
  readonly #repeats = new Repeats();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** The object that begins at the cursor. Throws `NOT_PLAIN`. */
  record(): JsonObject {
    return this.#object(false);
  }

  #value(byte: number): JsonValue {
    const { cursor } = this;
    if (isQuote(byte)) return this.#text();
    if (byte === OPEN_BRACE) return this.#object(false);
    if (byte === OPEN_BRACKET) return this.#array();
    if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) {
      const number = cursor.number();
      this.#delimiter();
      return Number(number);
    }
    for (const [word, value] of WORDS) {
      if (!cursor.word(word)) continue;
      this.#delimiter();
      return value;
    }
    throw NOT_PLAIN;
  }

  /** `pruned`: without the members that nobody wants. */
  #object(pruned: boolean): JsonObject {
    const { cursor } = this;
    const keys = this.#keys;
    const object: JsonObject = {};
    cursor.open();
    for (let byte = cursor.space(); byte !== CLOSE_BRACE; byte = this.#next(CLOSE_BRACE)) {
      this.#key(byte);
      const { text } = keys;
      const dropped = pruned && !keys.wanted;
      const first = cursor.space();
      if (dropped) this.#skip(first);
      else if (cursor.depth === 1) object[text] = this.#member(text, first);
      else object[text] = this.#value(first);
    }
    cursor.close();
    return object;
  }

  /** A name or a string, and its colon. */
  #key(byte: number): void {
    const { cursor } = this;
    const { bytes } = cursor;
    const from = cursor.at;
    if (isQuote(byte)) {
      const end = this.#keys.expected(bytes, from + 1, byte);
      if (end >= 0) cursor.at = end + 1;
      else {
        cursor.string();
        if (cursor.escaped) throw NOT_PLAIN;
        this.#keys.read(bytes, from + 1, cursor.at - 1);
      }
    } else {
      let end = this.#keys.expected(bytes, from, COLON);
      if (end < 0) {
        end = from;
        while (isNameByte(bytes[end])) end++;
        if (end === from || isDigit(byte)) throw NOT_PLAIN;
        this.#keys.read(bytes, from, end);
      }
      cursor.at = end;
    }
    if (bytes[cursor.at] !== COLON || this.#keys.text === '__proto__') throw NOT_PLAIN;
    cursor.at++;
  }

  /** A member of the record itself. */
  #member(key: string, byte: number): JsonValue {
    if (byte !== OPEN_BRACE) return this.#value(byte);
    if (PRUNED.has(key)) return this.#object(true);
    if (!REPEATED.has(key)) return this.#object(false);
    const { cursor } = this;
    const { bytes, at, lines } = cursor;
    const known = this.#repeats.find(bytes, at, cursor.end);
    if (known !== undefined) {
      cursor.at += known.bytes.length;
      cursor.lines += known.lines;
      return known.value;
    }
    const value = this.#object(false);
    this.#repeats.add(bytes, at, cursor.at, value, cursor.lines - lines);
    return value;
  }

  #array(): JsonValue[] {
    const { cursor } = this;
    const items: JsonValue[] = [];
    cursor.open();
    for (let byte = cursor.space(); byte !== CLOSE_BRACKET; byte = this.#next(CLOSE_BRACKET))
      items.push(this.#value(byte));
    cursor.close();
    return items;
  }

  /** A string, or several joined by ` +` as they are printed when they hold line breaks. */
  #text(): string {
    const { cursor } = this;
    let text = cursor.text();
    while (this.#goesOn()) text += cursor.text();
    return text;
  }

  #skip(byte: number): void {
    if (!isQuote(byte)) {
      this.#value(byte);
      return;
    }
    do this.cursor.string();
    while (this.#goesOn());
  }

  /** Behind a string: a `+` and another one follow. */
  #goesOn(): boolean {
    const { cursor } = this;
    const { bytes, at } = cursor;
    if (bytes[at] !== SPACE || bytes[at + 1] !== PLUS) {
      this.#delimiter();
      return false;
    }
    cursor.at += 2;
    if (!isQuote(cursor.space())) throw NOT_PLAIN;
    return true;
  }

  /** What ends a value: nothing else may follow it at once. */
  #delimiter(): void {
    const { bytes, at } = this.cursor;
    const byte = bytes[at];
    if (byte === COMMA || byte === LINE_FEED) return;
    const next = bytes[at + 1];
    if (byte !== SPACE || (next !== CLOSE_BRACE && next !== CLOSE_BRACKET)) throw NOT_PLAIN;
  }

  /** Behind a member or an item: what comes next, or the bracket. */
  #next(bracket: number): number {
    const { cursor } = this;
    const byte = cursor.space();
    if (byte === bracket) return byte;
    if (byte !== COMMA) throw NOT_PLAIN;
    cursor.at++;
    return cursor.space();
  }
}

const isQuote = (byte: number): boolean => byte === APOSTROPHE || byte === QUOTE || byte === BACKTICK;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

function isNameByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || isDigit(byte) || byte === 0x5f || byte === 0x24;
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g;
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
]);

function unescaped(text: string): string {
  return text.replaceAll(ESCAPE, (_, two?: string, four?: string, character = '') => {
    const hex = two ?? four;
    return hex === undefined
      ? (CONTROLS.get(character) ?? character)
      : String.fromCharCode(Number.parseInt(hex, 16));
  });
}

import type { JsonObject, JsonValue } from '../format.ts';
import { Cursor, type Escapes, NOT_PLAIN } from './cursor.ts';
import { PRUNED, REPEATED } from './members.ts';
import { Repeats } from './repeats.ts';
import type { Keys } from './texts.ts';

const [QUOTE, COMMA, MINUS, COLON] = [0x22, 0x2c, 0x2d, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
];

/** https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const ESCAPES: Escapes = {
  lengths: new Uint8Array(256),
  decode: (text) => JSON.parse(`"${text}"`) as string,
};
for (const byte of Buffer.from('"\\/bfnrt')) ESCAPES.lengths[byte] = 2;
ESCAPES.lengths[0x75] = 6;

/** Objects of JSON as `parseJson` would make them, without attributes that nobody wants. */
export class JsonRecords {
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
    if (byte === QUOTE) return cursor.text();
    if (byte === OPEN_BRACE) return this.#object(false);
    if (byte === OPEN_BRACKET) return this.#array();
    if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) return cursor.number();
    if (cursor.word(TRUE)) return true;
    if (cursor.word(FALSE)) return false;
    if (cursor.word(NULL)) return null;
    throw NOT_PLAIN;
  }

  /** `pruned`: without the members that nobody wants. */
  #object(pruned: boolean): JsonObject {
    const { cursor } = this;
    const keys = this.#keys;
    const object: JsonObject = {};
    cursor.open();
    let byte = cursor.space();
    if (byte === CLOSE_BRACE) {
      cursor.close();
      return object;
    }
    for (;;) {
      this.#key(byte);
      const { text } = keys;
      const dropped = pruned && !keys.wanted;
      byte = cursor.space();
      if (dropped) this.#skip(byte);
      else if (cursor.depth === 1) object[text] = this.#member(text, byte);
      else object[text] = this.#value(byte);
      byte = cursor.space();
      if (byte === CLOSE_BRACE) break;
      if (byte !== COMMA) throw NOT_PLAIN;
      cursor.at++;
      byte = cursor.space();
    }
    cursor.close();
    return object;
  }

  /** A key and its colon. */
  #key(byte: number): void {
    const { cursor } = this;
    if (byte !== QUOTE) throw NOT_PLAIN;
    const from = cursor.at + 1;
    const end = this.#keys.expected(cursor.bytes, from, QUOTE);
    if (end >= 0) cursor.at = end + 1;
    else this.#unexpectedKey(from);
    if (cursor.space() !== COLON || this.#keys.text === '__proto__') throw NOT_PLAIN;
    cursor.at++;
  }

  #unexpectedKey(from: number): void {
    const { cursor } = this;
    cursor.string();
    if (cursor.escaped) {
      cursor.at = from - 1;
      this.#keys.take(cursor.text());
    } else this.#keys.read(cursor.bytes, from, cursor.at - 1);
  }

  /** A member of the record itself. */
  #member(key: string, byte: number): JsonValue {
    if (PRUNED.has(key)) {
      if (byte === OPEN_BRACE) return this.#object(true);
      if (byte === OPEN_BRACKET) return this.#pairs();
    }
    if (byte !== OPEN_BRACE || !REPEATED.has(key)) return this.#value(byte);
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
    const items: JsonValue[] = [];
    for (let byte = this.#first(); byte !== CLOSE_BRACKET; byte = this.#next()) items.push(this.#value(byte));
    this.cursor.close();
    return items;
  }

  /** `[{ key, … }, …]`, without the objects whose key nobody wants. */
  #pairs(): JsonValue[] {
    const items: JsonValue[] = [];
    for (let byte = this.#first(); byte !== CLOSE_BRACKET; byte = this.#next()) {
      if (byte !== OPEN_BRACE || !this.#skipPair()) items.push(this.#value(byte));
    }
    this.cursor.close();
    return items;
  }

  /** Steps over an object that begins with a key that nobody wants; false, and stays, where it is another one. */
  #skipPair(): boolean {
    const { cursor } = this;
    const keys = this.#keys;
    const { at, lines, depth } = cursor;
    cursor.open();
    let byte = cursor.space();
    let dropped = false;
    if (byte === QUOTE) {
      this.#key(byte);
      if (keys.text === 'key' && cursor.space() === QUOTE) {
        this.#keyText();
        dropped = !keys.wanted;
      }
    }
    if (!dropped) {
      cursor.at = at;
      cursor.lines = lines;
      cursor.depth = depth;
      return false;
    }
    for (byte = cursor.space(); byte === COMMA; byte = cursor.space()) {
      cursor.at++;
      this.#key(cursor.space());
      // Of a key given twice the last one holds.
      if (keys.text === 'key') throw NOT_PLAIN;
      this.#skip(cursor.space());
    }
    if (byte !== CLOSE_BRACE) throw NOT_PLAIN;
    cursor.close();
    return true;
  }

  /** A string that names a key. */
  #keyText(): void {
    const { cursor } = this;
    const from = cursor.at + 1;
    cursor.string();
    if (cursor.escaped) throw NOT_PLAIN;
    this.#keys.read(cursor.bytes, from, cursor.at - 1);
  }

  #skip(byte: number): void {
    if (byte === QUOTE) this.cursor.string();
    else this.#value(byte);
  }

  #first(): number {
    this.cursor.open();
    return this.cursor.space();
  }

  /** Behind an item: what comes next, or the bracket. */
  #next(): number {
    const byte = this.cursor.space();
    if (byte === CLOSE_BRACKET) return byte;
    if (byte !== COMMA) throw NOT_PLAIN;
    this.cursor.at++;
    const next = this.cursor.space();
    if (next === CLOSE_BRACKET) throw NOT_PLAIN;
    return next;
  }
}

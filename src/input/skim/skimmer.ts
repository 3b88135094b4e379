import { isUtf8 } from 'node:buffer';
import type { Projection } from '../../model/index.ts';
import type { JsonObject, Syntax } from '../format.ts';
import { type Cursor, NOT_PLAIN } from './cursor.ts';
import { InspectRecords } from './inspect-records.ts';
import { JsonRecords } from './json-records.ts';
import { ALWAYS } from './members.ts';
import { Keys } from './texts.ts';

/** A record without attributes that nobody wants. */
export type Skimmed = {
  readonly value: JsonObject;
  readonly syntax: Syntax;
  /** Behind its last byte. */
  readonly end: number;
  /** Line feeds in it. */
  readonly lines: number;
};

const [LINE_FEED, SPACE, QUOTE] = [0x0a, 0x20, 0x22];
/** An input in which so many more records than not were tried in vain is not tried any more. */
const PATIENCE = 16;

/**
 * Reads records straight from their bytes, and makes nothing of attributes that nobody wants. Only of plain ones: everything
 * else, and whatever is damaged, is for the readers that look at all of it.
 */
export class Skimmer {
  readonly #json: JsonRecords;
  readonly #inspect: InspectRecords;
  #balance = PATIENCE;
  #checked: Buffer | undefined;
  #isUtf8 = false;

  constructor({ attributes }: Projection) {
    const keys = new Keys((key) => attributes === undefined || attributes.has(key) || ALWAYS.has(key));
    this.#json = new JsonRecords(keys);
    this.#inspect = new InspectRecords(keys);
  }

  /** Whether it is worth while to go on trying. */
  get isTrying(): boolean {
    return this.#balance > 0;
  }

  /** What was skimmed was of use, or it has to be read again. */
  learn(ofUse: boolean): void {
    this.#balance = ofUse ? Math.min(this.#balance + 1, 4 * PATIENCE) : this.#balance - 1;
  }

  /** The record that begins here, at the left edge of a block; it has to be over before `end`. */
  read(bytes: Buffer, start: number, end: number): Skimmed | undefined {
    let first = start + 1;
    while (first < end && (bytes[first] === SPACE || bytes[first] === LINE_FEED)) first++;
    const json = bytes[first] === QUOTE;
    const records = json ? this.#json : this.#inspect;
    const { cursor } = records;
    cursor.begin(bytes, start, end);
    try {
      const value = records.record();
      if (this.#isText(cursor, start))
        return { value, syntax: json ? 'json' : 'inspect', end: cursor.at, lines: cursor.lines };
    } catch (error) {
      if (error !== NOT_PLAIN) throw error;
    }
    return undefined;
  }

  /** All bytes are looked at once, not record by record. */
  #isText({ bytes, at }: Cursor, start: number): boolean {
    if (this.#checked !== bytes) {
      this.#checked = bytes;
      this.#isUtf8 = isUtf8(wholeCharacters(bytes));
    }
    return this.#isUtf8 || isUtf8(bytes.subarray(start, at));
  }
}

/** Without the parts of characters at both ends. */
function wholeCharacters(bytes: Buffer): Buffer {
  let from = 0;
  while (from < 3 && isContinuation(bytes[from])) from++;
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back];
    if (byte !== undefined && byte >= 0xc0) return bytes.subarray(from, bytes.length - back);
    if (!isContinuation(byte)) break;
  }
  return bytes.subarray(from);
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

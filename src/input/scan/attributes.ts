import type { RowKey, RowPlan } from '../../model/index.ts';
import { AttributeValue } from './attribute-value.ts';
import { ByteStrings } from './byte-strings.ts';
import type { JsonBytes } from './json-bytes.ts';
import { SlotValues } from './slot-values.ts';

const [QUOTE, BACKSLASH, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x5c, 0x5d, 0x7b, 0x7d];
/** What follows a backslash for something that cannot be written without; `/` can. */
const SHORT_ESCAPES = new Set(Buffer.from('"\\bfnrt'));

const KEY = Buffer.from('key');
const VALUE = Buffer.from('value');

/** Reads lists of attributes: takes what the plan asks for, and steps over the rest. */
export class Attributes {
  readonly #json: JsonBytes;
  readonly #value: AttributeValue;
  /** The keys of the span's attributes, those of an exception's, and by number the slots of either. */
  readonly #ofSpan: Keys;
  readonly #ofException: Keys;
  #keys: Keys;
  readonly found: SlotValues;
  /** Whether everything was as a scanner reads it. */
  usual = true;
  /** The slot of the last key; -1 where nobody asks for it. */
  #slot = -1;

  constructor(json: JsonBytes, plan: RowPlan) {
    this.#json = json;
    this.#value = new AttributeValue(json);
    this.#ofSpan = keysOf(plan, undefined);
    this.#ofException = keysOf(plan, 'exception');
    this.#keys = this.#ofSpan;
    this.found = new SlotValues(plan);
  }

  /** Another span begins, at this byte. */
  clear(start: number): void {
    this.found.clear(start);
    this.usual = true;
  }

  /** Some attribute of an exception is asked for. */
  get wantsExceptions(): boolean {
    return this.#ofException.slots.length > 0;
  }

  /** From the first byte of the list of a span's attributes to behind its last. */
  read(open: number): number {
    return this.#list(open, this.#ofSpan);
  }

  /** The same of an exception's. */
  readException(open: number): number {
    return this.#list(open, this.#ofException);
  }

  #list(open: number, keys: Keys): number {
    const json = this.#json;
    this.#keys = keys;
    let at = json.item(open + 1, true, CLOSE_BRACKET);
    while (at >= 0) at = json.item(this.#attribute(at), false, CLOSE_BRACKET);
    return ~at + 1;
  }

  #attribute(open: number): number {
    const json = this.#json;
    if (json.bytes[open] !== OPEN_BRACE) return this.#unusual(open);
    let [keys, values, early, earlyLine] = [0, 0, 0, 0];
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      if (json.isKey(KEY) && keys++ === 0) at = this.#name(content);
      else if (!json.isKey(VALUE) || values++ > 0) at = this.#unusual(content);
      else if (keys > 0) at = this.#take(content);
      else {
        early = content;
        earlyLine = json.line;
        at = json.value(content);
      }
      at = json.item(at, false, CLOSE_BRACE);
    }
    if (keys === 0 || values === 0) this.usual = false;
    else if (early > 0) this.#takeEarly(early, earlyLine);
    return ~at + 1;
  }

  #name(at: number): number {
    const json = this.#json;
    const end = json.value(at);
    const { names, slots, hasEscaped } = this.#keys;
    const isString = json.bytes[at] === QUOTE;
    const isPlain = isString && json.escapeEnd === 0;
    this.#slot = isPlain ? (slots[names.find(json.bytes, at + 1, end - 1) - 1] ?? -1) : -1;
    this.usual &&= isPlain || (isString && !hasEscaped && hasShortEscapes(json.bytes, at + 1, end - 1));
    return end;
  }

  /** The value of the key that was read last. */
  #take(at: number): number {
    const json = this.#json;
    if (this.#slot < 0) return json.value(at);
    const { line } = json;
    const end = this.#value.read(at);
    if (end >= 0 && this.found.take(this.#slot, this.#value, json.bytes)) return end;
    json.line = line;
    return this.#unusual(at);
  }

  /** The value stood before its key, and was stepped over. */
  #takeEarly(at: number, line: number): void {
    const behind = this.#json.line;
    this.#json.line = line;
    this.#take(at);
    this.#json.line = behind;
  }

  #unusual(at: number): number {
    this.usual = false;
    return this.#json.value(at);
  }
}

/** Keys by number, and the slot of each. */
export type Keys = {
  readonly names: ByteStrings;
  readonly slots: readonly number[];
  /** Some key has a character that JSON writes as an escape of two. */
  readonly hasEscaped: boolean;
};

/** Whether the escapes of a key all stand for characters that are always escaped, so that no key without such is meant. */
function hasShortEscapes(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    if (bytes[at] === BACKSLASH && !SHORT_ESCAPES.has(bytes[++at]!)) return false;
  }
  return true;
}

/** The plan's keys of one part of a span. */
export function keysOf(plan: RowPlan, part: RowKey['of']): Keys {
  const slots = [...plan.keys.keys()].filter((slot) => plan.keys[slot]!.of === part);
  const names = new ByteStrings(
    slots.length,
    slots.map((slot) => plan.keys[slot]!.key),
  );
  const hasEscaped = plan.keys.some(({ key }) => /["\\\u0000-\u001f]/.test(key));
  return { names, slots, hasEscaped };
}

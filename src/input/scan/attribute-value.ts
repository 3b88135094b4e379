import { ByteStrings } from './byte-strings.ts';
import { isDigit, type JsonBytes } from './json-bytes.ts';

const [QUOTE, MINUS, LOWER_F, LOWER_T] = [0x22, 0x2d, 0x66, 0x74];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET] = [0x7b, 0x7d, 0x5b];

/** How an attribute's value is written. `whole` is a number between quotes, `nested` a list or a record. */
export const FORM = { string: 0, whole: 1, number: 2, boolean: 3, nested: 4 } as const;
export type Form = (typeof FORM)[keyof typeof FORM];

const [STRING, INT, DOUBLE, BOOL, ARRAY, KVLIST] = [1, 2, 3, 4, 5, 6];
const KINDS = new ByteStrings(6, [
  'stringValue',
  'intValue',
  'doubleValue',
  'boolValue',
  'arrayValue',
  'kvlistValue',
]);
const VALUES = Buffer.from('values');

/** Longer whole numbers may not be what a double can hold; other readers keep their digits. */
const MOST_DIGITS = 15;

/** A value as it is written: its form and its bytes, without quotes around it. */
export type WrittenValue = {
  readonly form: Form;
  readonly from: number;
  readonly end: number;
  /** Behind the last escape in a string; 0 where it has none. */
  readonly escapeEnd: number;
  /** The value of a number. */
  readonly number: number;
};

/** Reads values of attributes: objects of exactly one member, whose key says what kind of value it is. */
export class AttributeValue implements WrittenValue {
  readonly #json: JsonBytes;
  form: Form = FORM.string;
  from = 0;
  end = 0;
  escapeEnd = 0;
  /** As `JSON.parse` has it. */
  number = 0;

  constructor(json: JsonBytes) {
    this.#json = json;
  }

  /** From the first byte of a value to behind its last; −1 where it is not written in the usual way. */
  read(at: number): number {
    const json = this.#json;
    if (json.bytes[at] !== OPEN_BRACE) return -1;
    const member = json.item(at + 1, true, CLOSE_BRACE);
    if (member < 0) return -1;
    const content = json.key(member);
    const kind = KINDS.find(json.bytes, json.keyFrom, json.keyEnd);
    const end = kind === ARRAY || kind === KVLIST ? this.#nested(content) : json.value(content);
    if (end < 0 || !this.#isUsual(kind, content, end)) return -1;
    const close = json.item(end, false, CLOSE_BRACE);
    return close < 0 ? ~close + 1 : -1;
  }

  /** `{"values":[…]}` */
  #nested(at: number): number {
    const json = this.#json;
    if (json.bytes[at] !== OPEN_BRACE) return -1;
    const member = json.item(at + 1, true, CLOSE_BRACE);
    if (member < 0) return -1;
    const list = json.key(member);
    if (!json.isKey(VALUES)) return -1;
    if (json.bytes[list] !== OPEN_BRACKET) return -1;
    const close = json.item(json.value(list), false, CLOSE_BRACE);
    return close < 0 ? ~close + 1 : -1;
  }

  #isUsual(kind: number, from: number, end: number): boolean {
    const byte = this.#json.bytes[from]!;
    const quoted = byte === QUOTE;
    this.from = quoted ? from + 1 : from;
    this.end = quoted ? end - 1 : end;
    switch (kind) {
      case STRING:
        this.form = FORM.string;
        this.escapeEnd = this.#json.escapeEnd;
        return quoted;
      case INT:
        this.form = quoted ? FORM.whole : FORM.number;
        return quoted ? this.#isWhole() : this.#isNumber(byte);
      case DOUBLE:
        this.form = FORM.number;
        return this.#isNumber(byte);
      case BOOL:
        this.form = FORM.boolean;
        return byte === LOWER_T || byte === LOWER_F;
      case ARRAY:
      case KVLIST:
        this.form = FORM.nested;
        return true;
      default:
        return false;
    }
  }

  /** Digits in quotes; among whole numbers there is one zero, among doubles there are two. */
  #isWhole(): boolean {
    const digits = this.#digits();
    this.number = Number(this.#json.bytes.toString('latin1', this.from, this.end));
    return digits > 0 && digits <= MOST_DIGITS && !Object.is(this.number, -0);
  }

  #isNumber(byte: number): boolean {
    if (byte !== MINUS && !isDigit(byte)) return false;
    this.number = Number(this.#json.bytes.toString('latin1', this.from, this.end));
    return this.#digits() <= MOST_DIGITS && Number.isFinite(this.number);
  }

  /** How many digits there are, where there is nothing else but a sign; −1 otherwise. */
  #digits(): number {
    const { bytes } = this.#json;
    const first = bytes[this.from] === MINUS ? this.from + 1 : this.from;
    for (let at = first; at < this.end; at++) if (!isDigit(bytes[at]!)) return -1;
    return this.end - first;
  }
}

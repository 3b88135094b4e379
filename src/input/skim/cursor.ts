import { Texts } from './texts.ts';

/** Thrown at what is not plain: the record is read the general way. */
export const NOT_PLAIN = new Error('not a plain record');

/** Nested deeper than this nothing is plain. */
const DEPTH_LIMIT = 40;
const [TAB, LINE_FEED, SPACE, QUOTE, APOSTROPHE, CLOSE_BRACE] = [0x09, 0x0a, 0x20, 0x22, 0x27, 0x7d];
const [MINUS, PLUS, POINT, ZERO, UPPER_E, LOWER_E, BACKSLASH] = [0x2d, 0x2b, 0x2e, 0x30, 0x45, 0x65, 0x5c];

/** How a syntax escapes characters. */
export type Escapes = {
  /** How long an escape is, by the byte behind its backslash; what follows in one of more than two bytes are hex digits. */
  readonly lengths: Uint8Array;
  /** The text between the quotes without its escapes. */
  readonly decode: (text: string) => string;
};

/** A place in bytes that moves on over white space, strings and numbers, and throws `NOT_PLAIN` where it cannot. */
export class Cursor {
  readonly #escapes: Escapes;
  readonly #texts = new Texts();
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** Behind the last byte that may be looked at. */
  end = 0;
  /** How many line feeds were passed. */
  lines = 0;
  /** How many brackets are open. */
  depth = 0;
  /** The last string had an escape. */
  escaped = false;

  constructor(escapes: Escapes) {
    this.#escapes = escapes;
  }

  begin(bytes: Buffer, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.lines = 0;
    this.depth = 0;
  }

  /** Steps over white space; the byte behind it. At the left edge only the brace may stand that ends the record. */
  space(): number {
    const { bytes, end } = this;
    if (this.at < end && bytes[this.at]! > SPACE) return bytes[this.at]!;
    for (let { at } = this; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > SPACE) {
        this.at = at;
        return byte;
      }
      if (byte === LINE_FEED) {
        this.lines++;
        const next = bytes[at + 1];
        if (next !== SPACE && next !== TAB && (next !== CLOSE_BRACE || this.depth !== 1)) throw NOT_PLAIN;
      } else if (byte !== SPACE && byte !== TAB) throw NOT_PLAIN;
    }
    throw NOT_PLAIN;
  }

  /** Steps over a bracket that opens. */
  open(): void {
    if (++this.depth > DEPTH_LIMIT) throw NOT_PLAIN;
    this.at++;
  }

  /** Steps over a bracket that closes. */
  close(): void {
    this.depth--;
    this.at++;
  }

  /** Steps over the string that begins here. */
  string(): void {
    const { bytes, end } = this;
    const quote = bytes[this.at]!;
    const stops = quote === QUOTE ? QUOTED : quote === APOSTROPHE ? SINGLE_QUOTED : BACKTICKED;
    const { lengths } = this.#escapes;
    let at = this.at + 1;
    let escaped = false;
    for (;;) {
      while (at < end && stops[bytes[at]!] === 0) at++;
      if (at >= end) throw NOT_PLAIN;
      const byte = bytes[at]!;
      if (byte === quote) break;
      if (byte !== BACKSLASH) throw NOT_PLAIN;
      escaped = true;
      const length = lengths[bytes[at + 1]!]!;
      if (length !== 2) this.#hexadecimal(at + 2, length);
      at += length;
    }
    this.escaped = escaped;
    this.at = at + 1;
  }

  /** The string that begins here. */
  text(): string {
    const from = this.at + 1;
    this.string();
    if (!this.escaped) return this.#texts.of(this.bytes, from, this.at - 1);
    return this.#escapes.decode(this.bytes.toString('utf8', from, this.at - 1));
  }

  /** A number as JSON writes it; the digits of a whole one that no double holds. */
  number(): number | string {
    const { bytes } = this;
    const from = this.at;
    const negative = bytes[from] === MINUS;
    const first = negative ? from + 1 : from;
    let mantissa = 0;
    let at = first;
    for (; isDigit(bytes[at]); at++) mantissa = mantissa * 10 + bytes[at]! - ZERO;
    let digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) throw NOT_PLAIN;
    let whole = true;
    let decimals = 0;
    if (bytes[at] === POINT) {
      whole = false;
      const point = at++;
      for (; isDigit(bytes[at]); at++) mantissa = mantissa * 10 + bytes[at]! - ZERO;
      decimals = at - point - 1;
      if (decimals === 0) throw NOT_PLAIN;
      digits += decimals;
    }
    const power = bytes[at] === LOWER_E || bytes[at] === UPPER_E;
    if (power) at = this.#exponent(at + 1);
    if (at > this.end) throw NOT_PLAIN;
    this.at = at;
    if (digits <= EXACT_DIGITS && !power) {
      // One division of two exact numbers is rounded once, as the number itself would be.
      const number = mantissa / POWERS[decimals]!;
      return negative ? -number : number;
    }
    const text = bytes.toString('latin1', from, at);
    const number = Number(text);
    return whole && !power && !Number.isSafeInteger(number) ? text : number;
  }

  /** Steps over a word, if it stands here. */
  word(word: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
    this.at += word.length;
    return true;
  }

  #hexadecimal(from: number, length: number): void {
    if (!(length > 2)) throw NOT_PLAIN;
    for (let at = from; at < from + length - 2; at++) if (!isHexDigit(this.bytes[at])) throw NOT_PLAIN;
  }

  #exponent(from: number): number {
    const { bytes } = this;
    let at = bytes[from] === PLUS || bytes[from] === MINUS ? from + 1 : from;
    const first = at;
    while (isDigit(bytes[at])) at++;
    if (at === first) throw NOT_PLAIN;
    return at;
  }
}

/** Bytes that do not simply go on a string: its quote, backslashes, control characters. */
function stopsOf(quote: number): Uint8Array {
  const stops = new Uint8Array(256).fill(1, 0, SPACE);
  stops[quote] = 1;
  stops[BACKSLASH] = 1;
  return stops;
}
const [QUOTED, SINGLE_QUOTED, BACKTICKED] = [stopsOf(QUOTE), stopsOf(APOSTROPHE), stopsOf(0x60)];

/** Whole numbers of so many digits, and powers of ten up to 22, are exact in a double. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 0x39;

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** Thrown where what is being read goes on behind the bytes that are there. */
export const MORE = new Error('the bytes end inside of a value');
/** Thrown at what is not valid JSON, or not the layout that a scanner reads. */
export const FOREIGN = new Error('not for a scanner');

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, PLUS, COMMA, MINUS, POINT, ZERO, NINE, COLON] = [
  0x22, 0x2b, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a,
];
const [BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5c, 0x5b, 0x5d, 0x7b, 0x7d];
const [UPPER_E, LOWER_E, LOWER_U] = [0x45, 0x65, 0x75];

/** Levels of a value that is only stepped over. */
const DEPTH_LIMIT = 64;

/** Bytes that end a stretch of plain text in a string. */
const ENDS_TEXT = new Uint8Array(256).fill(1, 0, SPACE);
ENDS_TEXT[QUOTE] = 1;
ENDS_TEXT[BACKSLASH] = 1;

/** Steps through the tokens of valid JSON, byte by byte. Throws `MORE` where bytes are missing, `FOREIGN` where they are wrong. */
export class JsonBytes {
  bytes: Buffer = Buffer.alloc(0);
  /** The same memory, four bytes at a time. */
  #words: Int32Array = new Int32Array(0);
  /** Behind the last byte that may be looked at. */
  end = 0;
  /** The number of the line that is being read. */
  line = 1;
  /** Behind the last escape of the last string; 0 where it has none. */
  escapeEnd = 0;
  /** The last key: its bytes between the quotes, and whether there are escapes in it. */
  keyFrom = 0;
  keyEnd = 0;
  keyEscaped = false;

  /** Goes on in other bytes, which begin where a word begins. */
  setBytes(bytes: Buffer): void {
    this.bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  }

  /** The next byte that is not white space. */
  token(from: number): number {
    const { bytes, end } = this;
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > SPACE) return at;
      if (byte === LINE_FEED) this.line++;
      else if (byte !== SPACE && byte !== CARRIAGE_RETURN && byte !== TAB) throw FOREIGN;
    }
    throw MORE;
  }

  /** The next item of a list or record; where `close` ends it instead, the complement (`~`) of the place of that. */
  item(from: number, first: boolean, close: number): number {
    const at = this.token(from);
    const byte = this.bytes[at];
    if (byte === close) return ~at;
    if (first) return at;
    if (byte !== COMMA) throw FOREIGN;
    return this.token(at + 1);
  }

  /** Reads a key and its colon; returns the place of the value. */
  key(at: number): number {
    if (this.bytes[at] !== QUOTE) throw FOREIGN;
    this.keyFrom = at + 1;
    this.keyEnd = this.string(at + 1);
    this.keyEscaped = this.escapeEnd > 0;
    const colon = this.token(this.keyEnd + 1);
    if (this.bytes[colon] !== COLON) throw FOREIGN;
    return this.token(colon + 1);
  }

  /** Whether the last key is this one, written without escapes. */
  isKey(name: Buffer): boolean {
    const { bytes, keyFrom } = this;
    if (this.keyEnd - keyFrom !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (bytes[keyFrom + i] !== name[i]) return false;
    return true;
  }

  /** From behind the opening quote of a string to its closing one. */
  string(from: number): number {
    this.escapeEnd = 0;
    for (let at = from; ; ) {
      at = this.#textEnd(at);
      if (at >= this.end) throw MORE;
      const byte = this.bytes[at];
      if (byte === QUOTE) return at;
      if (byte !== BACKSLASH) throw FOREIGN;
      at = at + 1 < this.end && IS_ESCAPE[this.bytes[at + 1]!] === 1 ? at + 2 : this.#escape(at + 1);
      this.escapeEnd = at;
    }
  }

  /** From the first byte of a value to behind its last. */
  value(at: number, depth = 0): number {
    const byte = this.bytes[at]!;
    if (byte === QUOTE) return this.string(at + 1) + 1;
    if (byte === OPEN_BRACE) return this.#members(at + 1, depth + 1);
    if (byte === OPEN_BRACKET) return this.#elements(at + 1, depth + 1);
    if (byte === MINUS || isDigit(byte)) return this.#number(at);
    if (byte === TRUE[0]) return this.#word(at, TRUE);
    if (byte === FALSE[0]) return this.#word(at, FALSE);
    if (byte === NULL[0]) return this.#word(at, NULL);
    throw FOREIGN;
  }

  /** The next quote, backslash or control character, or the end of the bytes. */
  #textEnd(from: number): number {
    const { bytes, end } = this;
    const words = this.#words;
    let at = from;
    while ((at & 3) !== 0) {
      if (at >= end || ENDS_TEXT[bytes[at]!] === 1) return at;
      at++;
    }
    let word = at >> 2;
    const behind = end >> 2;
    while (word < behind && isText(words[word]!)) word++;
    at = 4 * word;
    while (at < end && ENDS_TEXT[bytes[at]!] === 0) at++;
    return at;
  }

  #members(from: number, depth: number): number {
    if (depth > DEPTH_LIMIT) throw FOREIGN;
    let at = this.item(from, true, CLOSE_BRACE);
    while (at >= 0) at = this.item(this.value(this.key(at), depth), false, CLOSE_BRACE);
    return ~at + 1;
  }

  #elements(from: number, depth: number): number {
    if (depth > DEPTH_LIMIT) throw FOREIGN;
    let at = this.item(from, true, CLOSE_BRACKET);
    while (at >= 0) at = this.item(this.value(at, depth), false, CLOSE_BRACKET);
    return ~at + 1;
  }

  #escape(at: number): number {
    if (at >= this.end) throw MORE;
    const byte = this.bytes[at]!;
    if (IS_ESCAPE[byte] === 1) return at + 1;
    if (byte !== LOWER_U) throw FOREIGN;
    for (let digit = at + 1; digit <= at + 4; digit++) {
      if (digit >= this.end) throw MORE;
      if (hexDigit(this.bytes[digit]!) < 0) throw FOREIGN;
    }
    return at + 5;
  }

  #number(from: number): number {
    let at = this.bytes[from] === MINUS ? from + 1 : from;
    at = this.#byte(at) === ZERO ? at + 1 : this.#digits(at);
    if (this.#byte(at) === POINT) at = this.#digits(at + 1);
    const exponent = this.#byte(at);
    if (exponent !== LOWER_E && exponent !== UPPER_E) return at;
    const sign = this.#byte(at + 1);
    return this.#digits(sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }

  /** Behind one or more digits. */
  #digits(from: number): number {
    let at = from;
    while (isDigit(this.#byte(at))) at++;
    if (at === from) throw FOREIGN;
    return at;
  }

  #word(from: number, word: Buffer): number {
    for (let i = 1; i < word.length; i++) if (this.#byte(from + i) !== word[i]) throw FOREIGN;
    return from + word.length;
  }

  #byte(at: number): number {
    if (at >= this.end) throw MORE;
    return this.bytes[at]!;
  }
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');
const IS_ESCAPE = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) IS_ESCAPE[byte] = 1;

/**
 * Whether none of four bytes ends a text. A byte that is less than another takes a bit from its upper neighbour when that other
 * is taken away: the highest bit tells. The quote (0x22) is the only byte that turning the second bit brings below 0x21 besides
 * the control characters.
 */
function isText(word: number): boolean {
  const quotes = word ^ 0x02020202;
  const backslashes = word ^ 0x5c5c5c5c;
  const found = ((quotes - 0x21212121) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return (found & 0x80808080) === 0;
}

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** What a hexadecimal digit counts, or −1. */
export function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

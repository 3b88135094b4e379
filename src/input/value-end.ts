const [QUOTE, BACKSLASH, LINE_FEED] = [0x22, 0x5c, 0x0a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c];

export type ValueKind = 'object' | 'array' | 'string' | 'scalar';

/** Finds where one JSON value ends, through bytes that arrive in chunks. Follows brackets and strings, nothing else. */
export class ValueEnd {
  #kind: ValueKind = 'scalar';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** How many line feeds were passed. */
  lines = 0;

  /** A value begins with this byte. */
  begin(byte: number): ValueKind {
    this.#kind =
      byte === OPEN_BRACE ? 'object' : byte === OPEN_BRACKET ? 'array' : byte === QUOTE ? 'string' : 'scalar';
    this.#depth = 1;
    this.#inString = this.#kind === 'string';
    this.#escaped = false;
    this.lines = 0;
    return this.#kind;
  }

  /** The place behind the value's last byte, or -1 when it goes on. Its first byte must not be among these. */
  find(bytes: Buffer, from: number): number {
    if (this.#kind === 'string') return this.#stringEnd(bytes, from);
    return this.#kind === 'scalar' ? scalarEnd(bytes, from) : this.#containerEnd(bytes, from);
  }

  #containerEnd(bytes: Buffer, from: number): number {
    let depth = this.#depth;
    let at = from;
    for (;;) {
      if (this.#inString) {
        at = this.#stringEnd(bytes, at);
        if (at < 0) break;
      }
      let byte = 0;
      while (at < bytes.length) {
        byte = bytes[at++]!;
        if (byte === QUOTE) break;
        // The brackets differ from the braces in one bit.
        if ((byte | 0x20) === OPEN_BRACE) depth++;
        else if ((byte | 0x20) === CLOSE_BRACE) {
          if (--depth === 0) return at;
        } else if (byte === LINE_FEED) this.lines++;
      }
      if (byte !== QUOTE) break;
      this.#inString = true;
    }
    this.#depth = depth;
    return -1;
  }

  /** Behind the quote that ends the string the bytes begin in, or -1. */
  #stringEnd(bytes: Buffer, from: number): number {
    let at = from;
    if (this.#escaped && at < bytes.length) {
      this.#escaped = false;
      at++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, at);
      const end = quote < 0 ? bytes.length : quote;
      let backslash = end;
      while (backslash > at && bytes[backslash - 1] === BACKSLASH) backslash--;
      const escaped = (end - backslash) % 2 === 1;
      if (quote < 0) {
        if (at < bytes.length) this.#escaped = escaped;
        return -1;
      }
      at = quote + 1;
      if (escaped) continue;
      this.#inString = false;
      return at;
    }
  }
}

function scalarEnd(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte <= 0x20 || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return at;
  }
  return -1;
}

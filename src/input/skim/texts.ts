/** Longer texts are seldom written twice. */
const LONGEST = 64;
const PLACES = 4096;

/**
 * Short texts by their bytes: one that was seen a while ago is found instead of made. Every text has one place, and the last
 * one there stays, so nobody can fill it up.
 */
export class Texts {
  readonly #known: string[] = new Array<string>(PLACES).fill('');

  /** The text of bytes that are known to be UTF-8. */
  of(bytes: Buffer, from: number, end: number): string {
    const length = end - from;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', from, end);
    const place = placeOf(bytes, from, end);
    const known = this.#known[place]!;
    if (isText(known, bytes, from, length)) return known;
    const text = bytes.toString('utf8', from, end);
    this.#known[place] = text;
    return text;
  }
}

/** Keys by their bytes, and which of them are wanted. Mostly a key is followed by the one that followed it before. */
export class Keys {
  readonly #isWanted: (key: string) => boolean;
  readonly #known: string[] = new Array<string>(PLACES).fill('');
  readonly #wanted = new Uint8Array(PLACES);
  readonly #isName = new Uint8Array(PLACES);
  /** By place of a key: the place of the one that followed it, or -1; keys with quotes in them are not expected. */
  readonly #following = new Int16Array(PLACES).fill(-1);
  #place = -1;
  /** The key that was read last. */
  text = '';
  wanted = false;

  constructor(isWanted: (key: string) => boolean) {
    this.#isWanted = isWanted;
  }

  /** Reads the key that is expected, if it stands here and ends in front of this quote or colon; tells its end, or -1. */
  expected(bytes: Buffer, from: number, closing: number): number {
    const place = this.#place < 0 ? -1 : this.#following[this.#place]!;
    if (place < 0) return -1;
    const text = this.#known[place]!;
    const { length } = text;
    if (
      bytes[from + length] !== closing ||
      (closing === COLON && this.#isName[place] === 0) ||
      !isText(text, bytes, from, length)
    )
      return -1;
    this.#place = place;
    this.text = text;
    this.wanted = this.#wanted[place] === 1;
    return from + length;
  }

  read(bytes: Buffer, from: number, end: number): void {
    const length = end - from;
    if (length === 0 || length > LONGEST) {
      this.take(bytes.toString('utf8', from, end));
      return;
    }
    const place = placeOf(bytes, from, end);
    if (!isText(this.#known[place]!, bytes, from, length))
      this.#learn(place, bytes.toString('utf8', from, end));
    if (this.#place >= 0) this.#following[this.#place] = QUOTES.test(this.#known[place]!) ? -1 : place;
    this.#place = place;
    this.text = this.#known[place]!;
    this.wanted = this.#wanted[place] === 1;
  }

  /** A key that is a text already. */
  take(text: string): void {
    this.#place = -1;
    this.text = text;
    this.wanted = this.#isWanted(text);
  }

  #learn(place: number, text: string): void {
    this.#known[place] = propertyName(text);
    this.#wanted[place] = this.#isWanted(text) ? 1 : 0;
    this.#isName[place] = NAME.test(text) ? 1 : 0;
  }
}

const COLON = 0x3a;
const QUOTES = /["'`]/;
/** What `util.inspect` writes without quotes. */
const NAME = /^[A-Za-z_$][\w$]*$/;

/** Made of the length and of bytes here and there: texts that share a place only push each other out. */
function placeOf(bytes: Uint8Array, from: number, end: number): number {
  const length = end - from;
  const step = 1 + (length >> 3);
  let hash = Math.imul(length, 31) + bytes[end - 1]!;
  for (let at = from; at < end; at += step) hash = Math.imul(hash, 31) + bytes[at]!;
  return (hash ^ (hash >>> 12)) & (PLACES - 1);
}

/** Only ASCII is ever found: the bytes of other texts are not their characters. */
function isText(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

/** The same text as engines keep it for names of properties, which makes it faster as one. */
function propertyName(text: string): string {
  const holder: { [key: string]: true } = Object.create(null);
  holder[text] = true;
  return Object.keys(holder)[0]!;
}

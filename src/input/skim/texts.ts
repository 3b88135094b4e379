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

/** Keys by their bytes, and which of them are wanted. */
export class Keys {
  readonly #isWanted: (key: string) => boolean;
  readonly #known: string[] = new Array<string>(PLACES).fill('');
  readonly #wanted = new Uint8Array(PLACES);
  /** The key that was read last. */
  text = '';
  wanted = false;

  constructor(isWanted: (key: string) => boolean) {
    this.#isWanted = isWanted;
  }

  read(bytes: Buffer, from: number, end: number): void {
    const length = end - from;
    if (length === 0 || length > LONGEST) {
      this.take(bytes.toString('utf8', from, end));
      return;
    }
    const place = placeOf(bytes, from, end);
    if (!isText(this.#known[place]!, bytes, from, length)) {
      this.#known[place] = propertyName(bytes.toString('utf8', from, end));
      this.#wanted[place] = this.#isWanted(this.#known[place]!) ? 1 : 0;
    }
    this.text = this.#known[place]!;
    this.wanted = this.#wanted[place] === 1;
  }

  /** A key that is a text already. */
  take(text: string): void {
    this.text = text;
    this.wanted = this.#isWanted(text);
  }
}

/** Made of the length and of bytes here and there: texts that share a place only push each other out. */
function placeOf(bytes: Uint8Array, from: number, end: number): number {
  const length = end - from;
  let hash = Math.imul(length, 31) + bytes[from]!;
  hash = Math.imul(hash, 31) + bytes[from + (length >> 2)]!;
  hash = Math.imul(hash, 31) + bytes[from + (length >> 1)]!;
  hash = Math.imul(hash, 31) + bytes[from + length - 1 - (length >> 3)]!;
  hash = Math.imul(hash, 31) + bytes[end - 1]!;
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

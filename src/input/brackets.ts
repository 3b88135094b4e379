import { stringEnd } from './json.ts';

/**
 * Follows brackets through text that arrives in pieces, stepping over strings in `"`, `'` and backticks: JSON has only
 * the first, `util.inspect` all three. Neither lets a string run over the end of a line, so no piece leaves one open.
 */
export class Brackets {
  readonly #open: number[] = [];
  /** The piece ended inside a string. */
  cut = false;
  /** The last character that is no white space, outside of strings. */
  last = 0;

  /** Reads on from `from`; the place behind the bracket that closes the first one, or -1 when it is still open. */
  feed(text: string, from = 0): number {
    this.cut = false;
    for (let at = from; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code === 0x22 || code === 0x27 || code === 0x60) {
        at = stringEnd(text, at + 1, code);
        this.cut = at > text.length;
        this.last = code;
        continue;
      }
      if (code > 0x20) this.last = code;
      at++;
      if (code === 0x7b || code === 0x5b) this.#open.push(code);
      else if (code === 0x7d || code === 0x5d) {
        this.#open.pop();
        if (this.#open.length === 0) return at;
      }
    }
    return -1;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** Where the text stops, an object may stand as the next value. */
  get expectsValue(): boolean {
    if (this.cut) return false;
    return this.last === 0x3a || (this.#open.at(-1) === 0x5b && (this.last === 0x5b || this.last === 0x2c));
  }

  /** The text stops behind the bracket of an array. */
  get expectsElement(): boolean {
    return !this.cut && this.last === 0x5b;
  }

  /** More must follow: the text stops behind an opening bracket, a comma or a colon. */
  get expectsMore(): boolean {
    return (
      !this.cut && (this.last === 0x7b || this.last === 0x5b || this.last === 0x2c || this.last === 0x3a)
    );
  }

  /** JSON may go on with this line. */
  goOnWith(line: string): boolean {
    if (this.cut) return false;
    const first = line.charCodeAt(0);
    const inner = this.#open.at(-1);
    const closes = first === (inner === 0x7b ? 0x7d : 0x5d);
    if (this.last === 0x3a) return isValueStart(first);
    if (this.last === 0x7b || this.last === 0x5b) return closes || this.#mayBegin(first, inner);
    if (this.last === 0x2c) return this.#mayBegin(first, inner);
    return closes || first === 0x2c;
  }

  /** The next member or element may begin so. */
  #mayBegin(first: number, inner: number | undefined): boolean {
    return inner === 0x7b ? first === 0x22 : isValueStart(first);
  }
}

function isValueStart(code: number): boolean {
  return code !== 0x7d && code !== 0x5d && code !== 0x2c;
}

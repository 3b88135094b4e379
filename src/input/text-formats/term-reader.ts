/** A place in a text and the steps that readers of printed values take. Throws a SyntaxError where a step cannot be taken. */
export class TermReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  space(): void {
    for (let code = this.text.charCodeAt(this.at); code === 32 || (code >= 9 && code <= 13); )
      code = this.text.charCodeAt(++this.at);
  }

  /** Steps over the text if it stands here. */
  skips(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Steps to the next item of a list; false past its closing bracket. */
  next(close: string, first: boolean): boolean {
    this.space();
    if (this.skips(close)) return false;
    if (!first && !this.skips(',')) throw this.error(`, or ${close} expected`);
    this.space();
    return true;
  }

  error(what: string): SyntaxError {
    return new SyntaxError(`${what} at ${this.at}`);
  }
}

/** The character of a code point; U+FFFD where there is none. */
export function character(point: number): string {
  return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
}

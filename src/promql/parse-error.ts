/** What is wrong with an expression, in Prometheus' words: `1:10: parse error: …`. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  /** Where, in UTF-8 bytes from the beginning of the text. */
  readonly at: number;
  /** The message without the place. */
  readonly reason: string;

  /** `index` counts as strings do. Lines and columns count from 1, columns in bytes. */
  constructor(reason: string, text: string, index: number) {
    const before = Buffer.from(text.slice(0, index));
    const lineStart = before.lastIndexOf('\n') + 1;
    let line = 1;
    for (const byte of before) if (byte === 0x0a) line += 1;
    const place = text === '' ? 'unknown position' : `${line}:${before.length - lineStart + 1}`;
    super(`${place}: parse error: ${reason}`);
    this.reason = reason;
    this.at = before.length;
  }
}

/** What is wrong with an expression, in Prometheus' words: `1:10: parse error: …`. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  /** Where, in UTF-8 bytes from the beginning of the expression. */
  readonly at: number;
  /** The message without the place. */
  readonly reason: string;

  constructor(reason: string, at: number, place: string) {
    super(`${place}: parse error: ${reason}`);
    this.reason = reason;
    this.at = at;
  }
}

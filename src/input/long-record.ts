import type { Dispatcher } from './dispatch.ts';
import type { LineSink, LongLine } from './lines.ts';
import { Splitter } from './split.ts';
import type { ValueReader } from './value-reader.ts';

/** So many bytes tell a JSON document from a log line. */
const HEAD = 64;

/** A line too long for the line reader: a document that is read piecewise, or text that is held up to a limit. */
export class LongRecord implements LongLine {
  readonly #number: number;
  readonly #hold: number;
  readonly #dispatcher: Dispatcher;
  readonly #values: ValueReader;
  readonly #line: LineSink['line'];
  #pieces: Buffer[] = [];
  #size = 0;
  #split: Splitter | undefined;
  #dropped = false;

  constructor(
    number: number,
    hold: number,
    dispatcher: Dispatcher,
    values: ValueReader,
    line: LineSink['line'],
  ) {
    this.#number = number;
    this.#hold = hold;
    this.#dispatcher = dispatcher;
    this.#values = values;
    this.#line = line;
  }

  push(bytes: Buffer): void {
    if (this.#split !== undefined) {
      this.#split.push(bytes);
      return;
    }
    if (this.#dropped) return;
    const decided = this.#size >= HEAD;
    this.#pieces.push(Buffer.from(bytes));
    this.#size += bytes.length;
    if (!decided && this.#size >= HEAD) this.#decide();
    if (this.#split !== undefined || this.#size <= this.#hold) return;
    this.#dropped = true;
    this.#pieces = [];
    this.#dispatcher.skip('too_large', this.#number);
  }

  end(): void {
    if (this.#split !== undefined) this.#values.ended(this.#split.end());
    else if (!this.#dropped) this.#line(Buffer.concat(this.#pieces), 0, this.#size, this.#number);
  }

  #decide(): void {
    const head = Buffer.concat(this.#pieces).toString('latin1', 0, HEAD);
    if (!/^\s*(?:\{\s*"|\[\s*[{[])/.test(head)) return;
    this.#split = new Splitter({ emit: this.#values.document, line: this.#number, hold: this.#hold });
    for (const piece of this.#pieces) this.#split.push(piece);
    this.#pieces = [];
  }
}

import type { TextOutput, TextRecord, TextTaken } from './text-format.ts';

/** How far a printed value has come: what brackets and quotes are open behind its last line. */
export type Nesting = {
  /** Reads on; true when the value is over. */
  readonly feed: (line: string) => boolean;
};

/**
 * One value that a program printed over several lines: what follows the first line is indented, unless somebody wrapped the
 * lines anew; then every line is its own until the brackets add up.
 */
export class PrintedRecord implements TextRecord {
  readonly #output: TextOutput;
  readonly #begins: (line: string) => boolean;
  readonly #nesting: Nesting;
  readonly #read: (text: string, line: number) => void;
  readonly #lines: string[] = [];
  #line = 0;
  #indented: boolean | undefined;

  /** `wrapped`: its lines may stand at the left edge. */
  constructor(
    output: TextOutput,
    options: {
      readonly begins: (line: string) => boolean;
      readonly nesting: Nesting;
      readonly wrapped: boolean;
      readonly read: (text: string, line: number) => void;
    },
  ) {
    this.#output = output;
    this.#begins = options.begins;
    this.#nesting = options.nesting;
    this.#read = options.read;
    this.#indented = options.wrapped ? undefined : true;
  }

  take(line: string, number: number): TextTaken {
    if (this.#lines.length === 0) this.#line = number;
    else {
      if (this.#begins(line)) return 'foreign';
      const indented = line.startsWith(' ') || line.startsWith('\t');
      this.#indented ??= indented;
      if (this.#indented && !indented) return 'foreign';
      if (!this.#indented && this.#lines.length > WRAPPED_LINES) return 'foreign';
    }
    this.#lines.push(line);
    if (!this.#nesting.feed(line)) return 'inside';
    const text = this.#lines.join('\n');
    this.#lines.length = 0;
    this.#read(text, this.#line);
    return 'over';
  }

  end(): void {
    if (this.#lines.length > 0) this.#output.skip('truncated', this.#line);
    this.#lines.length = 0;
  }
}

/** So many lines at the left edge are taken on trust. */
const WRAPPED_LINES = 200;

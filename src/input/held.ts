import { decodeUtf8 } from './encoding.ts';
import { type SplitEnd, Splitter } from './split.ts';

export type Limits = {
  /** Lines and blocks above this are read piecewise. */
  readonly split: number;
  /** What cannot be read piecewise is held up to this. */
  readonly hold: number;
};

/** What became of text that was collected: all of it, what a splitter made of it, or too much of it. */
export type HeldEnd =
  | { readonly text: string; readonly valid: boolean }
  | { readonly split: SplitEnd }
  | { readonly dropped: true };

export type Emit = (text: string, line: number) => void;

const LINE_FEED = Buffer.from('\n');

/**
 * Text of unknown size that arrives in pieces. Up to a limit it is kept; beyond it JSON goes to a splitter, and anything
 * else is kept up to a second limit.
 */
export class Held {
  readonly line: number;
  readonly #limits: Limits;
  readonly #emit: Emit;
  #pieces: Buffer[] = [];
  #size = 0;
  #limit: number;
  #split: Splitter | undefined;
  #dropped = false;
  /** The line that the next piece would be on if nothing stood in between. */
  #next: number;

  /** `limit`: when to decide, where that is not the usual size. */
  constructor(line: number, limits: Limits, emit: Emit, limit = limits.split) {
    this.line = line;
    this.#next = line;
    this.#limits = limits;
    this.#limit = limit;
    this.#emit = emit;
  }

  /** A piece of a line. Its memory must stay as it is. */
  push(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#split !== undefined) {
      this.#split.push(piece);
      return;
    }
    if (this.#dropped) return;
    this.#pieces.push(piece);
    if (this.#size > this.#limit) this.#decide();
  }

  /** Whole lines, the first of which has this number, without the last line feed; `lines` is how many there are. */
  pushLines(piece: Buffer, number: number, lines = 1): void {
    // Lines of others were taken out: places of what follows stay right.
    if (number > this.#next) this.push(Buffer.alloc(number - this.#next, LINE_FEED));
    this.push(piece);
    this.push(LINE_FEED);
    this.#next = number + lines;
  }

  /** It was too much to be kept: parts of it have been handed on. */
  get isSplit(): boolean {
    return this.#split !== undefined;
  }

  end(): HeldEnd {
    if (this.#split !== undefined) return { split: this.#split.end() };
    return this.#dropped ? { dropped: true } : decodeUtf8(Buffer.concat(this.#pieces));
  }

  #decide(): void {
    const head = Buffer.concat(this.#pieces.slice(0, 64)).toString('latin1', 0, 256);
    if (isJson(head)) {
      const { split, hold } = this.#limits;
      this.#split = new Splitter({ emit: this.#emit, line: this.line, openAt: split / 8, hold });
      for (const piece of this.#pieces) this.#split.push(piece);
    } else {
      this.#limit = this.#limits.hold;
      if (this.#size <= this.#limit) return;
      this.#dropped = true;
    }
    this.#pieces = [];
  }
}

/** JSON, and not what `util.inspect` prints or a logger's `[INFO] …`. */
function isJson(head: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[{[])/.test(head);
}

import { type Emit, Held, type HeldEnd, type Limits } from './held.ts';

/** What a line is to the block that is open. */
export type RawTaken = 'foreign' | 'inside' | 'over';

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, CLOSE_BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x7d];

/**
 * A block in a stream that nobody wrapped, kept as the bytes it came in: pretty JSON or `util.inspect` output whose first
 * line is a lone `{`, and whose end is the `}` below it. Lines are told by their indentation alone; nothing is decoded
 * before the block is over.
 */
export class RawBlock {
  readonly line: number;
  readonly #indentation: number;
  readonly #held: Held;
  /** Lines of the chunk that is being read: a range of it, and the number of its first line. */
  #chunk: Buffer | undefined;
  #start = 0;
  #end = 0;
  #number = 0;
  #lines = 0;
  /** It has a line besides its first. */
  begun = false;

  constructor(indentation: number, line: number, limits: Limits, emit: Emit) {
    this.line = line;
    this.#indentation = indentation;
    this.#held = new Held(line, limits, emit);
    this.#held.pushLines(Buffer.from('{'), line);
  }

  /** `first` is the place of the line's first character that is no white space. */
  take(bytes: Buffer, start: number, first: number, end: number, number: number): RawTaken {
    const indentation = first - start;
    if (indentation > this.#indentation) {
      if (isStackLine(bytes, first)) return 'foreign';
      this.#extend(bytes, start, end, number);
      return 'inside';
    }
    return indentation === this.#indentation && bytes[first] === CLOSE_BRACE ? 'over' : 'foreign';
  }

  /** A piece of a line that is too long for the line reader; `endLine` ends the line. */
  push(bytes: Buffer): void {
    this.release();
    this.#held.push(Buffer.from(bytes));
    this.begun = true;
  }

  endLine(number: number): void {
    this.#held.pushLines(Buffer.alloc(0), number);
  }

  /** The chunk's memory is used again: copies what is still needed of it. */
  release(): void {
    if (this.#chunk === undefined) return;
    const piece = Buffer.from(this.#chunk.subarray(this.#start, this.#end));
    this.#chunk = undefined;
    this.#held.pushLines(piece, this.#number, this.#lines);
  }

  /** The block is over, or there is no more of it. */
  end(cut: boolean): HeldEnd {
    this.release();
    if (!cut) this.#held.push(Buffer.from('}'));
    return this.#held.end();
  }

  #extend(bytes: Buffer, start: number, end: number, number: number): void {
    this.begun = true;
    if (this.#chunk === bytes && isLineEnd(bytes, this.#end, start)) {
      this.#end = end;
      this.#lines++;
      return;
    }
    this.release();
    this.#chunk = bytes;
    this.#start = start;
    this.#end = end;
    this.#number = number;
    this.#lines = 1;
  }
}

/** One line feed between two places, and nothing else. */
function isLineEnd(bytes: Buffer, from: number, to: number): boolean {
  if (bytes[to - 1] !== LINE_FEED) return false;
  for (let at = from; at < to - 1; at++) if (bytes[at] !== CARRIAGE_RETURN) return false;
  return true;
}

/** `    at function (file:line)`: a stack trace is indented like a block, but no value begins so. */
function isStackLine(bytes: Buffer, first: number): boolean {
  if (bytes[first] !== 0x61 || bytes[first + 1] !== 0x74) return false;
  const third = bytes[first + 2];
  return third === SPACE || third === TAB;
}

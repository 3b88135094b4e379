import { Splitter } from './split.ts';

/** What a line is to the block that is open. */
export type RawTaken = 'foreign' | 'inside' | 'over';

const [SPACE, TAB, CLOSE_BRACE] = [0x20, 0x09, 0x7d];

/**
 * A block in a stream that nobody wrapped, kept as the bytes it came in: pretty JSON or `util.inspect` output whose first
 * line is a lone `{`, and whose end is the `}` below it. Lines are told by their indentation alone; nothing is decoded
 * before the block is over.
 */
export class RawBlock {
  readonly line: number;
  readonly #indentation: number;
  readonly #limit: number;
  readonly #emit: (text: string, line: number) => void;
  /** Lines that were copied, and behind them a range of the chunk that is being read. */
  #pieces: Buffer[] = [];
  #size = 0;
  #chunk: Buffer | undefined;
  #start = 0;
  #end = 0;
  #split: Splitter | undefined;
  /** It has a line besides its first. */
  begun = false;

  constructor(indentation: number, line: number, limit: number, emit: (text: string, line: number) => void) {
    this.line = line;
    this.#indentation = indentation;
    this.#limit = limit;
    this.#emit = emit;
    this.#pieces.push(Buffer.from('{\n'));
  }

  /** `first` is the place of the line's first character that is no white space. */
  take(bytes: Buffer, start: number, first: number, end: number): RawTaken {
    const indentation = first - start;
    if (indentation > this.#indentation) {
      if (isStackLine(bytes, first)) return 'foreign';
      this.#extend(bytes, start, end);
      return 'inside';
    }
    return indentation === this.#indentation && bytes[first] === CLOSE_BRACE ? 'over' : 'foreign';
  }

  /** A piece of a line too long for the line reader; `endLine` ends the line. */
  push(bytes: Buffer): void {
    this.release();
    this.#keep(Buffer.from(bytes));
    this.begun = true;
  }

  endLine(): void {
    this.#keep(LINE_END);
  }

  /** The chunk's memory is used again: copies what is still needed of it. */
  release(): void {
    if (this.#chunk === undefined) return;
    this.#keep(Buffer.from(this.#chunk.subarray(this.#start, this.#end)));
    this.#keep(LINE_END);
    this.#chunk = undefined;
  }

  /** All of it with its last bracket, or the splitter that has read it because it was too large to hold. */
  end(): Buffer | Splitter {
    this.release();
    const last = Buffer.from('}');
    if (this.#split === undefined) return Buffer.concat([...this.#pieces, last]);
    this.#split.push(last);
    return this.#split;
  }

  /** What there is of it, without an end. */
  cut(): Buffer | Splitter {
    this.release();
    return this.#split ?? Buffer.concat(this.#pieces);
  }

  #extend(bytes: Buffer, start: number, end: number): void {
    this.begun = true;
    if (this.#chunk === bytes && isGap(bytes, this.#end, start)) {
      this.#end = end;
      return;
    }
    this.release();
    this.#chunk = bytes;
    this.#start = start;
    this.#end = end;
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#split !== undefined) {
      this.#split.push(piece);
      return;
    }
    this.#pieces.push(piece);
    if (this.#size <= this.#limit) return;
    this.#split = new Splitter({ emit: this.#emit, line: this.line });
    for (const held of this.#pieces) this.#split.push(held);
    this.#pieces = [];
  }
}

const LINE_END = Buffer.from('\n');

/** Only line ends and blank lines between two places. */
function isGap(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > SPACE) return false;
  return true;
}

/** `    at function (file:line)`: a stack trace is indented like a block, but no value begins so. */
function isStackLine(bytes: Buffer, first: number): boolean {
  if (bytes[first] !== 0x61 || bytes[first + 1] !== 0x74) return false;
  const third = bytes[first + 2];
  return third === SPACE || third === TAB;
}

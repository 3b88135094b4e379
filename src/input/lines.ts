/** Who is told about lines. Byte ranges are only good during the call, or until `release`. */
export type LineSink = {
  /** `bytes[start, end)` is a line without its line feed; empty lines are not told. Lines are counted from 1. */
  readonly line: (bytes: Buffer, start: number, end: number, number: number) => void;
  /** Asked where a line begins at a `{`: may take some lines whole. Where the next one begins, and how many were taken. */
  readonly record?: (
    bytes: Buffer,
    start: number,
    number: number,
  ) => { readonly end: number; readonly lines: number } | undefined;
  /** A line over the limit begins; it comes in pieces. */
  readonly long: (number: number) => LongLine;
  /** A run of NUL bytes. What stands before and after it in the line is told as two. */
  readonly nuls: (number: number) => void;
  /** The bytes handed out so far are about to be overwritten. */
  readonly release: () => void;
};

export type LongLine = {
  readonly push: (bytes: Buffer) => void;
  readonly end: () => void;
};

const [LINE_FEED, OPEN_BRACE] = [0x0a, 0x7b];

/**
 * Cuts a stream of bytes into lines, at `\n` only: other line separators are legal inside strings.
 * However the bytes are cut into chunks, the same lines come out.
 */
export class LineReader {
  readonly #sink: LineSink;
  /** A line of more bytes comes in pieces. */
  readonly limit: number;
  /** The line that is being read, counted from 1. */
  number = 1;
  /** The beginning of a line whose end is not here yet. */
  #carry: Buffer[] = [];
  #carried = 0;
  #long: LongLine | undefined;
  #inNuls = false;

  constructor(sink: LineSink, limit: number) {
    this.#sink = sink;
    this.limit = limit;
  }

  push(chunk: Buffer): void {
    let nul = chunk.indexOf(0);
    for (let start = 0; ; ) {
      if (chunk[start] === OPEN_BRACE && this.#carried === 0 && this.#long === undefined) {
        const taken = this.#sink.record?.(chunk, start, this.number);
        if (taken !== undefined) {
          start = taken.end;
          this.number += taken.lines;
          this.#inNuls = false;
          continue;
        }
      }
      const feed = chunk.indexOf(LINE_FEED, start);
      const end = feed < 0 ? chunk.length : feed;
      while (nul >= 0 && nul < end) {
        if (nul > start) this.#inNuls = false;
        this.#piece(chunk, start, nul, true);
        if (!this.#inNuls) this.#sink.nuls(this.number);
        this.#inNuls = true;
        start = nul + 1;
        while (start < end && chunk[start] === 0) start++;
        nul = chunk.indexOf(0, start);
      }
      if (start < end || feed >= 0) this.#inNuls = false;
      this.#piece(chunk, start, end, feed >= 0);
      if (feed < 0) break;
      this.number++;
      start = feed + 1;
    }
    this.#sink.release();
  }

  /** The last line may lack its line feed. */
  end(): void {
    this.#piece(Buffer.alloc(0), 0, 0, true);
  }

  #piece(chunk: Buffer, start: number, end: number, complete: boolean): void {
    const size = this.#carried + end - start;
    if (this.#long === undefined && size > this.limit) {
      this.#long = this.#sink.long(this.number);
      for (const bytes of this.#carry) this.#long.push(bytes);
      this.#drop();
    }
    if (this.#long !== undefined) {
      if (end > start) this.#long.push(chunk.subarray(start, end));
      if (!complete) return;
      this.#long.end();
      this.#long = undefined;
    } else if (!complete) {
      if (end > start) this.#carry.push(Buffer.from(chunk.subarray(start, end)));
      this.#carried = size;
    } else if (this.#carried > 0) {
      const bytes = Buffer.concat([...this.#carry, chunk.subarray(start, end)], size);
      this.#drop();
      this.#sink.line(bytes, 0, size, this.number);
    } else if (end > start) this.#sink.line(chunk, start, end, this.number);
  }

  #drop(): void {
    this.#carry = [];
    this.#carried = 0;
  }
}

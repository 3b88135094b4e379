import type { RowSource } from '../../model/index.ts';

/**
 * Finds spans in bytes of OTLP JSON and puts them into rows. It is a parser that accepts less than others: whatever it is not
 * made for, and whatever is not valid JSON, it refuses, and somebody else reads that.
 *
 * A document is `{"resourceSpans": [ … ]}` that begins at the beginning of a line (behind blanks) and behind which nothing but
 * white space stands on its last line. One document may follow another, each on lines of its own.
 */
export type Scanner = RowSource & {
  /** Bytes are scanned where they lie: this is where to put them. At least `size` bytes; what was in it before stays in it. */
  readonly window: (size: number) => Buffer;
  /** Forgets an unfinished document; the next byte is the first of a line, whose number (from 1) this is. */
  readonly begin: (line: number) => void;
  /**
   * Scans the valid UTF-8 in `[from, end)` of the window, which goes on where the last scan stopped. `offset` is where `from`
   * stands in the input; `last`: nothing comes behind `end`.
   */
  readonly scan: (from: number, end: number, offset: number, last: boolean) => ScanStop;
  /** The rows of the last scan; see `ROW`. Their `offset` counts from the beginning of the window, their `line` from 1. */
  readonly rows: () => {
    readonly count: number;
    readonly words: Uint32Array;
    readonly doubles: Float64Array;
  };
};

export type ScanStop = {
  /**
   * - `full`: no more rows fit.
   * - `more`: what begins at `at` does not end in the window.
   * - `foreign`: the document (or line) that begins at `document` is not for this scanner. `rows` has none of it any more, but
   *   `handedOut` of its rows were in earlier scans. The scanner stands at the beginning of it, outside of any document.
   */
  readonly why: 'full' | 'more' | 'foreign';
  /** The first byte in the window that was not read. */
  readonly at: number;
  /** Where the document begins that is being read, in the input, and its line; where none is, the same as `at`. */
  readonly document: number;
  readonly line: number;
  /** Rows of that document that earlier scans had. */
  readonly handedOut: number;
  /**
   * Whether a document of which this scan read something stands on more than one line, as far as it was read. Where a scanner
   * does not tell, it has to be found out, which takes time.
   */
  readonly broken?: boolean | undefined;
};

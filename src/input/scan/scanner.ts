import type { RowContext, RowSource } from '../../model/index.ts';

/**
 * Finds spans in bytes of JSON, and of what Node prints, and puts them into rows. It is a parser that accepts less than others:
 * whatever it is not made for, and whatever is not valid, it refuses, and somebody else reads that.
 *
 * A document is `{"resourceSpans": [ … ]}` that begins at the beginning of a line (behind blanks) and behind which nothing but
 * white space stands on its last line. One document may follow another, each on lines of its own. To a scanner that reads spans
 * that stand for themselves too, a document is also one of these, each of whose members is there once and written without escapes:
 *
 * - a flat span: an object on one line, whose members are some of `trace_id`, `span_id`, `parent_span_id`, `name`, `kind`,
 *   `start_time_unix_nano`, `end_time_unix_nano`, `status`, `service` (a string) and `attributes`; any but ids, name and times
 *   may be null or missing. Keys of its attributes have no escapes that may stand for anything, and none begins with `mlflow.`;
 * - a span as OpenTelemetry Python prints it: an object on one line, or a block of lines that are indented between brackets at the
 *   left edge, whose members are some of `name`, `context`, `kind`, `parent_id`, `start_time`, `end_time`, `status`, `attributes`,
 *   `events`, `links` and `resource`, the first two in front;
 * - a span as OpenTelemetry JS prints it with `util.inspect`, as such a block.
 */
export type Scanner = Omit<RowSource, 'context'> & {
  /** It reads spans that stand for themselves too. */
  readonly readsSpans: boolean;
  readonly context: (context: number) => ScanContext;
  /** Bytes are scanned where they lie: this is where to put them. At least `size` bytes; what was in it before stays in it. */
  readonly window: (size: number) => Buffer;
  /** Forgets an unfinished document; the next byte is the first of a line, whose number (from 1) this is. */
  readonly begin: (line: number) => void;
  /**
   * Scans the valid UTF-8 in `[from, end)` of the window, which goes on where the last scan stopped. `offset` is where `from`
   * stands in the input; `last`: nothing comes behind `end`.
   */
  readonly scan: (from: number, end: number, offset: number, last: boolean) => ScanStop;
  /**
   * Passes lines of the window, from one that begins with a blank to the first that does not, or to behind the last line feed before
   * `end`: where that is, and how many they are.
   */
  readonly passIndented: (from: number, end: number) => { readonly at: number; readonly lines: number };
  /** The rows of the last scan; see `ROW`. Their `offset` counts from the beginning of the window, their `line` from 1. */
  readonly rows: () => {
    readonly count: number;
    readonly words: Uint32Array;
    readonly doubles: Float64Array;
  };
};

/** What spans have from around them, and the format whose reader reads them. */
export type ScanContext = RowContext & { readonly format: string };

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
  /** Names of the formats of documents that this scan read to their end, in the order of the first of each. */
  readonly ended?: readonly string[] | undefined;
};

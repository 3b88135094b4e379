import type { Place, Resource, Scope, Span } from './span.ts';

/**
 * Spans as rows of numbers: the way from a reader to the span table on which nothing is made of a span that is like others.
 *
 * A reader knows nothing of dialects. It is told which attribute keys matter and how (`RowPlan`), and hands on, span by span,
 * a *pattern* and what differs between spans of one pattern: ids, times, and values (`RowBatch`). Two spans of one pattern
 * and one context mean the same but for these; so what a pattern means is found out once, from the first span of it, which the
 * reader then hands over as an object (`RowBatch.read`), as it does with every span that it cannot put into numbers.
 */
export type RowPlan = {
  /** Slots are places in this list. */
  readonly keys: readonly RowKey[];
  /** Texts that say nothing; a `text` among them is part of the pattern instead of a value. */
  readonly blanks: readonly string[];
  /** Names of span events that may change what a span means; spans that have one are not for patterns. */
  readonly events: ReadonlySet<string>;
};

/**
 * A key of the attributes of the span, of its status (`message` is the only one), or of the attributes of an event that is called
 * `exception`. Where such keys are asked for, spans with more than one exception are not for patterns.
 */
export type RowKey = {
  readonly key: string;
  readonly use: RowUse;
  readonly of?: 'status' | 'exception' | undefined;
};

/**
 * What of an attribute goes where. In every case the key is part of the pattern; a value that is not of the kind described
 * makes the span one that has to be read as an object.
 *
 * - `presence`: a string, boolean, finite number, or a list or record, of whatever content. No value.
 * - `constant`: a string of up to 2048 bytes, boolean, or finite number, which is part of the pattern as a whole. No value.
 *   Many different ones of a key, or 8 MB of them in all, may be too many: those that are new then do not fit.
 * - `text`: a string of up to 1024 bytes whose first and last character are visible ASCII other than `"`, or one of the
 *   plan's `blanks`. Its value is the number of the text (`RowSource.text`), except for blanks: those are part of the pattern.
 *   What `count` takes is the text of its digits, unless that is a blank. Other finite numbers and booleans are constants.
 * - `count`: a number that is whole, not negative and safe. Its value is the number.
 * - `amount`: a finite number that is not negative. Its value is the number.
 * - `answer`: a string of 16 to 1024 characters of visible ASCII other than `"` and `\`. Its value is `hash64` of it.
 * - `passage`: any string. Its value is where it stands in the span (`RowBatch.passage`), but for the empty one, which is part of
 *   the pattern. Finite numbers and booleans are constants.
 */
export type RowUse = 'presence' | 'constant' | 'text' | 'count' | 'amount' | 'answer' | 'passage';

/** Where things stand in a row, in 32-bit words from its beginning. */
export const ROW = {
  /** Number of the pattern; 0: the span has to be read as an object, and nothing else of the row holds but the places. */
  pattern: 0,
  /** Bits of `ROW_FLAG`. */
  flags: 1,
  /** Four words, the first digits first. */
  traceId: 2,
  spanId: 6,
  /** Zeros where there is none. */
  parentId: 8,
  startSecond: 10,
  startNano: 11,
  /** A double: whole nanoseconds, 0 or more. */
  duration: 12,
  /** Where the span stands in the bytes of its batch, and how long it is. */
  offset: 14,
  length: 15,
  /** Number of the context. */
  context: 16,
  /** Line feeds between the beginning of the batch and the span. */
  line: 17,
  /** Doubles, in the order of `RowSource.slotsOf`. An `answer` is two words, high then low; a `passage` too, where and how long. */
  values: 18,
} as const;

/** Most values of a row. A span with more has to be read as an object. */
export const ROW_VALUES = 23;
/** Words from one row to the next. */
export const ROW_WORDS = ROW.values + 2 * ROW_VALUES;

/** Part of the pattern too. A span of a pattern has a start and an end, in order, within 104 days of each other. */
export const ROW_FLAG = { hasParent: 1, hasEvents: 2 } as const;

/** Some rows in the order in which their spans were read. Good until the call returns. */
export type RowBatch = {
  readonly count: number;
  readonly words: Uint32Array;
  /** The same memory: word `2 * n` begins double `n`. */
  readonly doubles: Float64Array;
  /** What a passage says: so many bytes from a place in the span of a row on. */
  readonly passage: (row: number, from: number, length: number) => string;
  /** The span of a row as its format's reader reads it, with whatever that warns of; undefined where there was none to be read. */
  readonly read: (row: number) => { readonly span: Span; readonly at: Place } | undefined;
};

/** A maker of rows. Its numbers for texts, patterns and contexts are its own, count from 1, and hold as long as it lives. */
export type RowSource = {
  readonly text: (text: number) => string;
  /** The slots whose values rows of a pattern have, in their order. */
  readonly slotsOf: (pattern: number) => readonly number[];
  readonly context: (context: number) => RowContext;
};

/** What spans have from around them. The same resource and scope have the same number. */
export type RowContext = { readonly resource: Resource; readonly scope: Scope | undefined };

export type RowSink = {
  readonly plan: RowPlan;
  /** Whoever takes the rows of one source. */
  readonly from: (source: RowSource) => (batch: RowBatch) => void;
  /** Forgets the last `rows` rows and whatever was said of them: the document in which they stood is damaged, and is read again. */
  readonly undo: (rows: number) => void;
};

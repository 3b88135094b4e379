import type { SkipReason } from '../../model/index.ts';
import type { ReadContext } from '../format.ts';

/**
 * A way to write spans down as lines for people. Like a `Format` it never opens a file: it is asked about lines from which
 * wrappers and colours were taken off, of one process as far as wrappers tell processes apart.
 */
export type TextFormat = {
  readonly name: string;
  readonly title: string;
  /** Where its shape was learned: the source file that prints it. */
  readonly source: string;
  /** A record begins with this line. Asked of every line that is no JSON, so it must say no at little cost. */
  readonly begins: (line: string) => boolean;
  /** A new record; its first line is the one that begins it. */
  readonly record: (output: TextOutput) => TextRecord;
};

/** What a line is to an open record. `over`: it was the last one. */
export type TextTaken = 'foreign' | 'inside' | 'over';

/**
 * One span over several lines, or a run of spans below a common head. It keeps what is unfinished and throws for no line,
 * whatever that holds.
 */
export type TextRecord = {
  readonly take: (line: string, number: number) => TextTaken;
  /** No more lines come: what is whole goes out, what is not is counted as `truncated`. */
  readonly end: () => void;
};

export type TextOutput = {
  /** Lets a span that begins at the line with this number be read. */
  readonly read: (number: number, read: (context: ReadContext) => void) => void;
  readonly skip: (reason: SkipReason, number: number) => void;
};

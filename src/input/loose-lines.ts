import { Brackets } from './brackets.ts';

/** A line as it stood in its stream. */
export type Line = { readonly text: string; readonly number: number };

/** What a line is to the block: `waits` means that the line behind it shows whether it belongs. */
export type LooseTaken = 'foreign' | 'cut' | 'waits' | 'taken';

/** A whole value without a comma behind it. */
type Waiting = { readonly line: string; readonly from: Line; readonly last: number };

/** How a line of a JSON document may begin. A log line in square brackets does not begin so. */
const JSON_LINE =
  /^(?:\{\s*(?:$|["}])|\[\s*(?:$|["{[\]]|-?\d[\d.]*\s*,)|"|[\]}]|,\s*(?:$|["{[])|(?:-?\d[\d.eE+-]*|true|false|null)\s*[,\]}]*$)/;
const [CLOSE_BRACE, CLOSE_BRACKET] = [0x7d, 0x5d];

/**
 * The lines without indentation behind one that opened more than a bracket. Either that line began a document, whose parts
 * they are, or it was cut off and they stand for themselves; the brackets tell. They are kept for the second case.
 */
export class LooseLines {
  readonly #brackets: Brackets;
  readonly #firstKey: string;
  #kept: Line[] | undefined = [];
  #waiting: Waiting | undefined;
  #failed = false;
  #repeated = false;
  /** Lines that turned out to be someone else's, in between. */
  #released: Line[] = [];

  /** `firstKey` is how the block begins, up to its first key. */
  constructor(brackets: Brackets, firstKey: string) {
    this.#brackets = brackets;
    this.#firstKey = firstKey;
  }

  /** `line` is the line without a prefix; `add` puts a line into the block. */
  take(line: string, from: Line, add: (line: string, number: number) => void): LooseTaken {
    const trimmed = line.trim();
    if (!JSON_LINE.test(trimmed)) return 'foreign';
    const repeats = trimmed.startsWith(this.#firstKey);
    if (!this.#settles(trimmed, repeats, add)) {
      this.#failed = true;
      return 'cut';
    }
    this.#repeated ||= repeats;
    this.#kept?.push(from);
    if (!isWhole(trimmed)) return 'taken';
    this.#waiting = { line, from, last: this.#brackets.last };
    this.#brackets.last = CLOSE_BRACE;
    return 'waits';
  }

  /** What the block holds is being read already: there is no way back. */
  commit(): void {
    this.#kept = undefined;
  }

  /** Lines to be read on their own, once. */
  released(): readonly Line[] {
    const released = this.#released;
    this.#released = [];
    return released;
  }

  /**
   * The block will not be closed. True when all of its lines but the first stand for themselves; otherwise they are the
   * beginning of a document.
   */
  giveUp(documentBegan: boolean, add: (line: string, number: number) => void): boolean {
    const { last } = this.#brackets;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const kept = this.#kept;
    if (kept === undefined) {
      if (waiting !== undefined) this.#released.push(waiting.from);
      return false;
    }
    const loose = waiting === undefined ? last === CLOSE_BRACE || last === CLOSE_BRACKET : kept.length === 1;
    if (this.#failed || this.#repeated || loose || !documentBegan) {
      for (const line of kept) this.#released.push(line);
      return true;
    }
    if (waiting !== undefined) add(waiting.line, waiting.from.number);
    return false;
  }

  /** Decides about the line that waits; false when the next one cannot follow with it or without it. */
  #settles(next: string, repeats: boolean, add: (line: string, number: number) => void): boolean {
    const waiting = this.#waiting;
    if (this.#brackets.goOnWith(next)) {
      this.#waiting = undefined;
      if (waiting !== undefined) add(waiting.line, waiting.from.number);
      return true;
    }
    if (waiting === undefined || repeats) return false;
    this.#brackets.last = waiting.last;
    if (!this.#brackets.goOnWith(next)) return false;
    this.#waiting = undefined;
    this.#kept?.pop();
    this.#released.push(waiting.from);
    return true;
  }
}

/** An object or array from the first to the last character. */
function isWhole(line: string): boolean {
  return /^[{[].*[}\]]$/.test(line) && new Brackets().feed(line) === line.length;
}

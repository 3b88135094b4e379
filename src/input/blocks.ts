import { Brackets } from './brackets.ts';
import { type Emit, Held, type HeldEnd, type Limits } from './held.ts';
import { learnPrefix, type Prefix } from './prefix.ts';
import { isMember, isPunctuation } from './traits.ts';

/** A block that is over: one value over several lines, or so it looked. */
export type BlockEnd = {
  readonly line: number;
  readonly held: HeldEnd;
  /** Nothing but white space or array punctuation stood in front of its first bracket. */
  readonly bare: boolean;
  /** It was given up before its last bracket came. */
  readonly cut: boolean;
};

/** What a line is to an open block: `cut` means that it shows the block to have ended before its time. */
export type Taken = 'foreign' | 'inside' | 'over' | 'cut';

/** A line that opens a block without indentation is short; a long one is a compact record that was cut off. */
const FLAT_OPENER = { length: 64, depth: 2 };
/** A stack trace is indented like a block, but no value begins so. */
const STACK_LINE = /^\s+at \S/;

/**
 * A JSON value or `util.inspect` object over several lines. Its lines are the deeper indented ones, up to the bracket that
 * stands as far left as the first line; without indentation brackets are counted. A prefix in front of its first line
 * may stand in front of all of them.
 */
export class Block {
  readonly line: number;
  readonly prefix: string;
  readonly bare: boolean;
  readonly #learned: Prefix | undefined;
  readonly #indentation: string;
  readonly #brackets = new Brackets();
  readonly #held: Held;
  readonly #opensFlat: boolean;
  readonly #firstKey: string | undefined;
  #everyLine: boolean | undefined;
  #indented: boolean | undefined;
  /** What stood behind its last bracket. */
  rest = '';

  /** `at` is the place of the bracket in `text` that opens the block and is not closed in the same line. */
  constructor(text: string, at: number, line: number, limits: Limits, emit: Emit) {
    this.line = line;
    this.prefix = text.slice(0, at);
    this.bare = isPunctuation(this.prefix);
    this.#indentation = /^\s*/.exec(text)![0];
    this.#learned = this.bare ? undefined : learnPrefix(this.prefix);
    this.#everyLine = this.#learned === undefined ? false : undefined;
    this.#held = new Held(line, limits, emit);
    const opener = text.slice(at);
    this.#firstKey = /^\{\s*"[^"\\]*"/.exec(opener)?.[0];
    this.#add(opener, line);
    this.#opensFlat = opener.length <= FLAT_OPENER.length && this.#brackets.depth <= FLAT_OPENER.depth;
  }

  /** Lines without indentation may belong to it: a complete JSON line may be one of its parts. */
  get takesFlat(): boolean {
    return this.#everyLine === false && !(this.#indented ?? !this.#opensFlat);
  }

  /** Lines that are indented and have no prefix belong to it. */
  get takesIndented(): boolean {
    return this.#everyLine === false;
  }

  /** The other one opens where a part of this one should have come: this one was cut off. */
  isReplacedBy(other: Block): boolean {
    return other.bare ? this.takesIndented : this.prefix === other.prefix;
  }

  take(text: string, number: number): Taken {
    const line = this.#own(text);
    if (line === undefined) return 'foreign';
    const first = line.charCodeAt(0);
    const deeper = first === 0x20 || first === 0x09;
    if (this.#indented === undefined) {
      if (!deeper && !this.#opensFlat) return 'cut';
      this.#indented = deeper || first === 0x7d;
    }
    if (!this.#indented) {
      if (first === 0x7b && !this.#mayHold(line)) return 'cut';
      return isMember(line) ? this.#add(line, number) : 'foreign';
    }
    if (deeper) return STACK_LINE.test(line) ? 'foreign' : this.#add(line, number);
    if (first !== 0x7d && first !== 0x5d) return 'foreign';
    // Where the brackets inside do not add up, the layout says where it ends.
    const end = Math.max(1, this.#brackets.feed(line));
    this.rest = line.slice(end);
    this.#held.pushLines(Buffer.from(line.slice(0, end)), number);
    return 'over';
  }

  /** Ends the block, whole or cut off. */
  end(cut: boolean): BlockEnd {
    return { line: this.line, held: this.#held.end(), bare: this.bare, cut };
  }

  /** An object may stand here; JSON lines after one that was cut off begin with the same key as it did. */
  #mayHold(line: string): boolean {
    if (!this.#brackets.expectsValue) return false;
    return this.#firstKey === undefined || !line.startsWith(this.#firstKey);
  }

  /** The line from the block's left edge on; undefined when it is someone else's. */
  #own(text: string): string | undefined {
    if (this.#everyLine !== false) {
      const stripped = this.#learned?.strip(text);
      if (this.#everyLine === undefined) {
        if (stripped !== undefined && goesOn(stripped)) this.#everyLine = true;
        else if (deeperThan(this.#indentation, text)) this.#everyLine = false;
        else return undefined;
      }
      if (this.#everyLine) return stripped;
    }
    return text.startsWith(this.#indentation) ? text.slice(this.#indentation.length) : undefined;
  }

  #add(line: string, number: number): Taken {
    const end = this.#brackets.feed(line);
    if (end >= 0) this.rest = line.slice(end);
    this.#held.pushLines(Buffer.from(end >= 0 ? line.slice(0, end) : line), number);
    return end >= 0 ? 'over' : 'inside';
  }
}

/** Behind a prefix that may stand on every line: the next line of a block, indented or not. */
function goesOn(line: string): boolean {
  return /^[\s}\]]/.test(line) || isMember(line);
}

function deeperThan(indentation: string, line: string): boolean {
  return line.startsWith(indentation) && /^[ \t]/.test(line.slice(indentation.length));
}

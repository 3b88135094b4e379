import { Brackets } from './brackets.ts';
import { type Emit, Held, type HeldEnd, type Limits } from './held.ts';
import { type Line, LooseLines } from './loose-lines.ts';
import { learnPrefix, type Prefix } from './prefix.ts';
import { isMember, isPunctuation, looksLikeTelemetry } from './traits.ts';

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
/** Lines that a block gives back may be a block of their own; read more often, many of them would take for ever. */
const READINGS = 2;
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
  readonly reading: number;
  readonly #learned: Prefix | undefined;
  readonly #indentation: string;
  readonly #brackets = new Brackets();
  readonly #limits: Limits;
  readonly #emit: Emit;
  #held: Held;
  readonly #opener: string;
  readonly #opensFlat: boolean;
  readonly #firstKey: string | undefined;
  /** Lines at its left edge, when its first line opened more than a bracket. */
  readonly #loose: LooseLines | undefined;
  #everyLine: boolean | undefined;
  #indented: boolean | undefined;
  /** What stood behind its last bracket. */
  rest = '';

  /**
   * `at` is the place of the bracket in `text` that opens the block and is not closed in the same line. `reading` is how
   * often its lines have been read before.
   */
  constructor(text: string, at: number, line: number, limits: Limits, emit: Emit, reading = 0) {
    this.line = line;
    this.reading = reading;
    this.#limits = limits;
    this.#emit = emit;
    this.prefix = text.slice(0, at);
    this.bare = isPunctuation(this.prefix);
    this.#indentation = /^\s*/.exec(text)![0];
    this.#learned = this.bare ? undefined : learnPrefix(this.prefix);
    this.#everyLine = this.#learned === undefined ? false : undefined;
    this.#held = new Held(line, limits, emit);
    this.#opener = text.slice(at);
    this.#firstKey = /^\{\s*"[^"\\]*"/.exec(this.#opener)?.[0];
    this.#add(this.#opener, line);
    const short = this.#opener.length <= FLAT_OPENER.length && this.#brackets.depth <= FLAT_OPENER.depth;
    const mayBeLoose = this.#firstKey !== undefined && reading < READINGS;
    this.#opensFlat = short && !(mayBeLoose && this.#brackets.expectsElement);
    if (mayBeLoose && !this.#opensFlat) this.#loose = new LooseLines(this.#brackets, this.#firstKey);
  }

  /** Lines without indentation may belong to it: a complete JSON line may be one of its parts. */
  get takesFlat(): boolean {
    return this.#everyLine === false && !(this.#indented ?? (!this.#opensFlat && this.#loose === undefined));
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
    if (!this.#opensFlat && !(this.#indented ?? deeper)) return this.#takeLoose(line, text, number);
    if (this.#indented === undefined) {
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

  /** Lines that it took and that are to be read on their own. */
  released(): readonly Line[] {
    return this.#loose?.released() ?? [];
  }

  /** Ends the block, whole or cut off. */
  end(cut: boolean): BlockEnd {
    const add = (line: string, at: number) => this.#add(line, at);
    const loose = cut && this.#indented === false ? this.#loose : undefined;
    if (loose?.giveUp(looksLikeTelemetry(this.#opener), add)) {
      this.#held = new Held(this.line, this.#limits, this.#emit);
      this.#held.push(Buffer.from(this.#opener));
    }
    return { line: this.line, held: this.#held.end(), bare: this.bare, cut };
  }

  #takeLoose(line: string, text: string, number: number): Taken {
    const add = (own: string, at: number) => this.#add(own, at);
    const taken = this.#loose?.take(line, { text, number }, add) ?? 'cut';
    if (taken === 'foreign' || taken === 'cut') return taken;
    this.#indented = false;
    const end = taken === 'taken' ? this.#add(line, number) : 'inside';
    if (this.#held.isSplit) this.#loose!.commit();
    return end;
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

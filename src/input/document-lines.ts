import type { Scanner } from './scan/scanner.ts';

/** Where a document begins: the first byte of its first line, and that line's number. */
export type DocumentStart = { readonly offset: number; readonly line: number };

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Behind a first line with so many bytes, or with the bracket of an array at its end, lines at the left edge may go on. */
const LONG_OPENER = 256;

/**
 * How the lines of the current document behind its first one stand, if it has more than one and is no block: `loose` at the
 * left edge, or `indented` up to the one that ends it. A block has only `ended`.
 */
type Layout = 'one line' | 'loose' | 'indented' | 'ended';

/**
 * Follows the lines of bytes that are known to be documents of JSON, one after another, and says where they begin and whether
 * somebody who goes by lines alone (`RecordReader`) would have seen the same documents: each stands on one line, or it is a
 * block: a lone `{`, lines that are indented deeper, and the `}` below it. Or its first line holds more, and either all the
 * others are deeper than it but for the last, or the first of them is not and each begins as JSON goes on:
 *
 *     {"resourceSpans":[          {"resourceSpans":[
 *       {"resource": …},          {"resource": …},
 *       {"resource": …}           {"resource": …}
 *     ]}                          ]}
 *
 * A document begins at a line with `{` behind one that ends with `}`, and only there: inside of JSON a comma stands between them.
 */
export class DocumentLines {
  /** The first byte that was not looked at, and the number of the line it is on. */
  next = 0;
  line = 1;
  /** Where in the input that line begins. */
  #lineStart = 0;
  /** The beginning of the current line was looked at. */
  #begun = false;
  /** The last visible byte of the lines before, or of what was seen of this one. */
  #last = CLOSE_BRACE;
  #current: DocumentStart | undefined;
  /** How far the block that is open is indented; undefined where the document is to end on its first line. */
  #block: number | undefined;
  /** The current line is the end of a block. */
  #closing = false;
  #flat = false;
  #shape: Layout = 'one line';
  /** The current document begins at the left edge. */
  #edge = false;
  /** Behind the first line of the current document more has to follow, and lines at the left edge may. */
  #opens = false;
  #opensLoose = false;
  /** A line of it is longer than what is read as one. */
  #hasLongLine = false;
  /** So many bytes a line may have that is part of something else. */
  readonly #longest: number;
  /** The documents that the last walk touched, in order. */
  readonly starts: DocumentStart[] = [];

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The document that began with a lone bracket, whose last line has not come. */
  get unclosed(): DocumentStart | undefined {
    return this.#block === undefined ? undefined : this.#current;
  }

  /** The next byte to be looked at is the first of a line. `flat`: every document has to stand on one line, at its beginning. */
  begin(offset: number, line: number, flat: boolean): void {
    this.next = offset;
    this.line = line;
    this.#lineStart = offset;
    this.#begun = false;
    this.#last = CLOSE_BRACE;
    this.#block = undefined;
    this.#closing = false;
    this.#flat = flat;
    this.#open(undefined);
  }

  #open(document: DocumentStart | undefined): void {
    this.#current = document;
    this.#shape = 'one line';
    this.#opens = false;
    this.#opensLoose = false;
    this.#hasLongLine = false;
  }

  /** The document that begins there stands on one line so far, up to this place, with this byte in front of it. */
  skip(next: number, last: number | undefined): void {
    this.#open({ offset: this.next, line: this.line });
    this.#begun = true;
    this.#last = last ?? 0;
    this.next = next;
  }

  /**
   * Looks at the lines before `end`; `base` is where the bytes begin in the input. The document that stands otherwise, if any.
   * `passIndented` is the scanner's: most lines of a block are deeper than it.
   */
  walk(
    bytes: Buffer,
    base: number,
    end: number,
    passIndented: Scanner['passIndented'],
  ): DocumentStart | undefined {
    this.starts.length = 0;
    if (this.#current !== undefined) this.starts.push(this.#current);
    const stop = end - base;
    while (this.next < end) {
      const from = this.next - base;
      if (this.#block === 0 && !this.#begun && isBlank(bytes[from])) {
        const { at, lines } = passIndented(from, stop);
        this.next = base + at;
        this.line += lines;
        this.#lineStart = this.next;
        if (lines > 0) continue;
      }
      const feed = bytes.indexOf(LINE_FEED, from);
      const whole = feed >= 0 && feed < stop;
      const lineEnd = whole ? feed : stop;
      let seen = from;
      if (!this.#begun) {
        const first = firstVisible(bytes, from, lineEnd);
        if (first === lineEnd || isReturns(bytes, first, lineEnd)) {
          if (!whole) return undefined;
          this.#endLine(base + feed + 1);
          continue;
        }
        if (this.#shape === 'ended' && bytes[first] !== OPEN_BRACE) return this.#current;
        // What follows a lone bracket tells a block from a line, and one line of JSON from another; but nothing may follow its end.
        if (!whole && !isClosing(bytes[first]) && isReturns(bytes, first + 1, lineEnd)) return undefined;
        const wrong = this.#beginLine(bytes, from, first, lineEnd, whole);
        if (wrong !== undefined) return wrong;
        this.#last = bytes[first]!;
        seen = first + 1;
      }
      const last = lastVisible(bytes, seen, lineEnd);
      if (last !== undefined && this.#closing) return this.#current;
      this.#last = last ?? this.#last;
      if (base + lineEnd - this.#lineStart > this.#longest) {
        this.#hasLongLine = true;
        if (this.#shape !== 'one line') return this.#current;
      }
      if (whole) this.#endLine(base + feed + 1);
      else this.next = end;
    }
    return undefined;
  }

  #endLine(next: number): void {
    if (this.#current?.offset === this.#lineStart) {
      this.#opens = isOpening(this.#last) || this.#last === COMMA || this.#last === COLON;
      this.#opensLoose = this.#last === OPEN_BRACKET || next - this.#lineStart > LONG_OPENER;
    }
    this.next = next;
    this.#lineStart = next;
    this.line++;
    this.#begun = false;
    this.#closing = false;
  }

  #beginLine(
    bytes: Buffer,
    from: number,
    first: number,
    lineEnd: number,
    whole: boolean,
  ): DocumentStart | undefined {
    const byte = bytes[first]!;
    const indentation = first - from;
    this.#begun = true;
    if (this.#block !== undefined) {
      if (indentation > this.#block) return undefined;
      if (indentation !== this.#block || byte !== CLOSE_BRACE) return this.#current;
      this.#block = undefined;
      this.#closing = true;
      this.#shape = 'ended';
      return undefined;
    }
    const start = { offset: this.#lineStart, line: this.line };
    const begins = this.#last === CLOSE_BRACE && (byte === OPEN_BRACE || this.#current === undefined);
    if (!begins) return this.#current === undefined ? start : this.#goOn(bytes, first, indentation);
    this.#open(start);
    this.starts.push(start);
    const block = whole && isReturns(bytes, first + 1, lineEnd);
    if (byte !== OPEN_BRACE || (this.#flat && (block || indentation > 0))) return start;
    if (block) this.#block = indentation;
    this.#edge = indentation === 0;
    return undefined;
  }

  /** A further line of a document that is no block. */
  #goOn(bytes: Buffer, first: number, indentation: number): DocumentStart | undefined {
    const wrong = this.#current;
    if (this.#flat || !this.#edge || !this.#opens || this.#hasLongLine) return wrong;
    const byte = bytes[first]!;
    if (this.#shape === 'one line') {
      if (indentation === 0 && !this.#opensLoose) return wrong;
      this.#shape = indentation > 0 ? 'indented' : 'loose';
    }
    if (this.#shape === 'loose') return goesOn(byte, bytes[first + 1]) ? undefined : wrong;
    if (this.#shape === 'ended') return wrong;
    if (indentation > 0) return undefined;
    this.#shape = 'ended';
    return isClosing(byte) ? undefined : wrong;
  }
}

/** A line that begins with these two bytes is JSON and no line of a log. */
function goesOn(first: number, second: number | undefined): boolean {
  if (first === QUOTE || isClosing(first)) return true;
  if (second === LINE_FEED || second === CARRIAGE_RETURN) return isOpening(first) || first === COMMA;
  if (first === OPEN_BRACE) return second === QUOTE || second === CLOSE_BRACE;
  if (first === OPEN_BRACKET) return second === QUOTE || second === CLOSE_BRACKET || isOpening(second);
  return first === COMMA && (second === QUOTE || isOpening(second));
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;
const isOpening = (byte: number | undefined): boolean => byte === OPEN_BRACE || byte === OPEN_BRACKET;
const isClosing = (byte: number | undefined): boolean => byte === CLOSE_BRACE || byte === CLOSE_BRACKET;

function firstVisible(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

/** Nothing but what stands before a line feed that came from elsewhere. */
function isReturns(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== CARRIAGE_RETURN) return false;
  return true;
}

function lastVisible(bytes: Buffer, from: number, end: number): number | undefined {
  for (let at = end - 1; at >= from; at--) if (bytes[at]! > SPACE) return bytes[at];
  return undefined;
}

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, OPEN_BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x7b];

/** A kind of document: a key that it has, and which line it begins with if that stands here; -1 where it is something else. */
type Kind = {
  readonly key: Buffer;
  readonly lineOf: (bytes: Buffer, key: number, from: number, atLine: boolean) => number;
};

const REQUEST: Kind = { key: Buffer.from('"resourceSpans"'), lineOf: lineOfRequest };
const FLAT: Kind = { key: Buffer.from('"trace_id"'), lineOf: lineOfFlat };

/** So much of a flat span may stand before its trace id. */
const REACH = 256;
/** Nothing but members of a flat span that the scanner knows, and the bracket before them. */
const FLAT_HEAD =
  /^\{\s*(?:"(?:span_id|parent_span_id|name|kind|status|service|(?:start|end)_time_unix_nano)"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*,\s*)*$/;

/** Finds lines at which documents seem to begin that a scanner reads. */
export class DocumentStarts {
  readonly #request = new Search(REQUEST);
  readonly #flat = new Search(FLAT);

  /**
   * The first such line in `[from, end)` that begins at `passed` or later; -1 where there is none. `bytes` begin at `base` in the
   * input; `atLine`: a line begins at `from`.
   */
  next(
    bytes: Buffer,
    base: number,
    { from, passed, atLine, flat }: { from: number; passed: number; atLine: boolean; flat: boolean },
  ): number {
    const request = this.#request.next(bytes, base, from, passed, atLine);
    if (!flat) return request;
    const line = this.#flat.next(bytes, base, from, passed, atLine);
    return request < 0 || (line >= 0 && line < request) ? line : request;
  }
}

/** One kind of them. What was found ahead is remembered: the other kind may be found in front of it many times. */
class Search {
  readonly #kind: Kind;
  /** Places in the input: where the last search began and ended, up to where keys have been looked at, and the last line found. */
  #from = 0;
  #end = 0;
  #searched = 0;
  #line = -1;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  next(bytes: Buffer, base: number, from: number, passed: number, atLine: boolean): number {
    const end = base + bytes.length;
    // The reader has gone back.
    if (base + from < this.#from || end < this.#end) this.#searched = this.#line = -1;
    this.#from = base + from;
    this.#end = end;
    if (this.#line >= base + from && this.#line >= passed) return this.#line - base;
    const { key, lineOf } = this.#kind;
    for (;;) {
      const found = bytes.indexOf(key, Math.max(from, this.#searched - base));
      if (found < 0) {
        this.#searched = Math.max(this.#searched, end - key.length + 1);
        this.#line = -1;
        return -1;
      }
      this.#searched = base + found + key.length;
      const line = lineOf(bytes, found, from, atLine);
      if (line < 0 || base + line < passed) continue;
      this.#line = base + line;
      return line;
    }
  }
}

/** The line on which nothing but a bracket stands before the key, or on which the bracket stands alone. */
function lineOfRequest(bytes: Buffer, key: number, from: number, atLine: boolean): number {
  let at = key - 1;
  while (at >= from && isSpace(bytes[at]!)) at--;
  if (at < from || bytes[at] !== OPEN_BRACE) return -1;
  do at--;
  while (at >= from && isBlank(bytes[at]!));
  if (at < from) return atLine ? from : -1;
  return bytes[at] === LINE_FEED ? at + 1 : -1;
}

/** The line that begins with a bracket and has nothing before the key that other lines than those of spans have. */
function lineOfFlat(bytes: Buffer, key: number, from: number, atLine: boolean): number {
  const least = Math.max(from, key - REACH);
  let at = key - 1;
  while (at >= least && bytes[at] !== LINE_FEED) at--;
  if (at < least && (least > from || !atLine)) return -1;
  const start = at + 1;
  return bytes[start] === OPEN_BRACE && FLAT_HEAD.test(bytes.toString('latin1', start, key)) ? start : -1;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
const isSpace = (byte: number): boolean => isBlank(byte) || byte === LINE_FEED || byte === CARRIAGE_RETURN;

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, OPEN_BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x7b];

/** A kind of document: a key that it has, and which line it begins with if that stands here; -1 where it is something else. */
type Kind = {
  readonly key: Buffer;
  readonly lineOf: (bytes: Buffer, key: number, from: number, atLine: boolean) => number;
};

const REQUEST: Kind = { key: Buffer.from('"resourceSpans"'), lineOf: lineOfRequest };
const FLAT: Kind = { key: Buffer.from('"trace_id"'), lineOf: lineOfFlat };
const PYTHON: Kind = { key: Buffer.from('"context"'), lineOf: lineOfPython };

/** So much of a span may stand before its key. */
const REACH = 256;
/** Nothing but members of a flat span that the scanner knows, and the bracket before them. */
const FLAT_HEAD =
  /^\{\s*(?:"(?:span_id|parent_span_id|name|kind|status|service|(?:start|end)_time_unix_nano)"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*,\s*)*$/;

/** What OpenTelemetry JS prints begins so. */
const NODE: Kind = { key: Buffer.from('{\n  resource: {'), lineOf: lineOfNode };
/** What stands before the ids of a span as OpenTelemetry Python prints it, from the line feed before it on. */
const PYTHON_HEAD = /(?:^|\n)(\{\s*"name"\s*:\s*"[^"\\]*"\s*,\s*)$/;

/** Finds lines at which documents seem to begin that a scanner reads. */
export class DocumentStarts {
  readonly #request = new Search(REQUEST);
  /** What was found last is looked for first, and the others only in front of the next one of it. */
  #searches = [this.#request, new Search(FLAT), new Search(PYTHON), new Search(NODE)];

  /**
   * The first such line in `[from, end)` that begins at `passed` or later; -1 where there is none. `bytes` begin at `base` in the
   * input; `atLine`: a line begins at `from`; `spans`: documents may also be spans that stand for themselves.
   */
  next(
    bytes: Buffer,
    base: number,
    { from, passed, atLine, spans }: { from: number; passed: number; atLine: boolean; spans: boolean },
  ): number {
    let first = -1;
    let found: Search | undefined;
    for (const search of spans ? this.#searches : [this.#request]) {
      const line = search.next(bytes, base, {
        from,
        passed,
        atLine,
        before: first < 0 ? bytes.length : first,
      });
      if (line < 0 || (first >= 0 && line >= first)) continue;
      first = line;
      found = search;
    }
    if (found !== undefined && found !== this.#searches[0])
      this.#searches = [found, ...this.#searches.filter((search) => search !== found)];
    return first;
  }
}

/** One kind of them. What was found ahead is remembered: others may be found in front of it many times. */
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

  /** Looks for keys that begin before `before`. */
  next(
    bytes: Buffer,
    base: number,
    { from, passed, atLine, before }: { from: number; passed: number; atLine: boolean; before: number },
  ): number {
    const end = base + bytes.length;
    // The reader has gone back.
    if (base + from < this.#from || end < this.#end) this.#searched = this.#line = -1;
    this.#from = base + from;
    this.#end = end;
    if (this.#line >= base + from && this.#line >= passed) return this.#line - base;
    const { key, lineOf } = this.#kind;
    const near = bytes.subarray(0, before);
    for (;;) {
      const found = near.indexOf(key, Math.max(from, this.#searched - base));
      if (found < 0) {
        this.#searched = Math.max(this.#searched, base + before - key.length + 1);
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

/** The line that begins with the bracket of a record in which nothing but a name stands before the key. */
function lineOfPython(bytes: Buffer, key: number, from: number, atLine: boolean): number {
  const least = Math.max(from, key - REACH);
  const head = PYTHON_HEAD.exec(bytes.toString('latin1', least, key))?.[1];
  if (head === undefined) return -1;
  const start = key - head.length;
  return start > least || (least === from && atLine) ? start : -1;
}

/** The line that the key itself is. */
function lineOfNode(bytes: Buffer, key: number, from: number, atLine: boolean): number {
  return (key > from ? bytes[key - 1] === LINE_FEED : atLine) ? key : -1;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
const isSpace = (byte: number): boolean => isBlank(byte) || byte === LINE_FEED || byte === CARRIAGE_RETURN;

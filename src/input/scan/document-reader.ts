import { ByteStrings } from './byte-strings.ts';
import type { Contexts } from './contexts.ts';
import { FOREIGN, type JsonBytes, MORE } from './json-bytes.ts';
import type { RowBuffer } from './row-buffer.ts';
import type { SpanReader } from './span-reader.ts';

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What the reader expects next: a line, an item of this list or member of this object, or the end. */
const EXPECT = {
  line: 0,
  resourceSpans: 1,
  inResource: 2,
  scopeSpans: 3,
  inScope: 4,
  spans: 5,
  documentEnd: 6,
  lineEnd: 7,
} as const;
type Expected = (typeof EXPECT)[keyof typeof EXPECT];

const REQUEST = Buffer.from('resourceSpans');
/** Keys of an owner: what describes it, the list of what it owns, and one that does not matter. */
const [DESCRIPTION, LIST] = [1, 2];

/** An element of `resourceSpans` or `scopeSpans`. */
type Owner = {
  readonly keys: ByteStrings;
  readonly numberOf: (description: Buffer | undefined) => number;
  /** Of its description; 0 as long as that is not known. */
  number: number;
  /** Keys that were read, as bits. */
  seen: number;
};

/**
 * Walks through documents step by step. Behind each step it stands where it can go on with other bytes: at the beginning of
 * a line, or before an item or a member. A step that throws changes nothing.
 */
export class DocumentReader {
  readonly #json: JsonBytes;
  readonly #spans: SpanReader;
  readonly #contexts: Contexts;
  readonly #rows: RowBuffer;
  readonly #resource: Owner;
  readonly #scope: Owner;
  #context = 0;
  #expected: Expected = EXPECT.line;
  /** Nothing of the list or object was read yet. */
  #first = true;

  constructor(json: JsonBytes, spans: SpanReader, contexts: Contexts, rows: RowBuffer) {
    this.#json = json;
    this.#spans = spans;
    this.#contexts = contexts;
    this.#rows = rows;
    this.#resource = {
      keys: new ByteStrings(3, ['resource', 'scopeSpans', 'schemaUrl']),
      numberOf: (bytes) => contexts.resource(bytes),
      number: 0,
      seen: 0,
    };
    this.#scope = {
      keys: new ByteStrings(3, ['scope', 'spans', 'schemaUrl']),
      numberOf: (bytes) => contexts.scope(bytes),
      number: 0,
      seen: 0,
    };
  }

  /** No document is open. */
  get isBetween(): boolean {
    return this.#expected === EXPECT.line;
  }

  /** The next thing may be a span. */
  get expectsSpan(): boolean {
    return this.#expected === EXPECT.spans;
  }

  /** The next byte is the first of a line. */
  begin(): void {
    this.#expected = EXPECT.line;
  }

  /** Nothing comes behind these bytes: whether that is a good end. Then no document is open any more. */
  finish(at: number): boolean {
    if (this.#expected !== EXPECT.line && this.#expected !== EXPECT.lineEnd) return false;
    if (this.#blanks(at) < this.#json.end) return false;
    this.begin();
    return true;
  }

  /** Reads on from `at`; returns where it stands then. Throws `MORE` or `FOREIGN`. */
  step(at: number): number {
    switch (this.#expected) {
      case EXPECT.line:
        return this.#line(at);
      case EXPECT.resourceSpans:
        return this.#element(at, this.#resource, EXPECT.inResource, EXPECT.documentEnd);
      case EXPECT.inResource:
        return this.#member(at, this.#resource, EXPECT.scopeSpans, EXPECT.resourceSpans);
      case EXPECT.scopeSpans:
        return this.#element(at, this.#scope, EXPECT.inScope, EXPECT.inResource);
      case EXPECT.inScope:
        return this.#member(at, this.#scope, EXPECT.spans, EXPECT.scopeSpans);
      case EXPECT.spans:
        return this.#span(at);
      case EXPECT.documentEnd:
        return this.#documentEnd(at);
      case EXPECT.lineEnd:
        return this.#lineEnd(at);
    }
  }

  /** A blank line, or the beginning of a document. */
  #line(from: number): number {
    const json = this.#json;
    const at = this.#blanks(from);
    if (at === json.end) throw MORE;
    if (json.bytes[at] === LINE_FEED) {
      json.line++;
      return at + 1;
    }
    if (json.bytes[at] !== OPEN_BRACE) throw FOREIGN;
    const list = json.key(json.token(at + 1));
    if (!json.isKey(REQUEST)) throw FOREIGN;
    return this.#open(list, OPEN_BRACKET, EXPECT.resourceSpans);
  }

  #element(from: number, owner: Owner, inner: Expected, outer: Expected): number {
    const at = this.#json.item(from, this.#first, CLOSE_BRACKET);
    if (at < 0) return this.#close(~at, outer);
    owner.number = 0;
    owner.seen = 0;
    return this.#open(at, OPEN_BRACE, inner);
  }

  #member(from: number, owner: Owner, inner: Expected, outer: Expected): number {
    const json = this.#json;
    const at = json.item(from, this.#first, CLOSE_BRACE);
    if (at < 0) return this.#close(~at, outer);
    const content = json.key(at);
    const key = owner.keys.find(json.bytes, json.keyFrom, json.keyEnd);
    if (key === 0 || (owner.seen & (1 << key)) !== 0) throw FOREIGN;
    let end = content;
    if (key === LIST) {
      if (owner.number === 0) owner.number = owner.numberOf(this.#ahead(content, owner));
      end = this.#open(content, OPEN_BRACKET, inner);
      if (owner === this.#scope) this.#context = this.#contexts.number(this.#resource.number, owner.number);
    } else {
      end = json.value(content);
      if (key === DESCRIPTION && owner.number === 0)
        owner.number = owner.numberOf(this.#object(content, end));
      this.#first = false;
    }
    owner.seen |= 1 << key;
    return end;
  }

  /** The description of an owner that stands behind its list; undefined where there is none. */
  #ahead(list: number, owner: Owner): Buffer | undefined {
    const json = this.#json;
    const { line } = json;
    let found: Buffer | undefined;
    let at = json.item(json.value(list), false, CLOSE_BRACE);
    while (at >= 0 && found === undefined) {
      const content = json.key(at);
      const key = owner.keys.find(json.bytes, json.keyFrom, json.keyEnd);
      const end = json.value(content);
      if (key === DESCRIPTION) found = this.#object(content, end);
      at = json.item(end, false, CLOSE_BRACE);
    }
    json.line = line;
    return found;
  }

  #span(from: number): number {
    const at = this.#json.item(from, this.#first, CLOSE_BRACKET);
    if (at < 0) return this.#close(~at, EXPECT.inScope);
    if (this.#json.bytes[at] !== OPEN_BRACE) throw FOREIGN;
    const end = this.#spans.read(at, this.#context, this.#rows);
    this.#first = false;
    return end;
  }

  #documentEnd(from: number): number {
    const at = this.#json.token(from);
    if (this.#json.bytes[at] !== CLOSE_BRACE) throw FOREIGN;
    this.#expected = EXPECT.lineEnd;
    return at + 1;
  }

  #lineEnd(from: number): number {
    const json = this.#json;
    const at = this.#blanks(from);
    if (at === json.end) throw MORE;
    if (json.bytes[at] !== LINE_FEED) throw FOREIGN;
    json.line++;
    this.begin();
    return at + 1;
  }

  #open(at: number, bracket: number, expected: Expected): number {
    if (this.#json.bytes[at] !== bracket) throw FOREIGN;
    this.#expected = expected;
    this.#first = true;
    return at + 1;
  }

  #close(at: number, expected: Expected): number {
    this.#expected = expected;
    this.#first = false;
    return at + 1;
  }

  #object(from: number, end: number): Buffer {
    if (this.#json.bytes[from] !== OPEN_BRACE) throw FOREIGN;
    return this.#json.bytes.subarray(from, end);
  }

  /** Behind the white space of a line. */
  #blanks(from: number): number {
    const { bytes, end } = this.#json;
    let at = from;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === CARRIAGE_RETURN)) at++;
    return at;
  }
}

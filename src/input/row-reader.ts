import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { ROW, ROW_WORDS } from '../model/index.ts';
import type { Dispatcher } from './dispatch.ts';
import { DocumentLines, type DocumentStart } from './document-lines.ts';
import { DocumentStarts } from './document-starts.ts';
import { wholeUtf8 } from './encoding.ts';
import { type Feed, FileFeed, type StreamFeed } from './feed.ts';
import { otlpJson } from './formats/otlp-json.ts';
import type { LineReader } from './lines.ts';
import type { RecordReader } from './records.ts';
import type { RowLane, ScannedBatch } from './row-lane.ts';
import { spanOf } from './scan/read-span.ts';
import type { Scanner, ScanStop } from './scan/scanner.ts';
import { jsonText } from './scan/texts.ts';
import { sharedParts } from './shared-parts.ts';
import type { Tally } from './tally.ts';

/**
 * Windows, as the lane has them, that one grows to at most: what has to be in memory at once (a span, a resource that stands
 * behind its spans) and is more is read line by line.
 */
const LARGEST = 32;
/** So many windows of a document may stay in a stream's window; more of it is kept elsewhere until it is over. */
const DOCUMENT = 8;
/** So often others get their turn: Ctrl-C, progress. */
const STEPS = 8;
/** The key of the only member of a document of OTLP. */
const KEY = Buffer.from('"resourceSpans"');
/** A line of which less is known may still turn out to begin a document. */
const HEAD = 64;
/** So many documents in a row may be refused before fewer are tried. */
const PATIENCE = 8;

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, QUOTE, OPEN_BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x7b];

export type RowReaderOptions = {
  readonly source: string;
  readonly feed: Feed;
  /** Bytes that were taken from the feed already, at the beginning of the memory, and where among them the text begins. */
  readonly memory: Buffer;
  readonly filled?: number;
  readonly begin?: number;
  /** Where in the input the feed begins, which is at the beginning of a line. */
  readonly offset?: number;
  readonly lines: LineReader;
  readonly records: RecordReader;
  readonly dispatcher: Dispatcher;
  readonly tally: Tally;
  readonly lane: RowLane | undefined;
  /** How many bytes all inputs have, as far as that is known. */
  readonly total: number | undefined;
  /** Whoever reads has seen enough. */
  readonly isOver?: () => boolean;
};

/**
 * Reads the text of one input through a window: documents that a scanner understands as rows, all else line by line. What
 * comes out is what lines alone would give.
 */
export class RowReader {
  readonly #options: RowReaderOptions;
  readonly #feed: Feed;
  readonly #starts = new DocumentStarts();
  readonly #layout: DocumentLines;
  readonly #parts = sharedParts();
  /** Of the window: `[at, end)` is still to be read, and its first byte stands at `base` in the input. */
  #window: Buffer;
  #base = 0;
  #at: number;
  #end: number;

  // Line by line
  /** `at` is the first byte of a line. */
  #atLine = true;
  /** Places in the input. Lines that begin before this one are not tried again. */
  #passed = 0;
  #refused = 0;
  #toSkip = 0;

  // With the scanner
  #scanner: Scanner | undefined;
  #take: (batch: ScannedBatch) => void = () => undefined;
  #scanning = false;
  /** Places in the input: up to where it is valid UTF-8, and up to where that has to be found out line by line. */
  #valid = 0;
  #doubtful = 0;
  /** The document that is being read, where the scanner says that it begins, and how many rows of it were handed on. */
  #document: DocumentStart | undefined;
  #documentAt = -1;
  #handed = 0;
  /** The line at which the scanner stands, when it is between documents. */
  #line = 1;
  /** Documents are followed line by line; the slow way has something open, which only lines at the left edge leave alone. */
  #walking = false;
  #flat = false;
  /** The end of the line that is no valid UTF-8, where the valid bytes end with one. */
  #invalid: number | undefined;
  /** How much has to be there before it is worth to scan again. */
  #wait = 0;
  /** The feed keeps bytes of the document that have left the window. */
  #kept = false;
  /** The feed has gone back. */
  #wentBack = false;

  constructor(options: RowReaderOptions) {
    this.#options = options;
    this.#layout = new DocumentLines(options.lines.limit);
    this.#feed = options.feed;
    this.#window = options.memory;
    this.#base = options.offset ?? 0;
    this.#at = options.begin ?? 0;
    this.#end = options.filled ?? 0;
  }

  /** The memory that it has used last: good for the next input. */
  get memory(): Buffer {
    return this.#window;
  }

  /** The number of the line at which the bytes end that came so far. */
  get line(): number {
    let line = this.#options.lines.number;
    let from = this.#at;
    if (this.#scanning && this.#walking) {
      line = this.#layout.line;
      from = this.#layout.next - this.#base;
    } else if (this.#scanning) line = this.#document?.line ?? this.#line;
    for (const byte of this.#window.subarray(from, this.#end)) if (byte === LINE_FEED) line++;
    return line;
  }

  async read(): Promise<void> {
    if (this.#end > this.#at) await this.#readWindow(false);
    for (let step = 1; ; step++) {
      const room = this.#makeRoom();
      if (room !== undefined) await room;
      const filled = this.#feed.fill(this.#window, this.#end, this.#window.length);
      const length = typeof filled === 'number' ? filled : await filled;
      this.#end += length;
      this.#wentBack = false;
      await this.#readWindow(length === 0);
      if ((length === 0 && !this.#wentBack) || this.#options.isOver?.() === true) return;
      if (step % STEPS === 0) await setImmediate();
    }
  }

  /** Reads what is in the window, as far as it goes; `over`: nothing comes behind it. */
  async #readWindow(over: boolean): Promise<void> {
    for (;;) {
      if (!this.#scanning) {
        if (!this.#readLines(over)) return;
        await this.#openScanner(this.#options.lane!);
      }
      const stopped = this.#scan(over);
      if (stopped === 'more') return;
      if (stopped !== 'full') await this.#giveUp(stopped.document, stopped.handed);
      if (this.#wentBack) return;
    }
  }

  // Line by line

  /** Reads up to a document that the scanner may read; false when there is none in the window. */
  #readLines(over: boolean): boolean {
    const { lane } = this.#options;
    if (lane === undefined) {
      this.#push(this.#end);
      return false;
    }
    for (;;) {
      const found = this.#candidate(lane);
      if (found < 0) {
        this.#push(over ? this.#end : this.#restingPlace());
        return false;
      }
      this.#push(found);
      if (this.#toSkip > 0) this.#toSkip--;
      else if (this.#isWelcome(found, lane)) return true;
      this.#passed = this.#base + found + 1;
    }
  }

  #push(end: number): void {
    if (end <= this.#at) return;
    this.#options.lines.push(this.#window.subarray(this.#at, end));
    this.#atLine = this.#window[end - 1] === LINE_FEED;
    this.#at = end;
  }

  /** The beginning of a line at which a document seems to begin, or -1. */
  #candidate(lane: RowLane): number {
    const bytes = this.#window.subarray(0, this.#end);
    const where = { from: this.#at, passed: this.#passed, atLine: this.#atLine, spans: lane.readsSpans };
    return this.#starts.next(bytes, this.#base, where);
  }

  /** Where to stop for now: in front of a line, or of two, that may turn out to begin a document. */
  #restingPlace(): number {
    const feed = this.#window.subarray(0, this.#end).lastIndexOf(LINE_FEED);
    if (feed < this.#at) return this.#atLine && this.#end - this.#at < HEAD ? this.#at : this.#end;
    if (this.#end - feed > HEAD) return this.#end;
    let before = feed - 1;
    while (before >= this.#at && this.#window[before] === CARRIAGE_RETURN) before--;
    if (before < this.#at || this.#window[before] !== OPEN_BRACE) return feed + 1;
    do before--;
    while (before >= this.#at && isBlank(this.#window[before]!));
    if (before < this.#at) return this.#atLine ? this.#at : feed + 1;
    return this.#window[before] === LINE_FEED ? before + 1 : feed + 1;
  }

  /** The slow way would read this document as it is, and there is enough of it. */
  #isWelcome(at: number, lane: RowLane): boolean {
    const { records, total } = this.#options;
    return (
      lane.isWorth(total ?? this.#base + this.#end) && records.takesDocument(this.#window[at] === OPEN_BRACE)
    );
  }

  // With the scanner

  async #openScanner(lane: RowLane): Promise<void> {
    const { lines, records } = this.#options;
    if (this.#scanner === undefined) {
      const { scanner, take } = await lane.open();
      this.#scanner = scanner;
      this.#take = take;
      const window = scanner.window(Math.max(this.#window.length, this.#end));
      if (window.buffer !== this.#window.buffer || window.byteOffset !== this.#window.byteOffset)
        this.#window.copy(window, 0, 0, this.#end);
      this.#window = window;
    }
    this.#scanner.begin(lines.number);
    this.#scanning = true;
    this.#walking = false;
    this.#flat = !records.takesDocument(false);
    this.#line = lines.number;
    this.#valid = this.#base + this.#at;
    this.#wait = 0;
    this.#close();
  }

  /** Scans on: `full` and `more` as the scanner says; else the document that is not for it, and how many rows of it were handed on. */
  #scan(over: boolean): 'full' | 'more' | Refused {
    const scanner = this.#scanner!;
    const from = this.#at;
    if (!over && this.#end - from < this.#wait) return 'more';
    const limit = this.#validEnd(over);
    const invalid = this.#invalid;
    const stop = scanner.scan(from, limit, this.#base + from, over && invalid === undefined);
    // Its memory may have grown.
    this.#window = scanner.window(this.#window.length);
    const isStuck = stop.why === 'foreign' || invalid !== undefined || (over && stop.at < this.#end);
    const refused =
      this.#follow(stop, from) ??
      (isStuck && this.#walking ? this.#layout.unclosed : undefined) ??
      (stop.why === 'foreign' ? this.#startOf(stop) : undefined);
    if (this.#isOver(from, refused?.offset ?? stop.document)) {
      this.#refused = 0;
      for (const format of this.#ended(stop, from, refused)) this.#options.dispatcher.found.add(format);
    }
    this.#deliver(from, refused);
    if (refused !== undefined) {
      return { document: refused, handed: refused.offset === this.#document?.offset ? this.#handed : 0 };
    }
    this.#at = stop.at;
    this.#note(stop);
    if (stop.why === 'full') return 'full';
    if (invalid === undefined && !(over && stop.at < this.#end)) {
      // A little more would be read again and again.
      this.#wait = (this.#end - this.#at) * 1.5;
      return 'more';
    }
    const document = this.#document ?? { offset: this.#base + stop.at, line: stop.line };
    this.#passed = invalid ?? this.#passed;
    return { document, handed: this.#handed };
  }

  /** The end, in the window, of the bytes that are valid UTF-8. */
  #validEnd(over: boolean): number {
    const base = this.#base;
    const end = over ? this.#end : wholeUtf8(this.#window, this.#end);
    this.#invalid = undefined;
    while (this.#valid < base + end) {
      const from = this.#valid - base;
      if (this.#valid >= this.#doubtful) {
        if (isUtf8(this.#window.subarray(from, end))) this.#valid = base + end;
        else this.#doubtful = base + end;
        continue;
      }
      const feed = this.#window.indexOf(LINE_FEED, from);
      const lineEnd = feed < 0 || feed >= end ? end : feed + 1;
      if (!isUtf8(this.#window.subarray(from, lineEnd))) {
        this.#invalid = base + lineEnd;
        break;
      }
      this.#valid = base + lineEnd;
    }
    return this.#valid - base;
  }

  /** Follows documents over several lines; the first that the slow way would not have seen as one, if any. */
  #follow(stop: ScanStop, from: number): DocumentStart | undefined {
    const wasOpen = this.#walking && this.#document !== undefined;
    if (stop.broken === false && !this.#flat && !wasOpen) {
      this.#walking = false;
      return undefined;
    }
    if (!this.#walking) {
      const { offset, line } = this.#document ?? { offset: this.#base + from, line: this.#line };
      this.#layout.begin(offset, line, this.#flat);
      if (offset < this.#base) this.#layout.skip(this.#base + from, this.#window[from - 1]);
      this.#walking = true;
    }
    const { passIndented } = this.#scanner!;
    return this.#layout.walk(this.#window, this.#base, this.#base + stop.at, passIndented);
  }

  /** A document has been read to its end since the last scan; `current` is where the one begins that is not. */
  #isOver(from: number, current: number): boolean {
    if (this.#document !== undefined) return current > this.#documentAt;
    const end = current - this.#base;
    for (let at = from; at < end; at++) if (!isSpace(this.#window[at]!)) return true;
    return false;
  }

  /** The formats of documents that are over since the last scan, in front of one that is refused. */
  #ended(
    { ended = [otlpJson.name] }: ScanStop,
    from: number,
    refused: DocumentStart | undefined,
  ): Iterable<string> {
    if (refused === undefined || !this.#walking || ended.length < 2) return ended;
    const scanner = this.#scanner!;
    const { words } = scanner.rows();
    const formats = new Set<string>();
    if (this.#document !== undefined) formats.add(ended[0]!);
    let row = 0;
    for (const { offset } of this.#layout.starts) {
      if (offset < this.#base + from || offset >= refused.offset) continue;
      const key = this.#window.indexOf(QUOTE, offset - this.#base);
      const isRequest = KEY.equals(this.#window.subarray(key, key + KEY.length));
      // Every other document is a span, which has a row.
      while (!isRequest && this.#base + offsetOf(words, row) < offset) row++;
      formats.add(isRequest ? otlpJson.name : scanner.context(words[row * ROW_WORDS + ROW.context]!).format);
    }
    return formats;
  }

  /** Hands on the rows of the last scan, but for those of a document that is refused. */
  #deliver(from: number, refused: DocumentStart | undefined): void {
    const { source, tally, lane } = this.#options;
    const scanner = this.#scanner!;
    const { words, doubles, count: all } = scanner.rows();
    const [window, base] = [this.#window, this.#base];
    let count = all;
    while (refused !== undefined && count > 0 && base + offsetOf(words, count - 1) >= refused.offset) count--;
    if (count === 0) return;
    const starts = this.#walking ? this.#layout.starts : undefined;
    const line = (row: number): number =>
      starts === undefined ? words[row * ROW_WORDS + ROW.line]! : lineOf(starts, base + offsetOf(words, row));
    this.#remember(from, count);
    tally.spans += count;
    this.#take({
      count,
      words,
      doubles,
      source,
      bytes: window,
      lineOf: line,
      passage: (row, from, length) => {
        const at = offsetOf(words, row) + from;
        return jsonText(window, at, at + length);
      },
      read: (row) => {
        const at = row * ROW_WORDS;
        const offset = offsetOf(words, row);
        const context = scanner.context(words[at + ROW.context]!);
        const place = { source, line: line(row), format: context.format };
        const span = spanOf(window.subarray(offset, offset + words[at + ROW.length]!), context, {
          sink: tally,
          projection: lane!.projection,
          at: place,
          ...this.#parts,
        });
        return span && { span, at: place };
      },
    });
  }

  /** Remembers where these rows can be found again: in a file, and where nothing was open that is not read with them. */
  #remember(from: number, count: number): void {
    const { lane, tally } = this.#options;
    if (this.#flat || !(this.#feed instanceof FileFeed)) return;
    const { places, before, input } = lane!;
    const row = before + tally.spans;
    const { offset, line } = this.#document ?? { offset: this.#base + from, line: this.#line };
    places.add(row, count, row - this.#handed, input, offset, line);
  }

  /** Remembers the document at which the scanner stopped, and how much of it was handed on. */
  #note(stop: ScanStop): void {
    this.#line = stop.line;
    if (stop.document >= this.#base + stop.at) {
      this.#close();
      return;
    }
    if (this.#documentAt !== stop.document) {
      this.#document = this.#startOf(stop);
      this.#documentAt = stop.document;
      this.#handed = 0;
    }
    const { words, count } = this.#scanner!.rows();
    for (let row = count - 1; row >= 0 && this.#base + offsetOf(words, row) >= stop.document; row--)
      this.#handed++;
  }

  #close(): void {
    this.#document = undefined;
    this.#documentAt = -1;
    this.#handed = 0;
  }

  /** The first byte of the line on which a document begins; blanks may stand before it. */
  #startOf({ document, line }: ScanStop): DocumentStart {
    if (document === this.#documentAt && this.#document !== undefined) return this.#document;
    let at = document - this.#base;
    while (at > 0 && isBlank(this.#window[at - 1]!)) at--;
    return { offset: this.#base + at, line };
  }

  /** Reads a document, rows of which may have been handed on, line by line. */
  async #giveUp(document: DocumentStart, handed: number): Promise<void> {
    const { tally, lane, lines } = this.#options;
    if (handed > 0) {
      tally.spans -= handed;
      lane!.places.truncate(lane!.before + tally.spans);
      lane!.sink.undo(handed);
    }
    this.#close();
    this.#scanning = false;
    this.#refused++;
    this.#toSkip = this.#refused <= PATIENCE ? 0 : Math.min(64, 2 ** (this.#refused - PATIENCE));
    this.#passed = Math.max(this.#passed, document.offset + 1);
    this.#atLine = true;
    lines.number = document.line;
    if (document.offset >= this.#base) {
      this.#at = document.offset - this.#base;
      return;
    }
    if (this.#feed instanceof FileFeed) this.#feed.seek(document.offset);
    else this.#feed.back(this.#window.subarray(0, this.#end));
    this.#kept = false;
    this.#base = document.offset;
    this.#at = 0;
    this.#end = 0;
    this.#wentBack = true;
  }

  // The window

  /** Makes sure that there is room for more bytes. */
  #makeRoom(): Promise<void> | undefined {
    const { length } = this.#window;
    if (length - this.#end >= length / 2) return undefined;
    if (!this.#scanning && this.#end - this.#at > length / 2) this.#push(this.#end);
    const keep = this.#firstNeeded();
    if (!(this.#feed instanceof FileFeed)) {
      const lost = this.#document === undefined ? keep : Math.max(0, this.#document.offset - this.#base);
      if (this.#kept || lost < keep) return this.#keepAside(this.#feed, lost, keep);
    }
    return this.#move(keep);
  }

  async #keepAside(feed: StreamFeed, from: number, to: number): Promise<void> {
    if (this.#kept && (this.#document === undefined || this.#document.offset >= this.#base)) {
      await feed.forget();
      this.#kept = false;
    }
    if (from < to) {
      await feed.keep(this.#window.subarray(from, to));
      this.#kept = true;
    }
    await this.#move(to);
  }

  #move(keep: number): Promise<void> | undefined {
    this.#window.copyWithin(0, keep, this.#end);
    this.#base += keep;
    this.#at -= keep;
    this.#end -= keep;
    const { length } = this.#window;
    if (length - this.#end >= length / 4) return undefined;
    if (length < LARGEST * this.#options.lane!.window) {
      this.#window = this.#scanner!.window(2 * length);
      return undefined;
    }
    return this.#overflow();
  }

  /** What has to be in memory at once does not fit: it is read line by line, which makes room. */
  async #overflow(): Promise<void> {
    await this.#giveUp(this.#document ?? { offset: this.#base + this.#at, line: this.#line }, this.#handed);
    if (this.#end - this.#at > this.#window.length / 2) this.#push(this.#end);
    await this.#move(this.#at);
  }

  /** The first byte of the window that may be looked at again. */
  #firstNeeded(): number {
    let first = this.#at;
    if (!this.#scanning) return first;
    const document = this.#document;
    if (document === undefined) while (first > 0 && isBlank(this.#window[first - 1]!)) first--;
    else if (!(this.#feed instanceof FileFeed)) {
      const start = document.offset - this.#base;
      if (start >= 0 && this.#end - start <= DOCUMENT * this.#options.lane!.window) first = start;
    }
    return this.#walking ? Math.max(0, Math.min(first, this.#layout.next - this.#base)) : first;
  }
}

type Refused = { readonly document: DocumentStart; readonly handed: number };

const offsetOf = (words: Uint32Array, row: number): number => words[row * ROW_WORDS + ROW.offset]!;

/** The line of the document in which a place lies. */
function lineOf(starts: readonly DocumentStart[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]!.offset <= offset) low = middle;
    else high = middle - 1;
  }
  return starts[low]!.line;
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
const isSpace = (byte: number): boolean => isBlank(byte) || byte === LINE_FEED || byte === CARRIAGE_RETURN;

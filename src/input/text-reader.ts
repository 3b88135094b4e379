import type { SkipReason } from '../model/index.ts';
import { stripAnsi } from './ansi.ts';
import { Block } from './blocks.ts';
import { Brackets } from './brackets.ts';
import type { Dispatcher } from './dispatch.ts';
import type { JsonObject } from './format.ts';
import type { Limits } from './held.ts';
import { LineValues } from './line-values.ts';
import { OpenRecord } from './open-record.ts';
import { isPunctuation } from './traits.ts';
import { DEPTH, type Position, ValueReader } from './value-reader.ts';
import { type Unwrapped, unwrapLine, writerOf } from './wrappers.ts';

/** Lines that belong together: those of one process, as far as wrappers tell processes apart. */
type Stream = {
  readonly key: string;
  /** What a line without telemetry counts as. */
  readonly plain: SkipReason;
  /** Blocks that wait for their last line, the newest first. */
  blocks: Block[];
  /** A record of text whose last line may still come. */
  record: OpenRecord | undefined;
  /** Pieces of a line whose last piece is still to come, and where the first of them stood. */
  pieces: string[];
  size: number;
  line: number;
  /** Its lines are known to end in a line feed. */
  terminated: boolean;
};

/** So many processes and blocks are followed at a time; beyond, the oldest are given up. */
const STREAMS = 256;
const OPEN_BLOCKS = 8;

/**
 * Lines as text: takes off what log shippers put around them, tells processes apart, joins the lines of blocks, and finds
 * values between words.
 */
export class TextReader {
  readonly #dispatcher: Dispatcher;
  readonly #limits: Limits;
  readonly #opens: () => void;
  /** The first is the input itself, as nobody wrapped it. */
  readonly #streams = new Map<string, Stream>();
  readonly #root = newStream('', 'text');
  readonly #lineValues: LineValues;
  readonly values: ValueReader;
  /** How often the lines that are being read have been read before, by blocks that gave them back. */
  #reading = 0;

  /** `opens` is told before a block begins whose lines are the indented ones of the input itself. */
  constructor(dispatcher: Dispatcher, limits: Limits, opens: () => void) {
    this.#dispatcher = dispatcher;
    this.#limits = limits;
    this.#opens = opens;
    this.#streams.set('', this.#root);
    this.values = new ValueReader(dispatcher, {
      unwrapped: (unwrapped, position) => this.#unwrapped(unwrapped, position),
      message: (record, message, position) => this.#message(record, message, position),
    });
    this.#lineValues = new LineValues(dispatcher, this.values);
  }

  /** A line as it stood in the input. */
  line(text: string, line: number): void {
    this.#line(this.#root, text, line, 0);
  }

  /** A line that begins with a bracket may be part of what is open in the input itself. */
  isAwaited(indented: boolean): boolean {
    const { blocks, record } = this.#root;
    if (indented && record !== undefined) return true;
    return blocks.length > 0 && (indented || blocks.some(({ takesFlat }) => takesFlat));
  }

  /** Nothing is open in the input itself that a line at the left edge may belong to. */
  get isQuiet(): boolean {
    return this.#root.blocks.length === 0 && this.#root.record === undefined;
  }

  /** A record of text is open in the input itself: indented lines may be its own, whatever opened since. */
  get inRecord(): boolean {
    return this.#root.record !== undefined;
  }

  /** Opens a block that begins at a line of the input itself. */
  open(text: string, line: number): void {
    this.#open(this.#root, new Block(text, text.indexOf('{'), line, this.#limits, this.values.document));
  }

  /** The lines to come that are indented belong to someone else: what waits for them was cut off. */
  closeIndented(): void {
    this.#giveUpIndented(this.#root);
  }

  /** The input is over: what is still open was cut off. */
  end(): void {
    for (const stream of this.#streams.values()) this.#flush(stream);
  }

  #line(stream: Stream, raw: string, number: number, depth: number): void {
    if (raw.includes('\x1e')) {
      // RFC 7464: a record separator stands before every JSON text.
      for (const part of raw.split('\x1e')) if (part.trim() !== '') this.#line(stream, part, number, depth);
      return;
    }
    let text = stripAnsi(raw);
    if (text.startsWith('\ufeff')) text = text.slice(1);
    let own = stream;
    let line = number;
    for (let level = depth; level < DEPTH; level++) {
      const unwrapped = unwrapLine(text);
      if (unwrapped === undefined) break;
      own = this.#stream(own, unwrapped.stream, own.plain);
      if (unwrapped.partial === 'yes') {
        this.#hold(own, unwrapped.text, line);
        return;
      }
      [text, line] = this.#joined(own, unwrapped.text, line);
    }
    this.#content(own, text, line, depth);
  }

  /** A piece of a line: its end comes with another record of the stream. */
  #hold(stream: Stream, text: string, line: number): void {
    if (stream.pieces.length === 0) stream.line = line;
    stream.pieces.push(text);
    stream.size += text.length;
    if (stream.size <= this.#limits.hold) return;
    this.#dispatcher.skip('too_large', stream.line);
    stream.pieces = [];
    stream.size = 0;
  }

  /** A line, or the last piece of one with those before it; and where it began. */
  #joined(stream: Stream, text: string, line: number): [string, number] {
    if (stream.pieces.length === 0) return [text, line];
    const whole = stream.pieces.join('') + text;
    stream.pieces = [];
    stream.size = 0;
    return [whole, stream.line];
  }

  /** A line without wrappers: part of a block, or text with values in it. */
  #content(stream: Stream, text: string, line: number, depth: number): void {
    for (const block of inOrder(stream.blocks, text)) {
      const taken = block.take(text, line);
      if (taken !== 'cut') this.#readAgain(stream, block, depth);
      if (taken === 'inside') return;
      if (taken === 'foreign') continue;
      this.#close(stream, block, taken === 'cut', depth);
      if (taken === 'cut') break;
      if (!isPunctuation(block.rest)) this.#content(stream, block.rest, line, depth);
      return;
    }
    if (this.#inRecord(stream, text, line)) return;
    const { dealt, open } = this.#lineValues.find(text, { line, stream: stream.key, depth });
    const { document } = this.values;
    const block =
      open === undefined ? undefined : new Block(text, open, line, this.#limits, document, this.#reading);
    const begun = block !== undefined && this.#open(stream, block);
    if (!dealt && !begun && !isPunctuation(text)) this.#dispatcher.skip(stream.plain, line);
  }

  /** A line of the open record of text, or the first line of one. */
  #inRecord(stream: Stream, text: string, line: number): boolean {
    const taken = stream.record?.take(text, line) ?? 'foreign';
    if (taken !== 'inside') this.#closeRecord(stream, taken);
    if (taken !== 'foreign') {
      // Its own line at the left edge: what opened in between is not going on.
      if (!isIndented(text)) this.#giveUpIndented(stream);
      return true;
    }
    const format = this.#dispatcher.textFormat(text);
    if (format === undefined) return false;
    stream.record?.end();
    if (stream === this.#root) this.#opens();
    this.#giveUpIndented(stream);
    stream.record = new OpenRecord(format, this.#dispatcher, this.#limits.hold);
    if (stream.record.take(text, line) === 'over') stream.record = undefined;
    return true;
  }

  #closeRecord(stream: Stream, taken: 'over' | 'foreign'): void {
    if (taken === 'foreign' && stream.record?.isAbandoned !== true) return;
    stream.record?.end();
    stream.record = undefined;
  }

  #giveUpIndented(stream: Stream): void {
    for (const block of stream.blocks) if (block.takesIndented) this.#giveUp(stream, block);
  }

  /** False where the line that would open the block stands among lines that are another block's. */
  #open(stream: Stream, block: Block): boolean {
    if (!block.bare && stream.blocks.some(({ takesIndented }) => takesIndented)) return false;
    if (block.bare && stream === this.#root) this.#opens();
    for (const open of stream.blocks) if (open.isReplacedBy(block)) this.#giveUp(stream, open);
    stream.blocks = [block, ...stream.blocks];
    if (stream.blocks.length > OPEN_BLOCKS) this.#giveUp(stream, stream.blocks.at(-1)!);
    return true;
  }

  #giveUp(stream: Stream, block: Block): void {
    this.#close(stream, block, true);
  }

  #close(stream: Stream, block: Block, cut: boolean, depth = 0): void {
    stream.blocks = stream.blocks.filter((other) => other !== block);
    const left = this.values.block(block.end(cut), stream.key);
    if (left !== undefined) this.#dispatcher.skip(stream.plain, block.line, left.lines);
    this.#readAgain(stream, block, depth);
  }

  /** Reads the lines that turned out to be no part of a block. */
  #readAgain(stream: Stream, block: Block, depth: number): void {
    const released = block.released();
    if (released.length === 0) return;
    const isOpen = stream.blocks.includes(block);
    const reading = this.#reading;
    this.#reading = block.reading + 1;
    stream.blocks = stream.blocks.filter((other) => other !== block);
    for (const { text, number } of released) this.#content(stream, text, number, depth);
    if (isOpen) stream.blocks = [block, ...stream.blocks];
    this.#reading = reading;
  }

  #flush(stream: Stream): void {
    if (stream.pieces.length > 0) {
      const [text, line] = this.#joined(stream, '', 0);
      this.#content(stream, text, line, 0);
    }
    while (stream.blocks.length > 0) this.#giveUp(stream, stream.blocks[0]!);
    stream.record?.end();
    stream.record = undefined;
  }

  // What was inside of records

  #unwrapped({ text, stream: key, partial }: Unwrapped, { line, stream, depth }: Position): void {
    const own = this.#stream(this.#streams.get(stream) ?? this.#root, key, 'text');
    if (partial === 'yes' || (partial === 'unsure' && isPiece(own, text))) {
      this.#hold(own, text, line);
      return;
    }
    if (partial === 'no') own.terminated = true;
    const [whole, first] = this.#joined(own, text, line);
    this.#lines(own, whole, first, depth + 1);
  }

  /** A logger's message that is one line of a block, or has telemetry somewhere in it. */
  #message(record: JsonObject, message: string, { line, stream, depth }: Position): boolean {
    const parent = this.#streams.get(stream) ?? this.#root;
    const key = `message ${writerOf(record)}`;
    const begins = message.includes('{') || this.#dispatcher.textFormat(firstLine(message)) !== undefined;
    const own = begins ? this.#stream(parent, key, 'other_json') : this.#streams.get(streamPath(parent, key));
    if (own === undefined || (own.blocks.length === 0 && own.record === undefined && !begins)) return false;
    this.#lines(own, message, line, depth + 1);
    return true;
  }

  #lines(stream: Stream, text: string, line: number, depth: number): void {
    for (const part of text.split('\n')) if (part.trim() !== '') this.#line(stream, part, line, depth);
  }

  #stream(parent: Stream, key: string, plain: SkipReason): Stream {
    if (key === '') return parent;
    const path = streamPath(parent, key);
    const known = this.#streams.get(path);
    if (known !== undefined) return known;
    if (this.#streams.size >= STREAMS) this.#forgetOldest();
    const stream = newStream(path, plain);
    this.#streams.set(path, stream);
    return stream;
  }

  /** Some prefixes name a request, not a process, and never come again. The root stays. */
  #forgetOldest(): void {
    const [, oldest] = this.#streams.values();
    if (oldest === undefined) return;
    this.#streams.delete(oldest.key);
    this.#flush(oldest);
  }
}

function newStream(key: string, plain: SkipReason): Stream {
  return { key, plain, blocks: [], record: undefined, pieces: [], size: 0, line: 0, terminated: false };
}

/** The block whose prefix stands in front of the line to the letter comes first: numbers may tell processes apart. */
function inOrder(blocks: readonly Block[], text: string): readonly Block[] {
  if (blocks.length < 2) return blocks;
  const exact = (block: Block) => text.startsWith(block.prefix);
  return [...blocks.filter(exact), ...blocks.filter((block) => !exact(block))];
}

const isIndented = (text: string): boolean => text.startsWith(' ') || text.startsWith('\t');

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

const streamPath = (parent: Stream, key: string): string => `${parent.key}\0${key}`;

/** A text without a line feed is a piece where other lines have one, where it ends inside a string, or is cut like others. */
function isPiece(stream: Stream, text: string): boolean {
  if (stream.terminated) return true;
  if (stream.pieces.length > 0) return text.length === stream.pieces[0]!.length;
  if (!/^\s*[{[]/.test(text)) return false;
  const brackets = new Brackets();
  return brackets.feed(text) < 0 && brackets.cut;
}

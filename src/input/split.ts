import { decodeUtf8 } from './encoding.ts';
import { Frames, isMemberOf, type ObjectFrame } from './split-frames.ts';
import { GENERAL } from './split-rules.ts';
import { ValueEnd, type ValueKind } from './value-end.ts';

export type SplitOptions = {
  /** Told every small document, in order, with the line it begins at. */
  readonly emit: (text: string, line: number) => void;
  /** The line of the first byte. */
  readonly line: number;
  /** Documents are filled up to about so many characters; 0 puts every item into one of its own. */
  readonly batch?: number;
  /** Values above this size are looked into before they end. */
  readonly openAt?: number;
  /** Nothing is held beyond this. */
  readonly hold?: number;
  /** The document is damaged: only items of lists are handed on, and `openAt` 0 looks into them at once. */
  readonly salvage?: boolean;
};

/** What became of a document that was read piecewise. */
export type SplitEnd = {
  /** The line at which what is missing at the end begins; undefined when the document was whole. */
  readonly cut: number | undefined;
  /** Values that could not be held, and the line of the first. */
  readonly tooLarge: number;
  readonly tooLargeAt: number;
  /** Values that are not UTF-8, and the line of the first. */
  readonly invalid: number;
  readonly invalidAt: number;
};

/** A value or key whose bytes are being collected. */
type Capture = {
  readonly slot: 'key' | 'member' | 'item';
  readonly kind: ValueKind;
  readonly line: number;
  readonly parts: Buffer[];
  size: number;
  /** Too large to be kept: only its end is looked for. */
  dropped: boolean;
};

const [QUOTE, LINE_FEED, COMMA, COLON] = [0x22, 0x0a, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Arrays in arrays are opened so far. */
const LEVELS = 4;

/**
 * Reads a JSON document of any size piece by piece, and hands on small documents of the same shape: what belongs to a
 * list of spans (its resource, its scope, its processes) goes with every part of the list. A document that ends early
 * gives everything that was whole in it. It follows brackets and strings only; whether the pieces are JSON is found out
 * by whoever parses them.
 */
export class Splitter {
  readonly #openAt: number;
  readonly #hold: number;
  readonly #salvage: boolean;
  readonly #frames: Frames;
  readonly #value = new ValueEnd();
  #capture: Capture | undefined;
  /** Where in the current bytes the captured value goes on. */
  #from = 0;
  #line: number;
  readonly #end = { tooLarge: 0, tooLargeAt: 0, invalid: 0, invalidAt: 0 };

  constructor({ emit, line, batch, openAt, hold, salvage = false }: SplitOptions) {
    this.#line = line;
    this.#openAt = openAt ?? 1024 * 1024;
    this.#hold = hold ?? 128 * 1024 * 1024;
    this.#salvage = salvage;
    this.#frames = new Frames({
      emit,
      batch: batch ?? 256 * 1024,
      patience: this.#hold / 4,
      itemsOnly: salvage,
    });
  }

  push(bytes: Buffer): void {
    this.#run(bytes);
    while (this.#capture !== undefined && this.#capture.size > this.#openAt && this.#open());
    const capture = this.#capture;
    if (capture === undefined || this.#frames.held + capture.size <= this.#hold) return;
    capture.parts.length = 0;
    capture.size = 0;
    capture.dropped = true;
    if (this.#end.tooLarge++ === 0) this.#end.tooLargeAt = capture.line;
  }

  end(): SplitEnd {
    while (this.#capture !== undefined && this.#open());
    const cut = this.#cutAt();
    this.#capture = undefined;
    while (this.#frames.innermost !== undefined) this.#frames.close(true);
    return { cut, ...this.#end };
  }

  /** Where the innermost record begins that has no end. */
  #cutAt(): number | undefined {
    const frame = this.#frames.innermost;
    if (frame === undefined) return undefined;
    return 'object' in frame ? frame.object.line : (this.#capture?.line ?? this.#line);
  }

  #run(bytes: Buffer): void {
    this.#from = 0;
    for (let at = 0; at < bytes.length; ) {
      at = this.#capture === undefined ? this.#step(bytes, at) : this.#collect(this.#capture, bytes, at);
    }
    const capture = this.#capture;
    if (capture === undefined || capture.dropped || this.#from >= bytes.length) return;
    capture.parts.push(Buffer.from(bytes.subarray(this.#from)));
    capture.size += bytes.length - this.#from;
  }

  /** One byte between values; the place to go on at. */
  #step(bytes: Buffer, at: number): number {
    const byte = bytes[at]!;
    if (byte === LINE_FEED) this.#line++;
    if (byte <= 0x20) return at + 1;
    const frame = this.#frames.innermost;
    if (frame === undefined) {
      if (byte === OPEN_BRACE) this.#frames.openObject(GENERAL, undefined, this.#line);
      else if (byte === OPEN_BRACKET) this.#frames.openArray(1, this.#line);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // Behind a bracket of the other kind the one before it is missing.
      if ('object' in frame !== (byte === CLOSE_BRACE)) this.#frames.close();
      this.#frames.close();
    } else if ('object' in frame) return this.#stepInObject(frame.object, bytes, at);
    else if (byte !== COMMA) return this.#begin('item', bytes, at);
    return at + 1;
  }

  #stepInObject(object: ObjectFrame, bytes: Buffer, at: number): number {
    const byte = bytes[at]!;
    if (object.state === 'key') {
      if (byte === QUOTE) return this.#begin('key', bytes, at);
      if (byte === COLON) object.state = 'value';
    } else if (byte === COMMA) object.state = 'key';
    else {
      const rule = byte === OPEN_BRACKET ? object.rule.lists.get(object.key) : undefined;
      if (rule === undefined || isMemberOf(object, rule)) return this.#begin('member', bytes, at);
      this.#frames.openList(object, rule, this.#line);
    }
    return at + 1;
  }

  #begin(slot: Capture['slot'], bytes: Buffer, at: number): number {
    const kind = this.#value.begin(bytes[at]!);
    const capture: Capture = { slot, kind, line: this.#line, parts: [], size: 0, dropped: false };
    this.#capture = capture;
    this.#from = at;
    if (this.#salvage && this.#openAt === 0 && this.#open()) return at + 1;
    return kind === 'scalar' ? this.#collect(capture, bytes, at) : at + 1;
  }

  /** Follows the captured value to its end, or to the end of the bytes. */
  #collect(capture: Capture, bytes: Buffer, from: number): number {
    const end = this.#value.find(bytes, from);
    if (end < 0) return bytes.length;
    this.#line = capture.line + this.#value.lines;
    this.#capture = undefined;
    if (capture.dropped) this.#store(capture, undefined);
    else {
      const last = bytes.subarray(this.#from, end);
      const value = capture.parts.length === 0 ? last : Buffer.concat([...capture.parts, last]);
      const { text, valid } = decodeUtf8(value);
      if (!valid && this.#end.invalid++ === 0) this.#end.invalidAt = capture.line;
      this.#store(capture, text);
    }
    // Whatever is captured next begins in these bytes.
    this.#from = end;
    return end;
  }

  /** Puts a value where it belongs; undefined: it was too large. */
  #store({ slot, line }: Capture, text: string | undefined): void {
    const frame = this.#frames.innermost!;
    if ('list' in frame) {
      if (text !== undefined) this.#frames.deliver(frame.list, text, line);
    } else if (slot === 'key') frame.object.key = text === undefined ? '' : unquote(text);
    else if (text === undefined) frame.object.state = 'key';
    else this.#frames.addMember(frame.object, text);
  }

  /** Looks into a value before it ends; false when there is nothing to be found in it. */
  #open(): boolean {
    const { slot, kind, line, parts, dropped } = this.#capture!;
    const frame = this.#frames.innermost!;
    if (dropped || slot === 'key' || kind === 'string' || kind === 'scalar') return false;
    if ('object' in frame) {
      const { object } = frame;
      if (kind === 'array' || !object.rule.covers.has(object.key)) return false;
      object.state = 'key';
      this.#frames.openObject(GENERAL, { owner: object, key: object.key }, line);
    } else {
      const { item } = frame.list.rule;
      const { owner, level } = frame.list;
      if (item === undefined || (kind === 'array' && (owner !== undefined || level >= LEVELS))) return false;
      if (kind === 'array') this.#frames.openArray(level + 1, line);
      else this.#frames.openObject(item, frame.list, line);
    }
    this.#capture = undefined;
    this.#line = line;
    // Nothing is collected yet of a value that is opened at its first bracket.
    this.#run(Buffer.concat(parts).subarray(1));
    return true;
  }
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(1, -1);
    throw error;
  }
}

import { stripAnsi } from './ansi.ts';
import type { BlockEnd } from './blocks.ts';
import type { Dispatcher } from './dispatch.ts';
import type { JsonObject, JsonValue, Syntax } from './format.ts';
import type { Emit, HeldEnd } from './held.ts';
import { type Parsed, parseJson, parseRecord } from './json.ts';
import { type SplitEnd, type SplitOptions, Splitter } from './split.ts';
import { isMember, looksLikeTelemetry } from './traits.ts';
import { isObject } from './values.ts';
import { messageOf, type Unwrapped, unwrapRecord } from './wrappers.ts';

/** Where a value was found. `stream` tells processes apart, as far as wrappers did. */
export type Position = { readonly line: number; readonly stream: string; readonly depth: number };

/** Who reads the lines that were found inside of records. */
export type InnerLines = {
  readonly unwrapped: (unwrapped: Unwrapped, position: Position) => void;
  /** A logger's message; false when there is nothing in it and it is not counted. */
  readonly message: (record: JsonObject, message: string, position: Position) => boolean;
};

/** Lines in which nothing was found. */
export type Left = { readonly text: string; readonly lines: number };

/** A terminal writes line feeds so; `script` keeps them. */
const LINE_END = /(?<!\r)\r+\n/g;
/** Wrappers in wrappers, arrays in arrays. */
export const DEPTH = 5;
/** Keys under which documents keep their records, and loggers the object that was logged. */
const HOLDERS = [
  'spans',
  'data',
  'traces',
  'trace',
  'result',
  'records',
  'results',
  'batch',
  'hits',
  'jsonPayload',
  '_source',
  'payload',
  'msg',
  'message',
  'body',
  'log',
  'event',
] as const;

/** Gives values to the formats that claim them, looks into those that nobody claims, and counts what is left. */
export class ValueReader {
  readonly #dispatcher: Dispatcher;
  readonly #inner: InnerLines;

  constructor(dispatcher: Dispatcher, inner: InnerLines) {
    this.#dispatcher = dispatcher;
    this.#inner = inner;
  }

  /** A value that stands for itself: read, or counted as what it is. */
  record(value: JsonValue, syntax: Syntax, position: Position): void {
    if (!this.offer(value, syntax, position)) this.#dispatcher.skipRecord(value, position.line);
  }

  /** Reads a record of the input itself without what nobody wants; false, and nothing is done, where that may be missed. */
  skimmed(value: JsonObject, syntax: Syntax, line: number): boolean {
    if (unwrapRecord(value) !== undefined || messageOf(value) !== undefined) return false;
    return this.#dispatcher.readSkimmed(value, syntax, line);
  }

  /** Finds who reads a value: a format, or what is inside of it; false when nobody does and it is not counted yet. */
  offer(value: JsonValue, syntax: Syntax, position: Position): boolean {
    if (position.depth > DEPTH) return false;
    if (Array.isArray(value)) return this.#elements(value, syntax, position);
    if (!isObject(value)) return false;
    const wrapped = unwrapRecord(value);
    if (wrapped !== undefined) {
      this.#inner.unwrapped(wrapped, position);
      return true;
    }
    const message = messageOf(value);
    if (message !== undefined && this.quoted(message, position)) return true;
    if (this.#dispatcher.read(value, syntax, position.line)) return true;
    if (this.#held(value, syntax, position)) return true;
    return message !== undefined && this.#inner.message(value, message, position);
  }

  /** A document, or part of one that was too large to hold. */
  readonly document = (text: string, line: number): void => {
    const parsed = parseJson(text);
    if (!('failure' in parsed)) this.record(parsed.value, 'json', { line, stream: '', depth: 0 });
    else if (parsed.failure === 'too_deep') this.#dispatcher.skip('too_deep', line);
    else this.salvage(text, line);
  };

  /** A damaged record: what is whole in it is read, what is missing or wrong is counted. */
  salvage(text: string, line: number): void {
    let invalid = 0;
    const emit = (deeper: Emit) => (piece: string, at: number) => {
      const parsed = parseJson(piece);
      if ('failure' in parsed) deeper(piece, at);
      else this.offer(parsed.value, parsed.syntax, { line: at, stream: '', depth: 0 });
    };
    const item: Emit = (piece, at) => {
      split(piece, { emit: emit(() => invalid++), line: at, openAt: 0 });
    };
    const { cut } = split(text, { emit: emit(item), line });
    if (cut !== undefined) this.#dispatcher.skip('truncated', cut);
    else this.#dispatcher.skip('invalid_json', line, Math.max(1, invalid));
  }

  /** Text that was collected; undefined when it was too large to hold: then what there is to say about it is said. */
  text(held: HeldEnd, line: number): string | undefined {
    if ('text' in held) {
      if (!held.valid) this.#dispatcher.skip('invalid_utf8', line);
      return held.text;
    }
    if ('dropped' in held) {
      this.#dispatcher.skip('too_large', line);
      return undefined;
    }
    const { cut, tooLarge, tooLargeAt, invalid, invalidAt } = held.split;
    if (cut !== undefined) this.#dispatcher.skip('truncated', cut);
    if (tooLarge > 0) this.#dispatcher.skip('too_large', tooLargeAt, tooLarge);
    if (invalid > 0) this.#dispatcher.skip('invalid_utf8', invalidAt, invalid);
    return undefined;
  }

  /** A block that is over: read, or counted; what is left are lines without telemetry, which are still to be counted. */
  block({ held, line, bare, cut }: BlockEnd, stream: string): Left | undefined {
    const whole = this.text(held, line);
    if (whole === undefined) return undefined;
    const text = stripAnsi(whole).replaceAll(LINE_END, '\n');
    const left = () => ({ text, lines: text.split('\n').filter((part) => part.trim() !== '').length });
    const parsed: Parsed = cut ? { failure: 'invalid_json' } : parseRecord(text);
    if (!('failure' in parsed)) {
      if (this.offer(parsed.value, parsed.syntax, { line, stream, depth: 0 })) return undefined;
      if (!bare) return left();
      this.#dispatcher.skipRecord(parsed.value, line);
    } else if (parsed.failure === 'too_deep') this.#dispatcher.skip('too_deep', line);
    else if (cut || !this.#withoutForeignLines(text, { line, stream, depth: 0 })) {
      if (looksLikeTelemetry(text)) this.salvage(text, line);
      else if (cut && bare && /^\{\s*"/.test(text)) this.#dispatcher.skip('truncated', line);
      else return left();
    }
    return undefined;
  }

  /** Reads a block again without the lines that cannot be part of a value: someone else wrote them in between. */
  #withoutForeignLines(text: string, position: Position): boolean {
    const lines = text.split('\n');
    const own = lines.filter(isMember);
    if (own.length === lines.length) return false;
    const parsed = parseRecord(own.join('\n'));
    if ('failure' in parsed || !this.offer(parsed.value, parsed.syntax, position)) return false;
    this.#dispatcher.skip('text', position.line, lines.length - own.length);
    return true;
  }

  #held(value: JsonObject, syntax: Syntax, position: Position): boolean {
    if (this.#dispatcher.isUnsupported(value)) return false;
    const inner = { ...position, depth: position.depth + 1 };
    let read = false;
    for (const key of HOLDERS) {
      const held = Object.hasOwn(value, key) ? value[key] : undefined;
      if (typeof held === 'object' && held !== null && this.offer(held, syntax, inner)) read = true;
    }
    return read;
  }

  #elements(elements: readonly JsonValue[], syntax: Syntax, position: Position): boolean {
    const inner = { ...position, depth: position.depth + 1 };
    const left = elements.filter((element) => !this.offer(element, syntax, inner));
    if (left.length === elements.length) return false;
    for (const element of left) this.#dispatcher.skipRecord(element, position.line);
    return true;
  }

  /** A string that is telemetry from its first to its last character. */
  quoted(message: string, position: Position): boolean {
    if (!/^\s*[{[]/.test(message) || !/[}\]]\s*$/.test(message)) return false;
    const parsed = parseRecord(stripAnsi(message));
    if ('failure' in parsed) return false;
    return this.offer(parsed.value, parsed.syntax, { ...position, depth: position.depth + 1 });
  }
}

/** The items of the lists in a damaged document, one by one. */
function split(text: string, options: Pick<SplitOptions, 'emit' | 'line' | 'openAt'>): SplitEnd {
  const splitter = new Splitter({ ...options, batch: 0, salvage: true });
  splitter.push(Buffer.from(text));
  return splitter.end();
}

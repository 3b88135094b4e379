import type { Dispatcher } from './dispatch.ts';
import { decodeUtf8 } from './encoding.ts';
import type { Limits } from './held.ts';
import { parseJson } from './json.ts';
import type { LineSink, LongLine } from './lines.ts';
import { longRecord } from './long-record.ts';
import { RawBlock } from './raw-block.ts';
import { Skimmer } from './skim/skimmer.ts';
import { TextReader } from './text-reader.ts';
import { isMember, isPunctuation } from './traits.ts';

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, QUOTE, COMMA] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Turns lines of bytes into records and gives each to the format that claims it. Lines that are whole JSON and blocks that
 * nobody wrapped take short ways, everything else is looked at as text.
 */
export class RecordReader implements LineSink {
  readonly #dispatcher: Dispatcher;
  readonly #limits: Limits;
  readonly #text: TextReader;
  /** Made when it is first needed: it brings memory of its own, and thousands of small files never need it. */
  #skimmer: Skimmer | undefined;
  #raw: RawBlock | undefined;

  constructor(dispatcher: Dispatcher, limits: Limits) {
    this.#dispatcher = dispatcher;
    this.#limits = limits;
    this.#text = new TextReader(dispatcher, limits, () => this.#cutRaw());
  }

  readonly line = (bytes: Buffer, start: number, lineEnd: number, number: number): void => {
    let end = lineEnd;
    while (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    let first = start;
    while (first < end && (bytes[first] === SPACE || bytes[first] === TAB)) first++;
    if (first === end || this.#inRaw(bytes, start, first, end, number)) return;
    const byte = bytes[first];
    const text = this.#decode(bytes.subarray(start, end), number);
    if ((byte === OPEN_BRACE || byte === OPEN_BRACKET) && !this.#text.isAwaited(first > start)) {
      if (byte === OPEN_BRACE && first + 1 === end && !this.#text.inRecord) {
        this.#openRaw(first - start, number);
        return;
      }
      if (this.#isWhole(bytes, first, end, text, number)) return;
    }
    this.#text.line(text, number);
  };

  readonly record: NonNullable<LineSink['record']> = (bytes, start, number) => {
    if (this.#raw !== undefined || !this.#text.isQuiet) return undefined;
    this.#skimmer ??= new Skimmer(this.#dispatcher.projection);
    if (!this.#skimmer.isTrying) return undefined;
    const limit = Math.min(bytes.length, start + this.#limits.split);
    const block = bytes[start + 1] === LINE_FEED;
    const end = block ? limit : bytes.indexOf(LINE_FEED, start);
    if (end < 0 || end > limit || !(block || bytes[start + 1] === QUOTE)) return undefined;
    const skimmed = this.#skimmer.read(bytes, start, end);
    const taken =
      skimmed !== undefined &&
      bytes[skimmed.end] === LINE_FEED &&
      this.#text.values.skimmed(skimmed.value, skimmed.syntax, number);
    this.#skimmer.learn(taken);
    return taken ? { end: skimmed.end + 1, lines: skimmed.lines + 1 } : undefined;
  };

  readonly long = (number: number): LongLine => {
    let line: LongLine | undefined;
    return {
      push: (bytes) => {
        line ??= this.#longLine(bytes[0], number);
        line.push(bytes);
      },
      end: () => line?.end(),
    };
  };

  readonly nuls = (number: number): void => this.#dispatcher.skip('nul_bytes', number);

  readonly release = (): void => this.#raw?.release();

  /**
   * Whether a document that begins now is read as what it is: one that is whole on a line of its own and begins at its `edge`,
   * or any.
   */
  takesDocument(edge: boolean): boolean {
    return !this.#text.isAwaited(!edge) && (edge || this.#raw === undefined);
  }

  /** A document that came whole, in a message of its own. */
  message(bytes: Buffer, place: number): void {
    this.#text.values.document(this.#decode(bytes, place), place);
  }

  /** The input is over: what is still open was cut off. */
  end(): void {
    this.#cutRaw();
    this.#text.end();
  }

  /** Part of the open block when it is indented, else a record of its own. */
  #longLine(first: number | undefined, number: number): LongLine {
    const raw = this.#raw;
    if (raw !== undefined && (first === SPACE || first === TAB)) {
      return { push: (bytes) => raw.push(bytes), end: () => raw.endLine(number) };
    }
    const { values } = this.#text;
    return longRecord(number, this.#limits, values.document, (held) => {
      const text = values.text(held, number);
      if (text !== undefined) this.#text.line(text, number);
    });
  }

  #decode(bytes: Buffer, number: number): string {
    const { text, valid } = decodeUtf8(bytes);
    if (!valid) this.#dispatcher.skip('invalid_utf8', number);
    return text;
  }

  /** A line that is one JSON value, with or without a comma behind it. */
  #isWhole(bytes: Buffer, first: number, lineEnd: number, text: string, number: number): boolean {
    let end = lineEnd;
    while (end > first && bytes[end - 1]! <= SPACE) end--;
    const comma = bytes[end - 1] === COMMA;
    const array = bytes[first] === OPEN_BRACKET;
    if (bytes[comma ? end - 2 : end - 1] !== (array ? CLOSE_BRACKET : CLOSE_BRACE)) return false;
    if (array && !opensJsonArray(bytes, first + 1)) return false;
    const parsed = parseJson(comma ? text.slice(0, text.lastIndexOf(',')) : text);
    if (!('failure' in parsed)) {
      this.#text.values.record(parsed.value, parsed.syntax, { line: number, stream: '', depth: 0 });
    } else if (parsed.failure === 'too_deep') this.#dispatcher.skip('too_deep', number);
    else return false;
    return true;
  }

  #inRaw(bytes: Buffer, start: number, first: number, end: number, number: number): boolean {
    if (this.#raw === undefined) return false;
    const taken = this.#raw.take(bytes, start, first, end, number);
    if (taken === 'over') {
      this.#endRaw(false);
      const rest = bytes.toString('utf8', first + 1, end);
      if (!isPunctuation(rest)) this.#text.line(rest, number);
    } else if (taken === 'foreign' && !this.#raw.begun && beginsMember(bytes, first, end)) {
      // A key without indentation: brackets have to be counted.
      const { line } = this.#raw;
      this.#raw = undefined;
      this.#text.open(`${bytes.toString('latin1', start, first)}{`, line);
      return false;
    }
    return taken !== 'foreign';
  }

  #openRaw(indentation: number, number: number): void {
    this.#cutRaw();
    this.#text.closeIndented();
    this.#raw = new RawBlock(indentation, number, this.#limits, this.#text.values.document);
  }

  /** Another block begins, or nothing comes any more. */
  #cutRaw(): void {
    if (this.#raw !== undefined) this.#endRaw(true);
  }

  #endRaw(cut: boolean): void {
    const { line } = this.#raw!;
    const held = this.#raw!.end(cut);
    this.#raw = undefined;
    const left = this.#text.values.block({ line, held, bare: true, cut }, '');
    if (left !== undefined) this.#dispatcher.skip('text', line, left.lines);
  }
}

/** Behind a bracket: JSON, not the first word of a log line. */
function opensJsonArray(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < bytes.length && bytes[at]! <= SPACE) at++;
  const byte = bytes[at];
  return byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === CLOSE_BRACKET || byte === QUOTE;
}

function beginsMember(bytes: Buffer, first: number, end: number): boolean {
  const byte = bytes[first];
  return byte !== OPEN_BRACE && byte !== OPEN_BRACKET && isMember(bytes.toString('latin1', first, end));
}

import { ROW, ROW_FLAG, type RowPlan } from '../../model/index.ts';
import { Attributes } from './attributes.ts';
import { ByteStrings } from './byte-strings.ts';
import { isDigit, type JsonBytes } from './json-bytes.ts';
import { Patterns } from './patterns.ts';
import type { RowBuffer } from './row-buffer.ts';
import { areUsual, durationOf, readHex, readNanos } from './span-numbers.ts';
import { StatusAndEvents } from './status-and-events.ts';

const [QUOTE, MINUS, OPEN_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x2d, 0x5b, 0x7b, 0x7d];

const KEYS = new ByteStrings(16, [
  ...['traceId', 'spanId', 'parentSpanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano'],
  ...['status', 'attributes', 'events'],
  // Other spellings, which the format's own reader knows what to do with.
  ...['trace_id', 'span_id', 'parent_span_id', 'start_time_unix_nano', 'end_time_unix_nano', 'startTime'],
]);
const [TRACE_ID, SPAN_ID, PARENT_ID, NAME, KIND, START, END] = [1, 2, 3, 4, 5, 6, 7];
const [STATUS, ATTRIBUTES, EVENTS] = [8, 9, 10];
const REQUIRED = (1 << TRACE_ID) | (1 << SPAN_ID) | (1 << NAME) | (1 << START) | (1 << END);

/** Bytes, with the quotes of a text. */
const LONGEST = { name: 1026, kind: 34 } as const;
const MOST_NAMES = 4096;

/** Puts spans into rows. Whatever is unusual about one makes it a span that is to be read as an object. */
export class SpanReader {
  readonly #json: JsonBytes;
  readonly #attributes: Attributes;
  readonly #outcome: StatusAndEvents;
  readonly #patterns: Patterns;
  readonly #names = new ByteStrings(MOST_NAMES);
  readonly #kinds = new ByteStrings(MOST_NAMES);

  /** Of the span that is being read: its keys, as bits. */
  #seen = 0;
  #usual = true;
  #name = 0;
  #kind = 0;
  /** Words of trace, span and parent. */
  readonly #ids = new Uint32Array(8);
  /** Seconds and nanoseconds of start and end. */
  readonly #times = new Float64Array(4);

  constructor(json: JsonBytes, plan: RowPlan) {
    this.#json = json;
    this.#attributes = new Attributes(json, plan);
    this.#outcome = new StatusAndEvents(json, this.#attributes, plan);
    this.#patterns = new Patterns(plan.keys.length);
  }

  text(number: number): string {
    return this.#attributes.found.text(number);
  }

  slotsOf(pattern: number): readonly number[] {
    return this.#patterns.slotsOf(pattern);
  }

  /** From the first byte of a span to behind its last; adds a row. */
  read(open: number, context: number, rows: RowBuffer): number {
    const json = this.#json;
    const { line } = json;
    this.#clear(open);
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) at = json.item(this.#member(at), false, CLOSE_BRACE);
    const end = ~at + 1;
    const { words, next } = rows;
    words[next + ROW.offset] = open;
    words[next + ROW.length] = end - open;
    words[next + ROW.context] = context;
    words[next + ROW.line] = line;
    words[next + ROW.pattern] = this.#isUsual() ? this.#write(rows) : 0;
    rows.count++;
    return end;
  }

  #clear(start: number): void {
    this.#attributes.clear(start);
    this.#outcome.clear();
    this.#seen = 0;
    this.#usual = true;
    this.#kind = 0;
    this.#ids.fill(0);
  }

  #member(from: number): number {
    const json = this.#json;
    const at = json.key(from);
    const key = KEYS.find(json.bytes, json.keyFrom, json.keyEnd);
    const bit = 1 << key;
    if (json.keyEscaped || key > EVENTS || (this.#seen & bit) !== 0) return this.#unusual(at);
    if (key === 0) return json.value(at);
    this.#seen |= bit;
    const first = json.bytes[at];
    switch (key) {
      case ATTRIBUTES:
        return first === OPEN_BRACKET ? this.#attributes.read(at) : this.#unusual(at);
      case STATUS:
        return first === OPEN_BRACE ? this.#outcome.readStatus(at) : this.#unusual(at);
      case EVENTS:
        return first === OPEN_BRACKET ? this.#outcome.readEvents(at) : this.#unusual(at);
      default: {
        const end = json.value(at);
        if (!this.#take(key, at, end)) this.#usual = false;
        return end;
      }
    }
  }

  /** Takes an id, a time, the name or the kind; false where it is not a usual one. */
  #take(key: number, at: number, end: number): boolean {
    const { bytes } = this.#json;
    switch (key) {
      case TRACE_ID:
        return readHex(bytes, at, end, this.#ids, 0, 4);
      case SPAN_ID:
        return readHex(bytes, at, end, this.#ids, 4, 2);
      case PARENT_ID:
        return readHex(bytes, at, end, this.#ids, 6, 2) || (bytes[at] === QUOTE && end - at === 2);
      case START:
        return readNanos(bytes, at, end, this.#times, 0);
      case END:
        return readNanos(bytes, at, end, this.#times, 2);
      case NAME:
        return this.#takeName(at, end);
      case KIND:
        return this.#takeKind(at, end);
      default:
        return false;
    }
  }

  #takeName(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    if (bytes[at] !== QUOTE || escapeEnd > 0 || end - at > LONGEST.name) return false;
    this.#name = this.#names.intern(bytes, at, end);
    return this.#name > 0;
  }

  /** With its quotes, if it has any: these tell a text from a number. */
  #takeKind(at: number, end: number): boolean {
    const { bytes } = this.#json;
    const first = bytes[at]!;
    if ((first !== QUOTE && first !== MINUS && !isDigit(first)) || end - at > LONGEST.kind) return false;
    this.#kind = this.#kinds.intern(bytes, at, end);
    return this.#kind > 0;
  }

  #unusual(at: number): number {
    this.#usual = false;
    return this.#json.value(at);
  }

  /** Nothing is missing, and the times fit into a row. */
  #isUsual(): boolean {
    if (!this.#usual || !this.#attributes.usual || !this.#outcome.usual) return false;
    if ((this.#seen & REQUIRED) !== REQUIRED) return false;
    return areUsual(this.#ids, this.#times);
  }

  /** Fills the rest of a row; the number of its pattern, or 0 where it has none. */
  #write(rows: RowBuffer): number {
    const { words, doubles, next } = rows;
    const ids = this.#ids;
    const parent = (ids[6]! | ids[7]!) === 0 ? 0 : ROW_FLAG.hasParent;
    const flags = parent | (this.#outcome.hasEvents ? ROW_FLAG.hasEvents : 0);
    words[next + ROW.flags] = flags;
    words.set(ids, next + ROW.traceId);
    words[next + ROW.startSecond] = this.#times[0]!;
    words[next + ROW.startNano] = this.#times[1]!;
    doubles[(next + ROW.duration) / 2] = durationOf(this.#times);
    const { found } = this.#attributes;
    found.sort();
    if (!found.write(words, doubles, next + ROW.values)) return 0;
    return this.#patterns.number(this.#name, this.#kind, this.#outcome.status, flags, found);
  }
}

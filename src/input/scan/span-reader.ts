import { ROW, ROW_FLAG, ROW_VALUES, type RowPlan } from '../../model/index.ts';
import { Attributes } from './attributes.ts';
import { ByteStrings } from './byte-strings.ts';
import { isDigit, type JsonBytes } from './json-bytes.ts';
import type { RowBuffer } from './row-buffer.ts';
import { readHex, readNanos } from './span-numbers.ts';

const [QUOTE, MINUS, ZERO, ONE] = [0x22, 0x2d, 0x30, 0x31];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

const KEYS = new ByteStrings(16, [
  'traceId',
  'spanId',
  'parentSpanId',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'status',
  'attributes',
  'events',
  // Other spellings, which the format's own reader knows what to do with.
  'trace_id',
  'span_id',
  'parent_span_id',
  'start_time_unix_nano',
  'end_time_unix_nano',
  'startTime',
]);
const [TRACE_ID, SPAN_ID, PARENT_ID, NAME, , START, END, STATUS, ATTRIBUTES, EVENTS] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];
/** One bit a key. */
const REQUIRED = (1 << TRACE_ID) | (1 << SPAN_ID) | (1 << NAME) | (1 << START) | (1 << END);

const STATUS_KEYS = new ByteStrings(2, ['code', 'message']);
const [CODE, MESSAGE] = [1, 2];
const UNSET = 0;
const STATUS_CODES = new ByteStrings(2, ['"STATUS_CODE_UNSET"', '"STATUS_CODE_OK"']);
const EVENT_KEYS = new ByteStrings(1, ['name']);

/** Bytes of a name; of a kind, which may be quoted. */
const LONGEST = { name: 1024, kind: 34 } as const;
const MOST = { names: 4096, patterns: 65_536 } as const;
const SECONDS_LIMIT = 2 ** 32;
const NANOS = 1e9;

/** Words of a pattern before those of its slots, and of a slot. */
const HEAD_WORDS = 4;
const SLOT_WORDS = 2;

/** Puts spans into rows. What it does not expect makes a span that has to be read as an object. */
export class SpanReader {
  readonly #json: JsonBytes;
  readonly #attributes: Attributes;
  readonly #events: ByteStrings;
  readonly #names = new ByteStrings(MOST.names);
  readonly #kinds = new ByteStrings(MOST.names);
  readonly #patterns = new ByteStrings(MOST.patterns);
  readonly #patternSlots: (readonly number[])[] = [];
  readonly #pattern: Int32Array;
  readonly #patternBytes: Uint8Array;

  /** Keys that the span has, as bits. */
  #seen = 0;
  #usual = true;
  #name = 0;
  #kind = 0;
  #status = UNSET;
  #hasEvents = false;
  /** Trace, span, parent. */
  readonly #ids = new Uint32Array(8);
  /** Start and end, each as seconds and nanoseconds. */
  readonly #times = new Float64Array(4);

  constructor(json: JsonBytes, plan: RowPlan) {
    this.#json = json;
    this.#attributes = new Attributes(json, plan);
    this.#events = new ByteStrings(plan.events.size, [...plan.events]);
    this.#pattern = new Int32Array(HEAD_WORDS + SLOT_WORDS * plan.keys.length);
    this.#patternBytes = new Uint8Array(this.#pattern.buffer);
  }

  text(number: number): string {
    return this.#attributes.found.text(number);
  }

  slotsOf(pattern: number): readonly number[] {
    return this.#patternSlots[pattern - 1] ?? [];
  }

  /** From the first byte of a span to behind its last; adds a row. */
  read(open: number, context: number, rows: RowBuffer): number {
    const json = this.#json;
    const { line } = json;
    this.#clear();
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

  #clear(): void {
    this.#attributes.clear();
    this.#seen = 0;
    this.#usual = true;
    this.#kind = 0;
    this.#status = UNSET;
    this.#hasEvents = false;
    this.#ids.fill(0);
  }

  #member(from: number): number {
    const json = this.#json;
    const at = json.key(from);
    const key = json.keyEscaped ? 0 : KEYS.find(json.bytes, json.keyFrom, json.keyEnd);
    if (json.keyEscaped || key > EVENTS || (this.#seen & (1 << key)) !== 0) return this.#unusual(at);
    if (key === 0) return json.value(at);
    this.#seen |= 1 << key;
    if (key === ATTRIBUTES)
      return json.bytes[at] === OPEN_BRACKET ? this.#attributes.read(at) : this.#unusual(at);
    if (key === EVENTS) return json.bytes[at] === OPEN_BRACKET ? this.#eventList(at) : this.#unusual(at);
    if (key === STATUS) return json.bytes[at] === OPEN_BRACE ? this.#statusRecord(at) : this.#unusual(at);
    const end = json.value(at);
    this.#usual = this.#simple(key, at, end) && this.#usual;
    return end;
  }

  #simple(key: number, at: number, end: number): boolean {
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
        return this.#isName(at, end);
      default:
        return this.#isKind(at, end);
    }
  }

  #isName(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    if (bytes[at] !== QUOTE || escapeEnd > 0 || end - at - 2 > LONGEST.name) return false;
    this.#name = this.#names.intern(bytes, at + 1, end - 1);
    return this.#name > 0;
  }

  /** A number or a text: with its quotes, so that these two are told apart. */
  #isKind(at: number, end: number): boolean {
    const { bytes } = this.#json;
    const first = bytes[at]!;
    if ((first !== QUOTE && first !== MINUS && !isDigit(first)) || end - at > LONGEST.kind) return false;
    this.#kind = this.#kinds.intern(bytes, at, end);
    return this.#kind > 0;
  }

  #statusRecord(open: number): number {
    const json = this.#json;
    let seen = 0;
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      const key = STATUS_KEYS.find(json.bytes, json.keyFrom, json.keyEnd);
      const end = json.value(content);
      if ((seen & (1 << key)) !== 0 || !this.#isStatus(key, content, end)) this.#usual = false;
      seen |= 1 << key;
      at = json.item(end, false, CLOSE_BRACE);
    }
    return ~at + 1;
  }

  #isStatus(key: number, at: number, end: number): boolean {
    const { bytes } = this.#json;
    if (key === MESSAGE) return bytes[at] === QUOTE && end - at === 2;
    if (key !== CODE) return false;
    const number = end - at === 1 && (bytes[at] === ZERO || bytes[at] === ONE);
    this.#status = number ? bytes[at]! - ZERO : STATUS_CODES.find(bytes, at, end) - 1;
    return this.#status >= UNSET;
  }

  #eventList(open: number): number {
    const json = this.#json;
    let at = json.item(open + 1, true, CLOSE_BRACKET);
    this.#hasEvents = at >= 0;
    while (at >= 0) {
      const end = json.bytes[at] === OPEN_BRACE ? this.#event(at) : this.#unusual(at);
      at = json.item(end, false, CLOSE_BRACKET);
    }
    return ~at + 1;
  }

  #event(open: number): number {
    const json = this.#json;
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      if (json.keyEscaped) this.#usual = false;
      const isName = EVENT_KEYS.find(json.bytes, json.keyFrom, json.keyEnd) > 0;
      const end = json.value(content);
      if (isName && !this.#isOrdinaryEvent(content, end)) this.#usual = false;
      at = json.item(end, false, CLOSE_BRACE);
    }
    return ~at + 1;
  }

  #isOrdinaryEvent(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    return bytes[at] === QUOTE && escapeEnd === 0 && this.#events.find(bytes, at + 1, end - 1) === 0;
  }

  #unusual(at: number): number {
    this.#usual = false;
    return this.#json.value(at);
  }

  /** Everything is there, and the times can be told by a row. */
  #isUsual(): boolean {
    if (!this.#usual || !this.#attributes.usual || (this.#seen & REQUIRED) !== REQUIRED) return false;
    const ids = this.#ids;
    if ((ids[0]! | ids[1]! | ids[2]! | ids[3]!) === 0 || (ids[4]! | ids[5]!) === 0) return false;
    const [startSecond, startNano, endSecond] = this.#times as unknown as [number, number, number];
    const duration = this.#duration();
    return (
      startSecond + startNano > 0 &&
      duration >= 0 &&
      duration <= Number.MAX_SAFE_INTEGER &&
      endSecond < SECONDS_LIMIT
    );
  }

  /** Exact up to 2^53: a whole number of seconds in nanoseconds has nine zeros in binary too. */
  #duration(): number {
    const times = this.#times;
    return (times[2]! - times[0]!) * NANOS + (times[3]! - times[1]!);
  }

  /** Fills the rest of a row; the number of its pattern, or 0 where it has none. */
  #write(rows: RowBuffer): number {
    const { words, doubles, next } = rows;
    const { slots, count, tokens, numbers, hashes } = this.#attributes.found;
    const ids = this.#ids;
    const flags =
      ((ids[6]! | ids[7]!) !== 0 ? ROW_FLAG.hasParent : 0) | (this.#hasEvents ? ROW_FLAG.hasEvents : 0);
    const pattern = this.#pattern;
    pattern.set([this.#name, this.#kind, this.#status, flags]);
    const values = next + ROW.values;
    let valueCount = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      pattern[HEAD_WORDS + SLOT_WORDS * i] = slot;
      pattern[HEAD_WORDS + SLOT_WORDS * i + 1] = tokens[slot]!;
      if (!this.#attributes.found.hasValue(slot)) continue;
      if (valueCount === ROW_VALUES) return 0;
      const at = values + 2 * valueCount++;
      if (this.#attributes.found.isAnswer(slot)) {
        words[at] = hashes[2 * slot]!;
        words[at + 1] = hashes[2 * slot + 1]!;
      } else doubles[at / 2] = numbers[slot]!;
    }
    words[next + ROW.flags] = flags;
    words.set(ids, next + ROW.traceId);
    words[next + ROW.startSecond] = this.#times[0]!;
    words[next + ROW.startNano] = this.#times[1]!;
    doubles[(next + ROW.duration) / 2] = this.#duration();
    return this.#patternNumber(count);
  }

  #patternNumber(slotCount: number): number {
    const length = Int32Array.BYTES_PER_ELEMENT * (HEAD_WORDS + SLOT_WORDS * slotCount);
    const number = this.#patterns.intern(this.#patternBytes, 0, length);
    if (number > this.#patternSlots.length) {
      const { found } = this.#attributes;
      this.#patternSlots.push([...found.slots.subarray(0, slotCount)].filter((slot) => found.hasValue(slot)));
    }
    return number;
  }
}

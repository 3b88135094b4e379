import { ROW, ROW_FLAG, type RowPlan } from '../../model/index.ts';
import { OTLP_KINDS } from '../formats/spans.ts';
import { FORM, type WrittenValue } from '../scan/attribute-value.ts';
import { type Keys, keysOf } from '../scan/attributes.ts';
import { ByteStrings } from '../scan/byte-strings.ts';
import { Patterns } from '../scan/patterns.ts';
import type { RowBuffer } from '../scan/row-buffer.ts';
import { SlotValues } from '../scan/slot-values.ts';
import { areUsual, durationOf } from '../scan/span-numbers.ts';
import { EVENT, PAIR, SPAN, STATUS, VALUE } from './tags.ts';

/** Bytes. */
const LONGEST_NAME = 1024;
const MOST_NAMES = 4096;
const [TRACE_BYTES, SPAN_BYTES] = [16, 8];
/** Lengths of up to four bytes: 256 MB. */
const LENGTH_SHIFTS = 28;
const NANOS = 1e9;
const EXCEPTION = Buffer.from('exception');
const NO_KEYS: Keys = { names: new ByteStrings(0), slots: [], hasEscaped: false };

/**
 * Puts spans of OTLP in protobuf into rows. Whatever is unusual about one, in what it says or how it is written (a field
 * twice, an event that matters, a number that a double cannot hold, bytes that are no protobuf), makes it one that is to be
 * read as an object.
 */
export class WireSpan {
  readonly #keys: Keys;
  readonly #exceptionKeys: Keys;
  /** The slot of the status message; -1 where nobody asks for it. */
  readonly #messageSlot: number;
  /** Events that matter. */
  readonly #events: ByteStrings;
  readonly #found: SlotValues;
  readonly #patterns: Patterns;
  readonly #names = new ByteStrings(MOST_NAMES);
  readonly #value = {
    form: FORM.string,
    from: 0,
    end: 0,
    escapeEnd: 0,
    number: 0,
  } satisfies WrittenValue as {
    -readonly [field in keyof WrittenValue]: WrittenValue[field];
  };
  /** Words of trace, span and parent. */
  readonly #ids = new Uint32Array(8);
  /** Seconds and nanoseconds of start and end. */
  readonly #times = new Float64Array(4);

  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  /** Fields of the span that were met, by number. */
  #seen = 0;
  #name = 0;
  #kind = 0;
  #status = 0;
  #flags = 0;
  #exceptions = 0;

  constructor(plan: RowPlan) {
    this.#keys = keysOf(plan, undefined);
    this.#exceptionKeys = keysOf(plan, 'exception');
    this.#messageSlot = plan.keys.findIndex(({ key, of }) => of === 'status' && key === 'message');
    this.#events = new ByteStrings(plan.events.size, [...plan.events]);
    this.#found = new SlotValues(plan, (bytes, from, end) => bytes.toString('utf8', from, end));
    this.#patterns = new Patterns(plan.keys.length);
  }

  text(number: number): string {
    return this.#found.text(number);
  }

  slotsOf(pattern: number): readonly number[] {
    return this.#patterns.slotsOf(pattern);
  }

  /** Fills the next row from the bytes of a span; false, with no row filled, where they are unusual. */
  read(bytes: Buffer, context: number, rows: RowBuffer): boolean {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#clear();
    while (this.#at < bytes.length) if (!this.#field(bytes[this.#at++]!)) return false;
    const { words, doubles, next } = rows;
    const found = this.#found;
    if (!this.#isWhole() || !areUsual(this.#ids, this.#times)) return false;
    found.sort();
    const flags = this.#flags | ((this.#ids[6]! | this.#ids[7]!) === 0 ? 0 : ROW_FLAG.hasParent);
    if (!found.write(words, doubles, next + ROW.values)) return false;
    const pattern = this.#patterns.number(this.#name, this.#kind, this.#status, flags, found);
    if (pattern === 0) return false;
    words[next + ROW.pattern] = pattern;
    words[next + ROW.flags] = flags;
    words.set(this.#ids, next + ROW.traceId);
    words[next + ROW.startSecond] = this.#times[0]!;
    words[next + ROW.startNano] = this.#times[1]!;
    doubles[(next + ROW.duration) / 2] = durationOf(this.#times);
    words[next + ROW.context] = context;
    rows.count++;
    return true;
  }

  #clear(): void {
    this.#found.clear(0);
    this.#ids.fill(0);
    this.#at = 0;
    this.#seen = 0;
    this.#name = 0;
    this.#kind = 0;
    this.#status = 0;
    this.#flags = 0;
    this.#exceptions = 0;
  }

  #isWhole(): boolean {
    const needed = bit(SPAN.traceId) | bit(SPAN.spanId) | bit(SPAN.name) | bit(SPAN.start) | bit(SPAN.end);
    return (this.#seen & needed) === needed;
  }

  /** A field of the span, whose tag has been read. */
  #field(tag: number): boolean {
    if (tag === SPAN.attributes) return this.#attribute(this.#keys, false);
    if (tag === SPAN.events) return this.#event();
    if ((this.#seen & bit(tag)) !== 0) return false;
    this.#seen |= bit(tag);
    switch (tag) {
      case SPAN.traceId:
        return this.#id(TRACE_BYTES, 0);
      case SPAN.spanId:
        return this.#id(SPAN_BYTES, 4);
      case SPAN.parentSpanId:
        return this.#bytes[this.#at] === 0 ? this.#skipByte() : this.#id(SPAN_BYTES, 6);
      case SPAN.name:
        return this.#takeName();
      case SPAN.kind:
        this.#kind = this.#byte() + 1;
        return this.#kind > 0 && this.#kind <= OTLP_KINDS.length;
      case SPAN.start:
        return this.#time(0);
      case SPAN.end:
        return this.#time(2);
      case SPAN.traceState:
        return this.#text() >= 0;
      case SPAN.droppedAttributes:
        return this.#byte() >= 0;
      case SPAN.status:
        return this.#takeStatus();
      default:
        return false;
    }
  }

  #skipByte(): boolean {
    this.#at++;
    return true;
  }

  /** A number that is written in one byte, or −1. */
  #byte(): number {
    const byte = this.#bytes[this.#at++];
    return byte === undefined || byte > 127 ? -1 : byte;
  }

  /** A length; where that many bytes end, or −1 where they do not. Stands at the first of them then. */
  #text(): number {
    let length = 0;
    for (let shift = 0; shift < LENGTH_SHIFTS; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return -1;
      length |= (byte & 127) << shift;
      if (byte > 127) continue;
      const end = this.#at + length;
      if (end > this.#bytes.length) return -1;
      const from = this.#at;
      this.#at = end;
      return from;
    }
    return -1;
  }

  #id(length: number, word: number): boolean {
    if (this.#bytes[this.#at] !== length || this.#at + length >= this.#bytes.length) return false;
    for (let at = this.#at + 1, to = word; to < word + length / 4; at += 4, to++)
      this.#ids[to] = this.#view.getUint32(at);
    this.#at += 1 + length;
    return true;
  }

  #takeName(): boolean {
    const from = this.#text();
    if (from < 0 || this.#at - from > LONGEST_NAME) return false;
    this.#name = this.#names.intern(this.#bytes, from, this.#at);
    return this.#name > 0;
  }

  /** Nanoseconds of 64 bits, divided by a billion digit by digit of 16 bits. */
  #time(to: number): boolean {
    if (this.#at + 8 > this.#bytes.length) return false;
    let seconds = 0;
    let rest = 0;
    for (let at = this.#at + 6; at >= this.#at; at -= 2) {
      const dividend = rest * 65_536 + this.#view.getUint16(at, true);
      const digit = Math.floor(dividend / NANOS);
      seconds = seconds * 65_536 + digit;
      rest = dividend - digit * NANOS;
    }
    this.#at += 8;
    this.#times[to] = seconds;
    this.#times[to + 1] = rest;
    return true;
  }

  #takeStatus(): boolean {
    const from = this.#text();
    if (from < 0) return false;
    const end = this.#at;
    this.#at = from;
    this.#status = 1;
    let seen = 0;
    while (this.#at < end) {
      const tag = this.#bytes[this.#at++]!;
      if ((seen & bit(tag)) !== 0) return false;
      seen |= bit(tag);
      if (tag === STATUS.code) {
        const code = this.#byte();
        if (code < 0 || code > 2) return false;
        this.#status = 1 + code;
      } else if (tag !== STATUS.message || !this.#takeMessage()) return false;
    }
    return this.#at === end;
  }

  #takeMessage(): boolean {
    const value = this.#value;
    value.form = FORM.string;
    value.from = this.#text();
    value.end = this.#at;
    if (value.from < 0 || value.from === value.end || this.#messageSlot < 0) return false;
    return this.#found.take(this.#messageSlot, value, this.#bytes);
  }

  /** An event that does not matter, or the only exception; its name stands before its attributes. */
  #event(): boolean {
    const from = this.#text();
    if (from < 0) return false;
    const end = this.#at;
    this.#at = from;
    this.#flags |= ROW_FLAG.hasEvents;
    let named = false;
    let keys = NO_KEYS;
    while (this.#at < end) {
      const tag = this.#bytes[this.#at++];
      if (tag === EVENT.time) this.#at += 8;
      else if (tag === EVENT.name && !named) {
        named = true;
        const name = this.#text();
        if (name < 0 || this.#events.find(this.#bytes, name, this.#at) > 0) return false;
        const isException = EXCEPTION.equals(this.#bytes.subarray(name, this.#at));
        if (isException && this.#exceptionKeys.slots.length > 0) keys = this.#exceptionKeys;
        if (keys !== NO_KEYS && this.#exceptions++ > 0) return false;
      } else if (tag === EVENT.attributes && named) {
        if (!this.#attribute(keys, true)) return false;
      } else if (tag !== EVENT.droppedAttributes || this.#byte() < 0) return false;
    }
    return this.#at === end;
  }

  /** A pair of a key and a value, in this order. `isRead`: whoever reads it as an object reads the value in any case. */
  #attribute({ names, slots }: Keys, isRead: boolean): boolean {
    const pair = this.#text();
    if (pair < 0) return false;
    const end = this.#at;
    this.#at = pair;
    if (this.#bytes[this.#at++] !== PAIR.key) return false;
    const key = this.#text();
    if (key < 0 || this.#at > end) return false;
    const slot = slots[names.find(this.#bytes, key, this.#at) - 1];
    if (this.#at === end) return slot === undefined;
    if (this.#bytes[this.#at++] !== PAIR.value) return false;
    const value = this.#text();
    if (value < 0 || this.#at !== end) return false;
    if (slot === undefined && (!isRead || value === end)) return true;
    if (!this.#read(value, end)) return false;
    return slot === undefined || this.#found.take(slot, this.#value, this.#bytes);
  }

  /** A value that is of one kind, and plain. */
  #read(from: number, end: number): boolean {
    const value = this.#value;
    const tag = this.#bytes[from];
    this.#at = from + 1;
    value.form = tag === VALUE.string ? FORM.string : tag === VALUE.int ? FORM.whole : FORM.number;
    value.from = this.#at;
    value.end = end;
    switch (tag) {
      case VALUE.string:
        value.from = this.#text();
        return value.from >= 0 && this.#at === end;
      case VALUE.bool:
        value.form = FORM.boolean;
        return this.#byte() >= 0 && this.#at === end;
      case VALUE.int:
        value.number = this.#whole();
        return value.number >= 0 && this.#at === end;
      case VALUE.double:
        this.#at += 8;
        if (this.#at !== end) return false;
        value.number = this.#view.getFloat64(value.from, true);
        return Number.isFinite(value.number);
      default:
        return false;
    }
  }

  /** A whole number of up to 49 bits, or −1. */
  #whole(): number {
    let number = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return -1;
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
    return -1;
  }
}

/** Of a field, by its tag. */
const bit = (tag: number): number => 1 << (tag >>> 3);

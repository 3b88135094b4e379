import { hash64, ROW_VALUES, type RowPlan, type RowUse } from '../../model/index.ts';
import { FORM, type WrittenValue } from './attribute-value.ts';
import { ByteStrings } from './byte-strings.ts';
import { jsonText } from './texts.ts';

const [SPACE, QUOTE, BACKSLASH, DELETE] = [0x20, 0x22, 0x5c, 0x7f];

/** Bytes. */
const LONGEST = { constant: 2048, text: 1024, answer: 1024 } as const;
const SHORTEST_ANSWER = 16;
/** Different ones: of one key, and in all. */
const MOST = { constants: 4096, texts: 2 ** 30 } as const;
/** Of the constants of all keys. */
const CONSTANT_BYTES = 8 << 20;

/**
 * What a slot adds to the pattern: that it is there, that it is an empty passage, or which value that is told apart: from 2
 * constants (there are forms of them, so the first is 6), below 0 blanks.
 */
const THERE = 1;
const TOLD_APART = 2;
const EMPTY = 2;

/** What the attributes of one span have for the slots of a plan. */
export class SlotValues {
  readonly #uses: readonly RowUse[];
  readonly #textOf: (bytes: Buffer, from: number, end: number) => string;
  /** By slot. */
  readonly #constants: readonly ByteStrings[];
  #bytesLeft = CONSTANT_BYTES;
  readonly #blanks: ByteStrings;
  readonly #blankTexts: ReadonlySet<string>;
  readonly #texts = new ByteStrings(MOST.texts);
  readonly #digits = Buffer.alloc(16);

  /** The slots that there are. */
  readonly slots: Int32Array;
  count = 0;
  /** By slot: what it adds to the pattern; 0 where it is not there. */
  readonly tokens: Int32Array;
  readonly numbers: Float64Array;
  /** Two a slot: the hash of an answer; where a passage stands in its span, and how long it is. */
  readonly words: Uint32Array;
  #start = 0;

  /** `textOf` says what the bytes of a text mean. */
  constructor(plan: RowPlan, textOf = jsonText) {
    const { length } = plan.keys;
    this.#textOf = textOf;
    this.#uses = plan.keys.map(({ use }) => use);
    this.#constants = plan.keys.map(() => new ByteStrings(MOST.constants));
    this.#blanks = new ByteStrings(plan.blanks.length, plan.blanks);
    this.#blankTexts = new Set(plan.blanks);
    this.slots = new Int32Array(length);
    this.tokens = new Int32Array(length);
    this.numbers = new Float64Array(length);
    this.words = new Uint32Array(2 * length);
  }

  text(number: number): string {
    const bytes = this.#texts.get(number);
    return this.#textOf(bytes, 0, bytes.length);
  }

  /** Another span begins, at this byte. */
  clear(start: number): void {
    this.#start = start;
    for (let i = 0; i < this.count; i++) this.tokens[this.slots[i]!] = 0;
    this.count = 0;
  }

  /** Takes a value; false where the plan does not expect such a one, or the slot has one. */
  take(slot: number, value: WrittenValue, bytes: Buffer): boolean {
    if (this.tokens[slot] !== 0) return false;
    const token = this.#token(slot, value, bytes);
    if (token === 0) return false;
    this.tokens[slot] = token;
    this.slots[this.count++] = slot;
    return true;
  }

  /** Brings the slots into their order. */
  sort(): void {
    const { slots, count } = this;
    for (let i = 1; i < count; i++) {
      const slot = slots[i]!;
      let place = i;
      for (; place > 0 && slots[place - 1]! > slot; place--) slots[place] = slots[place - 1]!;
      slots[place] = slot;
    }
  }

  /** Whether a slot has a value that rows have. */
  hasValue(slot: number): boolean {
    const use = this.#uses[slot];
    return this.tokens[slot] === THERE && use !== 'presence' && use !== 'constant';
  }

  /** The slots that have such a value. */
  withValues(): number[] {
    return [...this.slots.subarray(0, this.count)].filter((slot) => this.hasValue(slot));
  }

  /** Writes the values into a row, in the order of the slots; false where there are more than it has room for. */
  write(words: Uint32Array, doubles: Float64Array, from: number): boolean {
    const end = from + 2 * ROW_VALUES;
    let at = from;
    for (let i = 0; i < this.count; i++) {
      const slot = this.slots[i]!;
      if (!this.hasValue(slot)) continue;
      if (at === end) return false;
      const use = this.#uses[slot];
      if (use === 'answer' || use === 'passage') {
        words[at] = this.words[2 * slot]!;
        words[at + 1] = this.words[2 * slot + 1]!;
      } else doubles[at / 2] = this.numbers[slot]!;
      at += 2;
    }
    return true;
  }

  #token(slot: number, value: WrittenValue, bytes: Buffer): number {
    switch (this.#uses[slot]!) {
      case 'presence':
        return THERE;
      case 'constant':
        return this.#constant(slot, value, bytes);
      case 'text':
        return value.form === FORM.string
          ? this.#textToken(slot, value, bytes)
          : this.#otherToken(slot, value, bytes);
      case 'count':
        return this.#isCount(slot, value) ? THERE : 0;
      case 'amount':
        return this.#amount(slot, value) ? THERE : 0;
      case 'answer':
        return value.form === FORM.string && this.#answer(slot, value, bytes) ? THERE : 0;
      case 'passage':
        return value.form === FORM.string ? this.#passage(slot, value) : this.#constant(slot, value, bytes);
    }
  }

  #passage(slot: number, { from, end }: WrittenValue): number {
    this.words[2 * slot] = from - this.#start;
    this.words[2 * slot + 1] = end - from;
    return end === from ? EMPTY : THERE;
  }

  /** The same bytes mean the same only in the same form. */
  #constant(slot: number, { form, from, end }: WrittenValue, bytes: Buffer): number {
    if (form === FORM.nested || end - from > LONGEST.constant) return 0;
    const constants = this.#constants[slot]!;
    const { count } = constants;
    const hasRoom = end - from <= this.#bytesLeft;
    const number = hasRoom ? constants.intern(bytes, from, end) : constants.find(bytes, from, end);
    if (constants.count > count) this.#bytesLeft -= end - from;
    return number === 0 ? 0 : TOLD_APART + 4 * number + form;
  }

  #textToken(slot: number, { from, end, escapeEnd }: WrittenValue, bytes: Buffer): number {
    const blank = this.#blanks.find(bytes, from, end);
    if (blank > 0) return -blank;
    if (end === from || end - from > LONGEST.text) return 0;
    if (!isVisible(bytes[from]!) || bytes[from] === BACKSLASH) return 0;
    if (!isVisible(bytes[end - 1]!) || escapeEnd === end) return 0;
    if (escapeEnd > 0 && this.#blankTexts.has(this.#textOf(bytes, from, end))) return 0;
    this.numbers[slot] = this.#texts.intern(bytes, from, end);
    return this.numbers[slot] > 0 ? THERE : 0;
  }

  /** What is not written as a text: a count is the text of its digits. */
  #otherToken(slot: number, value: WrittenValue, bytes: Buffer): number {
    if (!this.#isCount(slot, value)) return this.#constant(slot, value, bytes);
    const length = this.#digits.write(String(value.number), 'latin1');
    if (this.#blanks.find(this.#digits, 0, length) > 0) return 0;
    this.numbers[slot] = this.#texts.intern(this.#digits, 0, length);
    return this.numbers[slot] > 0 ? THERE : 0;
  }

  #isCount(slot: number, value: WrittenValue): boolean {
    return this.#amount(slot, value) && Number.isSafeInteger(value.number);
  }

  #amount(slot: number, { form, number }: WrittenValue): boolean {
    this.numbers[slot] = number;
    return (form === FORM.whole || form === FORM.number) && number >= 0 && !Object.is(number, -0);
  }

  #answer(slot: number, { from, end }: WrittenValue, bytes: Buffer): boolean {
    if (end - from < SHORTEST_ANSWER || end - from > LONGEST.answer) return false;
    for (let at = from; at < end; at++) if (!isVisible(bytes[at]!) || bytes[at] === BACKSLASH) return false;
    this.words.set(hash64(bytes.toString('latin1', from, end)), 2 * slot);
    return true;
  }
}

const isVisible = (byte: number): boolean => byte > SPACE && byte < DELETE && byte !== QUOTE;

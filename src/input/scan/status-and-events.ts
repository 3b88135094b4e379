import type { RowPlan } from '../../model/index.ts';
import { FORM } from './attribute-value.ts';
import type { Attributes } from './attributes.ts';
import { ByteStrings } from './byte-strings.ts';
import type { JsonBytes } from './json-bytes.ts';

const [QUOTE, ZERO, TWO] = [0x22, 0x30, 0x32];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

const CODE = Buffer.from('code');
const MESSAGE = Buffer.from('message');
const CODES = new ByteStrings(3, ['"STATUS_CODE_UNSET"', '"STATUS_CODE_OK"', '"STATUS_CODE_ERROR"']);
const NAME = Buffer.from('name');
const ATTRIBUTES = Buffer.from('attributes');
const EXCEPTION = Buffer.from('"exception"');

/** What became of a span: its status, and its events, as far as they are exceptions. Other events that matter are not usual. */
export class StatusAndEvents {
  readonly #json: JsonBytes;
  readonly #attributes: Attributes;
  readonly #names: ByteStrings;
  /** The slot of the status message; -1 where nobody asks for it. */
  readonly #messageSlot: number;
  usual = true;
  /** 0: unset, 1: good, 2: failed. */
  status = 0;
  hasEvents = false;
  #exceptions = 0;

  constructor(json: JsonBytes, attributes: Attributes, plan: RowPlan) {
    this.#json = json;
    this.#attributes = attributes;
    this.#names = new ByteStrings(plan.events.size, [...plan.events]);
    this.#messageSlot = plan.keys.findIndex(({ key, of }) => of === 'status' && key === 'message');
  }

  /** Another span begins. */
  clear(): void {
    this.usual = true;
    this.status = 0;
    this.hasEvents = false;
    this.#exceptions = 0;
  }

  /** From the first byte of a status, an object, to behind its last. */
  readStatus(open: number): number {
    const json = this.#json;
    let codes = 0;
    let messages = 0;
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      const isCode = json.isKey(CODE) && codes++ === 0;
      const isMessage = json.isKey(MESSAGE) && messages++ === 0;
      const end = json.value(content);
      if (isCode) this.#takeCode(content, end);
      else if (!isMessage || !this.#takeMessage(content, end)) this.usual = false;
      at = json.item(end, false, CLOSE_BRACE);
    }
    return ~at + 1;
  }

  #takeCode(at: number, end: number): void {
    const { bytes } = this.#json;
    const isDigit = end - at === 1 && bytes[at]! >= ZERO && bytes[at]! <= TWO;
    this.status = isDigit ? bytes[at]! - ZERO : CODES.find(bytes, at, end) - 1;
    if (this.status < 0) this.usual = false;
  }

  /** An empty one is none. */
  #takeMessage(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    if (bytes[at] !== QUOTE) return false;
    if (end - at === 2) return true;
    const value = { form: FORM.string, from: at + 1, end: end - 1, escapeEnd, number: 0 };
    return this.#messageSlot >= 0 && this.#attributes.found.take(this.#messageSlot, value, bytes);
  }

  /** From the first byte of the events, a list, to behind its last. */
  readEvents(open: number): number {
    const json = this.#json;
    let at = json.item(open + 1, true, CLOSE_BRACKET);
    this.hasEvents = at >= 0;
    while (at >= 0) {
      const isObject = json.bytes[at] === OPEN_BRACE;
      if (!isObject) this.usual = false;
      at = json.item(isObject ? this.#event(at) : json.value(at), false, CLOSE_BRACKET);
    }
    return ~at + 1;
  }

  #event(open: number): number {
    const json = this.#json;
    let [names, lists, list, listLine] = [0, 0, -1, 0];
    let isException = false;
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      if (json.keyEscaped) this.usual = false;
      const isName = json.isKey(NAME);
      if (json.isKey(ATTRIBUTES)) {
        lists++;
        list = content;
        listLine = json.line;
      }
      const end = json.value(content);
      if (isName) {
        names++;
        if (!this.#isOrdinary(content, end)) this.usual = false;
        isException ||= this.#isException(content, end);
      }
      at = json.item(end, false, CLOSE_BRACE);
    }
    if (isException && (names > 1 || lists > 1 || this.#exceptions++ > 0)) this.usual = false;
    else if (isException && lists > 0) this.#takeException(list, listLine);
    return ~at + 1;
  }

  #isOrdinary(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    return bytes[at] === QUOTE && escapeEnd === 0 && this.#names.find(bytes, at + 1, end - 1) === 0;
  }

  #isException(at: number, end: number): boolean {
    return this.#attributes.wantsExceptions && EXCEPTION.equals(this.#json.bytes.subarray(at, end));
  }

  /** Reads attributes that were stepped over already. */
  #takeException(list: number, line: number): void {
    const json = this.#json;
    const behind = json.line;
    json.line = line;
    if (json.bytes[list] === OPEN_BRACKET) this.#attributes.readException(list);
    else this.usual = false;
    json.line = behind;
  }
}

import { ByteStrings } from './byte-strings.ts';
import type { JsonBytes } from './json-bytes.ts';

const [QUOTE, ZERO, ONE] = [0x22, 0x30, 0x31];
const [CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5d, 0x7b, 0x7d];

const CODE = Buffer.from('code');
const MESSAGE = Buffer.from('message');
const CODES = new ByteStrings(2, ['"STATUS_CODE_UNSET"', '"STATUS_CODE_OK"']);
const NAME = Buffer.from('name');

/** What became of a span. Failures, words about them, and events that matter are not usual. */
export class StatusAndEvents {
  readonly #json: JsonBytes;
  readonly #names: ByteStrings;
  usual = true;
  /** 0: unset, 1: good. */
  status = 0;
  hasEvents = false;

  /** `names` are those of events that matter. */
  constructor(json: JsonBytes, names: ReadonlySet<string>) {
    this.#json = json;
    this.#names = new ByteStrings(names.size, [...names]);
  }

  /** Another span begins. */
  clear(): void {
    this.usual = true;
    this.status = 0;
    this.hasEvents = false;
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
      else if (!isMessage || !this.#isEmpty(content, end)) this.usual = false;
      at = json.item(end, false, CLOSE_BRACE);
    }
    return ~at + 1;
  }

  #takeCode(at: number, end: number): void {
    const { bytes } = this.#json;
    const number = end - at === 1 && (bytes[at] === ZERO || bytes[at] === ONE);
    this.status = number ? bytes[at]! - ZERO : CODES.find(bytes, at, end) - 1;
    if (this.status < 0) this.usual = false;
  }

  #isEmpty(at: number, end: number): boolean {
    return this.#json.bytes[at] === QUOTE && end - at === 2;
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
    let at = json.item(open + 1, true, CLOSE_BRACE);
    while (at >= 0) {
      const content = json.key(at);
      if (json.keyEscaped) this.usual = false;
      const isName = json.isKey(NAME);
      const end = json.value(content);
      if (isName && !this.#isOrdinary(content, end)) this.usual = false;
      at = json.item(end, false, CLOSE_BRACE);
    }
    return ~at + 1;
  }

  #isOrdinary(at: number, end: number): boolean {
    const { bytes, escapeEnd } = this.#json;
    return bytes[at] === QUOTE && escapeEnd === 0 && this.#names.find(bytes, at + 1, end - 1) === 0;
  }
}

import { setImmediate } from 'node:timers/promises';
import { ROW, ROW_WORDS } from '../../model/index.ts';
import type { Feed } from '../feed.ts';
import type { ReadContext } from '../format.ts';
import { readOtlpProto, spanOf } from '../formats/otlp-proto.ts';
import type { Bytes } from '../requests.ts';
import type { Tally } from '../tally.ts';
import type { OpenedWire } from './wire-lane.ts';

/** So often others get their turn: Ctrl-C, progress. */
const FILLS = 8;

/** The bytes of an input where a scanner for protobuf wants them, and requests among them as it reads them. */
export class ScannedRequests implements Bytes {
  readonly #wire: OpenedWire;
  readonly #feed: Feed;
  readonly #tally: Tally;
  /** Of the window, `[at, end)` is still to be handed out. */
  #window: Buffer;
  #at = 0;
  #end = 0;
  #over = false;
  #fills = 0;
  offset = 0;

  constructor(wire: OpenedWire, feed: Feed, tally: Tally) {
    this.#wire = wire;
    this.#feed = feed;
    this.#tally = tally;
    this.#window = wire.scanner.window(wire.window);
  }

  async peek(length: number): Promise<Buffer> {
    if (this.#end - this.#at < length) await this.#fill(length);
    return this.#window.subarray(this.#at, Math.min(this.#end, this.#at + length));
  }

  async take(length: number): Promise<Buffer | undefined> {
    const bytes = await this.peek(length);
    this.#advance(bytes.length);
    return bytes.length < length ? undefined : bytes;
  }

  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      if (this.#at === this.#end) await this.#fill(1);
      const step = Math.min(left, this.#end - this.#at);
      if (step === 0) return false;
      this.#advance(step);
      left -= step;
    }
    return true;
  }

  /** Reads a request, which was handed out or not: `readOtlpProto`, faster. */
  readonly read = (message: Buffer, context: ReadContext): void => {
    const { scanner } = this.#wire;
    const from = this.#placeOf(message);
    if (from === undefined) {
      readOtlpProto(message, context);
      return;
    }
    const { length } = message;
    const isPlain = scanner.begin(from, from + length);
    // Its memory may have grown.
    this.#window = scanner.window(this.#window.length);
    if (!isPlain) {
      readOtlpProto(this.#window.subarray(from, from + length), context);
      return;
    }
    for (let isMore = true; isMore; ) {
      isMore = scanner.scan();
      this.#window = scanner.window(this.#window.length);
      this.#deliver(context);
    }
  };

  /** Where a request stands in the window; one that was packed is put there, if there is room. */
  #placeOf(message: Buffer): number | undefined {
    if (message.buffer === this.#window.buffer) return message.byteOffset - this.#window.byteOffset;
    const end = this.#end + message.length;
    if (end > this.#wire.scanner.limit) return undefined;
    if (end > this.#window.length) this.#window = this.#wire.scanner.window(end);
    message.copy(this.#window, this.#end);
    return this.#end;
  }

  #deliver(context: ReadContext): void {
    const { scanner, take } = this.#wire;
    const { words, doubles, count } = scanner.rows();
    if (count === 0) return;
    const window = this.#window;
    const { at } = context;
    this.#tally.spans += count;
    take({
      count,
      words,
      doubles,
      passage: (row, from, length) => {
        const start = words[row * ROW_WORDS + ROW.offset]! + from;
        return window.toString('utf8', start, start + length);
      },
      read: (row) => {
        const start = words[row * ROW_WORDS + ROW.offset]!;
        const item = window.subarray(start, start + words[row * ROW_WORDS + ROW.length]!);
        const span = spanOf(item, scanner.context(words[row * ROW_WORDS + ROW.context]!), context);
        if (span !== undefined) return { span, at };
        this.#tally.spans--;
        return undefined;
      },
    });
  }

  #advance(length: number): void {
    this.#at += length;
    this.offset += length;
  }

  /** Makes sure that so many bytes are there to be handed out, if there are as many. */
  async #fill(length: number): Promise<void> {
    this.#window.copyWithin(0, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
    const { limit, window } = this.#wire.scanner;
    // Twice as much, or little would be read at once.
    if (2 * length > this.#window.length && this.#window.length < limit)
      this.#window = window(Math.min(2 * length, limit));
    while (this.#end < length && !this.#over) {
      const filled = this.#feed.fill(this.#window, this.#end, this.#window.length);
      const more = typeof filled === 'number' ? filled : await filled;
      this.#over = more === 0;
      this.#end += more;
      if (++this.#fills % FILLS === 0) await setImmediate();
    }
  }
}

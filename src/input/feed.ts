import { readSync } from 'node:fs';
import { Store } from './spool.ts';

/**
 * The text of one input, put where it is wanted. `fill` puts the next bytes into `[from, to)`, at least one of them, and tells how
 * many; 0 where there are no more.
 */
export type Feed = FileFeed | StreamFeed;

/** Whoever reads waits for it before each piece; undefined where there is nothing to wait for. */
export type Pace = () => Promise<void> | undefined;

/** A file goes back to whatever place. */
export class FileFeed {
  readonly #file: number;
  readonly #count: (position: number) => void;
  readonly #pace: Pace;
  #position: number;

  /** `count` is told how far it comes. */
  constructor(
    file: number,
    position: number,
    count: (position: number) => void,
    pace: Pace = () => undefined,
  ) {
    this.#file = file;
    this.#position = position;
    this.#count = count;
    this.#pace = pace;
  }

  fill(into: Buffer, from: number, to: number): number | Promise<number> {
    const pause = this.#pace();
    return pause === undefined ? this.#read(into, from, to) : pause.then(() => this.#read(into, from, to));
  }

  seek(offset: number): void {
    this.#position = offset;
  }

  #read(into: Buffer, from: number, to: number): number {
    const length = readSync(this.#file, into, from, to - from, this.#position);
    this.#position += length;
    if (length > 0) this.#count(this.#position);
    return length;
  }
}

/** Bytes that come once. Those that may be wanted again are to be given back before they are lost. */
export class StreamFeed {
  #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer | undefined;
  #kept = new Store();
  readonly #pace: Pace;
  readonly #least: number;

  /** `least`: so much is put where it is wanted at once, unless there is no more. */
  constructor(chunks: AsyncIterable<Buffer>, pace: Pace = () => undefined, least = 1) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#pace = pace;
    this.#least = least;
  }

  async fill(into: Buffer, from: number, to: number): Promise<number> {
    await this.#pace();
    const wanted = from + Math.min(this.#least, to - from);
    let at = from;
    while (at < wanted) {
      if (this.#chunk === undefined) {
        const next = await this.#chunks.next();
        if (next.done === true) break;
        this.#chunk = next.value;
      }
      const length = this.#chunk.copy(into, at, 0, to - at);
      this.#chunk = length < this.#chunk.length ? this.#chunk.subarray(length) : undefined;
      at += length;
    }
    return at - from;
  }

  /** Bytes that follow those that were kept before, if any were. */
  async keep(bytes: Buffer): Promise<void> {
    await this.#kept.push(bytes);
  }

  async forget(): Promise<void> {
    await this.#kept.close();
  }

  /** The next bytes are those that were kept, then these, then those to come. */
  back(bytes: Buffer): void {
    this.#chunks = joined(this.#kept, [Buffer.from(bytes), this.#chunk], this.#chunks);
    this.#chunk = undefined;
    this.#kept = new Store();
  }
}

async function* joined(
  kept: Store,
  held: readonly (Buffer | undefined)[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* kept.read();
  await kept.close();
  for (const chunk of held) if (chunk !== undefined) yield chunk;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

import { readSync } from 'node:fs';
import { Store } from './spool.ts';

/**
 * The text of one input, put where it is wanted. `fill` puts the next bytes into `[from, to)`, at least one of them, and tells how
 * many; 0 where there are no more.
 */
export type Feed = FileFeed | StreamFeed;

/** A file goes back to whatever place. */
export class FileFeed {
  readonly #file: number;
  readonly #count: (position: number) => void;
  #position: number;
  /** Where to stop until somebody says that it goes on. */
  #stop: number;

  /** `count` is told how far it comes. */
  constructor(
    file: number,
    position: number,
    count: (position: number) => void,
    stop = Number.POSITIVE_INFINITY,
  ) {
    this.#file = file;
    this.#position = position;
    this.#count = count;
    this.#stop = stop;
  }

  get isAtStop(): boolean {
    return this.#position === this.#stop;
  }

  goOn(): void {
    this.#stop = Number.POSITIVE_INFINITY;
  }

  fill(into: Buffer, from: number, to: number): number {
    const most = Math.min(to - from, this.#stop - this.#position);
    const length = readSync(this.#file, into, from, most, this.#position);
    this.#position += length;
    if (length > 0) this.#count(this.#position);
    return length;
  }

  seek(offset: number): void {
    this.#position = offset;
  }
}

/** Bytes that come once. Those that may be wanted again are to be given back before they are lost. */
export class StreamFeed {
  #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer | undefined;
  #kept = new Store();

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  fill(into: Buffer, from: number, to: number): number | Promise<number> {
    return this.#chunk === undefined ? this.#fetch(into, from, to) : this.#copy(this.#chunk, into, from, to);
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

  async #fetch(into: Buffer, from: number, to: number): Promise<number> {
    for (;;) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      if (next.value.length > 0) return this.#copy(next.value, into, from, to);
    }
  }

  #copy(chunk: Buffer, into: Buffer, from: number, to: number): number {
    const length = chunk.copy(into, from, 0, to - from);
    this.#chunk = length < chunk.length ? chunk.subarray(length) : undefined;
    return length;
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

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * A stream of bytes that can be looked into before it is read.
 * What it hands out is only good until the next call: chunks of a file are read into the same memory again.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  /** Bytes that were fetched and not handed out. */
  #ready = NOTHING;
  #ended = false;
  /** How many bytes were handed out or skipped. */
  offset = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A reader of bytes that are all here. */
  static of(bytes: Buffer): ByteReader {
    const reader = new ByteReader(none());
    reader.#ready = bytes;
    return reader;
  }

  /** The next `length` bytes, left where they are; fewer only where the stream ends. */
  async peek(length: number): Promise<Buffer> {
    if (this.#ready.length < length && !this.#ended) {
      const pieces = [Buffer.from(this.#ready)];
      let size = this.#ready.length;
      while (size < length) {
        const chunk = await this.#fetch();
        if (chunk === undefined) break;
        pieces.push(Buffer.from(chunk));
        size += chunk.length;
      }
      this.#ready = Buffer.concat(pieces, size);
    }
    return this.#ready.subarray(0, length);
  }

  /** The next `length` bytes; undefined, and the stream is at its end, where there are fewer. */
  async take(length: number): Promise<Buffer | undefined> {
    const bytes = await this.peek(length);
    this.#ready = this.#ready.subarray(bytes.length);
    this.offset += bytes.length;
    return bytes.length < length ? undefined : bytes;
  }

  /** Steps over `length` bytes; false where there are fewer. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    while (left > 0) {
      if (this.#ready.length === 0) {
        const chunk = await this.#fetch();
        if (chunk === undefined) return false;
        this.#ready = chunk;
      }
      const step = Math.min(left, this.#ready.length);
      this.#ready = this.#ready.subarray(step);
      this.offset += step;
      left -= step;
    }
    return true;
  }

  /** Everything that is left, chunk by chunk. */
  async *rest(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#ready.length > 0 ? this.#ready : await this.#fetch();
      if (chunk === undefined) return;
      this.#ready = NOTHING;
      this.offset += chunk.length;
      yield chunk;
    }
  }

  async #fetch(): Promise<Buffer | undefined> {
    while (!this.#ended) {
      const next = await this.#source.next();
      if (next.done === true) this.#ended = true;
      else if (next.value.length > 0) return next.value;
    }
    return undefined;
  }
}

async function* none(): AsyncGenerator<Buffer> {}

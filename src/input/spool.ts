import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = 32 * 1024 * 1024;
const BLOCK = 1024 * 1024;

/**
 * Bytes that are kept: in memory up to a limit, what is more in a private temporary file. The file loses its name as soon as
 * it is open, so nothing is left behind.
 */
export class Store {
  readonly #limit: number;
  readonly #blocks: Buffer[] = [];
  #inMemory = 0;
  #file: FileHandle | undefined;
  #inFile = 0;

  constructor(limit = MEMORY) {
    this.#limit = limit;
  }

  async push(bytes: Buffer): Promise<void> {
    const rest = bytes.subarray(this.#remember(bytes));
    if (rest.length === 0) return;
    this.#file ??= await nameless();
    for (let from = 0; from < rest.length; ) {
      const { bytesWritten } = await this.#file.write(rest, from, rest.length - from, this.#inFile);
      from += bytesWritten;
      this.#inFile += bytesWritten;
    }
  }

  /** Everything that has been pushed. What `more` has pushed when there is no more of it comes next, until it gives nothing. */
  async *read(more?: () => Promise<Buffer | undefined>): AsyncGenerator<Buffer> {
    for (let offset = 0; ; ) {
      let chunk = this.#recall(offset);
      if (chunk === undefined && offset < this.#inMemory + this.#inFile) {
        const buffer = Buffer.allocUnsafe(Math.min(BLOCK, this.#inMemory + this.#inFile - offset));
        const read = await this.#file!.read(buffer, 0, buffer.length, offset - this.#inMemory);
        chunk = buffer.subarray(0, read.bytesRead);
      }
      chunk ??= await more?.();
      if (chunk === undefined) return;
      offset += chunk.length;
      yield chunk;
    }
  }

  /** Lets go of everything. */
  async close(): Promise<void> {
    this.#blocks.length = 0;
    this.#inMemory = 0;
    this.#inFile = 0;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Copies as much as there is room for in memory; how much that was. */
  #remember(bytes: Buffer): number {
    let done = 0;
    while (done < bytes.length && this.#inFile === 0 && this.#inMemory < this.#limit) {
      const at = this.#inMemory % BLOCK;
      if (at === 0) this.#blocks.push(Buffer.allocUnsafeSlow(Math.min(BLOCK, this.#limit - this.#inMemory)));
      const copied = bytes.copy(this.#blocks.at(-1)!, at, done);
      done += copied;
      this.#inMemory += copied;
    }
    return done;
  }

  #recall(offset: number): Buffer | undefined {
    if (offset >= this.#inMemory) return undefined;
    const from = Math.floor(offset / BLOCK) * BLOCK;
    return this.#blocks[from / BLOCK]!.subarray(offset - from, Math.min(BLOCK, this.#inMemory - from));
  }
}

/** A stream that gives its bytes only once (a pipe), kept so that it can be read again. */
export class Spool {
  readonly #source: AsyncIterator<Buffer | string>;
  readonly #store: Store;
  #ended = false;
  #wake = (): void => undefined;

  constructor(source: AsyncIterable<Buffer | string>, limit?: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#store = new Store(limit);
  }

  /** All bytes from the first on: those that were read before, then those that are still to come. */
  read(): AsyncGenerator<Buffer> {
    return this.#store.read(async () => {
      const chunk = await this.#fetch();
      if (chunk !== undefined) await this.#store.push(chunk);
      return chunk;
    });
  }

  /** The bytes that are still to come, which cannot be read again afterwards. */
  async *drain(): AsyncGenerator<Buffer> {
    for (let chunk = await this.#fetch(); chunk !== undefined; chunk = await this.#fetch()) yield chunk;
  }

  /** Ends it where it has been read to, even if the next byte never comes. */
  stop(): void {
    this.#ended = true;
    this.#wake();
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #fetch(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const next = await new Promise<IteratorResult<Buffer | string>>((resolve, reject) => {
      this.#wake = () => resolve({ done: true, value: undefined });
      this.#source.next().then(resolve, reject);
    });
    if (next.done === true) {
      this.#ended = true;
      return undefined;
    }
    return typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
  }
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `agentobs-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

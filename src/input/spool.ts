import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = 32 * 1024 * 1024;
const CHUNK = 512 * 1024;

/**
 * Bytes that are kept: in memory up to a limit, what is more in a private temporary file. The file loses its name as soon as
 * it is open, so nothing is left behind.
 */
export class Store {
  readonly #limit: number;
  #memory: Buffer[] = [];
  #inMemory = 0;
  #file: FileHandle | undefined;
  #inFile = 0;

  constructor(limit = MEMORY) {
    this.#limit = limit;
  }

  /** The chunk's memory must stay as it is. */
  async push(chunk: Buffer): Promise<void> {
    if (this.#file === undefined && this.#inMemory + chunk.length <= this.#limit) {
      this.#memory.push(chunk);
      this.#inMemory += chunk.length;
      return;
    }
    this.#file ??= await nameless();
    await this.#file.write(chunk, 0, chunk.length, this.#inFile);
    this.#inFile += chunk.length;
  }

  /** Everything that has been pushed; `more` is asked for the next chunk, which it has pushed, when there is no more of it. */
  async *read(more?: () => Promise<Buffer | undefined>): AsyncGenerator<Buffer> {
    let chunks = 0;
    let offset = 0;
    for (;;) {
      if (chunks < this.#memory.length) yield this.#memory[chunks++]!;
      else if (offset < this.#inFile) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, this.#inFile - offset));
        const { bytesRead } = await this.#file!.read(buffer, 0, buffer.length, offset);
        offset += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else {
        const chunk = await more?.();
        if (chunk === undefined) return;
        if (chunks < this.#memory.length) chunks++;
        else offset += chunk.length;
        yield chunk;
      }
    }
  }

  /** Lets go of everything. */
  async close(): Promise<void> {
    this.#memory = [];
    this.#inMemory = 0;
    this.#inFile = 0;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** A stream that gives its bytes only once (a pipe), kept so that it can be read again. */
export class Spool {
  readonly #source: AsyncIterator<Buffer | string>;
  readonly #store: Store;
  #ended = false;

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

  async close(): Promise<void> {
    await this.#store.close();
  }

  async #fetch(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const next = await this.#source.next();
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

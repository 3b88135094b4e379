import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = 32 * 1024 * 1024;
const CHUNK = 512 * 1024;

/**
 * A stream that gives its bytes only once (a pipe), kept so that it can be read again: in memory up to a limit, what is
 * more in a private temporary file. The file loses its name as soon as it is open, so nothing is left behind.
 */
export class Spool {
  readonly #source: AsyncIterator<Buffer | string>;
  readonly #memory: Buffer[] = [];
  readonly #limit: number;
  #inMemory = 0;
  #file: FileHandle | undefined;
  #inFile = 0;
  #ended = false;

  constructor(source: AsyncIterable<Buffer | string>, limit = MEMORY) {
    this.#source = source[Symbol.asyncIterator]();
    this.#limit = limit;
  }

  /** All bytes from the first on: those that were read before, then those that are still to come. */
  async *read(): AsyncGenerator<Buffer> {
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
        const chunk = await this.#fetch();
        if (chunk === undefined) return;
        if (chunks < this.#memory.length) chunks++;
        else offset += chunk.length;
        yield chunk;
      }
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** The next chunk of the source, kept; undefined at its end. */
  async #fetch(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const next = await this.#source.next();
    if (next.done === true) {
      this.#ended = true;
      return undefined;
    }
    const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    if (this.#file === undefined && this.#inMemory + chunk.length <= this.#limit) {
      this.#memory.push(chunk);
      this.#inMemory += chunk.length;
      return chunk;
    }
    this.#file ??= await nameless();
    await this.#file.write(chunk, 0, chunk.length, this.#inFile);
    this.#inFile += chunk.length;
    return chunk;
  }
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `agentobs-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

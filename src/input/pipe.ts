import { open, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { fileBytes } from './file.ts';

/** What a pipe gives at once, and what is collected of it while somebody works on what came before. */
const CHUNK = 64 * 1024;
const COLLECTED = 4 * CHUNK;

/** The bytes of a stream as they come. Chunks of a pipe of this process are only good until the next is asked for. */
export class Pipe {
  readonly #stream: NodeJS.ReadableStream;
  #source: PipeBytes | undefined;

  constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
  }

  async *bytes(): AsyncGenerator<Buffer | string> {
    const { Socket } = await import('node:net');
    const stream = this.#stream;
    const known =
      stream instanceof Socket && !('setRawMode' in stream) && 'fd' in stream ? stream.fd : undefined;
    if (typeof known === 'number') {
      this.#source = new PipeBytes(known);
      yield* this.#source.bytes();
    } else yield* stream as AsyncIterable<Buffer | string>;
  }

  /**
   * Ends the bytes where they have been read to; another thread may read on from the descriptor. Undefined, and nothing ends,
   * where it is not standard input, which alone is never closed by the first who is done with it.
   */
  handOver(): number | undefined {
    const source = this.#source;
    // On Windows a pipe belongs to the thread that opened it.
    if (source === undefined || source.file !== 0 || source.isOver || process.platform === 'win32')
      return undefined;
    source.stop();
    return source.file;
  }
}

/**
 * The bytes of a path that gives them only once. A pipe is not read as a file: that would keep a thread waiting for the next
 * byte, and a process does not end before its threads do.
 */
export async function* namedPipeBytes(path: string): AsyncGenerator<Buffer> {
  if (statSync(path).isFIFO()) yield* new PipeBytes(await promisify(open)(path, 'r')).bytes();
  else yield* fileBytes(path);
}

/**
 * A pipe, read into the same memory again and again, so a chunk is only good until the next is asked for: memory of its own for
 * each of thousands keeps the garbage collector busy.
 */
export class PipeBytes {
  readonly file: number;
  #socket: Socket | undefined;
  #filling = Buffer.allocUnsafeSlow(COLLECTED);
  #other = Buffer.allocUnsafeSlow(COLLECTED);
  #filled = 0;
  #over = false;
  #failure: Error | undefined;
  #wake = (): void => undefined;

  constructor(file: number) {
    this.file = file;
  }

  get isOver(): boolean {
    return this.#over;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    const { Socket } = await import('node:net');
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    const callback = (length: number, chunk: Uint8Array): boolean => {
      this.#filled += (chunk as Buffer).copy(this.#filling, this.#filled, 0, length);
      this.#wake();
      // Where there is no room for another one it waits until it is resumed.
      return COLLECTED - this.#filled >= CHUNK;
    };
    const options = { fd: this.file, readable: true, writable: false, onread: { buffer, callback } };
    const socket = new Socket(options);
    this.#socket = socket;
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.#end(error));
    try {
      for (;;) {
        if (!this.#over) socket.resume();
        if (this.#filled === 0 && !this.#over) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#filled === 0) return;
        const ready = this.#filling.subarray(0, this.#filled);
        [this.#filling, this.#other] = [this.#other, this.#filling];
        this.#filled = 0;
        yield ready;
      }
    } finally {
      socket.destroy();
    }
  }

  /** No more is read: what has been read is all. */
  stop(): void {
    this.#socket?.pause();
    this.#end();
  }

  #end(error?: Error): void {
    this.#over = true;
    this.#failure ??= error;
    this.#wake();
  }
}

import { open, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { fileBytes } from './file.ts';

const CHUNK = 64 * 1024;

/**
 * The bytes of a stream as they come. Where it is a pipe of this process they are read into the same memory again and again, so a
 * chunk is only good until the next is asked for: memory of its own for each of thousands keeps the garbage collector busy.
 */
export async function* pipeBytes(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer | string> {
  const { Socket } = await import('node:net');
  const known =
    stream instanceof Socket && !('setRawMode' in stream) && 'fd' in stream ? stream.fd : undefined;
  if (typeof known === 'number') yield* socketBytes(known, Socket);
  else yield* stream as AsyncIterable<Buffer | string>;
}

/**
 * The bytes of a path that gives them only once. A pipe is not read as a file: that would keep a thread waiting for the next
 * byte, and a process does not end before its threads do.
 */
export async function* namedPipeBytes(path: string): AsyncGenerator<Buffer> {
  if (!statSync(path).isFIFO()) {
    yield* fileBytes(path);
    return;
  }
  const { Socket } = await import('node:net');
  yield* socketBytes(await promisify(open)(path, 'r'), Socket);
}

async function* socketBytes(file: number, Pipe: typeof Socket): AsyncGenerator<Buffer> {
  let chunk: Buffer | undefined;
  let over = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const callback = (length: number, memory: Uint8Array): boolean => {
    chunk = (memory as Buffer).subarray(0, length);
    wake();
    // It waits until it is resumed.
    return false;
  };
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  const options = { fd: file, readable: true, writable: false, onread: { buffer, callback } };
  const socket = new Pipe(options);
  const end = (error?: Error): void => {
    over = true;
    failure ??= error;
    wake();
  };
  socket.on('end', () => end());
  socket.on('error', end);
  try {
    for (;;) {
      if (chunk === undefined && !over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket.resume();
        });
      }
      if (failure !== undefined) throw failure;
      if (chunk === undefined) return;
      const ready: Buffer = chunk;
      chunk = undefined;
      yield ready;
    }
  } finally {
    socket.destroy();
  }
}

import type { ByteReader } from './bytes.ts';
import { packing, type Unpack } from './packing.ts';

/** Unpacks on this thread. */
export const unpack: Unpack = (packing, bytes, damaged) =>
  packing === 'gzip' ? gunzip(bytes, damaged) : unzstd(bytes, damaged);

/**
 * Input is handed to zlib in slices, in a thread of its own: so long as one takes nobody has to come back for it. What a damaged
 * stream unpacked to last is lost, so the first ones are short, and each is short against what was read before it.
 */
const SLICE = { first: 64, largest: 256 * 1024 };
/** What is unpacked at once; and ahead of whoever reads it, so that a bomb (1:1000) stays small. */
const UNPACKED = { step: 512 * 1024, ahead: 2 * 1024 * 1024 };

/** Every member of a gzip stream, one after another. */
async function* gunzip(bytes: ByteReader, damaged: () => void): AsyncGenerator<Buffer> {
  const { createGunzip } = await import('node:zlib');
  const stream = createGunzip({ chunkSize: UNPACKED.step });
  const ready: Buffer[] = [];
  let waiting = 0;
  let over = false;
  let failed = false;
  let failure: unknown;
  let written = (): void => undefined;
  let wake = (): void => undefined;
  const end = (): void => {
    over = true;
    written();
    wake();
  };
  stream.on('data', (chunk: Buffer) => {
    ready.push(chunk);
    waiting += chunk.length;
    if (waiting > UNPACKED.ahead) stream.pause();
    wake();
  });
  // Zeros behind the last member (tapes are padded so) end the stream without an answer to the write.
  stream.on('end', end);
  stream.on('error', () => {
    failed = true;
    end();
  });
  const step = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      written = resolve;
      start(resolve);
    });
  const write = async (): Promise<void> => {
    let read = 0;
    for await (const chunk of bytes.rest()) {
      for (let from = 0; from < chunk.length && !over; ) {
        const size = Math.min(SLICE.largest, SLICE.first + Math.floor(read / 8));
        const slice = chunk.subarray(from, from + size);
        await step((done) => stream.write(slice, done));
        from += slice.length;
        read += slice.length;
      }
    }
    // Not with the last write: zlib throws away what that write unpacked when the tail is missing.
    if (!over) stream.end();
  };
  const whole = write().catch((error: unknown) => {
    failure = error;
    end();
  });
  try {
    for (;;) {
      const chunk = ready.shift();
      if (chunk !== undefined) {
        waiting -= chunk.length;
        if (stream.isPaused() && waiting < UNPACKED.ahead / 2) stream.resume();
        yield chunk;
      } else if (over) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    await whole;
    if (failure !== undefined) throw failure;
    if (failed) damaged();
  } finally {
    end();
    stream.destroy();
  }
}

/** RFC 8878 section 3.1.1.1.2: decoders should support 8 MiB and may refuse more; `zstd --long` stops at this. */
const WINDOW_LIMIT = 128 * 1024 * 1024;

/**
 * Every frame of a zstd stream (RFC 8878), block by block. Frames are cut here and each gets a decoder of its own:
 * fzstd's own stream recurses from frame to frame.
 */
async function* unzstd(bytes: ByteReader, damaged: () => void): AsyncGenerator<Buffer> {
  let whole = true;
  yield* frames(bytes, () => {
    whole = false;
  });
  if (whole) return;
  // How much was read must not depend on how far ahead it was.
  await bytes.skip(Number.POSITIVE_INFINITY);
  damaged();
}

async function* frames(bytes: ByteReader, damaged: () => void): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  let ready: Buffer[] = [];
  try {
    for (;;) {
      const magic = await bytes.peek(4);
      if (magic.length === 0) return;
      if (isSkippable(magic)) {
        const head = await bytes.take(8);
        if (head === undefined || !(await bytes.skip(head.readUInt32LE(4)))) return damaged();
        continue;
      }
      const frame = await frameHeader(bytes);
      if (frame === undefined) return damaged();
      const decoder = new Decompress((data) => {
        if (data.length > 0) ready.push(Buffer.from(data.buffer, data.byteOffset, data.length));
      });
      decoder.push(frame.header);
      for (let last = false; !last; ) {
        const block = await bytes.peek(3);
        if (block.length < 3) return damaged();
        const descriptor = block.readUIntLE(0, 3);
        last = (descriptor & 1) === 1;
        const repeated = ((descriptor >> 1) & 3) === 1;
        const size = 3 + (repeated ? 1 : descriptor >> 3) + (last ? frame.checksum : 0);
        const content = await bytes.take(size);
        if (content === undefined) return damaged();
        decoder.push(new Uint8Array(content), last);
        yield* ready;
        ready = [];
      }
    }
  } catch (error) {
    if (!isZstdError(error)) throw error;
    yield* ready;
    damaged();
  }
}

/** One zstd message that is held in memory; undefined when it is damaged or cut off. */
export async function unzstdMessage(message: ByteReader): Promise<Buffer | undefined> {
  let whole = true;
  const pieces: Buffer[] = [];
  for await (const piece of unzstd(message, () => {
    whole = false;
  }))
    pieces.push(Buffer.from(piece));
  return whole ? Buffer.concat(pieces) : undefined;
}

type Frame = { readonly header: Uint8Array; readonly checksum: 0 | 4 };

async function frameHeader(bytes: ByteReader): Promise<Frame | undefined> {
  const head = await bytes.peek(6);
  if (head.length < 6 || packing(head) !== 'zstd') return undefined;
  const descriptor = head[4]!;
  const single = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const header = await bytes.take(5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes);
  if (header === undefined) return undefined;
  const windowLog = 10 + (header[5]! >> 3);
  const window = single ? contentSize(header, sizeBytes) : 2 ** windowLog * (1 + (header[5]! & 7) / 8);
  if (window > WINDOW_LIMIT) return undefined;
  return { header: Uint8Array.from(header), checksum: (descriptor & 4) === 0 ? 0 : 4 };
}

function contentSize(header: Buffer, length: number): number {
  const at = header.length - length;
  if (length === 8) return Number(header.readBigUInt64LE(at));
  return header.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

/** Frames for other programs' notes (RFC 8878 section 3.1.2): stepped over. */
function isSkippable(head: Buffer): boolean {
  return head.length >= 4 && head[0]! >> 4 === 5 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

/** fzstd numbers its errors; damaged tables can also ask for impossible arrays. Errors of the source have named codes. */
function isZstdError(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}

import { isAscii, isUtf8, transcode } from 'node:buffer';
import type { ByteReader } from './bytes.ts';

/** Above this, decoding by way of UTF-16 bytes is faster than `toString`. */
const LARGE = 4096;

/** The text of UTF-8 bytes, and whether they were UTF-8: what was not is U+FFFD. */
export function decodeUtf8(bytes: Buffer): { readonly text: string; readonly valid: boolean } {
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), valid: true };
  if (!isUtf8(bytes)) return { text: bytes.toString('utf8'), valid: false };
  const text =
    bytes.length < LARGE ? bytes.toString('utf8') : transcode(bytes, 'utf8', 'utf16le').toString('utf16le');
  return { text, valid: true };
}

/** The end of the last whole character before `end`, if the bytes are UTF-8. */
export function wholeUtf8(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back]!;
    if (byte < 0x80) return end;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? end - back : end;
  }
  return end;
}

/** Where UTF-8 text begins; undefined where the bytes are UTF-16. */
export function utf8Begin(head: Buffer): number | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  return utf16Order(head.subarray(0, 16)) === undefined ? 0 : undefined;
}

/**
 * The rest of a stream as UTF-8, without its byte order mark. UTF-16 is known by its mark (PowerShell 5 redirection
 * writes one) or by NULs in every second byte.
 */
export async function* utf8(bytes: ByteReader): AsyncGenerator<Buffer> {
  const head = await bytes.peek(16);
  const begin = utf8Begin(head);
  if (begin !== undefined) {
    await bytes.skip(begin);
    yield* bytes.rest();
    return;
  }
  const order = utf16Order(head)!;
  const decoder = new TextDecoder(order);
  for await (const chunk of bytes.rest()) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

function utf16Order(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.length < 4) return undefined;
  const zero = (parity: number) => head.every((byte, i) => i % 2 !== parity || byte === 0);
  const text = (parity: number) => head.every((byte, i) => i % 2 !== parity || byte !== 0);
  if (text(0) && zero(1)) return 'utf-16le';
  return zero(0) && text(1) ? 'utf-16be' : undefined;
}

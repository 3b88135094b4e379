import type { ByteReader } from './bytes.ts';

/** What packs a stream, known by its first bytes, never by a name. */
export type Packing = Unpackable | 'unsupported';
export type Unpackable = 'gzip' | 'zstd';

/** zip, bzip2 and xz are recognised so that they can be named; they are not unpacked. */
const MAGIC: readonly (readonly [Packing, RegExp])[] = [
  ['gzip', /^\x1f\x8b\x08/],
  ['zstd', /^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/],
  ['unsupported', /^(?:PK\x03\x04|BZh[1-9]1AY&SY|\xfd7zXZ\0)/],
];

export function packing(head: Buffer): Packing | undefined {
  const text = head.toString('latin1', 0, 16);
  return MAGIC.find(([, magic]) => magic.test(text))?.[0];
}

/**
 * What a stream was before it was packed; the stream is read to its end. `damaged` is told once, behind all that could be
 * unpacked, when it ends early or is something else from some place on.
 */
export type Unpack = (packing: Unpackable, bytes: ByteReader, damaged: () => void) => AsyncGenerator<Buffer>;

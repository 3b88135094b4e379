/** A zstd frame whose blocks are stored as they are (RFC 8878): no compressor is needed to write one. */
export function zstd(content: Buffer, block = 100, checksum = false): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, checksum ? 0xa4 : 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  const parts: Buffer[] = [head];
  for (let from = 0; from === 0 || from < content.length; from += block) {
    const part = content.subarray(from, from + block);
    const descriptor = Buffer.alloc(3);
    descriptor.writeUIntLE((part.length << 3) | (from + block >= content.length ? 1 : 0), 0, 3);
    parts.push(descriptor, part);
  }
  return Buffer.concat(checksum ? [...parts, Buffer.alloc(4)] : parts);
}

/** A frame for other programs' notes. */
export const skippable = Buffer.from([0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

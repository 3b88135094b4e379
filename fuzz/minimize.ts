import { isUtf8 } from 'node:buffer';

/** A smaller input that still fails, as far as leaving out pieces of it leads. */
export function minimized(bytes: Buffer, fails: (bytes: Buffer) => boolean): Buffer {
  let smallest = bytes;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; ) {
    const before = smallest.length;
    for (let at = 0; at < smallest.length; ) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (isUtf8(without) && fails(without)) smallest = without;
      else at += size;
    }
    if (size > 1 || smallest.length === before) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return smallest;
}

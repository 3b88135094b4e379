import { isUtf8 } from 'node:buffer';

/** A smaller input that still fails, as far as leaving out pieces of it leads in so many tries. */
export async function minimized(
  bytes: Buffer,
  fails: (bytes: Buffer) => Promise<boolean>,
  most: number,
): Promise<Buffer> {
  const isText = isUtf8(bytes);
  let smallest = bytes;
  let tries = 0;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.length; ) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (tries++ === most) return smallest;
      if (!(isText && !isUtf8(without)) && (await fails(without))) smallest = without;
      else at += size;
    }
  }
  return smallest;
}

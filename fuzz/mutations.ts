import { isUtf8 } from 'node:buffer';
import type { Random } from './random.ts';

/** Bytes that mean something in JSON, and some that never may stand there. */
const TELLING = Buffer.from('{}[]",:\\ \n\r\t0123456789-+.eEtrufalsn\u0000\u0001\u001f\u007f/');
const TRIES = 20;

/** The bytes with one to four changes, still valid UTF-8: that is for others to find out. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    for (let tries = 0; tries < TRIES; tries++) {
      const changed = change(result, random);
      if (!isUtf8(changed)) continue;
      result = changed;
      break;
    }
  }
  return result;
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.pick([1, 1, 1, 2, 3, 8, 60]);
  const before = bytes.subarray(0, at);
  const behind = bytes.subarray(Math.min(bytes.length, at + length));
  switch (random.below(8)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = bytes[at]! ^ (1 << random.below(7));
      return flipped;
    }
    case 1:
      return Buffer.concat([before, behind]);
    case 2:
      return Buffer.concat([before, some(random, length), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([before, some(random, length), behind]);
    case 4:
      return before;
    case 5: {
      const from = random.below(bytes.length + 1);
      return Buffer.concat([before, bytes.subarray(from, from + length), bytes.subarray(at)]);
    }
    case 6:
      return swapped(bytes, at, random.below(bytes.length + 1));
    default: {
      const digit = bytes.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
      if (digit < 0) return bytes;
      return Buffer.concat([bytes.subarray(0, at + digit), some(random, 1), bytes.subarray(at + digit)]);
    }
  }
}

const some = (random: Random, length: number): Buffer =>
  Buffer.from(random.many(Math.min(length, 3), () => random.pick([...TELLING])));

function swapped(bytes: Buffer, a: number, b: number): Buffer {
  const result = Buffer.from(bytes);
  if (a < bytes.length && b < bytes.length) {
    result[a] = bytes[b]!;
    result[b] = bytes[a]!;
  }
  return result;
}

import { BACKSLASH, QUOTE, SPACE } from './bytes.ts';

const DELETE: u8 = 0x7f;

/** Whether a byte is a visible character of ASCII other than a quote. */
export function isVisible(byte: u8): bool {
  return byte > SPACE && byte < DELETE && byte != QUOTE;
}

/** Whether all bytes are such characters, and none is a backslash. */
export function isPlainText(at: usize, length: usize): bool {
  for (const end = at + length; at < end; at++) {
    const byte = load<u8>(at);
    if (!isVisible(byte) || byte == BACKSLASH) return false;
  }
  return true;
}

/** `hash64` of the model for ASCII: the high word stands first in memory. */
export function answerHash(at: usize, length: usize): u64 {
  let a: u32 = 0x811c9dc5;
  let b: u32 = 0x9747b28c;
  for (const end = at + length; at < end; at++) {
    const unit = <u32>load<u8>(at);
    a = (a ^ unit) * 0x01000193;
    b = (b ^ unit) * 0x5bd1e995;
    b ^= b >> 13;
  }
  a = ((a ^ (a >> 16)) * 0x85ebca6b) ^ ((b ^ (b >> 13)) * 0xc2b2ae35);
  b = ((b ^ (b >> 16)) * 0x85ebca6b) ^ ((a ^ (a >> 13)) * 0xc2b2ae35);
  return <u64>a | ((<u64>b) << 32);
}

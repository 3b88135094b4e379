import { hexDigit, isDigit } from './json-bytes.ts';

const [QUOTE, ZERO] = [0x22, 0x30];
const MOST_DIGITS = 19;
const NANO_DIGITS = 9;

/** Puts an id of `length` words, in hexadecimal digits between quotes, into `words`; false where it is something else. */
export function readHex(
  bytes: Buffer,
  from: number,
  end: number,
  words: Uint32Array,
  to: number,
  length: number,
): boolean {
  if (bytes[from] !== QUOTE || end - from !== 8 * length + 2) return false;
  for (let word = 0, at = from + 1; word < length; word++) {
    let value = 0;
    for (const next = at + 8; at < next; at++) {
      const digit = hexDigit(bytes[at]!);
      if (digit < 0) return false;
      value = 16 * value + digit;
    }
    words[to + word] = value;
  }
  return true;
}

/** Puts nanoseconds, up to 19 digits bare or between quotes, into `parts` as seconds and the rest; false for anything else. */
export function readNanos(
  bytes: Buffer,
  from: number,
  end: number,
  parts: Float64Array,
  to: number,
): boolean {
  const quoted = bytes[from] === QUOTE;
  const behind = quoted ? end - 1 : end;
  let at = quoted ? from + 1 : from;
  if (at >= behind || behind - at > MOST_DIGITS) return false;
  let seconds = 0;
  let nanos = 0;
  for (; at < behind; at++) {
    if (!isDigit(bytes[at]!)) return false;
    const digit = bytes[at]! - ZERO;
    if (behind - at > NANO_DIGITS) seconds = 10 * seconds + digit;
    else nanos = 10 * nanos + digit;
  }
  parts[to] = seconds;
  parts[to + 1] = nanos;
  return true;
}

import { hexDigit, isDigit } from './json-bytes.ts';

const [QUOTE, ZERO] = [0x22, 0x30];
const MOST_DIGITS = 19;
const NANO_DIGITS = 9;
const NANOS = 1e9;
const SECONDS_LIMIT = 2 ** 32;

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

/** Trace and span (words 0 to 5) have ids, and the times (seconds and the rest of start and end) fit into a row. */
export function areUsual(ids: Uint32Array, times: Float64Array): boolean {
  if ((ids[0]! | ids[1]! | ids[2]! | ids[3]!) === 0 || (ids[4]! | ids[5]!) === 0) return false;
  if (times[0] === 0 && times[1] === 0) return false;
  const duration = durationOf(times);
  return times[2]! < SECONDS_LIMIT && duration >= 0 && duration <= Number.MAX_SAFE_INTEGER;
}

/** Nanoseconds, exact up to 2^53: whole seconds in nanoseconds have nine zeros at their end in binary, too. */
export function durationOf(times: Float64Array): number {
  return (times[2]! - times[0]!) * NANOS + (times[3]! - times[1]!);
}

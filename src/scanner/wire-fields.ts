/*
 * Fields of protobuf messages: a tag, which is a field number times eight plus a wire type, and a value
 * (https://protobuf.dev/programming-guides/encoding/). What is written in an unusual way is not told from what is damaged: other
 * readers do that.
 */
const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const FIXED32: u32 = 5;

/** Tags below this one are a single byte. */
const LONG_TAGS: u32 = 128;
const FIRST_TAG: u64 = 8;
const LAST_TAG: u64 = 0xffffffff;
/** Lengths of up to four bytes: 256 MB. */
const LENGTH_BITS: usize = 28;
/** Numbers of up to ten. */
const NUMBER_BITS: u64 = 70;

/** Where the content of the last field that tells its length begins. */
export let bytesFrom: usize = 0;
/** The last number. */
export let number: u64 = 0;

/** From a length to behind the bytes that it counts; 0 where they do not end before `end` or at it. */
@inline
export function bytesEnd(at: usize, end: usize): usize {
  const length = <usize>load<u8>(at);
  if (length > 127) return longBytesEnd(at, end);
  bytesFrom = at + 1;
  const behind = bytesFrom + length;
  return behind <= end ? behind : 0;
}

function longBytesEnd(from: usize, end: usize): usize {
  let at = from;
  let length: usize = 0;
  for (let shift: usize = 0; shift < LENGTH_BITS; shift += 7) {
    if (at >= end) return 0;
    const byte = <usize>load<u8>(at++);
    length |= (byte & 127) << shift;
    if (byte > 127) continue;
    bytesFrom = at;
    return length <= end - at ? at + length : 0;
  }
  return 0;
}

/** From a number to behind it, likewise. */
export function numberEnd(from: usize, end: usize): usize {
  let at = from;
  number = 0;
  for (let shift: u64 = 0; shift < NUMBER_BITS; shift += 7) {
    if (at >= end) return 0;
    const byte = <u64>load<u8>(at++);
    number |= (byte & 127) << shift;
    if (byte < 128) return at;
  }
  return 0;
}

/** From a field that nobody asks for to behind it, likewise. */
export function unknownEnd(from: usize, end: usize): usize {
  const at = numberEnd(from, end);
  if (at == 0 || number < FIRST_TAG || number > LAST_TAG) return 0;
  // One that is known may be written in more bytes than it needs.
  if (number < LONG_TAGS && at - from > 1) return 0;
  switch (<u32>number & 7) {
    case VARINT:
      return numberEnd(at, end);
    case FIXED64:
      return fixedEnd(at, 8, end);
    case BYTES:
      return bytesEnd(at, end);
    case FIXED32:
      return fixedEnd(at, 4, end);
    default:
      return 0;
  }
}

function fixedEnd(at: usize, size: usize, end: usize): usize {
  return size <= end - at ? at + size : 0;
}

import { LINE_FEED, SPACE } from './bytes.ts';

/** The line that is being read. */
export let line: u32 = 1;

export function setLine(value: u32): void {
  line = value;
}

export function addLines(count: u32): void {
  line += count;
}

/** The next byte that is not white space; line feeds are counted. A control character is not white space. */
@inline
export function token(at: usize): usize {
  return load<u8>(at) > SPACE ? at : behindBlanks(at);
}

function behindBlanks(from: usize): usize {
  // Python writes one space behind a comma or a colon.
  if (load<u8>(from) == SPACE && load<u8>(from + 1) > SPACE) return from + 1;
  let at = from;
  while (true) {
    const bytes = v128.load(at);
    const feeds = i8x16.eq(bytes, i8x16.splat(<i8>LINE_FEED));
    const flat = v128.or(
      i8x16.eq(bytes, i8x16.splat(<i8>SPACE)),
      v128.or(i8x16.eq(bytes, i8x16.splat(0x0d)), i8x16.eq(bytes, i8x16.splat(0x09))),
    );
    const others = i8x16.bitmask(v128.or(flat, feeds)) ^ 0xffff;
    const lineEnds = i8x16.bitmask(feeds);
    if (others != 0) {
      const count = ctz(others);
      line += <u32>popcnt(lineEnds & ((1 << count) - 1));
      return at + <usize>count;
    }
    line += <u32>popcnt(lineEnds);
    at += 16;
  }
}

import { LINE_FEED, SPACE } from './bytes.ts';

/** So many lines the last call passed. */
export let indentedLines: u32 = 0;

/**
 * From the first byte of a line that begins with a blank to that of the first line behind it that does not, or to behind the last
 * line feed before `end`.
 */
export function behindIndented(from: usize, end: usize): usize {
  indentedLines = 0;
  let behind = from;
  for (let at = from; at < end; at += 16) {
    const feeds = lineFeeds(at, end);
    if (feeds == 0) continue;
    const edges = feeds & ~blanks(at + 1);
    if (edges != 0) {
      indentedLines += popcnt(feeds & (edges ^ (edges - 1)));
      return at + <usize>ctz(edges) + 1;
    }
    indentedLines += popcnt(feeds);
    behind = at + 32 - <usize>clz(feeds);
  }
  return behind;
}

@inline
function lineFeeds(at: usize, end: usize): u32 {
  const feeds = <u32>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LINE_FEED)));
  return end - at < 16 ? feeds & ((1 << <u32>(end - at)) - 1) : feeds;
}

@inline
function blanks(at: usize): u32 {
  const bytes = v128.load(at);
  const spaces = i8x16.eq(bytes, i8x16.splat(<i8>SPACE));
  return <u32>i8x16.bitmask(v128.or(spaces, i8x16.eq(bytes, i8x16.splat(0x09))));
}

import { CARRIAGE_RETURN, LINE_FEED, SPACE, TAB } from './bytes.ts';

/** Whether the bracket that opens a record stands alone on its line, the other at the left edge, and all between is indented. */
export function isBlock(open: usize, close: usize): bool {
  let at = open + 1;
  while (load<u8>(at) == CARRIAGE_RETURN) at++;
  const last = close - 1;
  if (load<u8>(at) != LINE_FEED || load<u8>(last) != LINE_FEED) return false;
  for (; at < last; at += 16) {
    const behind = v128.load(at + 1);
    const blank = v128.or(i8x16.eq(behind, i8x16.splat(SPACE)), i8x16.eq(behind, i8x16.splat(TAB)));
    const edges = v128.andnot(i8x16.eq(v128.load(at), i8x16.splat(LINE_FEED)), blank);
    if (v128.any_true(edges) && at + <usize>ctz(i8x16.bitmask(edges)) < last) return false;
  }
  return true;
}

/** Longest input that can be looked at in one piece: a span must fit in. */
export const WINDOW_LIMIT: usize = 128 << 20;
/** Vectors are read whole: so many bytes behind anything may be looked at, and decide nothing. */
export const SLACK: usize = 64;

const PAGE_BITS: usize = 16;

let next: usize = __heap_base;

/** Zeroed memory for good, 16 bytes apart from other such; 0 where there is no more. Pages that are never touched cost nothing. */
export function allocate(size: usize): usize {
  const at = (next + 15) & ~(<usize>15);
  const end = at + size + SLACK;
  if (end < at) return 0;
  const have = (<usize>memory.size()) << PAGE_BITS;
  if (end > have && memory.grow(<i32>((end - have + 0xffff) >> PAGE_BITS)) < 0) return 0;
  next = at + size;
  return at;
}

/**
 * Vectors are read whole, and what may be shorter is compared with leads of up to 512 bytes: so many bytes behind anything may be
 * looked at, and decide nothing.
 */
export const SLACK: usize = 512 + 64;

const PAGE_BITS: usize = 16;
/** Memory grows by so many bytes or a quarter: each time the host makes its views anew, and collects garbage. */
const STEP: usize = 4 << 20;

let next: usize = __heap_base;

/** Zeroed memory for good, 16 bytes apart from other such; 0 where there is no more. */
export function allocate(size: usize): usize {
  const at = (next + 15) & ~(<usize>15);
  const end = at + size + SLACK;
  if (end < at) return 0;
  const have = (<usize>memory.size()) << PAGE_BITS;
  if (end > have && memory.grow(<i32>((max(end - have, max(STEP, have >> 2)) + 0xffff) >> PAGE_BITS)) < 0)
    return 0;
  next = at + size;
  return at;
}

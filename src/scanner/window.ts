import { allocate, SLACK } from './memory.ts';

/** Longest input that can be looked at in one piece: a span has to fit in. */
export const WINDOW_LIMIT: usize = 128 << 20;

let window: usize = 0;
let capacity: usize = 0;

/** Where bytes are to be put that are scanned: room for so many, with what was there before; 0 where there is no memory. */
export function windowFor(size: usize): usize {
  if (size <= capacity) return window;
  const larger = max(size, capacity * 2);
  const moved = allocate(larger + SLACK);
  if (moved == 0) return 0;
  // What it was before is left alone: somebody may still hold a view of it, and write.
  memory.copy(moved, window, capacity);
  window = moved;
  capacity = larger;
  return moved;
}

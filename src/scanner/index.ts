/** Where memory is free: behind what the compiler put into it. */
export function firstFree(): usize {
  return __heap_base;
}

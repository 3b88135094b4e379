/** Where what was read is not what was expected. At the end of the window that only means that more of it is needed. */
export let failedAt: usize = 0;

/** Notes the place; the 0 that comes back stands for a place that was not reached. */
@inline
export function fail(at: usize): usize {
  failedAt = at;
  return 0;
}

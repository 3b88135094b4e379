/** So many values are in order sooner by hand than by `sort`. */
const FEW = 64;

/**
 * The quantile of the first `count` values, between two of them by their distance (prometheus/promql/quantile.go, `quantile`).
 * Puts these in order, NaN first; NaN where there are none.
 */
export function quantileOf(q: number, values: Float64Array, count = values.length): number {
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  if (count <= FEW) insertInOrder(values, count);
  else sortInOrder(values.subarray(0, count));
  const rank = q * (count - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return values[lower]! * (1 - weight) + values[Math.min(count - 1, lower + 1)]! * weight;
}

function insertInOrder(values: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    let at = i;
    for (; at > 0; at--) {
      const before = values[at - 1]!;
      if (before <= value || Number.isNaN(before)) break;
      values[at] = before;
    }
    values[at] = value;
  }
}

function sortInOrder(values: Float64Array): void {
  // Which puts NaN last.
  values.sort();
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1]!)) numbers--;
  if (numbers === values.length) return;
  values.copyWithin(values.length - numbers, 0, numbers);
  values.fill(Number.NaN, 0, values.length - numbers);
}

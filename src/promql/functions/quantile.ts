/**
 * The quantile of values, between two of them by their distance (prometheus/promql/quantile.go, `quantile`). Sorts `values`, NaN
 * first; NaN where there are none.
 */
export function quantileOf(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  // Typed arrays sort NaN last.
  values.sort();
  const last = values.length - 1;
  let numbers = values.length;
  while (numbers > 0 && Number.isNaN(values[numbers - 1]!)) numbers--;
  const nans = values.length - numbers;
  const at = (rank: number): number => (rank < nans ? Number.NaN : values[rank - nans]!);

  const rank = q * last;
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return at(lower) * (1 - weight) + at(Math.min(last, lower + 1)) * weight;
}

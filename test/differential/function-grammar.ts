/**
 * Calls of every function, for a generator of expressions. What stands for something begins with `$`:
 * `$vector` an instant vector, `$window` a range vector, `$scalar` a number, `$quantile` mostly one between 0 and 1,
 * `$buckets` an instant vector with labels `le`, `$label` a label that series have.
 *
 * What not to compare with 2.42: `@` in a window where something else of the call changes with the steps of a range query
 * (its windows run empty, prometheus/prometheus#11708, mended in 2.50), and logarithms of subnormal numbers (Go on amd64).
 */
export const FUNCTION_CALLS: readonly string[] = [
  ...[
    ...['abs', 'absent', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'deg'],
    ...['exp', 'floor', 'ln', 'log10', 'log2', 'rad', 'sgn', 'sin', 'sinh', 'sqrt', 'tan', 'tanh'],
    ...['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'],
    ...['sort', 'sort_desc', 'timestamp', 'round'],
  ].map((name) => `${name}($vector)`),
  ...[
    ...['absent_over_time', 'avg_over_time', 'changes', 'count_over_time', 'delta', 'deriv', 'idelta'],
    ...['increase', 'irate', 'last_over_time', 'max_over_time', 'min_over_time', 'present_over_time', 'rate'],
    ...['resets', 'stddev_over_time', 'stdvar_over_time', 'sum_over_time'],
  ].map((name) => `${name}($window)`),
  ...['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'].map(
    (name) => `${name}()`,
  ),
  'clamp($vector, $scalar, $scalar)',
  'clamp_max($vector, $scalar)',
  'clamp_min($vector, $scalar)',
  'histogram_quantile($quantile, $buckets)',
  'histogram_quantile($quantile, sum by (le) ($buckets))',
  'label_join($vector, "joined", "-", "$label", "$label")',
  'label_join($vector, "$label", "")',
  'label_replace($vector, "copy", "$1", "$label", "(.*)")',
  'label_replace($vector, "$label", "$first-$2$$", "$label", "(?P<first>.)(.*)")',
  'label_replace($vector, "copy", "$1x", "$label", "([a-z0-9]+).*")',
  'predict_linear($window, $scalar)',
  'quantile_over_time($quantile, $window)',
  'round($vector, $scalar)',
  'vector(scalar($vector))',
  'vector($scalar)',
  'vector(pi())',
  'vector(time())',
];

/** What only Prometheus 2 knows. */
export const FUNCTION_CALLS_OF_2: readonly string[] = ['holt_winters($window, 0.3, 0.6)'];

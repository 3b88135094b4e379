import type { ValueType } from '../ast.ts';

/** What a function takes and yields; the table of prometheus/promql/parser/functions.go. */
export type Signature = {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out; -1: the last one may be left out or repeated without end. */
  readonly variadic: number;
  readonly returns: ValueType;
};

/** A function Prometheus has and this evaluator does not run. */
export type Refusal = {
  /** What Prometheus' own parser says of it where it does refuse it, and words like them where it does not. */
  readonly refused: string;
  /** What to write or know instead. */
  readonly fix: string;
};

/** What a function of that name takes in this version, why there is none to call, or undefined for a name nobody knows. */
export function signatureOf(name: string, version: 2 | 3): Signature | Refusal | undefined {
  const only = ONLY_IN[version];
  return STABLE.get(name) ?? only.get(name) ?? refusal(name, version);
}

/** The names that can be called in this version, sorted. */
export function functionNames(version: 2 | 3): string[] {
  return [...STABLE.keys(), ...ONLY_IN[version].keys()].sort();
}

const VECTOR: Signature = { args: ['vector'], variadic: 0, returns: 'vector' };
const WINDOW: Signature = { args: ['matrix'], variadic: 0, returns: 'vector' };
const DATE: Signature = { args: ['vector'], variadic: 1, returns: 'vector' };
const NUMBER: Signature = { args: [], variadic: 0, returns: 'scalar' };

const STABLE: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...named(
    [
      ...['abs', 'absent', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'deg'],
      ...['exp', 'floor', 'ln', 'log10', 'log2', 'rad', 'sgn', 'sin', 'sinh', 'sort', 'sort_desc', 'sqrt'],
      ...['tan', 'tanh', 'timestamp'],
    ],
    VECTOR,
  ),
  ...named(
    [
      ...['absent_over_time', 'avg_over_time', 'changes', 'count_over_time', 'delta', 'deriv', 'idelta'],
      ...[
        'increase',
        'irate',
        'last_over_time',
        'max_over_time',
        'min_over_time',
        'present_over_time',
        'rate',
      ],
      ...['resets', 'stddev_over_time', 'stdvar_over_time', 'sum_over_time'],
    ],
    WINDOW,
  ),
  ...named(
    [
      ...['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month'],
      ...['hour', 'minute', 'month', 'year'],
    ],
    DATE,
  ),
  ...named(['pi', 'time'], NUMBER),
  ...named(['clamp_max', 'clamp_min'], { args: ['vector', 'scalar'], variadic: 0, returns: 'vector' }),
  ['clamp', { args: ['vector', 'scalar', 'scalar'], variadic: 0, returns: 'vector' }],
  ['histogram_quantile', { args: ['scalar', 'vector'], variadic: 0, returns: 'vector' }],
  ['label_join', { args: ['vector', 'string', 'string', 'string'], variadic: -1, returns: 'vector' }],
  [
    'label_replace',
    { args: ['vector', 'string', 'string', 'string', 'string'], variadic: 0, returns: 'vector' },
  ],
  ['predict_linear', { args: ['matrix', 'scalar'], variadic: 0, returns: 'vector' }],
  ['quantile_over_time', { args: ['scalar', 'matrix'], variadic: 0, returns: 'vector' }],
  ['round', { args: ['vector', 'scalar'], variadic: 1, returns: 'vector' }],
  ['scalar', { args: ['vector'], variadic: 0, returns: 'scalar' }],
  ['vector', { args: ['scalar'], variadic: 0, returns: 'vector' }],
]);

const ONLY_IN: Readonly<Record<2 | 3, ReadonlyMap<string, Signature>>> = {
  2: new Map<string, Signature>([
    ['holt_winters', { args: ['matrix', 'scalar', 'scalar'], variadic: 0, returns: 'vector' }],
  ]),
  // Prometheus 2 had it for native histograms alone.
  3: new Map<string, Signature>([
    ['histogram_fraction', { args: ['scalar', 'scalar', 'vector'], variadic: 0, returns: 'vector' }],
  ]),
};

/** Functions of native histograms, by the version that had them first. */
const NATIVE: ReadonlyMap<string, { readonly since: 2 | 3; readonly until: 2 | 3; readonly fix: string }> =
  new Map([
    [
      'histogram_avg',
      { since: 3, until: 3, fix: 'Of a classic histogram x: rate(x_sum[5m]) / rate(x_count[5m]).' },
    ],
    ['histogram_count', { since: 2, until: 3, fix: 'A classic histogram x counts in x_count.' }],
    ['histogram_fraction', { since: 2, until: 2, fix: 'Prometheus 3 answers it for classic histograms.' }],
    ['histogram_stddev', { since: 3, until: 3, fix: 'A classic histogram holds no deviations.' }],
    ['histogram_stdvar', { since: 3, until: 3, fix: 'A classic histogram holds no variances.' }],
    ['histogram_sum', { since: 2, until: 3, fix: 'A classic histogram x adds up in x_sum.' }],
  ]);

/** What Prometheus 3 only knows with `--enable-feature=promql-experimental-functions`. */
const EXPERIMENTAL: ReadonlySet<string> = new Set([
  ...[
    'double_exponential_smoothing',
    'end',
    'first_over_time',
    'histogram_quantiles',
    'info',
    'mad_over_time',
  ],
  ...['range', 'sort_by_label', 'sort_by_label_desc', 'start', 'step'],
  ...['ts_of_first_over_time', 'ts_of_last_over_time', 'ts_of_max_over_time', 'ts_of_min_over_time'],
]);

function refusal(name: string, version: 2 | 3): Refusal | undefined {
  const native = NATIVE.get(name);
  if (native !== undefined && native.since <= version && version <= native.until)
    return {
      refused: `function "${name}" needs native histograms, which are not supported`,
      fix: native.fix,
    };
  if (version === 2) return undefined;
  if (name === 'holt_winters')
    return {
      refused: 'unknown function with name "holt_winters"',
      fix:
        'Prometheus 3 calls it double_exponential_smoothing, and knows that one only with the feature flag ' +
        'promql-experimental-functions.',
    };
  if (!EXPERIMENTAL.has(name)) return undefined;
  return {
    refused: `function "${name}" is not enabled`,
    fix: 'Prometheus 3 knows it only with the feature flag promql-experimental-functions.',
  };
}

function named(names: readonly string[], signature: Signature): [string, Signature][] {
  return names.map((name) => [name, signature]);
}

import type { Labels, SeriesSource } from '../model/index.ts';
import { EvaluationError, evaluate, METRIC_NAME, selectorsOf, type Value } from '../promql/index.ts';
import type { EvaluateOptions } from './outcome.ts';
import type { Rule, RuleGroup } from './rule.ts';

/** A rule and when it is evaluated: at `first + i * interval` for `0 <= i < count`. */
export type RuleStep = {
  readonly group: RuleGroup;
  readonly rule: Rule;
  readonly first: number;
  readonly interval: number;
  readonly count: number;
};

export type Sample = { readonly labels: Labels; readonly value: number };
/** What an expression yields at one time, or why it yields nothing. */
export type Result = readonly Sample[] | { readonly failure: string };

const NO_LABELS: Labels = new Map();
const NOT_A_VECTOR = 'rule result is not a vector or scalar';

/** Whether a rule reads what is written only after it: by itself, by a later rule, or at a later time. */
export function namesKnownLater(steps: readonly RuleStep[]): boolean {
  const outputs = steps.map(({ rule }) =>
    rule.kind === 'record' ? [rule.name] : ['ALERTS', 'ALERTS_FOR_STATE'],
  );
  return steps.some(({ rule }, index) =>
    selectorsOf(rule.expr).some(({ selector }) => {
      const ofName = selector.matchers.filter(({ name }) => name === METRIC_NAME);
      const isAhead = selector.at !== undefined || selector.offset < 0;
      return outputs.some(
        (names, writer) =>
          (writer >= index || isAhead) &&
          names.some((name) => ofName.every((matcher) => matcher.matches(name))),
      );
    }),
  );
}

/** The result at one time. */
export function resultsAt(
  { group, rule }: Pick<RuleStep, 'group' | 'rule'>,
  time: number,
  source: SeriesSource,
  options: EvaluateOptions,
): Result {
  const at = time - group.queryOffset;
  try {
    const value = evaluate(rule.expr, source, { ...engineOptions(options), start: at, end: at, step: 1 });
    return samplesOf(value) ?? { failure: NOT_A_VECTOR };
  } catch (cause) {
    if (!(cause instanceof EvaluationError)) throw cause;
    return { failure: cause.message };
  }
}

/** The result at every time of the rule, in order; the expression is evaluated once, or, where it fails somewhere, at each. */
export function* resultsOver(
  step: RuleStep,
  source: SeriesSource,
  options: EvaluateOptions,
): Generator<{ readonly time: number; readonly result: Result }> {
  const { first, interval, count } = step;
  const whole = resultsAtOnce(step, source, options);
  for (let i = 0; i < count; i++) {
    const time = first + i * interval;
    yield { time, result: whole?.(i) ?? resultsAt(step, time, source, options) };
  }
}

/** Undefined where instants must be asked one by one. */
function resultsAtOnce(
  { group, rule, first, interval, count }: RuleStep,
  source: SeriesSource,
  options: EvaluateOptions,
): ((index: number) => readonly Sample[]) | undefined {
  // `start()` and `end()` are those of each evaluation. What only looks like them costs time and nothing else.
  if (count < 2 || /@\s*(?:start|end)/i.test(rule.text)) return undefined;
  const start = first - group.queryOffset;
  const end = start + (count - 1) * interval;
  let value: Value;
  try {
    value = evaluate(rule.expr, source, { ...engineOptions(options), start, end, step: interval });
  } catch (cause) {
    if (!(cause instanceof EvaluationError)) throw cause;
    return undefined;
  }
  if (value.type === 'scalar') {
    const { points } = value;
    return (index) => [{ labels: NO_LABELS, value: points.values[index]! }];
  }
  if (value.type !== 'matrix') return undefined;
  return byTime(value.series, (time) => (time - start) / interval, count);
}

type MatrixSeries = Extract<Value, { readonly type: 'matrix' }>['series'];

/** Samples by the index of their time: `from[i]` to `from[i + 1]` are those of time `i`, in the order of the series. */
function byTime(
  series: MatrixSeries,
  indexOf: (time: number) => number,
  count: number,
): (index: number) => readonly Sample[] {
  const from = new Uint32Array(count + 1);
  for (const { times } of series) for (const time of times) from[indexOf(time) + 1]! += 1;
  for (let i = 0; i < count; i++) from[i + 1]! += from[i]!;
  const total = from[count]!;
  const next = from.slice();
  const which = new Uint32Array(total);
  const values = new Float64Array(total);
  for (const [number, one] of series.entries()) {
    for (let i = 0; i < one.times.length; i++) {
      const index = indexOf(one.times[i]!);
      const place = next[index]!;
      next[index] = place + 1;
      which[place] = number;
      values[place] = one.values[i]!;
    }
  }
  return (index) => {
    const samples: Sample[] = [];
    for (let place = from[index]!; place < from[index + 1]!; place++) {
      samples.push({ labels: series[which[place]!]!.labels, value: values[place]! });
    }
    return samples;
  };
}

/** The samples of an instant query; a number is one without labels. Undefined for anything else. */
export function samplesOf(value: Value): Sample[] | undefined {
  if (value.type === 'scalar') {
    return value.points.values.slice(0, 1).map((number) => ({ labels: NO_LABELS, value: number }));
  }
  if (value.type !== 'matrix') return undefined;
  return value.series.flatMap(({ labels, values }) =>
    values.length === 0 ? [] : [{ labels, value: values[0]! }],
  );
}

/** What the engine is told of the options. */
export function engineOptions({ version, lookback, interval }: EvaluateOptions) {
  return { version, defaultStep: interval, ...(lookback === undefined ? {} : { lookback }) };
}

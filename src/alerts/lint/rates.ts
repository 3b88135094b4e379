import {
  type Binary,
  type Call,
  type Expr,
  formatDuration,
  type MatrixSelector,
  print,
  type VectorSelector,
} from '../../promql/index.ts';
import { plainNumber } from '../../promql/numbers.ts';
import { MIRRORED, TOTALS } from './ranges.ts';
import {
  bare,
  COMPARISONS,
  constantOf,
  corrected,
  findAbove,
  type Lint,
  nameOf,
  nodesOf,
  type Subject,
  selectorsIn,
  seriesOf,
} from './subject.ts';

/** Mistakes with what counters do over time. */
export const RATE_LINTS: readonly Lint[] = [
  {
    id: 'range_too_short',
    severity: 'warning',
    title: 'ranges hold two samples',
    find: function* (subject) {
      for (const { call, matrix } of rangeCalls(subject)) {
        const { range } = matrix;
        if (!NEEDS_TWO.has(call.name) || range >= 2 * subject.scrapeInterval) continue;
        const scrape = formatDuration(subject.scrapeInterval);
        yield {
          what: `${call.name} over ${formatDuration(range)} is less than two scrapes of ${scrape}`,
          why: `${call.name} needs two samples in its range; with fewer it yields nothing. Four scrapes bear a lost one`,
          fix: corrected(subject, matrix, { ...matrix, range: 4 * subject.scrapeInterval }),
        };
      }
    },
  },
  {
    id: 'rate_on_gauge',
    severity: 'warning',
    title: 'rates are of counters',
    find: function* (subject) {
      for (const { call, matrix } of rangeCalls(subject)) {
        if (!OF_COUNTERS.has(call.name) || seriesOf(matrix.selector, subject)?.type !== 'gauge') continue;
        const other = call.name === 'increase' || call.name === 'resets' ? 'delta' : 'deriv';
        yield {
          what: `${call.name} of ${nameOf(matrix.selector)}, which is a gauge`,
          why: `${call.name} takes every fall for a restart from 0, and adds what was there before`,
          fix: corrected(subject, call, { ...call, name: other }),
        };
      }
    },
  },
  {
    id: 'delta_on_counter',
    severity: 'warning',
    title: 'changes of counters know restarts',
    find: function* (subject) {
      for (const { call, matrix } of rangeCalls(subject)) {
        const type = seriesOf(matrix.selector, subject)?.type;
        if (!OF_GAUGES.has(call.name) || type === undefined || type === 'gauge' || type === 'histogram')
          continue;
        const other = { delta: 'increase', idelta: 'irate', deriv: 'rate' }[call.name];
        yield {
          what: `${call.name} of ${nameOf(matrix.selector)}, which is a counter`,
          why: 'after a restart of the process the counter begins at 0 again, and this falls with it',
          fix: other === undefined ? undefined : corrected(subject, call, { ...call, name: other }),
        };
      }
    },
  },
  {
    id: 'counter_without_rate',
    severity: 'warning',
    title: 'counters are compared by how they grow',
    find: function* (subject) {
      for (const node of nodesOf(subject.rule.expr)) {
        const { expr } = node;
        if (expr.type !== 'selector' || seriesOf(expr, subject)?.type !== 'counter') continue;
        const comparison = findAbove(node, (one) => one.type === 'binary');
        if (comparison?.type !== 'binary' || !COMPARISONS.has(comparison.op)) continue;
        if (findAbove(node, ({ type }) => OVER_TIME.has(type)) !== undefined) continue;
        const limit = limitOf(comparison)?.limit;
        if (limit === undefined || limit === 0) continue;
        yield {
          what: `${print(expr)} counts since the process began`,
          why: 'it only grows: once above the limit, the alert fires until the next restart',
          fix: corrected(subject, expr, increaseOf(expr)),
        };
      }
    },
  },
  {
    id: 'rate_of_sum',
    severity: 'warning',
    title: 'rates are taken before sums',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        if (expr.type !== 'call' || !OF_COUNTERS.has(expr.name)) continue;
        const over = bare(expr.args[0]!);
        const inner = summed(over, subject);
        if (inner === undefined) continue;
        yield {
          what: `${expr.name} of a sum`,
          why: 'where one of the processes restarts, the sum falls, and the fall is taken for a restart of all',
          fix: corrected(subject, expr, inner),
        };
      }
    },
  },
  {
    id: 'cost_per_second',
    severity: 'warning',
    title: 'spend is compared by the hour',
    find: function* (subject) {
      for (const { call, limit, comparison } of comparedRates(subject)) {
        const selector = selectorsIn(call)[0];
        if (
          selector === undefined ||
          call.name === 'increase' ||
          !isMoney(nameOf(selector) ?? '', seriesOf(selector, subject)?.unit)
        )
          continue;
        // Less than that may well be meant for a second.
        if (limit * 3600 < 30) continue;
        yield {
          what: `rate is USD per second: ${plainNumber(limit)} is $${(limit * 3600).toLocaleString('en-US')} an hour`,
          why: `spend of $${plainNumber(limit)} an hour reads ${Number((limit / 3600).toPrecision(2))} here, and each series is judged alone`,
          fix: corrected(
            subject,
            comparison,
            `sum(${increaseOf(selector)}) ${operatorOf(comparison)} ${plainNumber(limit)}`,
          ),
        };
      }
    },
  },
  {
    id: 'errors_per_second',
    severity: 'warning',
    title: 'shares of errors are shares',
    find: function* (subject) {
      for (const { call, limit, comparison, summed: isSummed } of comparedRates(subject)) {
        const selector = selectorsIn(call)[0];
        const name = selector === undefined ? undefined : nameOf(selector);
        if (selector === undefined || name === undefined || call.name === 'increase') continue;
        if (!/(?:errors?|failures?)_total$/.test(name) || limit <= 0 || limit >= 1) continue;
        const range = formatDuration((bare(call.args[0]!) as MatrixSelector).range);
        const percent = Number((limit * 100).toPrecision(6));
        const better = shareFix(name, range, `${operatorOf(comparison)} ${plainNumber(limit)}`, subject);
        yield {
          what: `${plainNumber(limit)} is errors per second (${Number((limit * 60).toPrecision(6))} a minute), not ${percent} %`,
          why: `at four runs a minute it reads 0.067 while every run fails${isSummed ? '' : ', and each series (each type of error) is judged alone'}`,
          fix: better === undefined ? undefined : corrected(subject, comparison, better),
          // Who sums first has thought about it.
          severity: isSummed ? 'info' : 'warning',
        };
      }
    },
  },
];

const OVER_TIME: ReadonlySet<string> = new Set(['call', 'matrix', 'subquery']);
const NEEDS_TWO: ReadonlySet<string> = new Set([
  'rate',
  'irate',
  'increase',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
]);
const OF_COUNTERS: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);
const OF_GAUGES: ReadonlySet<string> = new Set(['delta', 'idelta', 'deriv', 'predict_linear']);

function* rangeCalls({ rule }: Subject): Iterable<{ readonly call: Call; readonly matrix: MatrixSelector }> {
  for (const { expr } of nodesOf(rule.expr)) {
    if (expr.type !== 'call') continue;
    for (const arg of expr.args) {
      const matrix = bare(arg);
      if (matrix.type === 'matrix') yield { call: expr, matrix };
    }
  }
}

/** What to write for the rate of a sum; undefined where it is none. */
function summed(over: Expr, { recorded }: Subject): string | undefined {
  if (over.type === 'subquery') {
    const inner = bare(over.expr);
    if (inner.type !== 'aggregate' || inner.op !== 'sum' || bare(inner.expr).type !== 'selector')
      return undefined;
    const matrix = `rate(${print(inner.expr)}[${formatDuration(over.range)}])`;
    return print(inner).replace(`(${print(inner.expr)})`, `(${matrix})`);
  }
  if (over.type !== 'matrix') return undefined;
  const rule = recorded.get(nameOf(over.selector) ?? '');
  const inner = rule === undefined ? undefined : bare(rule.expr);
  if (inner?.type !== 'aggregate' || inner.op !== 'sum' || bare(inner.expr).type !== 'selector')
    return undefined;
  const matrix = `rate(${print(inner.expr)}[${formatDuration(over.range)}])`;
  return print(inner).replace(`(${print(inner.expr)})`, `(${matrix})`);
}

type ComparedRate = {
  readonly call: Call;
  readonly comparison: Binary;
  readonly limit: number;
  readonly summed: boolean;
};

/** Rates, alone or summed, that are compared with a number to be above it. */
function* comparedRates({ rule }: Subject): Iterable<ComparedRate> {
  for (const { expr } of nodesOf(rule.expr)) {
    if (expr.type !== 'binary') continue;
    const limited = limitOf(expr);
    if (limited === undefined || !limited.op.startsWith('>')) continue;
    let values = bare(limited.values);
    let isSummed = false;
    while (values.type === 'aggregate') {
      isSummed = true;
      values = bare(values.expr);
    }
    if (values.type !== 'call' || !/^(?:rate|irate|increase)$/.test(values.name)) continue;
    if (bare(values.args[0]!).type !== 'matrix') continue;
    yield { call: values, comparison: expr, limit: limited.limit, summed: isSummed };
  }
}

function limitOf(
  expr: Binary,
): { readonly values: Expr; readonly op: string; readonly limit: number } | undefined {
  if (!COMPARISONS.has(expr.op)) return undefined;
  const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
  if (right !== undefined) return { values: expr.left, op: expr.op, limit: right };
  return left === undefined
    ? undefined
    : { values: expr.right, op: MIRRORED[expr.op] ?? expr.op, limit: left };
}

/** What a counter grew by in an hour; where it is moved in time, the range stands in front of that. */
function increaseOf(selector: VectorSelector): string {
  const { start, end } = selector;
  return `increase(${print({ type: 'matrix', selector, range: HOUR, start, end })})`;
}

const HOUR = 3_600_000;

const operatorOf = (comparison: Binary): string => limitOf(comparison)!.op;

const isMoney = (name: string, unit: string | undefined): boolean =>
  unit === 'usd' || /(?:^|_)(?:cost|usd|dollars|spend)(?:_|$)/.test(name);

/** The share of failures, by the labels that failures and runs have in common. */
function shareFix(name: string, range: string, limit: string, { known }: Subject): string | undefined {
  const errors = known.series.get(name);
  const total = TOTALS.get(errors?.standsFor ?? '');
  // Names of one profile go together.
  const named = total === undefined ? undefined : known.series.get(name.replace(errors!.standsFor, total));
  const all =
    named ??
    [...known.series.values()].find(({ standsFor, type }) => standsFor === total && type === 'counter');
  if (errors === undefined || all === undefined) return undefined;
  const shared = [...errors.labels].filter((label) => all.labels.has(label)).join(', ');
  const sum = (of: string): string => `sum by (${shared}) (rate(${of}[${range}]))`;
  return `${sum(name)} / (${sum(all.name)} > 0) ${limit}`;
}

import {
  type Aggregate,
  type Binary,
  type Call,
  childrenOf,
  type Expr,
  print,
  rewritten,
  type VectorSelector,
} from '../../promql/index.ts';
import { depthOf } from '../../promql/tree.ts';
import { type Memory, remembered } from './memory.ts';
import { bare, COMPARISONS, constantOf, nameOf, type Subject, selectorsIn, seriesOf } from './subject.ts';

/** The values that an expression can have, NaN aside; both ends belong to it. */
export type Range = { readonly low: number; readonly high: number };

const ALL: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const POSITIVE: Range = { low: 0, high: Number.POSITIVE_INFINITY };
const SHARE: Range = { low: 0, high: 1 };
const ONE: Range = { low: 1, high: 1 };
const AT_LEAST_ONE: Range = { low: 1, high: Number.POSITIVE_INFINITY };

/** Levels of rules that are recorded from each other, all together: nobody's stack ends in there. */
const DEEPEST = 300;

/** Which values an expression can have, from what is known of its metrics and functions. */
export function rangeOf(expr: Expr, subject: Subject, depth = 0): Range {
  return remembered(RANGES, expr, subject, ALL, (part) => freshRange(part, subject, depth));
}

const RANGES: Memory<Range> = new WeakMap();

function freshRange(expr: Expr, subject: Subject, depth: number): Range {
  const below = (inner: Expr): Range => rangeOf(inner, subject, depth);
  switch (expr.type) {
    case 'number':
      return { low: expr.value, high: expr.value };
    case 'string':
      return ALL;
    case 'paren':
    case 'subquery':
      return below(expr.expr);
    case 'unary': {
      const { low, high } = below(expr.expr);
      return expr.op === '-' ? { low: -high, high: -low } : { low, high };
    }
    case 'matrix':
      return below(expr.selector);
    case 'selector':
      return selectorRange(expr, subject, depth);
    case 'aggregate':
      return aggregateRange(expr, below(expr.expr));
    case 'call':
      return callRange(expr, subject, below);
    case 'binary':
      return binaryRange(expr, subject, below);
  }
}

/** What gauges of shares are called. */
const SHARES = /(?:_ratio|hit_rate|success_rate|error_rate|failure_rate|_accuracy|_share)$/;

/** Whether a metric is a share by its name alone. */
export function isShareByName(selector: VectorSelector, subject: Subject): boolean {
  const name = nameOf(selector) ?? '';
  return SHARES.test(name) && !subject.recorded.has(name) && seriesOf(selector, subject) === undefined;
}

function selectorRange(selector: VectorSelector, subject: Subject, depth: number): Range {
  const name = nameOf(selector) ?? '';
  const recorded = subject.recorded.get(name);
  if (recorded !== undefined) {
    const deeper = depth + depthOf(recorded.expr);
    return deeper < DEEPEST ? rangeOf(recorded.expr, subject, deeper) : ALL;
  }
  const series = seriesOf(selector, subject);
  if (name === 'up' || series?.ratio === true || isShareByName(selector, subject)) return SHARE;
  if (name === 'ALERTS') return ONE;
  return series !== undefined || /_(?:total|count|bucket)$/.test(name) ? POSITIVE : ALL;
}

function aggregateRange({ op }: Aggregate, inner: Range): Range {
  switch (op) {
    case 'sum':
      return {
        low: inner.low >= 0 ? inner.low : Number.NEGATIVE_INFINITY,
        high: inner.high <= 0 ? inner.high : Number.POSITIVE_INFINITY,
      };
    case 'count':
    case 'count_values':
      return AT_LEAST_ONE;
    case 'group':
      return ONE;
    case 'stddev':
    case 'stdvar':
      return POSITIVE;
    default:
      return inner;
  }
}

const FIXED: ReadonlyMap<string, Range> = new Map([
  ...['absent', 'absent_over_time', 'present_over_time'].map((name) => [name, ONE] as const),
  ...[
    'changes',
    'resets',
    'time',
    'timestamp',
    'stddev_over_time',
    'stdvar_over_time',
    'exp',
    'sqrt',
    'abs',
  ].map((name) => [name, POSITIVE] as const),
  ['count_over_time', AT_LEAST_ONE],
  ['histogram_fraction', SHARE],
  ['sgn', { low: -1, high: 1 }],
  ['minute', { low: 0, high: 59 }],
  ['hour', { low: 0, high: 23 }],
  ['day_of_week', { low: 0, high: 6 }],
  ['day_of_month', { low: 1, high: 31 }],
  ['day_of_year', { low: 1, high: 366 }],
  ['days_in_month', { low: 28, high: 31 }],
  ['month', { low: 1, high: 12 }],
]);

const RATES: ReadonlySet<string> = new Set(['rate', 'irate', 'increase']);
/** What yields one of the values it is given, or one between them. */
const WITHIN: ReadonlySet<string> = new Set([
  ...['avg_over_time', 'min_over_time', 'max_over_time', 'last_over_time'],
  ...['sort', 'sort_desc', 'scalar', 'vector', 'label_replace', 'label_join'],
]);

function callRange({ name, args }: Call, subject: Subject, below: (expr: Expr) => Range): Range {
  const fixed = FIXED.get(name);
  if (fixed !== undefined) return fixed;
  const [first, second, third] = args;
  if (first === undefined) return ALL;
  if (RATES.has(name)) return POSITIVE;
  if (WITHIN.has(name)) return below(first);
  const limit = (expr: Expr | undefined): number | undefined =>
    expr === undefined ? undefined : constantOf(expr);
  if (name === 'quantile_over_time' && second !== undefined) return below(second);
  if (name === 'sum_over_time') return below(first).low >= 0 ? POSITIVE : ALL;
  if (name === 'clamp_min') return clamped(below(first), limit(second), undefined);
  if (name === 'clamp_max') return clamped(below(first), undefined, limit(second));
  if (name === 'clamp') return clamped(below(first), limit(second), limit(third));
  if (name === 'histogram_quantile' && second !== undefined) return quantileRange(second, subject);
  return ALL;
}

function clamped({ low, high }: Range, least: number | undefined, most: number | undefined): Range {
  const within = (value: number): number =>
    Math.min(Math.max(value, least ?? Number.NEGATIVE_INFINITY), most ?? Number.POSITIVE_INFINITY);
  return { low: within(low), high: within(high) };
}

/** A quantile above the highest finite bound is told as that bound. */
function quantileRange(of: Expr, subject: Subject): Range {
  const highest = highestBound(of, subject);
  return highest === undefined ? ALL : { low: 0, high: highest };
}

/** The highest finite bound of the one histogram in an expression. */
export function highestBound(of: Expr, subject: Subject): number | undefined {
  const all = selectorsIn(of).map((selector) => seriesOf(selector, subject));
  const bounds = all.map((series) => series?.buckets.at(-1));
  return bounds.length === 0 || bounds.includes(undefined) ? undefined : Math.max(...(bounds as number[]));
}

function binaryRange(expr: Binary, subject: Subject, below: (expr: Expr) => Range): Range {
  const { op, left, right, bool } = expr;
  const [a, b] = [below(left), below(right)];
  if (COMPARISONS.has(op)) return bool ? SHARE : filtered(expr, a, b);
  switch (op) {
    case 'and':
    case 'unless':
      return a;
    case 'or':
      return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
    case '+':
      return known({ low: a.low + b.low, high: a.high + b.high });
    case '-':
      return known({ low: a.low - b.high, high: a.high - b.low });
    case '*':
      return hull([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
    case '/':
      if (isPartOf(left, right, subject)) return SHARE;
      if (b.low === b.high && b.low !== 0) return hull([a.low / b.low, a.high / b.low]);
      return a.low >= 0 && b.low >= 0 ? POSITIVE : ALL;
    case '%': {
      if (b.low !== b.high) return ALL;
      const most = Math.abs(b.low);
      return { low: a.low >= 0 ? 0 : -most, high: most };
    }
    default:
      return a.low >= 0 && op === '^' ? POSITIVE : ALL;
  }
}

const known = ({ low, high }: Range): Range =>
  Number.isNaN(low) || Number.isNaN(high) ? ALL : { low, high };

/** 0 times any number, and so times infinity, is 0 here: no value is infinite. */
function hull(values: readonly number[]): Range {
  const numbers = values.map((value) => (Number.isNaN(value) ? 0 : value));
  return { low: Math.min(...numbers), high: Math.max(...numbers) };
}

/** What a comparison lets through: the values of its vector. */
function filtered({ op, left }: Binary, a: Range, b: Range): Range {
  const [values, limit] = constantOf(left) === undefined ? [a, b] : [b, a];
  const direction = values === a ? op : MIRRORED[op];
  if (direction === '>' || direction === '>=')
    return { low: Math.max(values.low, limit.low), high: values.high };
  if (direction === '<' || direction === '<=')
    return { low: values.low, high: Math.min(values.high, limit.high) };
  return values;
}

/** `5 < x` is `x > 5`. */
export const MIRRORED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

/** Whether what the left side counts is among what the right side counts. */
export function isPartOf(left: Expr, right: Expr, subject: Subject): boolean {
  const [part, whole] = [counted(left), counted(right)];
  const all = onlySelectorIn(whole);
  const one = all && onlySelectorIn(part);
  if (one === undefined || all === undefined) return false;
  if (skeleton(part, one) !== skeleton(whole, all)) return false;
  const [named, other] = [nameOf(one), nameOf(all)];
  if (named !== other) {
    const family = (selector: VectorSelector): string | undefined => seriesOf(selector, subject)?.standsFor;
    return TOTALS.get(family(one) ?? '') === family(all) && all.matchers.length <= 1;
  }
  return all.matchers.every((matcher) =>
    one.matchers.some(
      ({ name, op, value }) => name === matcher.name && op === matcher.op && value === matcher.value,
    ),
  );
}

/** The selector of an expression that has one; of a chain of others no more is looked at than it takes. */
function onlySelectorIn(expr: Expr): VectorSelector | undefined {
  let only: VectorSelector | undefined;
  const open = [expr];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.type === 'selector') {
      if (only !== undefined) return undefined;
      only = part;
    }
    for (const child of childrenOf(part)) open.push(child);
  }
  return only;
}

/** What failures are a part of. */
export const TOTALS: ReadonlyMap<string, string> = new Map([
  ['agent_errors_total', 'agent_executions_total'],
  ['tool_errors_total', 'tool_calls_total'],
]);

/** Without what only sees to it that there is something, or enough: `(x or 0 * y)` and `(x >= 5)` are about `x`. */
function counted(expr: Expr): Expr {
  let inner = bare(expr);
  while (inner.type === 'binary' && (inner.op === 'or' || (COMPARISONS.has(inner.op) && !inner.bool)))
    inner = bare(inner.left);
  return inner;
}

/** An expression without parentheses, and with another in the place of its selector's name and matchers. */
function skeleton(expr: Expr, selector: VectorSelector): string {
  const by: VectorSelector = { ...selector, name: 'x', matchers: [] };
  const change = (part: Expr): Expr | undefined => {
    if (part.type === 'selector') return by;
    return part.type === 'paren' ? rewritten(part.expr, change) : undefined;
  };
  return print(rewritten(expr, change)) + (nameOf(selector) === undefined ? '?' : '');
}

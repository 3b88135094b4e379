import { type Binary, type Expr, foldChain, print } from '../../promql/index.ts';
import { quantileBound } from './histograms.ts';
import { isShareByName, MIRRORED, type Range, rangeOf } from './ranges.ts';
import {
  bare,
  COMPARISONS,
  constantOf,
  corrected,
  findAbove,
  isParen,
  type Lint,
  nodesOf,
  type Subject,
  selectorsIn,
} from './subject.ts';

/** Comparisons that come out the same whatever happens. */
export const COMPARISON_LINTS: readonly Lint[] = [
  {
    id: 'above_highest_bucket',
    severity: 'error',
    title: 'limits of quantiles lie below the highest bound',
    find: function* (subject) {
      for (const { expr, compared } of comparisonsOf(subject)) {
        const known = quantileBound(compared.values, subject);
        if (known === undefined || outcomeOf(expr, subject) !== 'never') continue;
        const { bound } = known;
        yield {
          what: `${print(expr)} can never hold: the highest finite bucket is ${bound}`,
          why: `a quantile above ${bound} is told as ${bound}, however slow it gets`,
          fix: corrected(subject, expr, `${print(compared.values)} >= ${bound}`),
        };
      }
    },
  },
  {
    id: 'never_fires',
    severity: 'error',
    title: 'comparisons can hold',
    find: function* (subject) {
      for (const { expr, compared, isAlone } of comparisonsOf(subject)) {
        if (outcomeOf(expr, subject) !== 'never' || quantileBound(compared.values, subject) !== undefined)
          continue;
        const range = rangeOf(compared.values, subject);
        const alone = isAlone();
        yield {
          what: Number.isNaN(compared.limit)
            ? `${print(expr)} can never hold: nothing compares to NaN, not even NaN`
            : `${print(expr)} can never hold: ${print(compared.values)} is ${rangeText(range)}`,
          why: alone ? 'the rule cannot fire' : 'this part of the expression yields nothing',
          fix: comparisonFix(expr, compared, range, subject),
          severity: alone ? 'error' : 'warning',
        };
      }
    },
  },
  {
    id: 'always_fires',
    severity: 'error',
    title: 'comparisons can fail to hold',
    find: function* (subject) {
      if (subject.rule.kind !== 'alert') return;
      for (const { expr, compared, deciding } of comparisonsOf(subject)) {
        if (!deciding || outcomeOf(expr, subject) !== 'always') continue;
        const range = rangeOf(compared.values, subject);
        const named = selectorsIn(compared.values).some((selector) => isShareByName(selector, subject));
        yield {
          what: Number.isNaN(compared.limit)
            ? `${print(expr)} always holds: everything differs from NaN, NaN too`
            : `${print(expr)} always holds: ${print(compared.values)} is ${rangeText(range)}${named ? ', going by its name' : ''}`,
          why: 'the alert fires as long as there is data',
          fix: comparisonFix(expr, compared, range, subject),
        };
      }
    },
  },
  {
    id: 'bool_comparison',
    severity: 'error',
    title: 'alerts do not fire on a comparison that says 0',
    find: function* (subject) {
      const { rule } = subject;
      const top = bare(rule.expr);
      if (rule.kind !== 'alert' || top.type !== 'binary' || !COMPARISONS.has(top.op) || !top.bool) return;
      yield {
        what: `${print(top)} yields 0 where it does not hold, and an alert fires on any value, 0 too`,
        why: 'the alert fires as long as there is data',
        fix: corrected(subject, top, { ...top, bool: false }),
      };
    },
  },
  {
    id: 'no_comparison',
    severity: 'warning',
    title: 'alerts compare with something',
    find: function* (subject) {
      const { rule } = subject;
      if (rule.kind !== 'alert' || !isUnconditional(rule.expr, subject)) return;
      yield {
        what: `${print(rule.expr)} is compared with nothing`,
        why: 'an alert fires for every series there is, whatever its value',
        fix: `${print(rule.expr)} > 0`,
      };
    },
  },
];

type Compared = { readonly values: Expr; readonly op: string; readonly limit: number };
type Comparison = {
  readonly expr: Binary;
  readonly compared: Compared;
  /** The expression yields nothing without it. */
  readonly isAlone: () => boolean;
  /** It is the one thing that decides whether there is an alert. */
  readonly deciding: boolean;
};

/** Every comparison with a number that lets values through or not. */
function* comparisonsOf({ rule }: Subject): Iterable<Comparison> {
  for (const node of nodesOf(rule.expr)) {
    const { expr } = node;
    if (expr.type !== 'binary' || !COMPARISONS.has(expr.op) || expr.bool) continue;
    const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
    if ((left === undefined) === (right === undefined)) continue;
    const compared =
      right === undefined
        ? { values: expr.right, op: MIRRORED[expr.op] ?? expr.op, limit: left! }
        : { values: expr.left, op: expr.op, limit: right };
    const allowsNothing = (one: Expr): boolean =>
      one.type === 'binary' && (one.op === 'or' || (one.op === 'unless' && one.left !== expr));
    yield {
      expr,
      compared,
      isAlone: () => findAbove(node, allowsNothing) === undefined,
      deciding: findAbove(node, (one) => !isParen(one)) === undefined,
    };
  }
}

/** What a comparison comes to for every value that there can be. */
function outcomeOf({ op, left, right }: Binary, subject: Subject): 'never' | 'always' | 'depends' {
  if ([left, right].some((side) => Number.isNaN(constantOf(side)))) return op === '!=' ? 'always' : 'never';
  const [a, b] = [rangeOf(left, subject), rangeOf(right, subject)];
  const below = a.high < b.low;
  const above = a.low > b.high;
  const [reaches, reached] = [a.high === b.low, a.low === b.high];
  const fixed = a.low === a.high && b.low === b.high && a.low === b.low;
  const told = (never: boolean, always: boolean) => (never ? 'never' : always ? 'always' : 'depends');
  switch (op) {
    case '>':
      return told(below || reaches, above);
    case '>=':
      return told(below, above || reached);
    case '<':
      return told(above || reached, below);
    case '<=':
      return told(above, below || reaches);
    case '==':
      return told(below || above, fixed);
    default:
      return told(fixed, below || above);
  }
}

function rangeText({ low, high }: Range): string {
  if (low === high) return `always ${low}`;
  if (high === Number.POSITIVE_INFINITY) return `never below ${low}`;
  return low === Number.NEGATIVE_INFINITY ? `never above ${high}` : `between ${low} and ${high}`;
}

/** The expression with a comparison that can come out both ways. */
function comparisonFix(expr: Binary, compared: Compared, range: Range, subject: Subject): string | undefined {
  const better = nanFix(compared) ?? percentFix(compared, range);
  return better === undefined ? undefined : corrected(subject, expr, better);
}

/** Only NaN differs from itself. */
function nanFix({ values, op, limit }: Compared): string | undefined {
  if (!Number.isNaN(limit) || (op !== '==' && op !== '!=')) return undefined;
  return `${print(values)} ${op === '==' ? '!=' : '=='} ${print(values)}`;
}

/** A share that is compared with percent. */
function percentFix({ values, op, limit }: Compared, { low, high }: Range): string | undefined {
  if (low !== 0 || high !== 1 || limit <= 1 || limit > 100) return undefined;
  return `${print(values)} ${op} ${limit / 100}`;
}

/** Whether an alert fires for whatever there is. */
function isUnconditional(expr: Expr, subject: Subject): boolean {
  const inner = bare(expr);
  switch (inner.type) {
    case 'binary':
      return foldChain<boolean>(
        inner,
        (operand) => isUnconditional(operand, subject),
        (left, { op, right }) => {
          if (COMPARISONS.has(op) || op === 'unless') return false;
          return op === 'or'
            ? left || isUnconditional(right, subject)
            : left && isUnconditional(right, subject);
        },
      );
    case 'call':
      // `vector(1)` is the way to write an alert that always fires, to see that alerts arrive.
      if (/^(?:absent|absent_over_time|vector)$/.test(inner.name)) return false;
      return inner.args.every((arg) => isUnconditional(arg, subject));
    case 'aggregate':
      return isUnconditional(inner.expr, subject);
    case 'selector': {
      if (inner.name === 'ALERTS') return false;
      const recorded = subject.recorded.get(inner.name ?? '');
      return recorded === undefined || isUnconditional(recorded.expr, { ...subject, recorded: new Map() });
    }
    case 'subquery':
      return isUnconditional(inner.expr, subject);
    default:
      return true;
  }
}

import type { Binary, Expr } from '../ast.ts';
import { childrenOf, foldChain } from '../tree.ts';

/** Functions that look at the time of evaluation, not only at their arguments. */
const TIMED: ReadonlySet<string> = new Set([
  ...['time', 'timestamp', 'predict_linear', 'minute', 'hour', 'month', 'year'],
  ...['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month'],
]);

const KNOWN = new WeakMap<Expr, boolean>();

/** Whether an expression yields the same at every time of a query: all it selects is held still by `@`. */
export function isInvariant(expr: Expr): boolean {
  let invariant = KNOWN.get(expr);
  if (invariant === undefined) {
    invariant = expr.type === 'binary' ? foldChain(expr, isInvariant, withRight) : judged(expr);
    KNOWN.set(expr, invariant);
  }
  return invariant;
}

function withRight(left: boolean, operator: Binary): boolean {
  const invariant = left && isInvariant(operator.right);
  KNOWN.set(operator, invariant);
  return invariant;
}

function judged(expr: Expr): boolean {
  if (expr.type === 'selector' || expr.type === 'subquery') return expr.at !== undefined;
  if (expr.type === 'call' && TIMED.has(expr.name)) return false;
  return childrenOf(expr).every(isInvariant);
}

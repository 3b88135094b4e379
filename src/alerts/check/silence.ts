import { type Binary, childrenOf, type Expr, typeOf } from '../../promql/index.ts';

/**
 * Whether an expression may hold because nothing happens: `absent`, `== 0`, `< x`. Nothing happens after the end of the
 * data, where silence is only made up.
 */
export function holdsInSilence(expr: Expr): boolean {
  if (expr.type === 'call' && (expr.name === 'absent' || expr.name === 'absent_over_time')) return true;
  if (expr.type === 'binary' && isUpperBound(expr)) return true;
  return childrenOf(expr).some(holdsInSilence);
}

/** Whether the lowest value is the worst: the outermost comparison is an upper bound. */
export function worstIsLowest(expr: Expr): boolean {
  if (expr.type === 'paren') return worstIsLowest(expr.expr);
  if (expr.type !== 'binary') return false;
  if (expr.op === 'and' || expr.op === 'or' || expr.op === 'unless') return worstIsLowest(expr.left);
  return isUpperBound(expr);
}

function isUpperBound({ op, left, right }: Binary): boolean {
  if (typeOf(right) === 'scalar') return op === '==' || op === '<' || op === '<=';
  return typeOf(left) === 'scalar' && (op === '==' || op === '>' || op === '>=');
}

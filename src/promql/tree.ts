import type { Expr } from './ast.ts';

/** The expressions directly below one, in the order of the text. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregate':
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case 'binary':
      return [expr.left, expr.right];
  }
}

/** How many expressions stand on the longest way down. Does not recurse. */
export function depthOf(expr: Expr): number {
  let deepest = 0;
  const open: { readonly expr: Expr; readonly depth: number }[] = [{ expr, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { depth } = next;
    if (depth > deepest) deepest = depth;
    for (const child of childrenOf(next.expr)) open.push({ expr: child, depth: depth + 1 });
  }
  return deepest;
}

import type { Binary, Expr } from './ast.ts';

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

/** Whether a chain goes on in the left side of an operator. */
type GoesOn = (left: Binary) => boolean;

const always: GoesOn = () => true;

/**
 * The operators of `a + b + c + …` from the innermost outwards: each is the left side of the next, the last is `expr`.
 * Machines write chains of thousands, so nobody recurses into a left side.
 */
export function chainOf(expr: Binary, goesOn: GoesOn = always): readonly Binary[] {
  const chain = [expr];
  let { left } = expr;
  while (left.type === 'binary' && goesOn(left)) {
    chain.push(left);
    left = left.left;
  }
  return chain.reverse();
}

/** Works a chain of operators out: `first` of the operand that it begins with, then `next` operator by operator. */
export function foldChain<T, First = T>(
  expr: Binary,
  first: (operand: Expr) => First,
  next: (left: T | First, operator: Binary) => T,
  goesOn: GoesOn = always,
): T {
  const [innermost, ...others] = chainOf(expr, goesOn) as [Binary, ...Binary[]];
  let value = next(first(innermost.left), innermost);
  for (const operator of others) value = next(value, operator);
  return value;
}

const DEPTHS = new WeakMap<Expr, number>();

/** How deep an expression is nested: as deep as those recurse who walk it. A chain of operators is one level. */
export function depthOf(expr: Expr): number {
  let deepest = DEPTHS.get(expr);
  if (deepest !== undefined) return deepest;
  deepest = 0;
  const open: { readonly expr: Expr; readonly depth: number }[] = [{ expr, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { depth } = next;
    if (depth > deepest) deepest = depth;
    for (const child of childrenOf(next.expr)) {
      const isLink = next.expr.type === 'binary' && child === next.expr.left && child.type === 'binary';
      open.push({ expr: child, depth: isLink ? depth : depth + 1 });
    }
  }
  DEPTHS.set(expr, deepest);
  return deepest;
}

/** An expression with others in the place of those of its parts for which `change` has one. */
export function rewritten(expr: Expr, change: (part: Expr) => Expr | undefined): Expr {
  const changed = change(expr);
  if (changed !== undefined) return changed;
  const inside = (part: Expr): Expr => rewritten(part, change);
  switch (expr.type) {
    case 'number':
    case 'string':
    case 'selector':
      return expr;
    case 'matrix': {
      const selector = inside(expr.selector);
      return selector.type === 'selector' ? { ...expr, selector } : expr;
    }
    case 'subquery':
    case 'unary':
    case 'paren':
      return { ...expr, expr: inside(expr.expr) };
    case 'call':
      return { ...expr, args: expr.args.map(inside) };
    case 'aggregate':
      return { ...expr, expr: inside(expr.expr), param: expr.param && inside(expr.param) };
    case 'binary':
      return foldChain<Expr>(
        expr,
        inside,
        (left, operator) =>
          // The outermost one was asked for already, those in between were not.
          (operator === expr ? undefined : change(operator)) ?? {
            ...operator,
            left,
            right: inside(operator.right),
          },
      );
  }
}

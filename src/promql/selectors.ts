import type { At, Expr, VectorSelector } from './ast.ts';
import { childrenOf } from './tree.ts';

/** A selector of an expression with what is read for it. */
type SelectorUse = {
  readonly selector: VectorSelector;
  /** Of a range selector, in milliseconds; 0 for an instant. */
  readonly range: number;
  /**
   * How long before the time of evaluation its window begins, in milliseconds: ranges and offsets with those of the
   * subqueries around it. Lookback is not in it. Undefined where an `@` makes it independent of that time.
   */
  readonly before: number | undefined;
};

/** Every selector, in the order of the text. */
export function selectorsOf(expr: Expr): SelectorUse[] {
  const uses: SelectorUse[] = [];
  collect(expr, 0, uses);
  return uses;
}

function collect(expr: Expr, before: number | undefined, uses: SelectorUse[]): void {
  if (expr.type === 'selector') {
    uses.push({ selector: expr, range: 0, before: earlier(before, expr.offset, expr.at) });
  } else if (expr.type === 'matrix') {
    const { selector, range } = expr;
    uses.push({ selector, range, before: earlier(before, range + selector.offset, selector.at) });
  } else if (expr.type === 'subquery') {
    collect(expr.expr, earlier(before, expr.range + expr.offset, expr.at), uses);
  } else {
    for (const child of childrenOf(expr)) collect(child, before, uses);
  }
}

/** `@` fixes an instant, and what stands inside a subquery with one moves with nothing either. */
function earlier(before: number | undefined, by: number, at: At | undefined): number | undefined {
  return before === undefined || at !== undefined ? undefined : before + by;
}

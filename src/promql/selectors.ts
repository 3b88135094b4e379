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
  const open: { readonly part: Expr; readonly before: number | undefined }[] = [{ part: expr, before: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, before } = next;
    if (part.type === 'selector') {
      uses.push({ selector: part, range: 0, before: earlier(before, part.offset, part.at) });
    } else if (part.type === 'matrix') {
      const { selector, range } = part;
      uses.push({ selector, range, before: earlier(before, range + selector.offset, selector.at) });
    } else if (part.type === 'subquery') {
      open.push({ part: part.expr, before: earlier(before, part.range + part.offset, part.at) });
    } else {
      for (const child of childrenOf(part).toReversed()) open.push({ part: child, before });
    }
  }
  return uses;
}

/** `@` fixes an instant, and what stands inside a subquery with one moves with nothing either. */
function earlier(before: number | undefined, by: number, at: At | undefined): number | undefined {
  return before === undefined || at !== undefined ? undefined : before + by;
}

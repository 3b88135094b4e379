import type { Expr, VectorSelector } from './ast.ts';

/** A selector of an expression with what is read for it. */
export type SelectorUse = {
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
export function selectorsOf(_expr: Expr): SelectorUse[] {
  return [];
}

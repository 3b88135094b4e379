import { chainOf, type Expr } from '../../promql/index.ts';
import type { Subject } from './subject.ts';

/** What was worked out of expressions, for each rule that was looked at. */
export type Memory<T> = WeakMap<Subject, Map<Expr, T>>;

/**
 * What `workOut` says of an expression, asked once for each rule. Rules may be recorded from each other in a circle: who asks
 * again while it is worked out hears `meanwhile`. Chains of operators are worked out from the innermost outwards.
 */
export function remembered<T>(
  memory: Memory<T>,
  expr: Expr,
  subject: Subject,
  meanwhile: T,
  workOut: (part: Expr) => T,
): T {
  let known = memory.get(subject);
  if (known === undefined) {
    known = new Map();
    memory.set(subject, known);
  }
  const before = known.get(expr);
  if (before !== undefined) return before;
  const parts = expr.type === 'binary' ? chainOf(expr, (left) => !known.has(left)) : [expr];
  for (const part of parts) known.set(part, meanwhile);
  for (const part of parts) known.set(part, workOut(part));
  return known.get(expr)!;
}

import { type Binary, childrenOf, type Expr, typeOf } from '../../promql/index.ts';

/**
 * Whether an expression may hold because nothing happens: `absent`, `== 0`, `< x`. Nothing happens after the end of the
 * data, where silence is only made up.
 */
export function holdsInSilence(expr: Expr): boolean {
  const open = [expr];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.type === 'call' && (part.name === 'absent' || part.name === 'absent_over_time')) return true;
    if (part.type === 'binary' && isUpperBound(part)) return true;
    for (const child of childrenOf(part)) open.push(child);
  }
  return false;
}

/** Whether the lowest value is the worst: the outermost comparison is an upper bound. */
export function worstIsLowest(expr: Expr): boolean {
  let decides = expr;
  while (decides.type === 'paren' || (decides.type === 'binary' && SETS.has(decides.op)))
    decides = decides.type === 'paren' ? decides.expr : decides.left;
  return decides.type === 'binary' && isUpperBound(decides);
}

const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

function isUpperBound({ op, left, right }: Binary): boolean {
  if (typeOf(right) === 'scalar') return op === '==' || op === '<' || op === '<=';
  return typeOf(left) === 'scalar' && (op === '==' || op === '>' || op === '>=');
}

import { type Binary, type Expr, print } from '../../promql/index.ts';
import { MIRRORED } from './ranges.ts';
import {
  bare,
  COMPARISONS,
  constantOf,
  corrected,
  findAbove,
  isParen,
  type Lint,
  nodesOf,
} from './subject.ts';

/** Conditions that contradict each other. */
export const CONTRADICTION_LINTS: readonly Lint[] = [
  {
    id: 'impossible_range',
    severity: 'error',
    title: 'limits of the same values leave room between them',
    find: function* (subject) {
      for (const node of nodesOf(subject.rule.expr)) {
        const { expr } = node;
        if (!isCondition(expr)) continue;
        const around = findAbove(node, (one) => !isParen(one));
        if (around !== undefined && isCondition(around)) continue;
        for (const [values, limits] of byValues(limitsIn(expr))) {
          const { low, high } = tightest(limits);
          if (low === undefined || high === undefined || leavesRoom(low, high)) continue;
          yield {
            what: `no value of ${values} is ${low.op} ${low.limit} and ${high.op} ${high.limit}`,
            why: around === undefined ? 'the rule cannot fire' : 'this part of the expression yields nothing',
            fix: corrected(
              subject,
              expr,
              `${values} ${high.op} ${high.limit} or ${values} ${low.op} ${low.limit}`,
            ),
            severity: around === undefined ? 'error' : 'warning',
          };
        }
      }
    },
  },
];

type Limit = { readonly values: string; readonly op: string; readonly limit: number };

/** Whether it lets through what fulfils it and, of both sides of an `and`, only what has the same labels. */
function isCondition(expr: Expr): boolean {
  if (expr.type !== 'binary' || expr.bool) return false;
  if (expr.op === 'and') return expr.matching === undefined || isPlain(expr.matching);
  return COMPARISONS.has(expr.op);
}

/** All labels have to be the same. */
const isPlain = ({ on, labels }: NonNullable<Binary['matching']>): boolean => !on && labels.length === 0;

/** Every limit that all that comes through has to keep. */
function limitsIn(top: Expr): readonly Limit[] {
  const found: Limit[] = [];
  const open: { readonly inside: Expr; readonly compared?: string }[] = [{ inside: top }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const expr = bare(next.inside);
    if (expr.type !== 'binary' || !isCondition(expr)) continue;
    if (expr.op === 'and') {
      open.push({ inside: expr.right }, { inside: expr.left });
      continue;
    }
    const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
    if ((left === undefined) === (right === undefined)) continue;
    const side = right === undefined ? expr.right : expr.left;
    const op = right === undefined ? (MIRRORED[expr.op] ?? expr.op) : expr.op;
    const limit = left ?? right!;
    const values = next.compared ?? print(valuesOf(side));
    if (!Number.isNaN(limit)) found.push({ values, op, limit });
    // `x > 5 < 3` has the limits of both.
    open.push({ inside: side, compared: values });
  }
  return found;
}

function byValues(limits: readonly Limit[]): ReadonlyMap<string, readonly Limit[]> {
  const grouped = new Map<string, Limit[]>();
  for (const limit of limits) {
    const known = grouped.get(limit.values);
    if (known === undefined) grouped.set(limit.values, [limit]);
    else known.push(limit);
  }
  return grouped;
}

/** What a chain of comparisons with numbers compares. */
function valuesOf(expr: Expr): Expr {
  let inner = bare(expr);
  while (inner.type === 'binary' && COMPARISONS.has(inner.op) && !inner.bool) {
    const [left, right] = [constantOf(inner.left), constantOf(inner.right)];
    if ((left === undefined) === (right === undefined)) break;
    inner = bare(left === undefined ? inner.left : inner.right);
  }
  return inner;
}

function tightest(limits: readonly Limit[]): {
  readonly low: Limit | undefined;
  readonly high: Limit | undefined;
} {
  const lows = limits.filter(({ op }) => op === '>' || op === '>=' || op === '==');
  const highs = limits.filter(({ op }) => op === '<' || op === '<=' || op === '==');
  const strict = ({ op }: Limit): number => (op === '>' || op === '<' ? 0 : 1);
  return {
    low: lows.sort((a, b) => b.limit - a.limit || strict(a) - strict(b))[0],
    high: highs.sort((a, b) => a.limit - b.limit || strict(a) - strict(b))[0],
  };
}

function leavesRoom(low: Limit, high: Limit): boolean {
  const isOpen = low.op === '>' || high.op === '<';
  return low.limit < high.limit || (low.limit === high.limit && !isOpen);
}

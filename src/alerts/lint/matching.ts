import { type Aggregate, type Binary, type Expr, print } from '../../promql/index.ts';
import { canHave, type LabelNames, labelNamesIn } from './label-names.ts';
import { isPartOf, rangeOf } from './ranges.ts';
import {
  bare,
  COMPARISONS,
  constantOf,
  corrected,
  findAbove,
  type Lint,
  nodesOf,
  type Subject,
} from './subject.ts';

/** Mistakes with labels: series that do not find each other, and labels that are gone. */
export const MATCHING_LINTS: readonly Lint[] = [
  {
    id: 'labels_differ',
    severity: 'error',
    title: 'both sides of an operator have the same labels',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        if (expr.type !== 'binary' || expr.matching === undefined || expr.op === 'or') continue;
        const [left, right] = [labelNamesIn(expr.left, subject), labelNamesIn(expr.right, subject)];
        const apart = expr.matching.on ? undefined : apartIn(expr, left, right);
        if (apart === undefined) continue;
        const [onLeft, onRight] = apart;
        const sides = [
          ...(onLeft.length === 0 ? [] : [`${onLeft.join(', ')} only on the left`]),
          ...(onRight.length === 0 ? [] : [`${onRight.join(', ')} only on the right`]),
        ];
        yield {
          what: `${expr.op} joins series by all their labels, and there is ${sides.join(', ')}`,
          why:
            expr.op === 'unless'
              ? 'nothing is ever taken away'
              : 'no series finds its partner: the expression yields nothing',
          fix: corrected(subject, expr, joinedFix(expr, left, right)),
        };
      }
    },
  },
  {
    id: 'label_aggregated_away',
    severity: 'warning',
    title: 'labels are there where they are used',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        if (expr.type === 'aggregate' && expr.grouping?.without === false) {
          const inner = labelNamesIn(expr.expr, subject);
          for (const label of expr.grouping.labels)
            if (!canHave(inner, label))
              yield {
                what: `${expr.op} by (${label}), and ${print(expr.expr)} has no label ${label}`,
                why: 'it was taken away further inside: all series fall into one',
                fix: keptFix(expr, label, subject),
              };
        }
        if (expr.type !== 'binary' || expr.matching?.on !== true) continue;
        const sides = [labelNamesIn(expr.left, subject), labelNamesIn(expr.right, subject)] as const;
        for (const label of expr.matching.labels) {
          const [onLeft, onRight] = sides.map((side) => canHave(side, label));
          if (onLeft === onRight) continue;
          yield {
            what: `on (${label}), and the ${onLeft ? 'right' : 'left'} side has no label ${label}`,
            why: 'no series finds its partner',
            fix: keptFix(bare(onLeft ? expr.right : expr.left), label, subject),
          };
        }
      }
    },
  },
  {
    id: 'zero_denominator',
    severity: 'warning',
    title: 'denominators are not 0',
    find: function* (subject) {
      const beside = comparedBeside(subject.rule.expr);
      for (const node of nodesOf(subject.rule.expr)) {
        const { expr } = node;
        if (expr.type !== 'binary' || expr.op !== '/') continue;
        const { left, right } = expr;
        if (constantOf(right) !== undefined || isGuarded(right, beside, subject)) continue;
        const range = rangeOf(right, subject);
        if (range.low > 0 || range.high < 0 || range.low === Number.NEGATIVE_INFINITY) continue;
        const part = isPartOf(left, right, subject);
        const comparison = findAbove(node, (one) => one.type === 'binary' && COMPARISONS.has(one.op));
        const above = comparison?.type === 'binary' && comparison.op.startsWith('>') ? comparison : undefined;
        const fires = above !== undefined && !part;
        yield {
          what: `${print(right)} can be 0`,
          why: fires
            ? `anything / 0 is +Inf, and +Inf ${above.op} ${print(above.right)} holds`
            : '0 / 0 is NaN, which compares to nothing: without traffic the rule says nothing',
          fix: corrected(subject, right, guarded(right)),
          severity: fires ? 'warning' : 'info',
        };
      }
    },
  },
  {
    id: 'absent_has_no_labels',
    severity: 'info',
    title: 'absence is asked for one by one',
    find: function* (subject) {
      for (const { expr } of nodesOf(subject.rule.expr)) {
        if (expr.type !== 'call' || !/^absent(?:_over_time)?$/.test(expr.name)) continue;
        const arg = bare(expr.args[0]!);
        const selector = arg.type === 'matrix' ? arg.selector : arg;
        if (selector.type !== 'selector') continue;
        const has = labelNamesIn(expr, subject);
        const told = labelNamesIn(selector, subject).told ?? [];
        const lost = [...told].filter((label) => label !== 'le' && !canHave(has, label));
        if (lost.length === 0) continue;
        yield {
          what: `${print(expr)} cannot tell which ${lost.join(', ')} is absent`,
          why: 'it fires when there is no series at all; one that stops among others goes unseen',
          fix: corrected(
            subject,
            expr,
            `count by (${lost[0]}) (${print(selector)} offset 1h) unless count by (${lost[0]}) (${print(selector)})`,
          ),
        };
      }
    },
  },
];

/** Labels that only one side has; undefined where none is, or nobody can tell. */
function apartIn(
  { matching }: Binary,
  left: LabelNames,
  right: LabelNames,
): readonly [string[], string[]] | undefined {
  const ignored = new Set([
    ...matching!.labels,
    ...(matching!.card === 'one-to-one' ? [] : matching!.include),
  ]);
  const only = (one: LabelNames, other: LabelNames): string[] => {
    // What a scraper adds stands on both sides, unless one is closed to it.
    const told = [...(one.told ?? [])].filter((label) => !ignored.has(label));
    return told.filter(
      (label) =>
        !canHave(other, label) ||
        (other.told !== undefined && !other.closed && !other.told.has(label) && !one.closed),
    );
  };
  const [onLeft, onRight] = [only(left, right), only(right, left)];
  return onLeft.length === 0 && onRight.length === 0 ? undefined : [onLeft, onRight];
}

/** Both sides summed by the labels that they share. */
function joinedFix(expr: Binary, left: LabelNames, right: LabelNames): string {
  const shared = [...(left.told ?? [])].filter((label) => right.told?.has(label) === true);
  const by = shared.length === 0 ? '' : ` by (${shared.join(', ')})`;
  const side = (one: Expr): string => {
    const inner = bare(one);
    return inner.type === 'aggregate'
      ? `${inner.op}${by} (${print(inner.expr)})`
      : `sum${by} (${print(inner)})`;
  };
  const op = expr.op === '/' ? ['(', ' > 0)'] : ['', ''];
  return `${side(expr.left)} ${expr.op} ${op[0]}${side(expr.right)}${op[1]}`;
}

/** The expression with one label more in the inner aggregation. */
function keptFix(expr: Expr, label: string, subject: Subject): string | undefined {
  const inner = nodesOf(expr.type === 'aggregate' ? expr.expr : expr).find(
    (node) => node.expr.type === 'aggregate',
  )?.expr as Aggregate | undefined;
  if (inner === undefined) return undefined;
  const { grouping } = inner;
  const labels =
    grouping?.without === true
      ? grouping.labels.filter((one) => one !== label)
      : [...(grouping?.labels ?? []), label];
  return corrected(subject, inner, { ...inner, grouping: { without: grouping?.without === true, labels } });
}

const guarded = (expr: Expr): Expr => {
  const { start, end } = expr;
  const zero: Expr = { type: 'number', value: 0, start, end };
  const binary: Expr = {
    type: 'binary',
    op: '>',
    left: expr,
    right: zero,
    bool: false,
    matching: undefined,
    start,
    end,
  };
  return { type: 'paren', expr: binary, start, end };
};

/** What is compared behind an `and`, anywhere in an expression. */
function comparedBeside(top: Expr): ReadonlySet<string> {
  const compared = new Set<string>();
  for (const { expr } of nodesOf(top)) {
    if (expr.type !== 'binary' || expr.op !== 'and') continue;
    const other = bare(expr.right);
    if (other.type === 'binary' && COMPARISONS.has(other.op)) compared.add(print(bare(other.left)));
  }
  return compared;
}

/** Whether zeros do not get into a denominator, or are sorted out beside it. */
function isGuarded(right: Expr, beside: ReadonlySet<string>, subject: Subject): boolean {
  const inner = bare(right);
  if (inner.type === 'binary' && COMPARISONS.has(inner.op) && !inner.bool) return true;
  if (beside.has(print(inner))) return true;
  return inner.type === 'call' && inner.name === 'clamp_min' && rangeOf(inner, subject).low > 0;
}

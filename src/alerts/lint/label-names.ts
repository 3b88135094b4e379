import {
  type Aggregate,
  type Binary,
  type Call,
  type Expr,
  METRIC_NAME,
  typeOf,
  type VectorSelector,
} from '../../promql/index.ts';
import { depthOf } from '../../promql/tree.ts';
import { type Memory, remembered } from './memory.ts';
import { bare, nameOf, type Subject, seriesOf } from './subject.ts';

/** Which labels the series of an expression have. A scraper may have added others where that is not `closed`. */
export type LabelNames = {
  /** Those that its metrics or its grouping tell; undefined where nothing does. */
  readonly told: ReadonlySet<string> | undefined;
  /** There are no others. */
  readonly closed: boolean;
  /** Taken away. */
  readonly dropped: ReadonlySet<string>;
};

const NONE: ReadonlySet<string> = new Set();
const CLOSED: LabelNames = { told: NONE, closed: true, dropped: NONE };
const ANY: LabelNames = { told: undefined, closed: false, dropped: NONE };
const DEEPEST = 300;

/** Whether a series of the expression can have the label. */
export function canHave({ told, closed, dropped }: LabelNames, label: string): boolean {
  return closed ? told?.has(label) === true : !dropped.has(label);
}

/** Which labels the series of an expression have, as far as that can be told. */
export function labelNamesIn(expr: Expr, subject: Subject, depth = 0): LabelNames {
  return remembered(LABEL_NAMES, expr, subject, ANY, (part) => freshLabelNames(part, subject, depth));
}

const LABEL_NAMES: Memory<LabelNames> = new WeakMap();

function freshLabelNames(expr: Expr, subject: Subject, depth: number): LabelNames {
  const below = (inner: Expr): LabelNames => labelNamesIn(inner, subject, depth);
  switch (expr.type) {
    case 'number':
    case 'string':
      return CLOSED;
    case 'paren':
    case 'unary':
    case 'subquery':
      return below(expr.expr);
    case 'matrix':
      return below(expr.selector);
    case 'selector':
      return ofSelector(expr, subject, depth);
    case 'call':
      return ofCall(expr, below);
    case 'aggregate':
      return ofAggregate(expr, below(expr.expr));
    case 'binary':
      return ofBinary(expr, below);
  }
}

function ofSelector(selector: VectorSelector, subject: Subject, depth: number): LabelNames {
  const { matchers } = selector;
  const recorded = subject.recorded.get(nameOf(selector) ?? '');
  const deeper = recorded === undefined ? depth : depth + depthOf(recorded.expr);
  const base =
    recorded !== undefined && deeper < DEEPEST
      ? withTold(labelNamesIn(recorded.expr, subject, deeper), recorded.labels.keys())
      : { ...ANY, told: seriesOf(selector, subject)?.labels };
  const empty = matchers.filter(({ op, value }) => op === '=' && value === '').map(({ name }) => name);
  return without(base, empty);
}

function ofCall({ name, args }: Call, below: (expr: Expr) => LabelNames): LabelNames {
  if (name === 'absent' || name === 'absent_over_time') return ofAbsent(args[0]!);
  const vector = args.find(({ type }) => type !== 'number' && type !== 'string');
  if (vector === undefined || ['scalar', 'vector', 'time', 'pi'].includes(name)) return CLOSED;
  if (name === 'histogram_quantile') return without(below(args[1]!), ['le']);
  if (name === 'histogram_fraction') return without(below(args[2]!), ['le']);
  if (name === 'label_replace' || name === 'label_join') {
    const target = args[1]!;
    return withTold(below(args[0]!), target.type === 'string' ? [target.value] : []);
  }
  return below(vector);
}

/** Labels that one `=` alone decides. */
function ofAbsent(arg: Expr): LabelNames {
  const inner = bare(arg);
  const selector = inner.type === 'matrix' ? inner.selector : inner;
  if (selector.type !== 'selector') return CLOSED;
  const { matchers } = selector;
  const told = matchers
    .filter(({ name, op }) => op === '=' && name !== METRIC_NAME)
    .filter(({ name }) => matchers.filter((one) => one.name === name).length === 1)
    .map(({ name }) => name);
  return { told: new Set(told), closed: true, dropped: NONE };
}

function ofAggregate({ op, grouping, param }: Aggregate, inner: LabelNames): LabelNames {
  if (op === 'topk' || op === 'bottomk') return inner;
  const grouped =
    grouping === undefined
      ? CLOSED
      : grouping.without
        ? without(inner, grouping.labels)
        : closedTo(grouping.labels.filter((label) => canHave(inner, label)));
  return op === 'count_values' && param?.type === 'string' ? withTold(grouped, [param.value]) : grouped;
}

function ofBinary({ op, left, right, matching }: Binary, below: (expr: Expr) => LabelNames): LabelNames {
  if (matching === undefined) {
    const [a, b] = [below(left), below(right)];
    return typeOf(left) === 'scalar' ? b : a;
  }
  if (op === 'and' || op === 'unless') return below(left);
  if (op === 'or') return union(below(left), below(right));
  if (matching.card === 'many-to-one') return withTold(below(left), matching.include);
  if (matching.card === 'one-to-many') return withTold(below(right), matching.include);
  const inner = below(left);
  return matching.on
    ? closedTo(matching.labels.filter((label) => canHave(inner, label)))
    : without(inner, matching.labels);
}

const closedTo = (labels: readonly string[]): LabelNames => ({ ...CLOSED, told: new Set(labels) });

function withTold({ told, closed, dropped }: LabelNames, labels: Iterable<string>): LabelNames {
  const more = [...labels];
  return {
    told: told === undefined ? undefined : new Set([...told, ...more]),
    closed,
    dropped: new Set([...dropped].filter((label) => !more.includes(label))),
  };
}

function without({ told, closed, dropped }: LabelNames, labels: readonly string[]): LabelNames {
  return {
    told: told === undefined ? undefined : new Set([...told].filter((label) => !labels.includes(label))),
    closed,
    dropped: new Set([...dropped, ...labels]),
  };
}

function union(a: LabelNames, b: LabelNames): LabelNames {
  return {
    told: a.told === undefined || b.told === undefined ? undefined : new Set([...a.told, ...b.told]),
    closed: a.closed && b.closed,
    dropped: new Set([...a.dropped].filter((label) => !canHave(b, label))),
  };
}

import type { LabelMatcher, Severity } from '../../model/index.ts';
import {
  childrenOf,
  type Expr,
  foldChain,
  METRIC_NAME,
  parse,
  print,
  rewritten,
  type VectorSelector,
} from '../../promql/index.ts';
import type { Rule, RuleGroup } from '../rule.ts';
import type { Known, KnownSeries } from './known.ts';

/** A rule that is looked at, and what is known around it. Durations are integer milliseconds. */
export type Subject = {
  readonly rule: Rule;
  readonly group: RuleGroup;
  readonly known: Known;
  /** Recording rules by the names they record. */
  readonly recorded: ReadonlyMap<string, Rule>;
  readonly scrapeInterval: number;
  readonly version: 2 | 3;
};

/** What a lint found in a rule. */
export type Found = {
  /** What is wrong, in this rule's own terms. */
  readonly what: string;
  /** Why that is no good. */
  readonly why: string;
  /** What to write instead: the whole expression (of a very long one the part), or what stands beside it. */
  readonly fix?: string | undefined;
  /** Where it is not that of the lint. */
  readonly severity?: Severity;
};

/** One mistake that a rule may hold. */
export type Lint = {
  readonly id: string;
  readonly severity: Severity;
  /** What holds where nothing is found. */
  readonly title: string;
  readonly find: (subject: Subject) => Iterable<Found>;
};

/** An expression of a tree and what it stands in. */
export type Node = { readonly expr: Expr; readonly parent: Node | undefined };

/** Lints ask the same tree again and again. */
const NODES = new WeakMap<Expr, readonly Node[]>();

/** Every expression of a rule, the outermost first. */
export function nodesOf(expr: Expr): readonly Node[] {
  const known = NODES.get(expr);
  if (known !== undefined) return known;
  const nodes: Node[] = [];
  const open: Node[] = [{ expr, parent: undefined }];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    nodes.push(parent);
    for (const child of childrenOf(parent.expr).toReversed()) open.push({ expr: child, parent });
  }
  NODES.set(expr, nodes);
  return nodes;
}

/** The nearest of the expressions around one that is wanted. */
export function findAbove({ parent }: Node, isWanted: (expr: Expr) => boolean): Expr | undefined {
  for (let next = parent; next !== undefined; next = next.parent) if (isWanted(next.expr)) return next.expr;
  return undefined;
}

export const isParen = ({ type }: Expr): boolean => type === 'paren';

/** Characters of a rule above which one part is easier to find than the whole. */
export const LONG = 2000;

/** The expression of a rule with `by` in the place of a part; of a very long one `by` alone. */
export function corrected({ rule, version }: Subject, part: Expr, by: Expr | string): string {
  const better = typeof by === 'string' ? parse(by, { version }) : by;
  if (rule.text.length > LONG) return print(better);
  const node = nodesOf(rule.expr).find(({ expr }) => expr === part);
  const { start, end } = part;
  const fits = node?.parent === undefined || !isOperator(node.parent.expr) || bindsLike(better, part);
  const inPlace: Expr = fits ? better : { type: 'paren', expr: better, start, end };
  return print(rewritten(rule.expr, (one) => (one === part ? inPlace : undefined)));
}

const isOperator = ({ type }: Expr): boolean => type === 'binary' || type === 'unary';

/** Whether one can stand in the place of the other as it is. */
function bindsLike(one: Expr, other: Expr): boolean {
  if (one.type !== 'binary') return true;
  return (
    other.type === 'binary' && (one.op === other.op || (COMPARISONS.has(one.op) && COMPARISONS.has(other.op)))
  );
}

/** Without the parentheses around it. */
export function bare(expr: Expr): Expr {
  let inner = expr;
  while (inner.type === 'paren') inner = inner.expr;
  return inner;
}

/** A selector with one matcher in the place of another. */
export function withMatcher(selector: VectorSelector, old: LabelMatcher, by: LabelMatcher): VectorSelector {
  return { ...selector, matchers: selector.matchers.map((matcher) => (matcher === old ? by : matcher)) };
}

/** The name of the series that a selector is about; undefined where only a pattern says it. */
export function nameOf({ name, matchers }: VectorSelector): string | undefined {
  return name ?? matchers.find((one) => one.name === METRIC_NAME && one.op === '=')?.value;
}

export function seriesOf(
  selector: VectorSelector,
  { known }: Pick<Subject, 'known'>,
): KnownSeries | undefined {
  const name = nameOf(selector);
  return name === undefined ? undefined : known.series.get(name);
}

/** The selectors of an expression, in their order. */
export function selectorsIn(expr: Expr): readonly VectorSelector[] {
  return nodesOf(expr).flatMap((node) => (node.expr.type === 'selector' ? [node.expr] : []));
}

/** A number that is written as one. */
export function constantOf(expr: Expr): number | undefined {
  const inner = bare(expr);
  if (inner.type === 'number') return inner.value;
  if (inner.type === 'unary') {
    const value = constantOf(inner.expr);
    return value === undefined || inner.op === '+' ? value : -value;
  }
  if (inner.type !== 'binary' || !ARITHMETIC.has(inner.op)) return undefined;
  return foldChain<number | undefined>(
    inner,
    constantOf,
    (a, { op, right }) => {
      const b = a === undefined ? undefined : constantOf(right);
      if (a === undefined || b === undefined) return undefined;
      return { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[op as string];
    },
    ({ op }) => ARITHMETIC.has(op),
  );
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/']);

export const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

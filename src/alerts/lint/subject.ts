import type { Severity } from '../../model/index.ts';
import { childrenOf, type Expr, foldChain, METRIC_NAME, type VectorSelector } from '../../promql/index.ts';
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
type Found = {
  /** What is wrong, in this rule's own terms. */
  readonly what: string;
  /** Why that is no good. */
  readonly why: string;
  /** The expression to write instead, or a part of it. */
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

/** Without the parentheses around it. */
export function bare(expr: Expr): Expr {
  let inner = expr;
  while (inner.type === 'paren') inner = inner.expr;
  return inner;
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

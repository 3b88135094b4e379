import type { LabelMatcher } from '../model/index.ts';

/** What an expression yields. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** Places in the text of the expression, in UTF-8 bytes from its beginning as Prometheus counts; `end` is behind the last. */
export type Extent = { readonly start: number; readonly end: number };

/** `@ <seconds>`, `@ start()`, `@ end()`; seconds as integer milliseconds. */
export type At = { readonly time: number } | 'start' | 'end';

/** How far back a selector or subquery looks: durations in integer milliseconds. */
export type Shift = { readonly offset: number; readonly at: At | undefined };

type NumberLiteral = {
  readonly type: 'number';
  readonly value: number;
  /** Written as a duration; the value is in seconds. */
  readonly duration?: true;
} & Extent;
type StringLiteral = { readonly type: 'string'; readonly value: string } & Extent;
export type VectorSelector = {
  readonly type: 'selector';
  /** As written in front of the braces; undefined where only matchers say it. `matchers` holds it too. */
  readonly name: string | undefined;
  readonly matchers: readonly LabelMatcher[];
} & Shift &
  Extent;
export type MatrixSelector = {
  readonly type: 'matrix';
  readonly selector: VectorSelector;
  readonly range: number;
} & Extent;
export type Subquery = {
  readonly type: 'subquery';
  readonly expr: Expr;
  readonly range: number;
  /** Undefined: the default step. */
  readonly step: number | undefined;
} & Shift &
  Extent;
export type Call = { readonly type: 'call'; readonly name: string; readonly args: readonly Expr[] } & Extent;
export type Grouping = { readonly without: boolean; readonly labels: readonly string[] };
export type Aggregate = {
  readonly type: 'aggregate';
  readonly op: AggregateOp;
  readonly expr: Expr;
  /** Of topk, bottomk, quantile (a number) and count_values (a string). */
  readonly param: Expr | undefined;
  /** Undefined: all into one, also where `by ()` is written. */
  readonly grouping: Grouping | undefined;
} & Extent;
export type AggregateOp =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'and'
  | 'or'
  | 'unless';
export type Matching = {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** `on` (true) or `ignoring` (false), with its labels. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels of `group_left` and `group_right`. */
  readonly include: readonly string[];
};
export type Binary = {
  readonly type: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: compares to 0 and 1 instead of filtering. */
  readonly bool: boolean;
  /** Undefined where a side is a scalar. */
  readonly matching: Matching | undefined;
} & Extent;
type Unary = { readonly type: 'unary'; readonly op: '+' | '-'; readonly expr: Expr } & Extent;
type Paren = { readonly type: 'paren'; readonly expr: Expr } & Extent;

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

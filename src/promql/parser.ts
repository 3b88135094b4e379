import type { Aggregate, AggregateOp, Binary, BinaryOp, Expr, Matching, VectorSelector } from './ast.ts';
import { checkTypes } from './check.ts';
import { binaryModifiers, grouping, selector } from './clauses.ts';
import { AGGREGATES, METRIC_WORDS, type Token } from './lexer.ts';
import { milliseconds, numberOf, withInstant, withOffset, withRange } from './modifiers.ts';
import { ParseError } from './parse-error.ts';
import { refusedAggregation, refusedCall } from './refusals.ts';
import { unquote } from './strings.ts';
import { Tokens } from './tokens.ts';
import { depthOf } from './tree.ts';
import { typeOf } from './types.ts';

/** Whose language an expression is in: Prometheus 2 (as of 2.42) or Prometheus 3. */
type Dialect = { readonly version: 2 | 3 };

/** How deep a tree may be, chains of operators being one level: whoever walks it may recurse. */
const DEEPEST = 1000;
/** How deep parentheses, calls and signs may be nested. */
const DEEPEST_NESTING = 500;
const TOO_DEEP = 'expression is nested too deeply';

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ...['and', 'unless'].map((op) => [op, 2] as const),
  ...['==', '!=', '>', '<', '>=', '<='].map((op) => [op, 3] as const),
  ...['+', '-'].map((op) => [op, 4] as const),
  ...['*', '/', '%', 'atan2'].map((op) => [op, 5] as const),
  ['^', 6],
]);
/** A sign in front binds like a multiplication: `-1 ^ 2` is -1. */
const SIGN_PRECEDENCE = 5;

const WITH_PARAMETER: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);

/** The checked tree of an expression; throws a `ParseError`. */
export function parse(text: string, { version }: Dialect): Expr {
  const parser = new Parser(text, version);
  const expr = parser.whole();
  if (depthOf(expr) > DEEPEST) throw new ParseError(TOO_DEEP, text, 0);
  checkTypes(expr, text, version, parser.written);
  return expr;
}

/** The matchers of `name{a="b"}`, as `parse` reads a selector; throws a `ParseError`. */
export function parseSelector(text: string, dialect: Dialect): VectorSelector {
  const expr = parse(text, dialect);
  if (expr.type === 'selector' && expr.offset === 0 && expr.at === undefined) return expr;
  throw new ParseError('expected a selector of series', text, 0);
}

/**
 * Operator precedence, by hand. It stops at the first fault, and says of it what the tables of Prometheus' parser say: which
 * construct it stands in is that of the innermost one that has words of its own.
 */
class Parser {
  /** How binary operators were told to match, also where both sides turn out to be no vectors. */
  readonly written = new Map<Binary, Matching>();
  readonly #tokens: Tokens;
  #nesting = 0;

  constructor(text: string, version: 2 | 3) {
    this.#tokens = new Tokens(text, version);
  }

  whole(): Expr {
    if (this.#tokens.is('end of input')) throw this.#tokens.error('no expression found in input', 0);
    const expr = this.#expr(0);
    if (!this.#tokens.is('end of input')) throw this.#tokens.unexpected();
    return expr;
  }

  #expr(lowest: number): Expr {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST_NESTING) throw this.#tokens.error(TOO_DEEP, this.#tokens.peek().start);
    let left = this.#operand();
    for (;;) {
      const op = this.#tokens.peek();
      const precedence = PRECEDENCE.get(op.kind);
      if (precedence === undefined || precedence < lowest) break;
      this.#tokens.take();
      const modifiers = binaryModifiers(this.#tokens, op.kind as BinaryOp);
      const right = this.#expr(op.kind === '^' ? precedence : precedence + 1);
      left = this.#binary(op.kind as BinaryOp, left, right, modifiers);
    }
    this.#nesting -= 1;
    return left;
  }

  #binary(
    op: BinaryOp,
    left: Expr,
    right: Expr,
    { bool, matching }: { readonly bool: boolean; readonly matching: Matching },
  ): Binary {
    const vectors = typeOf(left) === 'vector' && typeOf(right) === 'vector';
    const extent = { start: left.start, end: right.end };
    const expr: Binary = {
      type: 'binary',
      op,
      left,
      right,
      bool,
      matching: vectors ? matching : undefined,
      ...extent,
    };
    this.written.set(expr, matching);
    return expr;
  }

  #operand(): Expr {
    const { kind } = this.#tokens.peek();
    return kind === '+' || kind === '-' ? this.#signed(kind) : this.#modified(this.#primary());
  }

  #signed(op: '+' | '-'): Expr {
    const sign = this.#tokens.take();
    const expr = this.#expr(SIGN_PRECEDENCE + 1);
    const start = this.#tokens.startOf(sign);
    if (expr.type === 'number') return { ...expr, value: op === '-' ? -expr.value : expr.value, start };
    return { type: 'unary', op, expr, start, end: expr.end };
  }

  #primary(): Expr {
    const token = this.#tokens.peek();
    if (token.kind === 'number') {
      this.#tokens.take();
      return { type: 'number', value: numberOf(this.#tokens, token), ...this.#tokens.extent(token, token) };
    }
    if (token.kind === 'duration' && this.#tokens.version === 3) {
      this.#tokens.take();
      const value = milliseconds(this.#tokens, token) / 1000;
      return { type: 'number', value, duration: true, ...this.#tokens.extent(token, token) };
    }
    if (token.kind === 'string') {
      this.#tokens.take();
      return { type: 'string', value: unquote(token.text), ...this.#tokens.extent(token, token) };
    }
    if (token.kind === '(') {
      this.#tokens.take();
      const expr = this.#expr(0);
      if (!this.#tokens.is(')')) throw this.#tokens.unexpected();
      return { type: 'paren', expr, ...this.#tokens.extent(token, this.#tokens.take()) };
    }
    if (token.kind === '{') return selector(this.#tokens, undefined);
    if (token.kind === 'identifier') {
      this.#tokens.take();
      if (this.#tokens.version === 3) this.#refuseAggregation(token);
      return this.#tokens.is('(') ? this.#call(token) : selector(this.#tokens, token);
    }
    if (AGGREGATES.has(token.kind)) {
      this.#tokens.take();
      return this.#tokens.is('(') || this.#tokens.is('by') || this.#tokens.is('without')
        ? this.#aggregate(token)
        : selector(this.#tokens, token);
    }
    if (token.kind === 'metric identifier' || METRIC_WORDS.has(token.kind)) {
      return selector(this.#tokens, this.#tokens.take());
    }
    throw this.#tokens.unexpected();
  }

  #refuseAggregation(name: Token): void {
    const refused = refusedAggregation(name.text);
    if (refused === undefined || !['(', 'by', 'without'].some((next) => this.#tokens.is(next))) return;
    throw this.#tokens.error(refused, name.start);
  }

  #call(name: Token): Expr {
    const { args, close } = this.#arguments();
    const refused = refusedCall(name.text, this.#tokens.version);
    if (refused !== undefined) throw this.#tokens.error(refused, name.start);
    return { type: 'call', name: name.text, args, ...this.#tokens.extent(name, close) };
  }

  #aggregate(op: Token): Aggregate {
    this.#tokens.aggregations += 1;
    let groups = grouping(this.#tokens);
    if (!this.#tokens.is('(')) throw this.#tokens.unexpected();
    const { args } = this.#arguments();
    this.#tokens.aggregations -= 1;
    groups ??= grouping(this.#tokens);
    const end = this.#tokens.end;
    if (args.length === 0) {
      throw this.#tokens.error('no arguments for aggregate expression provided', op.start);
    }
    const wanted = WITH_PARAMETER.has(op.kind) ? 2 : 1;
    if (args.length !== wanted) {
      throw this.#tokens.error(
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
        op.start,
      );
    }
    return {
      type: 'aggregate',
      op: op.kind as AggregateOp,
      expr: args[wanted - 1]!,
      param: wanted === 2 ? args[0] : undefined,
      // `by ()` is what is done without it.
      grouping: groups?.without || groups?.labels.length ? groups : undefined,
      start: this.#tokens.startOf(op),
      end,
    };
  }

  #arguments(): { readonly args: Expr[]; readonly close: Token } {
    this.#tokens.take();
    const args: Expr[] = [];
    let close = this.#tokens.takeIf(')');
    while (close === undefined) {
      args.push(this.#expr(0));
      close = this.#tokens.takeIf(')');
      if (close !== undefined) break;
      const comma = this.#tokens.takeIf(',');
      if (comma === undefined) throw this.#tokens.unexpected();
      if (!this.#tokens.beginsExpression(this.#tokens.peek())) {
        throw this.#tokens.error('trailing commas not allowed in function call args', comma.start);
      }
    }
    return { args, close };
  }

  /** What may stand behind an expression: ranges, `offset`, `@`, any number of them. */
  #modified(operand: Expr): Expr {
    let expr = operand;
    for (let modifiers = 0; ; modifiers += 1) {
      if (modifiers > DEEPEST) throw this.#tokens.error(TOO_DEEP, this.#tokens.peek().start);
      if (this.#tokens.takeIf('offset') !== undefined) expr = withOffset(this.#tokens, expr);
      else if (this.#tokens.takeIf('@') !== undefined) expr = withInstant(this.#tokens, expr);
      else if (this.#tokens.is('[')) expr = withRange(this.#tokens, expr);
      else return expr;
    }
  }
}

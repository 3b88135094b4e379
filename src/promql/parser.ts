import type { LabelMatcher } from '../model/index.ts';
import type {
  Aggregate,
  AggregateOp,
  At,
  Binary,
  BinaryOp,
  Expr,
  Extent,
  Grouping,
  Matching,
  MatrixSelector,
  Shift,
  Subquery,
  VectorSelector,
} from './ast.ts';
import { checkTypes } from './check.ts';
import { parseDuration } from './durations.ts';
import { METRIC_NAME } from './labels.ts';
import { AGGREGATES, describe, LABEL_WORDS, Lexer, METRIC_WORDS, type Token } from './lexer.ts';
import { labelMatcher } from './matchers.ts';
import { parseNumber, plainNumber } from './numbers.ts';
import { ParseError } from './parse-error.ts';
import { refusedAggregation, refusedCall, refusedWord } from './refusals.ts';
import { unquote } from './strings.ts';
import { depthOf } from './tree.ts';
import { typeOf } from './types.ts';

/** Whose language an expression is in: Prometheus 2 (as of 2.42) or Prometheus 3. */
type Dialect = { readonly version: 2 | 3 };

/** How deep a tree may be: whoever walks it may recurse. */
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

/** Where Prometheus ends: what 64 bits hold, of seconds in an instant, of nanoseconds in a duration. */
const FARTHEST_SECONDS = 2 ** 63;
const LONGEST_SECONDS = 2 ** 63 / 1e9;

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
  readonly #text: string;
  readonly #version: 2 | 3;
  readonly #lexer: Lexer;
  readonly #bytes: (index: number) => number;
  /** Tokens are read when they are looked at, so that faults come in Prometheus' order. */
  #ahead: Token | undefined;
  #lastEnd = 0;
  #nesting = 0;
  #aggregations = 0;

  constructor(text: string, version: 2 | 3) {
    this.#text = text;
    this.#version = version;
    this.#lexer = new Lexer(text, version);
    this.#bytes = byteIndex(text);
  }

  whole(): Expr {
    if (this.#is('end of input')) throw this.#error('no expression found in input', 0);
    const expr = this.#expr(0);
    if (!this.#is('end of input')) throw this.#unexpected();
    return expr;
  }

  #expr(lowest: number): Expr {
    this.#nesting += 1;
    if (this.#nesting > DEEPEST_NESTING) throw this.#error(TOO_DEEP, this.#peek().start);
    let left = this.#operand();
    for (let operands = 1; ; operands += 1) {
      const op = this.#peek();
      const precedence = PRECEDENCE.get(op.kind);
      if (precedence === undefined || precedence < lowest) break;
      if (operands > DEEPEST) throw this.#error(TOO_DEEP, op.start);
      this.#take();
      const modifiers = this.#binaryModifiers(op.kind as BinaryOp);
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

  #binaryModifiers(op: BinaryOp): { bool: boolean; matching: Matching } {
    const isSet = op === 'and' || op === 'or' || op === 'unless';
    const card = isSet ? 'many-to-many' : 'one-to-one';
    const bool = this.#takeIf('bool') !== undefined;
    const how = this.#takeIf('on') ?? this.#takeIf('ignoring');
    if (how === undefined) return { bool, matching: { card, on: false, labels: [], include: [] } };
    const on = how.kind === 'on';
    const labels = this.#groupingLabels();
    const group = this.#takeIf('group_left') ?? this.#takeIf('group_right');
    if (group === undefined) return { bool, matching: { card, on, labels, include: [] } };
    const include = this.#beginsExpression(this.#peek()) && !this.#is('(') ? [] : this.#groupingLabels();
    const grouped = group.kind === 'group_left' ? 'many-to-one' : 'one-to-many';
    return { bool, matching: { card: grouped, on, labels, include } };
  }

  #groupingLabels(): string[] {
    if (this.#takeIf('(') === undefined) throw this.#unexpected('grouping opts', '"("');
    const labels: string[] = [];
    while (this.#takeIf(')') === undefined) {
      labels.push(this.#groupingLabel());
      if (this.#is(')')) continue;
      if (this.#takeIf(',') === undefined) throw this.#unexpected('grouping opts', '"," or ")"');
    }
    return labels;
  }

  #groupingLabel(): string {
    const token = this.#peek();
    if (token.kind === 'identifier' || LABEL_WORDS.has(token.kind)) return this.#take().text;
    if (this.#version !== 3 || token.kind !== 'string') throw this.#unexpected('grouping opts', 'label');
    const label = unquote(this.#take().text);
    if (label === '') throw this.#error('invalid label name for grouping: ""', token.start);
    return label;
  }

  #operand(): Expr {
    const { kind } = this.#peek();
    return kind === '+' || kind === '-' ? this.#signed(kind) : this.#modified(this.#primary());
  }

  #signed(op: '+' | '-'): Expr {
    const sign = this.#take();
    const expr = this.#expr(SIGN_PRECEDENCE + 1);
    const start = this.#bytes(sign.start);
    if (expr.type === 'number') return { ...expr, value: op === '-' ? -expr.value : expr.value, start };
    return { type: 'unary', op, expr, start, end: expr.end };
  }

  #primary(): Expr {
    const token = this.#peek();
    if (token.kind === 'number') {
      this.#take();
      return { type: 'number', value: this.#number(token), ...this.#extent(token, token) };
    }
    if (token.kind === 'duration' && this.#version === 3) {
      this.#take();
      const value = this.#milliseconds(token) / 1000;
      return { type: 'number', value, duration: true, ...this.#extent(token, token) };
    }
    if (token.kind === 'string') {
      this.#take();
      return { type: 'string', value: unquote(token.text), ...this.#extent(token, token) };
    }
    if (token.kind === '(') {
      this.#take();
      const expr = this.#expr(0);
      if (!this.#is(')')) throw this.#unexpected();
      return { type: 'paren', expr, ...this.#extent(token, this.#take()) };
    }
    if (token.kind === '{') return this.#selector(undefined);
    if (token.kind === 'identifier') {
      this.#take();
      if (this.#version === 3) this.#refuseAggregation(token);
      return this.#is('(') ? this.#call(token) : this.#selector(token);
    }
    if (AGGREGATES.has(token.kind)) {
      this.#take();
      return this.#is('(') || this.#is('by') || this.#is('without')
        ? this.#aggregate(token)
        : this.#selector(token);
    }
    if (token.kind === 'metric identifier' || METRIC_WORDS.has(token.kind)) {
      return this.#selector(this.#take());
    }
    throw this.#unexpected();
  }

  #refuseAggregation(name: Token): void {
    const refused = refusedAggregation(name.text);
    if (refused === undefined || !['(', 'by', 'without'].some((next) => this.#is(next))) return;
    throw this.#error(refused, name.start);
  }

  #call(name: Token): Expr {
    const { args, close } = this.#arguments();
    const refused = refusedCall(name.text, this.#version);
    if (refused !== undefined) throw this.#error(refused, name.start);
    return { type: 'call', name: name.text, args, ...this.#extent(name, close) };
  }

  #aggregate(op: Token): Aggregate {
    this.#aggregations += 1;
    let grouping = this.#grouping();
    if (!this.#is('(')) throw this.#unexpected();
    const { args } = this.#arguments();
    this.#aggregations -= 1;
    grouping ??= this.#grouping();
    const end = this.#bytes(this.#lastEnd);
    if (args.length === 0) {
      throw this.#error('no arguments for aggregate expression provided', op.start);
    }
    const wanted = WITH_PARAMETER.has(op.kind) ? 2 : 1;
    if (args.length !== wanted) {
      throw this.#error(
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
      grouping: grouping?.without || grouping?.labels.length ? grouping : undefined,
      start: this.#bytes(op.start),
      end,
    };
  }

  #grouping(): Grouping | undefined {
    const how = this.#takeIf('by') ?? this.#takeIf('without');
    return how && { without: how.kind === 'without', labels: this.#groupingLabels() };
  }

  #arguments(): { readonly args: Expr[]; readonly close: Token } {
    this.#take();
    const args: Expr[] = [];
    let close = this.#takeIf(')');
    while (close === undefined) {
      args.push(this.#expr(0));
      close = this.#takeIf(')');
      if (close !== undefined) break;
      const comma = this.#takeIf(',');
      if (comma === undefined) throw this.#unexpected();
      if (!this.#beginsExpression(this.#peek())) {
        throw this.#error('trailing commas not allowed in function call args', comma.start);
      }
    }
    return { args, close };
  }

  #beginsExpression({ kind }: Token): boolean {
    return (
      ['(', '{', '+', '-', 'number', 'string', 'identifier', 'metric identifier'].includes(kind) ||
      METRIC_WORDS.has(kind) ||
      (kind === 'duration' && this.#version === 3)
    );
  }

  #selector(name: Token | undefined): VectorSelector {
    const first = name ?? this.#peek();
    const matchers: LabelMatcher[] = [];
    const last = this.#is('{') ? this.#matchers(matchers) : first;
    if (name !== undefined) matchers.push(labelMatcher(METRIC_NAME, '=', name.text, this.#version));
    const extent = this.#extent(first, last);
    return { type: 'selector', name: name?.text, matchers, offset: 0, at: undefined, ...extent };
  }

  /** Reads what stands in braces, and gives back the one that closes. */
  #matchers(into: LabelMatcher[]): Token {
    this.#take();
    for (;;) {
      const close = this.#takeIf('}');
      if (close !== undefined) return close;
      into.push(this.#matcher());
      if (this.#is('}')) continue;
      if (this.#takeIf(',') === undefined) throw this.#unexpected('label matching', '"," or "}"');
    }
  }

  #matcher(): LabelMatcher {
    const name = this.#peek();
    const isQuoted = name.kind === 'string' && this.#version === 3;
    if (name.kind !== 'identifier' && !isQuoted) {
      throw this.#unexpected('label matching', 'identifier or "}"');
    }
    this.#take();
    const label = isQuoted ? unquote(name.text) : name.text;
    const { kind: op } = this.#peek();
    if (isQuoted && (op === ',' || op === '}')) {
      return labelMatcher(METRIC_NAME, '=', label, this.#version);
    }
    if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') {
      throw this.#unexpected('label matching', 'label matching operator');
    }
    this.#take();
    if (!this.#is('string')) throw this.#unexpected('label matching', 'string');
    const value = unquote(this.#take().text);
    return this.#attempt(name, () => labelMatcher(label, op, value, this.#version));
  }

  /** What may stand behind an expression: ranges, `offset`, `@`, any number of them. */
  #modified(operand: Expr): Expr {
    let expr = operand;
    for (let modifiers = 0; ; modifiers += 1) {
      if (modifiers > DEEPEST) throw this.#error(TOO_DEEP, this.#peek().start);
      if (this.#takeIf('offset') !== undefined) expr = this.#offset(expr);
      else if (this.#takeIf('@') !== undefined) expr = this.#pinned(expr);
      else if (this.#is('[')) expr = this.#ranged(expr);
      else return expr;
    }
  }

  #offset(expr: Expr): Expr {
    const sign = this.#takeIf('-') ?? (this.#version === 3 ? this.#takeIf('+') : undefined);
    const token = this.#duration('offset', 'duration');
    const milliseconds = this.#milliseconds(token);
    const shift = shiftOf(expr);
    if (shift === undefined) {
      throw this.#errorAtByte(
        'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
        expr.start,
      );
    }
    if (shift.offset !== 0) throw this.#errorAtByte('offset may not be set multiple times', expr.start);
    const offset = sign?.kind === '-' ? -milliseconds : milliseconds;
    return shifted(expr, { ...shift, offset }, this.#bytes(this.#lastEnd));
  }

  #pinned(expr: Expr): Expr {
    const at = this.#instant(expr);
    const shift = shiftOf(expr);
    if (shift === undefined) {
      throw this.#errorAtByte(
        '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
        expr.start,
      );
    }
    if (shift.at !== undefined) {
      throw this.#errorAtByte('@ <timestamp> may not be set multiple times', expr.start);
    }
    return shifted(expr, { ...shift, at }, this.#bytes(this.#lastEnd));
  }

  #instant(expr: Expr): At {
    const edge = this.#takeIf('start') ?? this.#takeIf('end');
    if (edge !== undefined) {
      for (const sign of ['(', ')']) {
        if (this.#takeIf(sign) === undefined) throw this.#unexpected('@', 'timestamp');
      }
      return edge.kind === 'start' ? 'start' : 'end';
    }
    const sign = this.#takeIf('-') ?? this.#takeIf('+');
    const isNumber = this.#is('number') || (this.#version === 3 && this.#is('duration'));
    if (!isNumber) throw this.#unexpected('@', 'timestamp');
    const token = this.#take();
    const absolute = token.kind === 'duration' ? this.#milliseconds(token) / 1000 : this.#number(token);
    const seconds = sign?.kind === '-' ? -absolute : absolute;
    if (!(Math.abs(seconds) < FARTHEST_SECONDS)) {
      throw this.#errorAtByte(`timestamp out of bounds for @ modifier: ${sixDecimals(seconds)}`, expr.start);
    }
    return { time: rounded(seconds * 1000) };
  }

  #ranged(expr: Expr): MatrixSelector | Subquery {
    const open = this.#take();
    const range = this.#positive(this.#duration('subquery selector', 'duration'));
    if (this.#takeIf(':') === undefined) {
      if (!this.#is(']')) throw this.#unexpected('subquery or range', '":" or "]"');
      const end = this.#bytes(this.#take().end);
      if (expr.type !== 'selector') throw this.#error('ranges only allowed for vector selectors', open.start);
      if (expr.offset !== 0) throw this.#error('no offset modifiers allowed before range', open.start);
      // `@ start()` passes, as it does in Prometheus.
      if (typeof expr.at === 'object') throw this.#error('no @ modifiers allowed before range', open.start);
      return { type: 'matrix', selector: expr, range, start: expr.start, end };
    }
    let step: number | undefined;
    if (!this.#is(']')) {
      step = this.#positive(this.#duration('subquery selector', 'duration or "]"'));
      if (!this.#is(']')) throw this.#unexpected('subquery selector', '"]"');
    }
    const end = this.#bytes(this.#take().end);
    return { type: 'subquery', expr, range, step, offset: 0, at: undefined, start: expr.start, end };
  }

  #duration(context: string, expected: string): Token {
    if (this.#is('duration') || (this.#version === 3 && this.#is('number'))) return this.#take();
    throw this.#unexpected(context, expected);
  }

  /** Prometheus 3 allows an offset of nothing, and no other duration of nothing. */
  #positive(token: Token): number {
    const milliseconds = this.#milliseconds(token);
    if (milliseconds > 0) return milliseconds;
    throw this.#error('duration must be greater than 0', token.start);
  }

  #milliseconds(token: Token): number {
    if (token.kind === 'number') {
      const seconds = this.#number(token);
      if (!(seconds <= LONGEST_SECONDS)) throw this.#error('duration out of range', token.start);
      return Math.trunc(Math.round(seconds * 1e9) / 1e6);
    }
    const milliseconds = this.#attempt(token, () => parseDuration(token.text));
    if (milliseconds === 0 && this.#version === 2) {
      throw this.#error('duration must be greater than 0', token.start);
    }
    return milliseconds;
  }

  #number(token: Token): number {
    return this.#attempt(token, () => parseNumber(token.text));
  }

  /** What others say of a token is said of its place. */
  #attempt<T>(token: Token, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Error) throw this.#error(error.message, token.start);
      throw error;
    }
  }

  #peek(): Token {
    this.#ahead ??= this.#lexer.next();
    return this.#ahead;
  }

  #take(): Token {
    const token = this.#peek();
    this.#ahead = undefined;
    this.#lastEnd = token.end;
    return token;
  }

  #is(kind: string): boolean {
    return this.#peek().kind === kind;
  }

  #takeIf(kind: string): Token | undefined {
    return this.#is(kind) ? this.#take() : undefined;
  }

  #extent(first: Token, last: Token): Extent {
    return { start: this.#bytes(first.start), end: this.#bytes(last.end) };
  }

  #unexpected(context = this.#aggregations > 0 ? 'aggregation' : '', expected = ''): ParseError {
    const token = this.#peek();
    const refused = this.#version === 3 ? refusedWord(token, context) : undefined;
    if (refused !== undefined) return this.#error(refused, token.start);
    const where = context === '' ? '' : ` in ${context}`;
    const instead = expected === '' ? '' : `, expected ${expected}`;
    return this.#error(`unexpected ${describe(token)}${where}${instead}`, token.start);
  }

  #error(reason: string, index: number): ParseError {
    return new ParseError(reason, this.#text, index);
  }

  #errorAtByte(reason: string, at: number): ParseError {
    return this.#error(reason, Buffer.from(this.#text).subarray(0, at).toString().length);
  }
}

/** `offset` and `@` of what may have them. A range selector has them in its selector. */
function shiftOf(expr: Expr): Shift | undefined {
  if (expr.type === 'matrix') return shiftOf(expr.selector);
  if (expr.type === 'selector' || expr.type === 'subquery') return { offset: expr.offset, at: expr.at };
  return undefined;
}

function shifted(expr: Expr, shift: Shift, end: number): Expr {
  if (expr.type === 'matrix') return { ...expr, selector: { ...expr.selector, ...shift }, end };
  return expr.type === 'selector' || expr.type === 'subquery' ? { ...expr, ...shift, end } : expr;
}

/** Where a character stands in UTF-8. */
function byteIndex(text: string): (index: number) => number {
  if (!/[^\0-\x7f]/.test(text)) return (index) => index;
  const bytes = new Uint32Array(text.length + 1);
  for (let index = 0, at = 0; index < text.length; ) {
    const code = text.codePointAt(index)!;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += code < 0x10000 ? 1 : 2;
    bytes[index] = at;
  }
  return (index) => bytes[index] ?? 0;
}

/** Go's `%f`. */
function sixDecimals(value: number): string {
  if (!Number.isFinite(value)) return plainNumber(value);
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}

/** Halves go away from zero, and there is one zero. */
function rounded(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value)) + 0;
}

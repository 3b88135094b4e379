import type { At, Expr, MatrixSelector, Shift, Subquery } from './ast.ts';
import { parseDuration } from './durations.ts';
import type { Token } from './lexer.ts';
import { parseNumber, plainNumber } from './numbers.ts';
import type { Tokens } from './tokens.ts';

// What stands behind an expression and says of which time it is. In Prometheus 3 numbers are durations, and durations numbers.

/** Where Prometheus ends: what 64 bits hold, of seconds in an instant, of nanoseconds in a duration. */
const FARTHEST_SECONDS = 2 ** 63;
const LONGEST_SECONDS = 2 ** 63 / 1e9;

/** Reads what stands behind `offset`. */
export function withOffset(tokens: Tokens, expr: Expr): Expr {
  const sign = tokens.takeIf('-') ?? (tokens.version === 3 ? tokens.takeIf('+') : undefined);
  const token = duration(tokens, 'offset', 'duration');
  const length = milliseconds(tokens, token);
  const shift = shiftOf(expr);
  if (shift === undefined) {
    throw tokens.errorAtByte(
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      expr.start,
    );
  }
  if (shift.offset !== 0) throw tokens.errorAtByte('offset may not be set multiple times', expr.start);
  const offset = sign?.kind === '-' && length > 0 ? -length : length;
  return shifted(expr, { ...shift, offset }, tokens.end);
}

/** Reads what stands behind `@`. */
export function withInstant(tokens: Tokens, expr: Expr): Expr {
  const at = instant(tokens, expr);
  const shift = shiftOf(expr);
  if (shift === undefined) {
    throw tokens.errorAtByte(
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
      expr.start,
    );
  }
  if (shift.at !== undefined) {
    throw tokens.errorAtByte('@ <timestamp> may not be set multiple times', expr.start);
  }
  return shifted(expr, { ...shift, at }, tokens.end);
}

/** Reads a range, or range and step, from its bracket on. */
export function withRange(tokens: Tokens, expr: Expr): MatrixSelector | Subquery {
  const open = tokens.take();
  const range = positive(tokens, duration(tokens, 'subquery selector', 'duration'));
  if (tokens.takeIf(':') === undefined) {
    if (!tokens.is(']')) throw tokens.unexpected('subquery or range', '":" or "]"');
    tokens.take();
    const { end } = tokens;
    if (expr.type !== 'selector') throw tokens.error('ranges only allowed for vector selectors', open.start);
    if (expr.offset !== 0) throw tokens.error('no offset modifiers allowed before range', open.start);
    // `@ start()` passes, as it does in Prometheus.
    if (typeof expr.at === 'object') throw tokens.error('no @ modifiers allowed before range', open.start);
    return { type: 'matrix', selector: expr, range, start: expr.start, end };
  }
  let step: number | undefined;
  if (!tokens.is(']')) {
    step = positive(tokens, duration(tokens, 'subquery selector', 'duration or "]"'));
    if (!tokens.is(']')) throw tokens.unexpected('subquery selector', '"]"');
  }
  tokens.take();
  return {
    type: 'subquery',
    expr,
    range,
    step,
    offset: 0,
    at: undefined,
    start: expr.start,
    end: tokens.end,
  };
}

function instant(tokens: Tokens, expr: Expr): At {
  const edge = tokens.takeIf('start') ?? tokens.takeIf('end');
  if (edge !== undefined) {
    for (const sign of ['(', ')']) {
      if (tokens.takeIf(sign) === undefined) throw tokens.unexpected('@', 'timestamp');
    }
    return edge.kind === 'start' ? 'start' : 'end';
  }
  const sign = tokens.takeIf('-') ?? tokens.takeIf('+');
  const isNumber = tokens.is('number') || (tokens.version === 3 && tokens.is('duration'));
  if (!isNumber) throw tokens.unexpected('@', 'timestamp');
  const token = tokens.take();
  const absolute = token.kind === 'duration' ? milliseconds(tokens, token) / 1000 : numberOf(tokens, token);
  const seconds = sign?.kind === '-' ? -absolute : absolute;
  if (!(Math.abs(seconds) < FARTHEST_SECONDS)) {
    throw tokens.errorAtByte(`timestamp out of bounds for @ modifier: ${sixDecimals(seconds)}`, expr.start);
  }
  return { time: rounded(seconds * 1000) };
}

function duration(tokens: Tokens, context: string, expected: string): Token {
  if (tokens.is('duration') || (tokens.version === 3 && tokens.is('number'))) return tokens.take();
  throw tokens.unexpected(context, expected);
}

/** Prometheus 3 allows an offset of nothing, and no other duration of nothing. */
function positive(tokens: Tokens, token: Token): number {
  const length = milliseconds(tokens, token);
  if (length > 0) return length;
  throw tokens.error('duration must be greater than 0', token.start);
}

/** The length of a duration; in Prometheus 2 none is of nothing. */
export function milliseconds(tokens: Tokens, token: Token): number {
  if (token.kind === 'number') {
    const seconds = numberOf(tokens, token);
    if (!(seconds <= LONGEST_SECONDS)) throw tokens.error('duration out of range', token.start);
    return Math.trunc(Math.round(seconds * 1e9) / 1e6);
  }
  const length = tokens.attempt(token, () => parseDuration(token.text));
  if (length === 0 && tokens.version === 2) {
    throw tokens.error('duration must be greater than 0', token.start);
  }
  return length;
}

/** The value of a number. */
export function numberOf(tokens: Tokens, token: Token): number {
  return tokens.attempt(token, () => parseNumber(token.text));
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

/** Go's `%f`. */
function sixDecimals(value: number): string {
  if (!Number.isFinite(value)) return plainNumber(value);
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${BigInt(value)}.000000`;
}

/** Halves go away from zero, and there is one zero. */
function rounded(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value)) + 0;
}

import type { Aggregate, Binary, Call, Expr, Matching, ValueType, VectorSelector } from './ast.ts';
import { signatureOf } from './functions/signatures.ts';
import { METRIC_NAME } from './labels.ts';
import { ParseError } from './parse-error.ts';
import { quoted } from './quoting.ts';
import { foldChain } from './tree.ts';
import { documentedType, typeOf } from './types.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

/** What is needed to say where a fault stands. */
type Context = {
  readonly text: string;
  /** In UTF-8, in which places are counted. */
  readonly bytes: Buffer;
  readonly version: 2 | 3;
  /** The matching of operators as it was written. */
  readonly written: ReadonlyMap<Binary, Matching>;
};

/** Whether everything in an expression has the type that is needed there; throws the first `ParseError` in Prometheus' order. */
export function checkTypes(
  expr: Expr,
  text: string,
  version: 2 | 3,
  written: ReadonlyMap<Binary, Matching>,
): void {
  check(expr, { text, bytes: Buffer.from(text), version, written });
}

function check(expr: Expr, context: Context): ValueType {
  const type = typeOf(expr);
  switch (expr.type) {
    case 'number':
    case 'string':
      break;
    case 'paren':
      check(expr.expr, context);
      break;
    case 'unary': {
      const operand = check(expr.expr, context);
      if (operand !== 'scalar' && operand !== 'vector') {
        const got = quoted(documentedType(operand));
        throw fault(
          `unary expression only allowed on expressions of type scalar or instant vector, got ${got}`,
          expr,
          context,
        );
      }
      break;
    }
    case 'subquery': {
      const operand = check(expr.expr, context);
      if (operand !== 'vector') {
        throw fault(`subquery is only allowed on instant vector, got ${operand} instead`, expr, context);
      }
      break;
    }
    case 'matrix':
      checkSelector(expr.selector, context);
      break;
    case 'selector':
      checkSelector(expr, context);
      break;
    case 'aggregate':
      checkAggregate(expr, context);
      break;
    case 'binary':
      foldChain<ValueType>(
        expr,
        (operand) => check(operand, context),
        (left, operator) => checkOperator(operator, left, context),
      );
      break;
    case 'call':
      checkCall(expr, context);
      break;
  }
  return type;
}

function expectType(expr: Expr, wanted: ValueType, where: string, context: Context): void {
  const type = check(expr, context);
  if (type === wanted) return;
  throw fault(
    `expected type ${documentedType(wanted)} in ${where}, got ${documentedType(type)}`,
    expr,
    context,
  );
}

function checkAggregate(expr: Aggregate, context: Context): void {
  expectType(expr.expr, 'vector', 'aggregation expression', context);
  if (expr.param === undefined) return;
  const wanted = expr.op === 'count_values' ? 'string' : 'scalar';
  expectType(expr.param, wanted, 'aggregation parameter', context);
}

function checkCall(expr: Call, context: Context): void {
  const signature = signatureOf(expr.name, context.version);
  if (signature === undefined || !('args' in signature)) return;
  const { args, variadic } = signature;
  const given = expr.args.length;
  const least = variadic === 0 ? args.length : args.length - 1;
  const most = variadic < 0 ? Number.POSITIVE_INFINITY : least + variadic;
  if (given < least || given > most) {
    const bound = variadic === 0 ? '' : given < least ? 'at least ' : 'at most ';
    const count = given < least ? least : most;
    throw fault(
      `expected ${bound}${count} argument(s) in call to ${quoted(expr.name)}, got ${given}`,
      expr,
      context,
    );
  }
  for (const [index, arg] of expr.args.entries()) {
    const wanted = args[Math.min(index, args.length - 1)]!;
    expectType(arg, wanted, `call to function ${quoted(expr.name)}`, context);
  }
}

/** What is wrong with an operator whose left side is of a type; what it yields. */
function checkOperator(expr: Binary, leftType: ValueType, context: Context): ValueType {
  const { op, bool, left, right } = expr;
  const sides = [leftType, check(right, context)] as const;
  const { card, on, labels, include } = context.written.get(expr)!;
  if (bool && !COMPARISONS.has(op)) {
    throw faultOfOperator('bool modifier can only be used on comparison operators', expr, context);
  }
  if (COMPARISONS.has(op) && !bool && sides[0] === 'scalar' && sides[1] === 'scalar') {
    throw faultOfOperator('comparisons between scalars must use BOOL modifier', expr, context);
  }
  const included = new Set(include);
  const twice = on ? labels.find((label) => included.has(label)) : undefined;
  if (twice !== undefined) {
    const reason = `label ${quoted(twice)} must not occur in ON and GROUP clause at once`;
    throw faultOfOperator(reason, expr, context);
  }
  for (const [index, side] of [left, right].entries()) {
    if (sides[index] === 'scalar' || sides[index] === 'vector') continue;
    throw fault('binary expression must contain only scalar and instant vector types', side, context);
  }
  if (sides[0] === 'vector' && sides[1] === 'vector') {
    if (SETS.has(op) && card !== 'many-to-many') {
      throw fault(`no grouping allowed for ${quoted(op)} operation`, expr, context);
    }
    return 'vector';
  }
  if (labels.length > 0) throw fault('vector matching only allowed between instant vectors', expr, context);
  if (SETS.has(op)) {
    throw fault(`set operator ${quoted(op)} not allowed in binary scalar expression`, expr, context);
  }
  return typeOf(expr);
}

function checkSelector(expr: VectorSelector, context: Context): void {
  if (expr.matchers.every((matcher) => matcher.matches(''))) {
    throw fault('vector selector must contain at least one non-empty matcher', expr, context);
  }
  if (expr.name === undefined) return;
  // The one of the name itself is the last.
  const second = expr.matchers.slice(0, -1).find((matcher) => matcher.name === METRIC_NAME);
  if (second === undefined) return;
  const reason = `metric name must not be set twice: ${quoted(expr.name)} or ${quoted(second.value)}`;
  throw fault(reason, expr, context);
}

function fault(reason: string, { start }: Expr, context: Context): ParseError {
  return faultAt(reason, start, context);
}

/** At the operator: behind the left side and the space that follows it. */
function faultOfOperator(reason: string, { left }: Binary, context: Context): ParseError {
  let at = left.end;
  while (' \t\r\n'.includes(String.fromCharCode(context.bytes[at] ?? 0))) at += 1;
  return faultAt(reason, at, context);
}

function faultAt(reason: string, byte: number, { text, bytes }: Context): ParseError {
  return new ParseError(reason, text, bytes.subarray(0, byte).toString().length);
}

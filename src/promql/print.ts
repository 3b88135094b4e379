import type { LabelMatcher } from '../model/index.ts';
import type { Aggregate, Binary, Expr, Shift, Subquery, VectorSelector } from './ast.ts';
import { formatDuration } from './durations.ts';
import { isLabelName, METRIC_NAME } from './labels.ts';
import { plainNumber } from './numbers.ts';
import { quoted } from './quoting.ts';
import { foldChain } from './tree.ts';

/** An expression as Prometheus prints it: `parse` reads it back to the same tree. */
export function print(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return expr.duration ? formatDuration(expr.value * 1000) : plainNumber(expr.value);
    case 'string':
      return quoted(expr.value);
    case 'selector':
      return selector(expr) + shift(expr);
    case 'matrix':
      return `${selector(expr.selector)}[${formatDuration(expr.range)}]${shift(expr.selector)}`;
    case 'subquery':
      return `${print(expr.expr)}${subqueryRange(expr)}${shift(expr)}`;
    case 'call':
      return `${expr.name}(${expr.args.map(print).join(', ')})`;
    case 'aggregate':
      return aggregate(expr);
    case 'binary':
      return foldChain(
        expr,
        print,
        (left, operator) => `${left} ${operator.op}${modifiers(operator)} ${print(operator.right)}`,
      );
    case 'unary':
      return `${expr.op}${print(expr.expr)}`;
    case 'paren':
      return `(${print(expr.expr)})`;
  }
}

/** A selector's name and matchers, without `offset` and `@`. */
function selector({ name, matchers }: VectorSelector): string {
  const inside = matchers
    .filter((matcher) => name === undefined || !isNameOf(name, matcher))
    .map(printMatcher)
    .sort();
  if (inside.length === 0 && name !== undefined) return name;
  return `${name ?? ''}{${inside.join(',')}}`;
}

function isNameOf(name: string, { name: label, op, value }: LabelMatcher): boolean {
  return label === METRIC_NAME && op === '=' && value === name;
}

function printMatcher({ name, op, value }: LabelMatcher): string {
  return `${isLabelName(name) ? name : quoted(name)}${op}${quoted(value)}`;
}

function shift({ offset, at }: Shift): string {
  const instant =
    at === undefined ? '' : ` @ ${typeof at === 'object' ? (at.time / 1000).toFixed(3) : `${at}()`}`;
  return instant + (offset === 0 ? '' : ` offset ${formatDuration(offset)}`);
}

function subqueryRange({ range, step }: Subquery): string {
  return `[${formatDuration(range)}:${step === undefined ? '' : formatDuration(step)}]`;
}

function aggregate({ op, expr, param, grouping }: Aggregate): string {
  const args = param === undefined ? print(expr) : `${print(param)}, ${print(expr)}`;
  if (grouping === undefined) return `${op}(${args})`;
  return `${op} ${grouping.without ? 'without' : 'by'} ${labelList(grouping.labels)} (${args})`;
}

function modifiers({ bool, matching }: Binary): string {
  const text = bool ? ' bool' : '';
  if (matching === undefined) return text;
  const { card, on, labels, include } = matching;
  const isGrouped = card === 'many-to-one' || card === 'one-to-many';
  if (!on && !isGrouped && labels.length === 0) return text;
  const how = `${text} ${on ? 'on' : 'ignoring'} ${labelList(labels)}`;
  if (!isGrouped) return how;
  return `${how} group_${card === 'many-to-one' ? 'left' : 'right'} ${labelList(include)}`;
}

function labelList(labels: readonly string[]): string {
  return `(${labels.map((label) => (isLabelName(label) ? label : quoted(label))).join(', ')})`;
}

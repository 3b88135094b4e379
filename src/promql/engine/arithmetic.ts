import type { BinaryOp } from '../ast.ts';
import type { Modes } from './values.ts';

/** An operator between two numbers. */
export type Operation = (left: number, right: number) => number;
/** A comparison of two numbers. */
export type Comparison = (left: number, right: number) => boolean;

/** Operators that make a new number of two. */
export const OPERATIONS: ReadonlyMap<BinaryOp, Operation> = new Map<BinaryOp, Operation>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['^', power],
  ['atan2', (left, right) => Math.atan2(left, right)],
]);

/** Operators that filter, or with `bool` answer with 1 and 0. */
export const COMPARISONS: ReadonlyMap<BinaryOp, Comparison> = new Map<BinaryOp, Comparison>([
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
  ['>', (left, right) => left > right],
  ['<', (left, right) => left < right],
  ['>=', (left, right) => left >= right],
  ['<=', (left, right) => left <= right],
]);

/** Whether what an operator makes is no longer a sample of the metric, so that its name goes. */
export function dropsName(op: BinaryOp, modes: Modes): boolean {
  return OPERATIONS.has(op) && (op !== 'atan2' || modes.atan2DropsName);
}

/** Go's `math.Pow`: unlike `**`, 1 and -1 have powers that are not a number or not finite. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Infinity) return 1;
  return base ** exponent;
}

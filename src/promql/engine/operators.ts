import type { Binary, BinaryOp } from '../ast.ts';
import { COMPARISONS, dropsName, OPERATIONS } from './arithmetic.ts';
import { withoutName } from './label-sets.ts';
import { distinct, merged } from './rows.ts';
import type { Modes, Rows, Scalars } from './values.ts';

/** An operator between two numbers; comparisons say 1 and 0. */
export function betweenScalars(op: BinaryOp, left: Scalars, right: Scalars): Scalars {
  const operation = OPERATIONS.get(op);
  if (operation !== undefined) return left.map((value, step) => operation(value, right[step]!));
  const compare = COMPARISONS.get(op)!;
  return left.map((value, step) => (compare(value, right[step]!) ? 1 : 0));
}

/** An operator between a vector and a number, which stands on the right unless `swapped`. Filters keep the vector's values. */
export function withScalar(
  { op, bool }: Binary,
  rows: Rows,
  scalars: Scalars,
  swapped: boolean,
  modes: Modes,
): Rows {
  const operation = OPERATIONS.get(op);
  if (operation === undefined) return compared(op, bool, rows, scalars, swapped);
  for (const { values, present } of rows) {
    for (let step = 0; step < values.length; step++) {
      if (present[step] === 0) continue;
      const value = values[step]!;
      const scalar = scalars[step]!;
      values[step] = swapped ? operation(scalar, value) : operation(value, scalar);
    }
  }
  return dropsName(op, modes) ? nameless(rows) : rows;
}

function compared(op: BinaryOp, bool: boolean, rows: Rows, scalars: Scalars, swapped: boolean): Rows {
  const compare = COMPARISONS.get(op)!;
  for (const { values, present } of rows) {
    for (let step = 0; step < values.length; step++) {
      if (present[step] === 0) continue;
      const value = values[step]!;
      const scalar = scalars[step]!;
      const holds = swapped ? compare(scalar, value) : compare(value, scalar);
      if (bool) values[step] = holds ? 1 : 0;
      else if (!holds) present[step] = 0;
    }
  }
  return bool ? nameless(rows) : rows;
}

/** The rows without the name of the metric. */
export function nameless(rows: Rows): Rows {
  return merged(rows.map((row) => ({ ...row, labels: withoutName(row.labels) })));
}

/** A minus in front of a vector. */
export function negated(rows: Rows, modes: Modes): Rows {
  for (const { values } of rows)
    for (let step = 0; step < values.length; step++) values[step] = -values[step]!;
  if (modes.minusMerges) return nameless(rows);
  return distinct(rows.map((row) => ({ ...row, labels: withoutName(row.labels) })));
}

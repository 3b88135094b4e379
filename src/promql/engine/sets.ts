import type { Matching } from '../ast.ts';
import { matchGroups } from './match-keys.ts';
import { merged } from './rows.ts';
import type { Rows } from './values.ts';

/** `and`, `or` and `unless`: samples of one side for which the other side has, or has not, samples that match. */
export function setOperation(op: 'and' | 'or' | 'unless', left: Rows, right: Rows, matching: Matching): Rows {
  const groups = matchGroups(left, right, matching);
  if (op === 'or') {
    keep(right, groups.right, presence(left, groups.left, groups.count), 0);
    return merged([...left, ...right]);
  }
  keep(left, groups.left, presence(right, groups.right, groups.count), op === 'and' ? 1 : 0);
  return left;
}

/** For each group, at which steps a row of it has a sample; undefined: there is no row. */
function presence(rows: Rows, groups: readonly number[], count: number): (Uint8Array | undefined)[] {
  const present = new Array<Uint8Array | undefined>(count).fill(undefined);
  for (const [index, row] of rows.entries()) {
    const group = groups[index]!;
    const known = present[group];
    if (known === undefined) present[group] = row.present.slice();
    else for (let step = 0; step < known.length; step++) known[step] = known[step]! | row.present[step]!;
  }
  return present;
}

/** Takes the samples away whose group is not `wanted` there: present (1) or not (0). */
function keep(
  rows: Rows,
  groups: readonly number[],
  present: readonly (Uint8Array | undefined)[],
  wanted: 0 | 1,
): void {
  for (const [index, row] of rows.entries()) {
    const there = present[groups[index]!];
    for (let step = 0; step < row.present.length; step++)
      if ((there?.[step] ?? 0) !== wanted) row.present[step] = 0;
  }
}

import { NO_LABELS } from '../engine/label-sets.ts';
import { emptyRow, type Row, timeOf } from '../engine/values.ts';
import { absentRows } from './absent.ts';
import type { PromFunction } from './function.ts';
import { mapped } from './math.ts';

/** Between scalars and vectors, and what looks at a vector as a whole. */
export const VECTORS: readonly (readonly [string, PromFunction])[] = [
  ['absent', { kind: 'vector', of: absentRows }],
  ['pi', { kind: 'scalar', of: (_rows, { steps }) => new Float64Array(steps.count).fill(Math.PI) }],
  [
    'scalar',
    {
      kind: 'scalar',
      of: (rows, { steps }) =>
        new Float64Array(steps.count).map((_, step) => {
          let only: Row | undefined;
          for (const row of rows) {
            if (row.present[step] !== 1) continue;
            if (only !== undefined) return Number.NaN;
            only = row;
          }
          return only?.values[step] ?? Number.NaN;
        }),
    },
  ],
  ['sort', sorted((a, b) => a - b)],
  ['sort_desc', sorted((a, b) => b - a)],
  [
    'time',
    {
      kind: 'scalar',
      of: (_rows, { steps }) => new Float64Array(steps.count).map((_, step) => timeOf(steps, step) / 1000),
    },
  ],
  // Of a selector it is the time of the sample, which only the selector knows.
  [
    'timestamp',
    { kind: 'vector', of: (rows, { steps }) => mapped(rows, (_value, step) => timeOf(steps, step) / 1000) },
  ],
  [
    'vector',
    {
      kind: 'vector',
      of: (_rows, { steps, scalars }) => {
        const row = emptyRow(NO_LABELS, steps.count);
        row.values.set(scalars[0]!);
        row.present.fill(1);
        return [row];
      },
    },
  ],
];

/** The order of an instant's samples by their values, NaN last either way; over several steps there is none. */
function sorted(order: (a: number, b: number) => number): PromFunction {
  return {
    kind: 'vector',
    of: (rows, { steps }) => {
      if (steps.count !== 1) return rows;
      return rows.toSorted(({ values: [a = 0] }, { values: [b = 0] }) => {
        if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
        return a === b ? 0 : order(a, b);
      });
    },
  };
}

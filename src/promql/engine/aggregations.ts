import type { AggregateOp } from '../ast.ts';
import { KahanSum } from '../functions/kahan.ts';
import { quantileOf } from '../functions/quantile.ts';
import type { Group } from './groups.ts';
import { Slab } from './slab.ts';
import type { Modes, Row, Rows, Scalars } from './values.ts';

/** How one number comes of the values of a group at a step. There is at least one, in the order of the rows. */
type Fold = (values: Float64Array, count: number, modes: Modes, parameter: number) => number;

const FOLDS: ReadonlyMap<AggregateOp, Fold> = new Map<AggregateOp, Fold>([
  [
    'sum',
    (values, count, modes) => (modes.kahanSum ? compensatedSum(values, count) : plainSum(values, count)),
  ],
  [
    'avg',
    (values, count, modes) => (modes.kahanSum ? compensatedMean(values, count) : movingMean(values, count)),
  ],
  ['min', (values, count) => extreme(values, count, (value, least) => value < least)],
  ['max', (values, count) => extreme(values, count, (value, most) => value > most)],
  ['count', (_values, count) => count],
  ['group', () => 1],
  ['stddev', (values, count, modes) => Math.sqrt(variance(values, count, modes))],
  ['stdvar', variance],
  ['quantile', (values, count, _modes, q) => quantileOf(q, values.subarray(0, count))],
]);

/** Samples of this many steps are laid side by side at a time, so that both reading and computing go along memory. */
const STRIDE = 64;

/** A row for each group: `sum`, `avg`, `min`, `max`, `count`, `group`, `stddev`, `stdvar` or `quantile` of its values. */
export function aggregated(
  op: AggregateOp,
  groups: readonly Group[],
  modes: Modes,
  parameters: Scalars | undefined,
): Rows {
  const first = groups[0];
  if (first === undefined) return [];
  const fold = FOLDS.get(op)!;
  const steps = first.rows[0]!.present.length;
  const columns = new Columns(
    Math.min(STRIDE, steps),
    groups.reduce((most, { rows }) => Math.max(most, rows.length), 0),
  );
  const slab = new Slab(steps);
  return groups.map(({ labels, rows }) => {
    const result = slab.row(labels);
    for (let from = 0; from < steps; from += STRIDE) {
      const to = Math.min(from + STRIDE, steps);
      columns.fill(rows, from, to);
      for (let step = from; step < to; step++) {
        const count = columns.counts[step - from]!;
        if (count === 0) continue;
        const values = columns.values[step - from]!;
        result.values[step] = fold(values, count, modes, parameters?.[step] ?? Number.NaN);
        result.present[step] = 1;
      }
    }
    return result;
  });
}

/** The values of the rows of a group at some steps, a column for each step. */
class Columns {
  readonly values: readonly Float64Array[];
  readonly counts: Int32Array;

  constructor(steps: number, rows: number) {
    const all = new Float64Array(steps * rows);
    this.values = Array.from({ length: steps }, (_, step) => all.subarray(step * rows, (step + 1) * rows));
    this.counts = new Int32Array(steps);
  }

  fill(rows: readonly Row[], from: number, to: number): void {
    const { values: columns, counts } = this;
    counts.fill(0);
    for (const { values, present } of rows) {
      for (let step = from; step < to; step++) {
        if (present[step] === 0) continue;
        const column = step - from;
        columns[column]![counts[column]!++] = values[step]!;
      }
    }
  }
}

function plainSum(values: Float64Array, count: number): number {
  let sum = values[0]!;
  for (let index = 1; index < count; index++) sum += values[index]!;
  return sum;
}

/** The mean as 2.42 keeps it while values come in: it does not overflow where the sum would. */
function movingMean(values: Float64Array, count: number): number {
  let mean = values[0]!;
  for (let index = 1; index < count; index++) {
    const value = values[index]!;
    if (Math.abs(mean) === Infinity && (value === mean || Number.isFinite(value))) continue;
    mean += value / (index + 1) - mean / (index + 1);
  }
  return mean;
}

function compensatedSum(values: Float64Array, count: number): number {
  const sum = new KahanSum(true).reset(values[0]!);
  for (let index = 1; index < count; index++) sum.add(values[index]!);
  return sum.total;
}

/** The sum divided; from where it would overflow, a mean that is kept while values come in. */
function compensatedMean(values: Float64Array, count: number): number {
  const kahan = new KahanSum(true).reset(values[0]!);
  for (let index = 1; index < count; index++) {
    const { sum, lost } = kahan;
    kahan.add(values[index]!);
    if (Math.abs(kahan.sum) !== Infinity) continue;
    return continuedMean(kahan.reset(sum / index, lost / index), values, index, count);
  }
  return kahan.sum / count + kahan.lost / count;
}

function continuedMean(mean: KahanSum, values: Float64Array, from: number, count: number): number {
  for (let index = from; index < count; index++) {
    const share = index / (index + 1);
    mean.reset(share * mean.sum, share * mean.lost).add(values[index]! / (index + 1));
  }
  return mean.total;
}

/** NaN only where nothing else is. */
function extreme(
  values: Float64Array,
  count: number,
  beats: (value: number, best: number) => boolean,
): number {
  let best = values[0]!;
  for (let index = 1; index < count; index++) {
    const value = values[index]!;
    if (beats(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

/** Of the whole population, after Welford. */
function variance(values: Float64Array, count: number, modes: Modes): number {
  let mean = values[0]!;
  let squares = modes.nanDeviation && !Number.isFinite(mean) ? Number.NaN : 0;
  for (let index = 1; index < count; index++) {
    const delta = values[index]! - mean;
    mean += delta / (index + 1);
    squares += delta * (values[index]! - mean);
  }
  return squares / count;
}

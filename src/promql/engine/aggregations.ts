import type { AggregateOp } from '../ast.ts';
import { KahanSum } from '../functions/kahan.ts';
import { quantileOf } from '../functions/quantile.ts';
import type { Group } from './groups.ts';
import { emptyRow, type Modes, type Row, type Scalars } from './values.ts';

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

/** One row of a group: `sum`, `avg`, `min`, `max`, `count`, `group`, `stddev`, `stdvar` or `quantile` of its values. */
export function aggregated(
  op: AggregateOp,
  group: Group,
  modes: Modes,
  parameters: Scalars | undefined,
): Row {
  const fold = FOLDS.get(op)!;
  const { rows, labels } = group;
  const count = rows[0]!.present.length;
  const result = emptyRow(labels, count);
  const stride = Math.min(STRIDE, count);
  const columns = Array.from({ length: stride }, () => new Float64Array(rows.length));
  const lengths = new Int32Array(stride);
  for (let first = 0; first < count; first += stride) {
    const end = Math.min(first + stride, count);
    lengths.fill(0);
    for (const { values, present } of rows) {
      for (let step = first; step < end; step++) {
        if (present[step] === 0) continue;
        const column = step - first;
        columns[column]![lengths[column]!++] = values[step]!;
      }
    }
    for (let step = first; step < end; step++) {
      const length = lengths[step - first]!;
      if (length === 0) continue;
      result.values[step] = fold(columns[step - first]!, length, modes, parameters?.[step] ?? Number.NaN);
      result.present[step] = 1;
    }
  }
  return result;
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

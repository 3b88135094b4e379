import type { Labels, Series } from '../model/index.ts';
import { type Family, labelsAt } from './family.ts';
import { type Metric, partsOf } from './metric.ts';
import { boundText } from './text.ts';
import { boundsOf } from './totals.ts';
import { valueNamed } from './values.ts';

/** When scrapes happen: at multiples of `interval` from `first` to `last`, integer milliseconds. */
export type Grid = { readonly interval: number; readonly first: number; readonly last: number };

/**
 * A series that is scraped on a grid, told by its changes: `values[i]` from `times[i]` on, `before` ahead of the first one,
 * NaN where there is no sample yet. However long the grid is, only what is read of it is made.
 */
type Runs = { readonly before: number; readonly times: Float64Array; readonly values: Float64Array };

function scraped(labels: Labels, { interval, first, last }: Grid, changes: () => Runs): Series {
  let known: Runs | undefined;
  return {
    labels,
    read: (from, to, sink) => {
      known ??= changes();
      const { before, times, values } = known;
      const stop = Math.min(to, last);
      let time = onGrid(Math.max(from, first), interval);
      let next = countUpTo(times, time);
      let value = next === 0 ? before : values[next - 1]!;
      for (; time <= stop; time += interval) {
        while (next < times.length && times[next]! <= time) value = values[next++]!;
        if (!Number.isNaN(value)) sink(time, value, false);
      }
    },
  };
}

/** The first scrape at or after a time. */
export const onGrid = (time: number, interval: number): number => Math.ceil(time / interval) * interval;

/** How many of ascending times are not after `time`. */
export function countUpTo(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `le` of whole bounds: 3.0 writes floats as OpenMetrics does when it scrapes, `5.0`; before, it took what the exporter wrote. */
const LE_FORMAT = { 2: 'prometheus', 3: 'openmetrics' } as const;

/** The samples of one family by the suffix of their names, each a list of series, those of `at` on the grid of `at`. */
export function samplesOf(
  family: Family,
  version: 2 | 3,
): ReadonlyMap<string, (gridAt: (at: number) => Grid) => Series[]> {
  const each = (suffix: string, series: (at: number, labels: Labels, grid: Grid) => Series[]) =>
    [
      suffix,
      (gridAt: (at: number) => Grid) =>
        family.series.flatMap((_, at) => series(at, labelsAt(family, at, suffix), gridAt(at))),
    ] as const;
  if (family.metric.type !== 'histogram') {
    return new Map([
      each('', (at, labels, grid) => [scraped(labels, grid, () => runsOf(family, at, grid.interval))]),
    ]);
  }
  const { buckets = [] } = family.metric;
  const les = [...buckets, Number.POSITIVE_INFINITY].map((le) => boundText(le, LE_FORMAT[version]));
  const bounds = [...boundsOf(family), Number.POSITIVE_INFINITY];
  return new Map([
    each('_bucket', (at, labels, grid) =>
      bounds.map((bound, i) =>
        scraped(new Map([...labels, ['le', les[i]!]]), grid, () =>
          countsUpTo(family, at, bound, grid.interval),
        ),
      ),
    ),
    each('_sum', (at, labels, grid) => [scraped(labels, grid, () => sums(family, at, grid.interval))]),
    each('_count', (at, labels, grid) => [
      scraped(labels, grid, () => countsUpTo(family, at, Number.POSITIVE_INFINITY, grid.interval)),
    ]),
  ]);
}

function runsOf(family: Family, at: number, interval: number): Runs {
  if (family.metric.type === 'counter') return sums(family, at, interval);
  // What is told now and then is not known before it was told first; of what runs, nothing ran before.
  const before = isOfRunning(family.metric) ? 0 : Number.NaN;
  return changes(family, at, interval, before, (event) => partsAt(family, event) / family.divisor);
}

/** Whether a gauge is how many spans run, rather than what was told last. */
export function isOfRunning(metric: Metric): boolean {
  return partsOf(metric).every(({ value }) => valueNamed(value).level === 'running');
}

/** Running sums. Parts of the unit are whole numbers: they are added as such, so that no order and no number of them matters. */
function sums(family: Family, at: number, interval: number): Runs {
  const { divisor } = family;
  let [whole, parts] = [0, 0];
  return changes(family, at, interval, 0, (event) => {
    parts += partsAt(family, event);
    if (divisor > 1 && Math.abs(parts) >= divisor) {
      const carried = Math.trunc(parts / divisor);
      whole += carried;
      parts -= carried * divisor;
    }
    const all = whole * divisor + parts;
    return Number.isSafeInteger(all) ? all / divisor : whole + parts / divisor;
  });
}

function countsUpTo(family: Family, at: number, bound: number, interval: number): Runs {
  let count = 0;
  return changes(family, at, interval, 0, (event) => {
    if (partsAt(family, event) <= bound) count += 1;
    return count;
  });
}

/** In parts of the unit. */
const partsAt = ({ values }: Family, event: number): number => values?.[event] ?? 1;

/** What `valueAfter` says of every event in turn, kept where a scrape can see it change. */
function changes(
  { from, times }: Family,
  at: number,
  interval: number,
  before: number,
  valueAfter: (event: number) => number,
): Runs {
  const [first, end] = [from[at]!, from[at + 1]!];
  const seen = new Float64Array(end - first);
  const values = new Float64Array(end - first);
  let length = 0;
  let last = before;
  for (let event = first; event < end; event++) {
    const value = valueAfter(event);
    const time = onGrid(times[event]!, interval);
    if (length > 0 && seen[length - 1] === time) values[length - 1] = value;
    else if (value !== last) {
      seen[length] = time;
      values[length++] = value;
    }
    last = values[length - 1] ?? before;
  }
  return { before, times: seen.slice(0, length), values: values.slice(0, length) };
}

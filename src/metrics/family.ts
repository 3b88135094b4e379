import type { Labels } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';
import type { Extent } from './extent.ts';
import type { Metric } from './metric.ts';

/**
 * All series of one metric and every event of theirs, in columns. The events of series `s` are
 * `[from[s], from[s + 1])`, in the order of time, those of one time in an order that depends on nothing else.
 *
 * An event is: of a counter what it grew by, of a histogram what was observed, of a gauge the level from then on. Values
 * are in units of `1 / divisor`, so that money, times and shares are whole numbers whose sums are exact.
 */
export type Family = {
  readonly metric: Metric;
  readonly labelNames: readonly string[];
  /** The values of `labelNames`, in the order of their texts; no two series have the same. */
  readonly series: readonly (readonly string[])[];
  readonly from: Uint32Array;
  /** Integer milliseconds since the epoch: the first at which the event has happened. */
  readonly times: Float64Array;
  /** Undefined: every one is 1. */
  readonly values: Float64Array | undefined;
  /** The span behind the event, a position of the forest. */
  readonly spans: Int32Array;
  readonly divisor: number;
};

/** What was collected of one input. */
export type Families = {
  readonly families: readonly Family[];
  readonly data: Measured;
  /** Integer milliseconds: when the first of the chosen spans began, and when the last one was over. Undefined without any. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** Where every process is replayed by itself: when each was seen, by its label; '' are all those without a name. */
  readonly instances: ReadonlyMap<string, Extent> | undefined;
  /** What is to be said of the figures. */
  readonly notes: readonly string[];
};

/** The labels of one series; `suffix` is that of a histogram's samples. */
export function labelsAt({ metric, labelNames, series }: Family, at: number, suffix = ''): Labels {
  const labels = new Map([['__name__', metric.name + suffix]]);
  for (const [i, value] of series[at]!.entries()) if (value !== '') labels.set(labelNames[i]!, value);
  return labels;
}

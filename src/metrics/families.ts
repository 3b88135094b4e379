import type { Labels } from '../model/index.ts';

/**
 * What moved one series, event by event in the order of time: parallel lists. A time is the integer millisecond at which a
 * scrape sees the event first (rounded up: a span that ends at 10.2 ms is in a scrape at 11 ms, not in one at 10 ms).
 */
export type Events = {
  readonly times: Float64Array;
  /**
   * Counters: what the event adds. Histograms: what it observes. Gauges of changes: what it adds to the level (1 when
   * a span starts, -1 when it ends). Gauges of levels: the level from then on. All in parts of the unit, see `per`.
   */
  readonly values: Float64Array;
  /** The positions in the forest of the spans behind the events. */
  readonly positions: Int32Array;
};

/** One series of a family; `labels` without `__name__` and without `le`. */
export type FamilySeries = { readonly labels: Labels; readonly events: Events };

/** One metric with all of its series: the name as it is written out, prefix and all. */
export type Family = {
  readonly name: string;
  readonly help: string;
  /** Gauges: does an event change the level, or say it? */
  readonly type: 'counter' | 'histogram' | 'gauge' | 'level';
  /** `seconds`, `bytes`, …; undefined where the name ends in none. */
  readonly unit: string | undefined;
  /** How many parts of `values` are one of the unit: 1e9 for times, 1e12 for money, so that sums are exact; 1 for counts. */
  readonly per: number;
  /** Histograms: upper bounds in the unit, ascending, without +Inf. Others: none. */
  readonly buckets: readonly number[];
  readonly series: readonly FamilySeries[];
};

/** Every metric that the data tells, in the order of the catalogue, and which instants it covers. */
export type Families = {
  readonly families: readonly Family[];
  /** Names of the catalogue that no span told anything of. */
  readonly silent: readonly string[];
  /** The first start and the last end of what was read, integer milliseconds; undefined without any usable time. */
  readonly start: number | undefined;
  readonly end: number | undefined;
};

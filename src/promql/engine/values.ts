import type { LabelSet } from './label-sets.ts';

/** The times of an evaluation: `start + i * step` for `0 <= i < count`, in integer milliseconds. */
export type Steps = { readonly start: number; readonly step: number; readonly count: number };

/**
 * One series of a vector over all steps: `values[i]` says something where `present[i]` is 1. Who is given a row owns it and
 * may change its arrays; nobody else looks at it again.
 */
export type Row = { readonly labels: LabelSet; readonly values: Float64Array; readonly present: Uint8Array };

/** A vector over all steps. Two rows may have the same labels as long as no step has both. */
export type Rows = readonly Row[];

/** A number for every step. */
export type Scalars = Float64Array;

/** The samples of one series in a window of time: `from <= i < to` of buffers that hold more. No stale markers among them. */
export type Window = {
  /** Milliseconds. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  /** The edges of the window, in milliseconds: `end` is the time of evaluation less the offset, `start` the range before. */
  readonly start: number;
  readonly end: number;
};

/** What the versions of Prometheus do differently. */
export type Modes = {
  /** The left edge of windows and of the lookback does not belong to them (3.0). */
  readonly leftOpen: boolean;
  /** `rate` clamps at the zero crossing after it has looked at the threshold (2.52), not before. */
  readonly clampLast: boolean;
  /** `sum` and `avg` carry what rounding loses (2.54, 2.55). */
  readonly kahanSum: boolean;
  /** Buckets of a histogram may differ by rounding without being forced monotonic (2.49). */
  readonly tolerantBuckets: boolean;
  /** Pairs that a comparison filters away are matched too: two of a group are an error (3.x). */
  readonly matchesBeforeFilter: boolean;
  /** The deviation of a single value that is not finite is NaN (3.x), not 0. */
  readonly nanDeviation: boolean;
  /** `atan2` drops the name of the metric as other arithmetic does (3.x). */
  readonly atan2DropsName: boolean;
  /** A minus merges series that only the name told apart, and refuses them where both have a sample (3.x); before, always. */
  readonly minusMerges: boolean;
  /** `topk` and `bottomk` refuse NaN, and numbers too small, in words of their own (3.x). */
  readonly refusesNan: boolean;
  /** `topk` and `bottomk` put a better sample in the place of the worst (2.43); before, that one was taken out first. */
  readonly ranksInPlace: boolean;
  /** `.` of a regular expression matches a line feed (3.0). */
  readonly dotMatchesNewline: boolean;
  /** Any text is the name of a label, but the empty one (3.0). */
  readonly utf8Names: boolean;
};

/** The modes of a version: 2 is 2.42. */
export function modesOf(version: 2 | 3): Modes {
  const new3 = version === 3;
  return {
    leftOpen: new3,
    clampLast: new3,
    kahanSum: new3,
    tolerantBuckets: new3,
    matchesBeforeFilter: new3,
    nanDeviation: new3,
    atan2DropsName: new3,
    minusMerges: new3,
    refusesNan: new3,
    ranksInPlace: new3,
    dotMatchesNewline: new3,
    utf8Names: new3,
  };
}

/** The time of a step, in milliseconds. */
export function timeOf(steps: Steps, index: number): number {
  return steps.start + index * steps.step;
}

/** A row with no sample yet. */
export function emptyRow(labels: LabelSet, count: number): Row {
  return { labels, values: new Float64Array(count), present: new Uint8Array(count) };
}

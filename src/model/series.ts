/** Label names with their values; the name of the metric is `__name__`. A label with an empty value is no label. */
export type Labels = ReadonlyMap<string, string>;

/** Samples of one series in the order of their times. Times are integer milliseconds since the epoch. */
export type SampleSink = (time: number, value: number, stale: boolean) => void;

/** A series of samples, as many as there are or as few as are asked for. */
export type Series = {
  readonly labels: Labels;
  /**
   * Hands over the samples with `from <= time <= to`, in order, no two of one time. A stale marker (`stale`, its value says
   * nothing) ends a series until its next sample.
   */
  readonly read: (from: number, to: number, sink: SampleSink) => void;
};

/** `=`, `!=`, `=~`, `!~`; regular expressions are RE2 and match whole values. A missing label has the value ''. */
export type LabelMatcher = {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  readonly matches: (value: string) => boolean;
};

/** What expressions are evaluated on. Every series whose labels fit all matchers, in no order, no two with the same labels. */
export type SeriesSource = { readonly select: (matchers: readonly LabelMatcher[]) => readonly Series[] };

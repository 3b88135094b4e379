/** What was done about clocks that differ, by rows of the table. */
export type Skew = {
  /** Spans that were moved; all others stayed. */
  readonly shifts: ReadonlyMap<number, Shift>;
  /** Where a clock was found to differ from that of the span above, in the order of the trees. */
  readonly corrections: readonly Correction[];
  /** The same where the clocks would differ by more than can be believed: nothing was moved. */
  readonly refused: readonly Correction[];
};

/** What was added to the times of a span, in nanoseconds, because of the clock of `host`. */
export type Shift = { readonly nanos: number; readonly host: string };

/** `spans`: how many were moved by it, the one it was found at and those below it on the same clock. */
export type Correction = Shift & { readonly row: number; readonly spans: number };

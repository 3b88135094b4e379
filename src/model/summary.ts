import type { Skipped, SourceInfo, WarningKind } from './source.ts';

/**
 * What was read, what was passed over, and whether totals can be trusted: the `input` object of every JSON answer,
 * its keys in the order they are written.
 */
export type InputSummary = {
  readonly sources: readonly SourceInfo[];
  /** Unique spans. */
  readonly spans: number;
  readonly duplicates: number;
  readonly traces: number;
  readonly roots: number;
  readonly orphans: number;
  /** Spans whose OpenTelemetry status is ERROR, as the telemetry said. */
  readonly errors: number;
  /** Spans without an end. */
  readonly open_spans: number;
  /** Log records that carry a trace id. */
  readonly logs: number;
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly InputWarning[];
  /** False when something damaged or unreadable may be missing from a total. */
  readonly complete: boolean;
};

/** What is told where nothing was read. */
export const NOTHING_READ: InputSummary = {
  sources: [],
  spans: 0,
  duplicates: 0,
  traces: 0,
  roots: 0,
  orphans: 0,
  errors: 0,
  open_spans: 0,
  logs: 0,
  skipped: [],
  warnings: [],
  complete: true,
};

type InputWarning = { readonly kind: WarningKind; readonly count: number; readonly first: string };

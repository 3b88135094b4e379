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

type InputWarning = { readonly kind: WarningKind; readonly count: number; readonly first: string };

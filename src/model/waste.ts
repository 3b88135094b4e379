import type { Duration, Money } from './report.ts';

/** What waste comes to; `share` of the cost and `time_share` of the time of all runs, null where nobody can tell. */
export type WasteTotal = {
  readonly findings: number;
  readonly cost_usd: Money;
  readonly unpriced_calls: number;
  readonly share: number | null;
  readonly wasted_ms: Duration;
  readonly time_share: number | null;
};

/** One thing that was paid or waited for in vain. */
export type WasteRow = {
  readonly kind: string;
  readonly reason: string;
  readonly trace_id: string;
  readonly step: string;
  /** Ids of the first wasted calls. */
  readonly spans: readonly string[];
  /** Calls of the pattern, and how many of them are waste. */
  readonly calls: number;
  readonly wasted_calls: number;
  readonly cost_usd: Money;
  readonly unpriced_calls: number;
  readonly share: number | null;
  readonly wasted_ms: Duration;
  readonly critical_ms: Duration;
  readonly missed_tokens: number | null;
  readonly text: string;
};

/** A limit of `--fail-on`; `holds` is null where the data cannot tell. */
export type WasteLimit = {
  readonly expression: string;
  readonly holds: boolean | null;
  readonly value: number | null;
  readonly limit: number;
  readonly unit: 'share' | 'usd' | 'seconds' | 'count';
};

/** The body of `bottlenecks --waste`. */
export type WasteAnswer = {
  readonly waste: {
    readonly findings: readonly WasteRow[];
    /** Findings that `--limit` left out. */
    readonly more_findings: number;
    readonly by_kind: readonly (WasteTotal & { readonly kind: string })[];
    readonly total: WasteTotal;
    readonly share: number | null;
    readonly time_share: number | null;
    readonly runs: number;
    readonly spend_usd: Money;
    readonly spend_unpriced_calls: number;
    readonly run_ms: Duration;
    /** Calls that look repeated, of which arguments or results are not told. */
    readonly undecided_calls: number;
    readonly cache: {
      readonly calls: number;
      readonly untold_calls: number;
      readonly repeated_tokens: number;
      readonly read_tokens: number;
      readonly missed_tokens: number;
      readonly unproven_calls: number;
      readonly hit_ratio: number | null;
    };
    readonly limits: readonly WasteLimit[];
    /** What most of it is about, and what to do. */
    readonly verdict: {
      readonly kind: string;
      readonly reason: string;
      readonly step: string;
      readonly findings: number;
      readonly cost_usd: Money;
      readonly wasted_ms: Duration;
      readonly advice: string;
    } | null;
  };
};

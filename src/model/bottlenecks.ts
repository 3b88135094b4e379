import type { AgentKind } from './agent-span.ts';
import type { Duration, Money } from './report.ts';

/** What `bottlenecks` answers: where the time of runs goes, as rows that add up to their critical paths. */
export type Bottlenecks = {
  readonly by: 'step' | 'path' | 'tool' | 'agent';
  /** Those that decide most first. */
  readonly rows: readonly StepRow[];
  /** What the rows that are not shown add up to. */
  readonly others: {
    readonly rows: number;
    readonly calls: number;
    readonly critical_ms: Duration;
    readonly critical_share: number | null;
    readonly cost_usd: Money;
  };
  readonly total: {
    readonly traces: number;
    /** Runs of which it is known how long they took: means are theirs. */
    readonly timed_traces: number;
    /** The durations of the runs together; unknown, like everything that is a part of it, where no run tells a time. */
    readonly duration_ms: Duration;
    readonly calls: number;
    readonly errors: number;
    readonly critical_ms: Duration;
    readonly critical_share: number | null;
    /** Part of the paths given to spans although something below them ran beside the path. */
    readonly uncertain_ms: Duration;
    readonly self_ms: Duration;
    readonly cost_usd: Money;
    readonly critical_cost_usd: Money;
    readonly other_cost_usd: Money;
    readonly unpriced_calls: number;
    readonly per_run: { readonly duration_ms: Duration; readonly critical_ms: Duration };
  };
  /** What to do something about; null where nothing took time. */
  readonly verdict: StepVerdict | null;
  /** What `--fail-on` asked, in its order. */
  readonly limits?: readonly StepLimit[];
};

export type StepRow = StepName & {
  readonly traces: number;
  readonly calls: number;
  readonly errors: number;
  /** Unknown, like its share and what could be saved, where none of its spans tells a time. */
  readonly critical_ms: Duration;
  /** Of the durations of all runs. */
  readonly critical_share: number | null;
  readonly self_ms: Duration;
  readonly p50_ms: Duration;
  readonly p95_ms: Duration;
  readonly removable_ms: Duration;
  readonly cost_usd: Money;
  /** Of calls on the critical path. */
  readonly critical_cost_usd: Money;
  readonly unpriced_calls: number;
  /** Over all runs that tell times, whether it is in them or not. */
  readonly per_run: { readonly critical_ms: Duration; readonly removable_ms: Duration };
  /** Runs that could be compared with what the step took in others. */
  readonly compared_traces: number;
  readonly slow: SlowStep | null;
};

export type StepName = {
  readonly step: string;
  /** Null for what runs outside of any tool or agent. */
  readonly kind: AgentKind | null;
  /** Of a row by call path: the steps from the top down. */
  readonly path?: readonly string[];
};

/** What marks a row as slow: its own past where there is one, else its share of the runs it is in. */
export type SlowStep =
  | {
      readonly rule: 'history';
      /** Runs in which it was slow, of those that could be compared with others. */
      readonly traces: number;
      readonly compared_traces: number;
      readonly usual_ms: Duration;
      readonly worst: {
        readonly trace_id: string;
        readonly span_id: string;
        readonly self_ms: Duration;
        /** How many times the usual; null where that is next to nothing. */
        readonly factor: number | null;
      };
    }
  | { readonly rule: 'share'; readonly share: number };

export type StepVerdict = StepName & {
  readonly critical_share: number;
  readonly p50_ms: Duration;
  readonly p95_ms: Duration;
  readonly per_run: StepRow['per_run'];
  /** How long a run takes on average, and how long it would take if the step took no time. */
  readonly run_ms: Duration;
  readonly without_ms: Duration;
  readonly compared_traces: number;
  readonly slow: SlowStep | null;
  /** The step without which runs would be shortest, where it is another one. */
  readonly saves_more: (StepName & { readonly without_ms: Duration }) | null;
};

/** A limit of the step that decides most, and how it came out. */
export type StepLimit = {
  readonly expression: string;
  readonly step: string | null;
  /** Null where the data cannot tell. */
  readonly holds: boolean | null;
  readonly value: number | null;
  readonly limit: number;
  readonly unit: 'seconds' | 'share' | 'count';
};

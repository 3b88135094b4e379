import type { AgentKind } from './agent-span.ts';
import type { PriceSource } from './price.ts';
import type { Duration, Money, Time } from './report.ts';

/** What `trace diff` answers: A is before, B is after. */
export type TraceDiff = {
  readonly a: DiffHead;
  readonly b: DiffHead;
  /** How much of both sides could be compared with the other one. */
  readonly matched: {
    /** Spans, of both sides together, whose call path the other side has. */
    readonly spans: number;
    readonly of: number;
    readonly share: number;
    /** The same by the time in which they ran and none of their children did; null where a side tells no times. */
    readonly time_share: number | null;
  };
  readonly summary: DiffSummary;
  readonly cost_change: {
    /**
     * B less A, of the calls that have a price: what all terms add up to. Unknown, like the terms, where a side has calls of
     * models and none of them has a price.
     */
    readonly total_usd: Money;
    readonly unpriced_calls: { readonly a: number; readonly b: number };
    readonly terms: readonly { readonly name: string; readonly usd: Money }[];
  };
  readonly tolerance: {
    readonly duration_share: number;
    readonly duration_ms: Duration;
    readonly tokens_share: number;
    readonly cost_share: number;
    readonly calls_share: number;
  };
  readonly prices: PriceSource;
  /** In the order of B's tree. */
  readonly steps: readonly DiffStep[];
};

export type DiffHead = {
  /** As it was asked for. */
  readonly name: string;
  readonly traces: number;
  /** Null where there is not exactly one. */
  readonly trace_id: string | null;
  readonly root: string | null;
  /** Of the earliest. */
  readonly start: Time;
  /** Of a run; the median where there are several. */
  readonly duration_ms: Duration;
  readonly spans: number;
  readonly errors: number;
  readonly llm_calls: number;
  readonly tool_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: Money;
  readonly unpriced_calls: number;
};

export type DiffSummary = Readonly<Record<DiffChange, number>> & {
  /** What changed most, in the direction of the whole; null where nothing does. */
  readonly largest: {
    readonly term: { readonly name: string; readonly usd: Money } | null;
    readonly cost: { readonly path: readonly string[]; readonly usd: Money } | null;
    readonly time: { readonly path: readonly string[]; readonly critical_ms: Duration } | null;
    /** The first step that fails more often, and the first that fails less often. */
    readonly fails: { readonly path: readonly string[]; readonly error: string | null } | null;
    readonly recovers: { readonly path: readonly string[]; readonly error: string | null } | null;
  };
};

export const DIFF_CHANGES = ['added', 'removed', 'repeated', 'moved', 'changed', 'same'] as const;
export type DiffChange = (typeof DIFF_CHANGES)[number];

/** In what a step that both sides have differs. */
export type DiffAspect = 'place' | 'name' | 'model' | 'calls' | 'errors' | 'duration' | 'tokens' | 'cost';

export type DiffStep = {
  /** Steps from the top down, itself last. */
  readonly path: readonly string[];
  readonly step: string;
  /** What it is called in A, where it is another name. */
  readonly step_was: string | null;
  /** The path in A of a step that is now below others. */
  readonly moved_from: readonly string[] | null;
  readonly kind: AgentKind;
  readonly change: DiffChange;
  readonly changes: readonly DiffAspect[];
  /** B less A, of the calls that have a price; unknown where what a side cost is. */
  readonly cost_change_usd: Money;
  readonly a: DiffFigures | null;
  readonly b: DiffFigures | null;
  /** The path as one text; not in JSON, like what follows. */
  readonly place: string;
  /** Numbers of the steps of the path: equal names may be different steps. */
  readonly trail: readonly number[];
};

export type DiffFigures = {
  /** Runs in which it occurs. */
  readonly runs: number;
  readonly calls: number;
  readonly calls_per_run: number;
  readonly errors: number;
  /** The most frequent type of error. */
  readonly error: string | null;
  /** All of it in a run, and a call of it; medians over the runs in which it occurs. */
  readonly duration_ms: Duration;
  readonly call_ms: Duration;
  /** A run's mean. On the critical path, those of all steps add up to what a run takes in the mean. */
  readonly self_ms: Duration;
  readonly critical_ms: Duration;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cost_usd: Money;
  readonly unpriced_calls: number;
  /** Of its calls of models, the most frequent first. */
  readonly models: readonly string[];
};

import type { Value } from './report.ts';

/** One question of `check` with its answer. */
export type Gate = {
  /** Its place under `gates:` in agentobs.yaml, dots between the keys. */
  readonly name: string;
  /** Null: the data cannot tell. */
  readonly ok: boolean | null;
  /** Null where there is nothing to measure. */
  readonly value: Value;
  /** The value is at least that: some of it is not known. */
  readonly lower_bound?: true;
  readonly limit: Value;
  readonly unit: GateUnit;
  /** What was found, in a sentence with its figures. */
  readonly detail: string;
  /** What is over its budget, the most first. */
  readonly over?:
    | readonly { readonly key: string; readonly value: Value; readonly lower_bound?: true }[]
    | undefined;
  /** What was compared with the baseline. */
  readonly comparisons?: readonly Comparison[] | undefined;
  /** How the runs differ from their shape, a line each. */
  readonly differences?: readonly string[] | undefined;
};

/** `fraction`: 0.1 is 10 %. */
type GateUnit = 'usd' | 'ms' | 'tokens' | 'count' | 'fraction';

/** Why a comparison says nothing. */
export type Untold = 'too_few' | 'straddles' | 'unknown_figures' | 'many_groups' | 'new' | 'gone';

/** One figure of one group of runs against the baseline. Changes are fractions: 0.1 is 10 % more; null is without bound. */
export type Comparison = {
  readonly root: string;
  readonly workflow: string | null;
  readonly figure: string;
  /** Null where there were no runs to compare. */
  readonly statistic: 'mean' | 'median' | null;
  readonly ok: boolean | null;
  readonly reason: Untold | null;
  /** Runs of the same key were compared with each other; there are as many pairs as runs on a side. */
  readonly paired: boolean;
  readonly runs_before: number;
  readonly runs_after: number;
  readonly before: Value;
  readonly after: Value;
  readonly change: number | null;
  /** The interval of the change: each end holds with 95 % confidence. */
  readonly change_low: number | null;
  readonly change_high: number | null;
  /** How likely data like these are if the change is not above the limit, corrected for all comparisons. */
  readonly p: number | null;
  /** The smallest change that would be found above the limit four times out of five. */
  readonly detectable: number | null;
};

/** The body of `check`. */
export type CheckAnswer = {
  readonly gates: readonly Gate[];
  readonly summary: { readonly passed: number; readonly failed: number; readonly unknown: number };
};

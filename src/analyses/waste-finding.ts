/**
 * What kinds of waste there are. Where a call is in two findings its money is in the first by this order, so that nothing is
 * counted twice.
 */
export const WASTE_KINDS = ['loop', 'cycle', 'retry_storm', 'failed_branch', 'cache_miss'] as const;
export type WasteKind = (typeof WASTE_KINDS)[number];

/** Why something is waste. */
export const WASTE_REASONS = {
  same_result: 'the same call with the same arguments gave the same result',
  repeated_failure: 'the same call failed again and again',
  tried_again: 'it failed, and was tried again',
  parent_went_on: 'it failed, and what had called it went on without it',
  run_failed: 'it failed, and the run with it',
  ttl_lapse: 'the next call came later than the cache lives',
  model_switch: 'another model took over, and caches belong to one model',
  prefix_change: 'the beginning of the prompt was another one',
  not_written: 'the prompt was sent again, and had not been written to the cache',
  cannot_tell: 'the telemetry does not tell why',
} as const;
export type WasteReason = keyof typeof WASTE_REASONS;

/** Something that looks like waste, before it is known what of it has been counted already. */
export type Suspect = {
  readonly kind: WasteKind;
  readonly reason: WasteReason;
  /** What it is about: `tool search`, or several with ` → ` between them. */
  readonly step: string;
  /** Positions whose subtrees are wasted, model calls that asked for them included. */
  readonly wasted: readonly number[];
  /** Times in which nothing but the wasted calls was waited for, on the trace's axis. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** Calls of the pattern, those included that are not wasted; undefined where all are. */
  readonly calls: number | undefined;
  /** Positions of those of its calls that are wasted. */
  readonly repeats: readonly number[];
  /** One neutral sentence about so many of its calls. */
  readonly text: (repeats: number) => string;
};

/**
 * What kinds of waste there are. Where a call is in two findings its money is in the first by this order, so that nothing is
 * counted twice.
 */
export const WASTE_KINDS = ['loop', 'cycle', 'retry_storm', 'failed_branch', 'cache_miss'] as const;
export type WasteKind = (typeof WASTE_KINDS)[number];

/** Why something is waste; what each means is said in docs/waste.md. */
export type WasteReason =
  | 'same_result'
  | 'repeated_failure'
  | 'tried_again'
  | 'parent_went_on'
  | 'run_failed'
  | 'ttl_lapse'
  | 'model_switch'
  | 'prefix_change'
  | 'not_written'
  | 'cannot_tell';

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

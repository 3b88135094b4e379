import type { CallRule } from './call-rules.ts';
import type { Money, UnpricedReason } from './report.ts';

/**
 * The proof of a total: what adding up every number would give, what each rule takes away, and what the rest depends on.
 * The `audit` key of `cost --audit`, under the names of the JSON contract.
 */
export type Audit = {
  readonly balance: { readonly lines: readonly BalanceLine[]; readonly total: BalanceLine };
  /** Sums that must agree, worked out both ways. */
  readonly checks: readonly AuditCheck[];
  readonly residuals: AuditResiduals;
  readonly unpriced: AuditUnpriced;
  readonly recorded: AuditRecorded;
  /** What had to be assumed, the costliest first. */
  readonly assumptions: readonly Assumption[];
  readonly dimensions: readonly AuditDimension[];
  readonly input: { readonly complete: boolean; readonly missing: readonly MissingInput[] };
};

/** Amounts of one line; the lines above the total add up to it, in every column but `spans`. */
export type BalanceLine = {
  /** `as_reported`, `resent`, `not_billed`, `other_reports`, `total`, or the rule that was applied. */
  readonly line: BalanceName;
  readonly help: string;
  /** Spans the line is about, whether or not they reported anything. */
  readonly spans: number;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Tokens of which only a sum is told. */
  readonly total_only_tokens: number;
  readonly cost_usd: Money;
};

export type BalanceName = 'as_reported' | 'resent' | 'not_billed' | 'other_reports' | 'total' | CallRule;

export type AuditCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly sum_usd: Money;
  readonly total_usd: Money;
};

/** A span of the input, as a person would look for it. */
export type AuditSpan = { readonly trace_id: string; readonly span_id: string; readonly step: string };

export type AuditResiduals = {
  readonly spans: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_only_tokens: number;
  readonly cost_usd: Money;
  /** The largest ones. */
  readonly worst: readonly (AuditSpan & {
    readonly rule: CallRule;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly total_only_tokens: number;
    readonly cost_usd: Money;
    /** Calls below that report nothing: the rest may be theirs. */
    readonly calls_without_usage: number;
  })[];
};

export type AuditUnpriced = {
  readonly calls: number;
  /** Between these the unpriced calls cost; the upper end is unknown as soon as that of one call is. */
  readonly low_usd: Money;
  readonly high_usd: Money;
  readonly groups: readonly {
    readonly model: string | null;
    readonly provider: string | null;
    readonly reason: UnpricedReason;
    readonly calls: number;
    readonly failed_calls: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly total_only_tokens: number;
    readonly low_usd: Money;
    readonly high_usd: Money;
    /** Calls below a roll-up that knows more than the calls below it report: their cost may be in its residual. */
    readonly below_residual_calls: number;
    readonly hint: string | null;
  }[];
};

/** What became of recorded costs: who said them, or why they are no evidence. */
export type RecordedClass =
  | 'billed'
  | 'asserted'
  | 'not_billed'
  | 'zero_with_usage'
  | 'own_price'
  | 'cost_mode';

export type AuditRecorded = {
  readonly classes: readonly {
    readonly class: RecordedClass;
    readonly counted: boolean;
    readonly help: string;
    readonly calls: number;
    readonly recorded_usd: Money;
    /** What the prices make of those calls that have one. */
    readonly computed_usd: Money;
    readonly without_price: number;
  }[];
  /** Recorded costs that are no amounts: negative, not a number, of another currency. */
  readonly unusable: number;
  readonly conflicts: {
    readonly calls: number;
    readonly recorded_usd: Money;
    readonly computed_usd: Money;
    readonly worst: readonly (AuditSpan & {
      readonly model: string | null;
      readonly recorded_usd: Money;
      readonly computed_usd: Money;
      readonly difference_usd: Money;
    })[];
  };
};

export type Assumption = {
  readonly assumption: string;
  readonly calls: number;
  /** What the calls cost that rest on it. */
  readonly cost_usd: Money;
  /** What they cost if the other reading is right, where there are two. */
  readonly otherwise_usd: Money | null;
};

export type AuditDimension = {
  readonly by: readonly string[];
  readonly rows: number;
  readonly sum_usd: Money;
  /** The row of what has no value; several dimensions have none. */
  readonly absent: {
    readonly label: string;
    readonly calls: number;
    readonly cost_usd: Money;
    readonly share: number;
  } | null;
};

export type MissingInput = {
  readonly kind: string;
  readonly count: number;
  readonly help: string;
  readonly first: string;
};

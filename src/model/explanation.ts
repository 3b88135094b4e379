import type { AgentKind } from './agent-span.ts';
import type { CallRule } from './call-rules.ts';
import type { Sign } from './evidence.ts';
import type { CostStatus, Duration, Money, Time, UnpricedReason } from './report.ts';
import type { StatusCode } from './span.ts';

/** Why a span is what every answer says it is: the body of `explain`. */
export type Explanation = {
  readonly span: SpanRef & {
    readonly parent_span_id: string | null;
    readonly start: Time;
    readonly duration_ms: Duration;
    readonly status: StatusCode;
    readonly scope: { readonly name: string; readonly version: string | null } | null;
  };
  readonly read: ReadFrom & { readonly reports: readonly ReadFrom[] };
  readonly total: TotalView;
  readonly price: PriceView | null;
  readonly recorded: RecordedView | null;
  readonly usage: UsageView | null;
  readonly dialect: {
    readonly name: string;
    readonly source: string;
    readonly signs: readonly Sign[];
  } | null;
  readonly kind: {
    readonly kind: AgentKind;
    readonly strength: string | null;
    readonly dialect: string | null;
    readonly signs: readonly Sign[];
  };
  readonly attributes: readonly AttributeView[];
  readonly failure: {
    readonly failed: boolean;
    readonly sign: Sign | null;
    readonly error: { readonly type: string | null; readonly message: string | null } | null;
  };
  readonly attempt: { readonly attempt: number; readonly sign: Sign } | null;
};

export type SpanRef = {
  readonly trace_id: string;
  readonly span_id: string;
  readonly name: string;
  readonly step: string;
};

/** Where a report of the span stood; `line` is a byte of binary input. */
export type ReadFrom = {
  readonly source: string;
  readonly line: number;
  readonly format: string | null;
};

/** Whether the span is in the total, and why. */
export type TotalView = {
  readonly included: boolean;
  readonly cost_usd: Money;
  readonly cost_status: CostStatus;
  readonly counted: 'recorded' | 'computed' | null;
  readonly rule: CallRule;
  readonly why: string;
  /** Of a roll-up: the counted spans below it. Of a duplicate: the span that stands for the call. */
  readonly stood_for_by: readonly SpanRef[];
  /** Other spans about the same call. */
  readonly same_call: readonly SpanRef[];
  /** What the span by itself would come to; set where it is left out. */
  readonly alone_usd: Money | null;
  readonly subtree_usd: Money;
};

export type PriceView = {
  readonly status: 'computed' | 'free' | 'unpriced';
  readonly amount_usd: Money;
  /** As the telemetry names it. */
  readonly model: string | null;
  readonly provider: string | null;
  readonly match: {
    readonly row: string;
    readonly layer: string;
    readonly kind: string;
    readonly effective: string | null;
    readonly steps: readonly string[];
  } | null;
  readonly lines: readonly PriceLineView[];
  readonly assumptions: readonly string[];
  /** Two readings of the counts were possible: which was taken, why, and what the other comes to. */
  readonly reading: {
    readonly taken: string;
    readonly because: string;
    readonly other_usd: Money;
  } | null;
  readonly reason: UnpricedReason | null;
  readonly hint: string | null;
  readonly bounds: { readonly low_usd: Money; readonly high_usd: Money } | null;
  readonly source: { readonly source: string; readonly version: string; readonly as_of: string };
};

/** `tokens` × `rate_usd` = `amount_usd`; the rate is for one token, request or search. */
export type PriceLineView = {
  readonly bucket: string;
  readonly tokens: number;
  readonly rate_usd: Money;
  readonly amount_usd: Money;
  readonly layer: string | null;
};

export type RecordedView = {
  readonly amount_usd: Money;
  readonly authority: 'billed' | 'asserted' | 'not_billed';
  /** The span that says so, where it is another report of the call. */
  readonly said_by: SpanRef | null;
  readonly counts: boolean;
  readonly ignored: string | null;
  /** It counts, and the prices say something else. */
  readonly conflict: boolean;
  /** Every amount on the span itself. */
  readonly amounts: readonly {
    readonly amount_usd: Money;
    readonly billed: boolean;
    readonly chosen: boolean;
    readonly sign: Sign;
  }[];
};

export type UsageView = FamilyView & {
  readonly rule: string | null;
  readonly why: string;
  /** The half that was worked out from the total. */
  readonly derived: 'input' | 'output' | null;
  readonly buckets: BucketsView | null;
  readonly other_reading: BucketsView | null;
  readonly accumulated: boolean;
  readonly discarded: boolean;
  readonly passed_over: readonly (FamilyView & { readonly agrees: boolean })[];
};

type FamilyView = {
  readonly family: string;
  readonly dialect: string;
  readonly counts: readonly {
    readonly count: string;
    /** Null where what stands there cannot be a count. */
    readonly tokens: number | null;
    readonly sign: Sign;
  }[];
};

/** Disjoint token counts, but for the parts: reasoning and audio. */
export type BucketsView = { readonly [bucket: string]: number };

export type AttributeView = {
  readonly name: string;
  readonly value: string;
  /** `trace`: the only value in it. `model`: told by the model's name. */
  readonly from: 'own' | 'ancestor' | 'trace' | 'resource' | 'model';
  readonly sign: Sign | null;
  /** The span that says so, where it is another. */
  readonly said_by: SpanRef | null;
};

import type { RecordedCost, Usage } from './agent-span.ts';
import type { CallRule } from './call-rules.ts';
import type { Price } from './price.ts';
import type { CostStatus, UnpricedReason } from './report.ts';
import type { WarningKind } from './source.ts';
import type { SpanTable } from './span-table.ts';
import type { Instant, Pico } from './units.ts';

/** How a span came to stand at the top of its trace. */
export const TOP_REASONS = ['root', 'orphan', 'cycle', 'self_parent'] as const;
export type TopReason = (typeof TOP_REASONS)[number];

/**
 * Every trace as a tree, in one pre-order sequence of positions.
 *
 * Traces follow one another by start, then trace id; inside a trace the top-level spans and the children of every span
 * follow one another by start, then span id. The subtree of position `p` is `[p, p + size[p])`, so sums over subtrees are
 * loops and nothing recurses, however deep or wide a trace is:
 *
 *     children of p:  for (let c = p + 1; c < p + size[p]; c += size[c]) …
 *
 * Duplicates have no position: one row stands for all reports of a span.
 */
export type Forest = {
  readonly table: SpanTable;
  /** Unique spans. */
  readonly length: number;
  /** Table row of a position. */
  readonly row: Int32Array;
  /** Position of the parent, negative for top-level spans: roots, orphans, and where a cycle was cut. */
  readonly parent: Int32Array;
  /** Spans in the subtree, itself included. */
  readonly size: Int32Array | Uint16Array;
  /** Spans above; worked out when it is asked for first. */
  readonly depth: Int32Array;
  /** Trace `t` is the positions `[traceFrom[t], traceFrom[t + 1])`. */
  readonly traceFrom: Int32Array;
  readonly traces: number;
  /** How a span came to stand at the top of its trace; undefined for all others. */
  readonly top: (position: number) => TopReason | undefined;
  /** The id of the parent that a span names, whether there is one or not; undefined where it names none. */
  readonly parentIdOf: (position: number) => string | undefined;
  /** Table rows of a span's further reports, by position; spans that were reported once are not in it. */
  readonly repeats: ReadonlyMap<number, readonly number[]>;
  readonly counts: {
    readonly spans: number;
    readonly unique: number;
    readonly duplicates: number;
    readonly traces: number;
    readonly roots: number;
    readonly orphans: number;
    /** Spans whose OpenTelemetry status is ERROR. */
    readonly errors: number;
    /** Spans without an end. */
    readonly open: number;
  };
  readonly warnings: readonly {
    readonly kind: WarningKind;
    readonly count: number;
    readonly first: string;
  }[];
  /** Start of a position in integer nanoseconds after its trace's earliest start; undefined without a usable time. */
  readonly offset: (position: number) => number | undefined;
  /** Nanoseconds; 0 for open spans. */
  readonly duration: (position: number) => number;
  /** From the earliest start to the latest end of the trace, in nanoseconds. */
  readonly traceDuration: (trace: number) => number;
  /** Where the trace's time axis begins; undefined if no span of it has a usable time. */
  readonly traceStart: (trace: number) => Instant | undefined;
};

/** Whom and what a span worked for. */
export type Attributed = 'user' | 'organization' | 'workspace' | 'session' | 'workflow' | 'agent' | 'tool';

/**
 * Attribution of a position: a number of `table.strings`, 0 is "(unattributed)". It is worked out a trace at a time, for
 * those that are asked about.
 */
export type Attribution = Readonly<Record<Attributed, (position: number) => number>>;

/** What was decided about the money of every position. Only `cost` of billed positions is ever added up. */
export type Bill = {
  readonly status: (position: number) => CostStatus;
  /** Is it a call whose price is not known? */
  readonly lacksPrice: (position: number) => boolean;
  /** Billed picodollars of the span itself; 0 where nothing is billed or the price is unknown. */
  readonly cost: (position: number) => number;
  /** Sums over the subtree, itself included; `unpricedCalls` > 0 makes the cost a lower bound. */
  readonly subtree: (position: number) => {
    readonly cost: bigint;
    readonly calls: number;
    readonly unpricedCalls: number;
  };
  /** The span is one billable call: it counts in `calls` and its tokens count in totals. */
  readonly isCall: (position: number) => boolean;
  /** The call is counted once by a sum that only this span knows: no LLM span below it reports anything. */
  readonly isAggregateOnly: (position: number) => boolean;
  /** The rule that decided whether the span is in the total. */
  readonly rule: (position: number) => CallRule;
  /** The same with the spans it decided by. */
  readonly verdict: (position: number) => Verdict;
  /** How the span's amount came about, worked out again; undefined where the span is not counted. */
  readonly reckon: (position: number) => Reckoning | undefined;
  /** What the prices say of a counted span if it had used this instead; undefined where no prices are looked at. */
  readonly priceWith: (position: number, usage: Usage) => Price | undefined;
  /**
   * What one report, a row of the table, would cost if it were a call and nothing else were known: what adding up every
   * number gives. An avoided cost is in it; 0 where it has no price.
   */
  readonly alone: (row: number) => Pico;
  /** Calls whose recorded cost counts and differs from the computed one by more than 1 % and a microdollar. */
  readonly conflicts: (among?: Selection) => {
    readonly calls: number;
    readonly recorded: bigint;
    readonly computed: bigint;
  };
  /**
   * What was left out of totals because something else stands for it, of the spans that `among` selects. Duplicates are
   * other spans about the same call, and repeated reports of one span, as far as they report usage or a cost.
   */
  readonly excluded: (among?: Selection) => {
    readonly rollups: { readonly spans: number; readonly cost: bigint };
    readonly duplicates: { readonly spans: number };
  };
  /** Calls without a price by model, provider and reason, the most frequent first; of the spans that `among` selects. */
  readonly unpriced: (among?: Selection) => readonly UnpricedGroup[];
};

export type Verdict = {
  readonly rule: CallRule;
  /**
   * Positions, in order. Of a duplicate: the span that stands for the call. Of a roll-up: the counted spans below it. Of a
   * counted call: its other reports.
   */
  readonly of: readonly number[];
};

/** What the telemetry recorded and what the prices say of one counted span, and which of the two is in the total. */
export type Reckoning = {
  /** With the span that said it: the call's own, or another report of it. */
  readonly recorded: (RecordedCost & { readonly from: number }) | undefined;
  /**
   * Why a recorded cost is no evidence: prices of the user's own beat what an SDK asserted, 0 for a call that used tokens of
   * a model not known to be free says nothing, and `--cost-mode computed` looks at none. Undefined where it counts.
   */
  readonly ignored: 'cost_mode' | 'own_price' | 'zero_with_usage' | undefined;
  /** With its lines; undefined where there is no usage to price, or the mode looks at no prices. */
  readonly price: Price | undefined;
  /** Undefined where nothing is known or nothing was billed. */
  readonly counted: 'recorded' | 'computed' | undefined;
  readonly amount: Pico;
  /** The recorded cost counts and the computed one differs by more than 1 % and a microdollar. */
  readonly conflict: boolean;
};

/** Chooses positions of a forest. */
export type Selection = (position: number) => boolean;

export type UnpricedGroup = {
  /** What its calls have in common, as one text. */
  readonly key: string;
  readonly model: string | undefined;
  readonly provider: string | undefined;
  readonly reason: UnpricedReason;
  readonly calls: number;
  /** What to write into `agentobs.yaml`, or why nothing can be written; worked out when it is read, for the first hundred groups. */
  readonly hint: string | undefined;
};

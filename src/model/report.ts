import type { AgentKind } from './agent-span.ts';
import type { CheckList } from './checkup.ts';
import type { PriceSource } from './price.ts';
import type { AttributeValue, StatusCode } from './span.ts';
import type { Instant } from './units.ts';

/**
 * What an analysis answers: raw values with their units, in the shape and under the names of the JSON contract.
 * Renderers turn it into text; the JSON renderer writes `usd` as a decimal string, `ms` as a number, `time` as RFC 3339.
 */
export type Report = {
  readonly command: string;
  readonly body: { readonly [key: string]: Value };
  /** How the answer reads as a table, CSV, JSON lines or Markdown. */
  readonly table: TableView;
  /** `trace show` only: what is drawn as trees. */
  readonly traces?: readonly TraceView[];
  /** What people read as pages of their own: the body is an `Explanation`, a `Checkup`, or holds an `Audit`. */
  readonly page?:
    | 'explanation'
    | 'checkup'
    | 'audit'
    | 'bottlenecks'
    | 'diff'
    | 'gates'
    | 'lint'
    | 'unit-tests'
    | 'waste';
  /** Commands that check something: every check, passed or not. */
  readonly checks?: CheckList;
  /** `metrics` only: the same as text for Prometheus. */
  readonly exposition?: { readonly [format in 'prometheus' | 'openmetrics']: () => Iterable<string> };
  /** Lines for people around the table; programs find what they say in the body. */
  readonly around?: Around;
  /** What stands there instead on a screen where the table would have to be cut. */
  readonly narrow?: { readonly columns: readonly Column[]; readonly around: Around };
  /** Said below the table and on stderr: never data. */
  readonly notes: readonly string[];
};

type Around = { readonly above: readonly string[]; readonly below: readonly string[] };

/** Picodollars; undefined is an unknown cost, which is `null` in JSON and never 0. `lowerBound`: some of it is unknown. */
export type Money = {
  readonly unit: 'usd';
  readonly pico: bigint | undefined;
  readonly lowerBound?: boolean;
};
/** Nanoseconds, written as milliseconds; undefined where the input does not tell. */
export type Duration = { readonly unit: 'ms'; readonly nanos: number | undefined };
export type Time = { readonly unit: 'time'; readonly at: Instant | undefined };
export type Quantity = Money | Duration | Time;

export type Value =
  | string
  | number
  | boolean
  | null
  | Quantity
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

export const usd = (pico: bigint | undefined, lowerBound = false): Money =>
  lowerBound ? { unit: 'usd', pico, lowerBound } : { unit: 'usd', pico };
export const ms = (nanos: number | undefined): Duration => ({ unit: 'ms', nanos });
export const time = (at: Instant | undefined): Time => ({ unit: 'time', at });

/** `body[rows]` (an array of objects; dots lead further down) as a table; `total` names a single object of the same shape. */
type TableView = {
  readonly rows: string;
  readonly columns: readonly Column[];
  readonly total?: string;
  /** The rows themselves, where the body holds them in several lists. */
  readonly items?: readonly Value[];
};

/**
 * One column: where its value stands in a row, its CSV name, its heading, and how it is shown. A `rate` is a price a unit,
 * written with every digit by who makes the report; `exact` is money with every digit, as many for all of a column;
 * a `number` has no unit and is rounded to three digits.
 */
export type Column = {
  readonly path: readonly string[];
  readonly name: string;
  readonly label: string;
  readonly show:
    | 'text'
    | 'count'
    | 'tokens'
    | 'money'
    | 'exact'
    | 'duration'
    | 'time'
    | 'share'
    | 'number'
    | 'id'
    | 'rate';
  /** What stands for an amount that nobody knows, where it is not for want of a price. */
  readonly unknown?: string;
  /** Left out of terminal tables when the table does not fit: higher goes first. 0 or absent: never. */
  readonly droppable?: number;
  /** Only for programs: tables for people say it elsewhere, or not at all. */
  readonly only?: 'csv';
};

/** One run in `trace list`; the same head stands above a tree in `trace show`. */
export type TraceHead = {
  readonly trace_id: string;
  /** Name of the root span; of the earliest span where the root is missing. */
  readonly root: string;
  readonly service: string | null;
  readonly workflow: string | null;
  readonly user: string | null;
  readonly session: string | null;
  readonly start: Time;
  readonly duration_ms: Duration;
  readonly spans: number;
  readonly errors: number;
  readonly llm_calls: number;
  readonly tool_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: Money;
  readonly unpriced_calls: number;
  readonly bottleneck: { readonly span_id: string; readonly name: string; readonly share: number } | null;
};

export type TraceView = TraceHead & {
  readonly roots: readonly SpanView[];
  /** In the order of time; worked out as it is walked over. */
  readonly critical_path: Iterable<PathSegment>;
  /** What the path comes to; null where there is none. */
  readonly summary: PathSummary | null;
  /** Spans that ran on after their parent had ended, in the order of the tree; worked out as it is walked over. */
  readonly async_tails: Iterable<TailView>;
  /** Spans that cannot have held their parent up, in the order of the tree; worked out as it is walked over. */
  readonly detached: Iterable<DetachedView>;
  /** With `--fix-skew`: every span whose times were moved. */
  readonly skew?: Iterable<ShiftView> | undefined;
  /** Spans in top-level subtrees that were left out as a whole; not in JSON. */
  readonly hidden: number;
};

/** A stretch of time that decided how long the run took, and the span that it belongs to. */
export type PathSegment = {
  readonly span_id: string;
  readonly start: Time;
  readonly duration_ms: Duration;
  /** Set where a child that the span may have waited for ran all the while: overlap is not dependency. */
  readonly uncertain?: true;
};

/** `critical_ms`, `async_ms` and `idle_ms` add up to the run's duration. */
export type PathSummary = {
  readonly critical_ms: Duration;
  /** No root ran, but spans that no root waited for. */
  readonly async_ms: Duration;
  /** Nothing ran. */
  readonly idle_ms: Duration;
  /** Part of `critical_ms`. */
  readonly uncertain_ms: Duration;
  /** What the slowest step has of `critical_ms`, all its spans together. */
  readonly bottleneck_ms: Duration;
  /** What the run would lose if that step took no time. */
  readonly removable_ms: Duration;
  /** Of the calls on the path, and of all others: together the run's cost. */
  readonly critical_cost_usd: Money;
  readonly other_cost_usd: Money;
};

/** `name` is the step. */
export type TailView = {
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly name: string;
  readonly after_parent_ms: Duration;
};

export type DetachedView = {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly reason: 'before_parent' | 'after_parent' | 'handed_over' | 'parent_missing';
};

/** `shift_ms` was added to the times of the span, because the clock of `host` was taken to differ. */
export type ShiftView = {
  readonly span_id: string;
  readonly host: string;
  readonly shift_ms: Duration;
};

/** A trace may have a million of them: what is not looked at is not worked out, and what was is not kept. */
export type SpanView = {
  /** In the forest; not in JSON. */
  readonly position: number;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  /** `tool <name>`, `llm <model>`, otherwise `<kind> <name>`; not in JSON. */
  readonly step: string;
  readonly kind: AgentKind;
  readonly dialect: string | null;
  readonly status: StatusCode;
  /** The normalised failure: status ERROR or the dialect's own; not in JSON. */
  readonly failed: boolean;
  readonly error: { readonly type: string | null; readonly message: string | null } | null;
  readonly start: Time;
  readonly duration_ms: Duration;
  readonly self_ms: Duration;
  readonly critical_ms: Duration;
  readonly user: string | null;
  readonly workflow: string | null;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost_usd: Money;
  readonly cost_status: CostStatus;
  /** Set where only this span knows the sum of the calls below it. */
  readonly aggregate_only?: true | undefined;
  readonly subtree_cost_usd: Money;
  readonly attempt: number | null;
  readonly events: readonly EventView[];
  readonly logs: readonly LogView[];
  /** Shown with `--attributes` and `--content`. */
  readonly attributes?: { readonly [key: string]: AttributeValue } | undefined;
  readonly children: readonly SpanView[];
  /** Set on a top-level span whose parent is named but not in the input. */
  readonly orphan: boolean;
  /** The bottleneck of the run; not in JSON. */
  readonly bottleneck: boolean;
  /** Spans that `--depth`, `--min-share` or `--only` left out below this one; not in JSON. */
  readonly hidden: number;
  /** Whether it may be told together with spans like it: nothing about it would be missed. Not in JSON. */
  readonly foldable: boolean;
  /** The same step with the same outcome. */
  readonly isLike: (other: SpanView) => boolean;
  /** How long it ran on after its parent had ended, where clocks do not explain it; not in JSON. */
  readonly overrun_ms?: Duration | undefined;
};

export type EventView = {
  readonly time: Time;
  readonly name: string;
  readonly attributes: { readonly [key: string]: AttributeValue };
};
export type LogView = { readonly time: Time; readonly severity: string | null; readonly body: string };

/** The parts of the body of `cost` that say how sure its total is. */
export type CostEvidence = {
  readonly coverage: {
    readonly priced_calls: number;
    readonly unpriced_calls: number;
    readonly unpriced: readonly Unpriced[];
    readonly aggregate_only_calls: number;
    readonly conflicts: {
      readonly calls: number;
      readonly recorded_usd: Money;
      readonly computed_usd: Money;
    };
  };
  readonly excluded: {
    readonly rollups: { readonly spans: number; readonly cost_usd: Money };
    readonly duplicates: { readonly spans: number };
  };
  readonly prices: PriceSource;
};

/** Calls without a price, by what they have in common. */
export type Unpriced = {
  readonly model: string | null;
  readonly provider: string | null;
  readonly calls: number;
  readonly reason: UnpricedReason;
  readonly hint: string | null;
};

/** Why a call has no price. */
export type UnpricedReason =
  | 'no_usage'
  | 'no_model'
  | 'unknown_model'
  | 'invalid_usage'
  | 'missing_rate'
  | 'total_only'
  | 'no_recorded_cost'
  | 'conflicting_prices';

/** What was decided about a span's money. Only `computed`, `recorded` and `free` count towards a total. */
export type CostStatus =
  | 'computed'
  | 'recorded'
  | 'free'
  | 'not_billed'
  | 'rollup'
  | 'duplicate'
  | `unpriced:${UnpricedReason}`
  | 'none';

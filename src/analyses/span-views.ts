import {
  type Attributes,
  type AttributeValue,
  costOfCalls,
  type EventView,
  FLAG,
  isUnpriced,
  type LogRecord,
  type LogView,
  ms,
  type SpanEvent,
  type SpanView,
  stepName,
  time,
  type Usage,
  usd,
} from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { overrun, selfTimes } from './timing.ts';

/** What a second look at the input found for a span. Attributes only where they were asked for. */
export type SpanDetails = {
  readonly events: readonly SpanEvent[];
  readonly logs: readonly LogRecord[];
  readonly attributes?: Attributes | undefined;
};

export type ViewOptions = {
  /** By position minus the trace's first: 1 for spans to show. Closed upwards: what is above a shown span is shown. */
  readonly shown: Uint8Array;
  readonly bottleneck: number | undefined;
  readonly details?: ((position: number) => SpanDetails | undefined) | undefined;
};

/** The trees of a trace. What `details` knows may be found after this: it is asked when a view is. */
export function spanViews(data: Dataset, path: CriticalPath, options: ViewOptions): readonly SpanView[] {
  const { first, length } = path.timing;
  const trace: ShownTrace = {
    ...options,
    data,
    path,
    self: selfTimes(data.forest, path.timing),
    hiddenBelow: hiddenBelow(data, path, options.shown),
  };
  return viewsIn(trace, first, first + length);
}

/** What the views of one trace share. Index 0 of its columns is the trace's first position. */
type ShownTrace = ViewOptions & {
  readonly data: Dataset;
  readonly path: CriticalPath;
  readonly self: Float64Array;
  readonly hiddenBelow: Int32Array;
};

/** Spans left out below each shown one. They are counted once: at the span above that is shown. */
function hiddenBelow({ forest }: Dataset, { timing }: CriticalPath, shown: Uint8Array): Int32Array {
  const { first, length } = timing;
  const hidden = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    if (shown[i] === 1) continue;
    const parent = forest.parent[first + i]!;
    if (parent >= 0 && shown[parent - first] === 1) hidden[parent - first]! += forest.size[first + i]!;
  }
  return hidden;
}

/** The shown ones of the spans that stand side by side in a range of positions. */
function viewsIn(trace: ShownTrace, from: number, to: number): readonly SpanView[] {
  if (from === to) return NOTHING;
  const { size } = trace.data.forest;
  const { first } = trace.path.timing;
  const views: SpanView[] = [];
  for (let p = from; p < to; p += size[p]!) {
    if (trace.shown[p - first] === 1) views.push(new ColumnView(trace, p));
  }
  return views;
}

/** A span as it is shown, looked up in the columns field by field. */
class ColumnView implements SpanView {
  readonly #trace: ShownTrace;
  readonly position: number;
  #children: readonly SpanView[] | undefined;

  constructor(trace: ShownTrace, position: number) {
    this.#trace = trace;
    this.position = position;
  }

  get #row(): number {
    return this.#trace.data.forest.row[this.position]!;
  }

  get #table() {
    return this.#trace.data.forest.table;
  }

  get #index(): number {
    return this.position - this.#trace.path.timing.first;
  }

  get span_id() {
    return this.#table.spanIdOf(this.#row);
  }

  get parent_span_id() {
    return this.#trace.data.forest.parentIdOf(this.position) ?? null;
  }

  get name() {
    return this.#table.nameOf(this.#row);
  }

  get step() {
    return stepName(this.#table, this.#row);
  }

  get kind() {
    return this.#table.kindOf(this.#row);
  }

  get dialect() {
    return this.#table.dialectOf(this.#row) ?? null;
  }

  get status() {
    return this.#table.statusOf(this.#row);
  }

  get failed() {
    return this.#table.has(this.#row, FLAG.failed);
  }

  get error() {
    const error = this.#table.errorOf(this.#row);
    if (error === undefined && !this.failed) return null;
    return { type: error?.type ?? null, message: error?.message ?? null };
  }

  get start() {
    return time(this.#table.startOf(this.#row));
  }

  get duration_ms() {
    const table = this.#table;
    const row = this.#row;
    return ms(table.has(row, FLAG.hasStart) ? table.durationOf(row) : undefined);
  }

  get self_ms() {
    const self = this.#trace.self[this.#index]!;
    return ms(Number.isNaN(self) ? undefined : self);
  }

  get critical_ms() {
    return ms(this.#trace.path.own[this.#index]!);
  }

  get user() {
    return this.#attributed('user');
  }

  get workflow() {
    return this.#attributed('workflow');
  }

  get agent() {
    return this.#attributed('agent');
  }

  get tool() {
    return this.#attributed('tool');
  }

  #attributed(field: 'user' | 'workflow' | 'agent' | 'tool'): string | null {
    return this.#table.strings.text(this.#trace.data.attribution[field](this.position)) ?? null;
  }

  get model() {
    return this.#table.textOf('model', this.#row) ?? this.#table.textOf('requestModel', this.#row) ?? null;
  }

  get provider() {
    return this.#table.textOf('provider', this.#row) ?? null;
  }

  get input_tokens() {
    return this.#count('reportedInput');
  }

  get output_tokens() {
    return this.#count('reportedOutput');
  }

  get cache_read_tokens() {
    return this.#count('cacheRead');
  }

  get cache_write_tokens() {
    const minutes = this.#count('cacheWrite5m');
    return minutes === null ? null : minutes + this.#table.usageOf(this.#row, 'cacheWrite1h');
  }

  get reasoning_tokens() {
    return this.#count('reasoning');
  }

  /** Null where the span does not report input and output: one that reports only their sum tells neither. */
  #count(field: keyof Usage): number | null {
    const row = this.#row;
    const table = this.#table;
    if (!table.hasUsage(row)) return null;
    const reported = table.usageOf(row, 'reportedInput') + table.usageOf(row, 'reportedOutput');
    return reported > 0 || table.usageOf(row, 'totalOnly') === 0 ? table.usageOf(row, field) : null;
  }

  get cost_usd() {
    const { bill } = this.#trace.data;
    return isUnpriced(this.cost_status) ? usd(undefined) : usd(BigInt(bill.cost(this.position)));
  }

  get cost_status() {
    return this.#trace.data.bill.status(this.position);
  }

  get aggregate_only() {
    return this.#trace.data.bill.isAggregateOnly(this.position) ? true : undefined;
  }

  get subtree_cost_usd() {
    const { cost, calls, unpricedCalls } = this.#trace.data.bill.subtree(this.position);
    return costOfCalls(cost, calls, unpricedCalls);
  }

  get attempt() {
    return this.#table.attemptOf(this.#row) ?? null;
  }

  get #details(): SpanDetails | undefined {
    return this.#trace.details?.(this.position);
  }

  get events() {
    return this.#details?.events.map(eventView) ?? NOTHING;
  }

  get logs() {
    return this.#details?.logs.map(logView) ?? NOTHING;
  }

  get attributes() {
    const attributes = this.#details?.attributes;
    return attributes && plain(attributes);
  }

  get children() {
    const to = this.position + this.#trace.data.forest.size[this.position]!;
    this.#children ??= viewsIn(this.#trace, this.position + 1, to);
    return this.#children;
  }

  get orphan() {
    return this.#trace.data.forest.top(this.position) === 'orphan';
  }

  get bottleneck() {
    return this.position === this.#trace.bottleneck;
  }

  get hidden() {
    return this.#trace.hiddenBelow[this.#index]!;
  }

  get overrun_ms() {
    const past = overrun(this.#trace.data.forest, this.#trace.path.timing, this.position);
    return past > 0 ? ms(past) : undefined;
  }

  /** The last of a branch, over and done with, in time, with nothing below its line but events. */
  get foldable() {
    const { data, path, hiddenBelow: hidden, details } = this.#trace;
    const { forest } = data;
    const { table } = forest;
    const row = forest.row[this.position]!;
    if (!table.has(row, FLAG.hasStart) || !table.has(row, FLAG.hasEnd)) return false;
    if (forest.size[this.position] !== 1 && this.children.length > 0) return false;
    if (hidden[this.position - path.timing.first] !== 0) return false;
    if (overrun(forest, path.timing, this.position) > 0) return false;
    const found = details?.(this.position);
    return found === undefined || (found.attributes === undefined && found.logs.length === 0);
  }

  isLike(other: SpanView): boolean {
    const { forest, bill } = this.#trace.data;
    const { table, row } = forest;
    const [a, b] = [row[this.position]!, row[other.position]!];
    if (bill.status(this.position) !== bill.status(other.position)) return false;
    const [error, fault] = [table.errorOf(a), table.errorOf(b)];
    if (error?.type !== fault?.type || error?.message !== fault?.message) return false;
    // What has the same profile is the same step and went the same way.
    if (table.profileOf(a) === table.profileOf(b)) return true;
    if (this.failed !== other.failed || this.attempt !== other.attempt) return false;
    return this.step === other.step && this.status === other.status;
  }
}

const NOTHING: readonly never[] = [];

const eventView = (event: SpanEvent): EventView => ({
  time: time(event.time),
  name: event.name,
  attributes: plain(event.attributes),
});

const logView = (log: LogRecord): LogView => ({
  time: time(log.time),
  severity: log.severity ?? null,
  body: log.body,
});

/** Without a prototype: the keys come from the input, and one may be called `__proto__`. */
function plain(attributes: Attributes): { readonly [key: string]: AttributeValue } {
  const result: { [key: string]: AttributeValue } = Object.create(null);
  for (const [key, value] of attributes) result[key] = value;
  return result;
}

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
  type SpanTable,
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

/** The trees of a trace. Built from the last position to the first, so that nothing recurses. */
export function spanViews(data: Dataset, path: CriticalPath, options: ViewOptions): SpanView[] {
  const { forest } = data;
  const { first, length } = path.timing;
  const self = selfTimes(forest, path.timing);
  const roots: SpanView[] = [];
  const childrenOf = new Map<number, SpanView[]>();
  const hiddenBelow = new Int32Array(length);
  for (let i = length - 1; i >= 0; i--) {
    const position = first + i;
    const parent = forest.parent[position]!;
    if (options.shown[i] === 0) {
      // Counted once: at the span above that is shown, for everything below it.
      if (parent >= 0 && options.shown[parent - first] === 1) {
        hiddenBelow[parent - first]! += forest.size[position]!;
      }
      continue;
    }
    const view = spanView(data, path, options, position, {
      self: self[i]!,
      children: childrenOf.get(position)?.reverse() ?? NOTHING,
      hidden: hiddenBelow[i]!,
    });
    childrenOf.delete(position);
    if (parent < 0) roots.push(view);
    else if (!childrenOf.has(parent)) childrenOf.set(parent, [view]);
    else childrenOf.get(parent)!.push(view);
  }
  return roots.reverse();
}

function spanView(
  { forest, attribution, bill }: Dataset,
  path: CriticalPath,
  options: ViewOptions,
  position: number,
  about: { readonly self: number; readonly children: readonly SpanView[]; readonly hidden: number },
): SpanView {
  const { table } = forest;
  const { strings } = table;
  const row = forest.row[position]!;
  const failed = table.has(row, FLAG.failed);
  const error = table.errors.get(row);
  const status = bill.status(position);
  const below = bill.subtree(position);
  const details = options.details?.(position);
  const tokens = tellsTokens(table, row);
  const count = (field: keyof Usage): number | null => (tokens ? table.usageOf(row, field) : null);
  const writes = table.usageOf(row, 'cacheWrite5m') + table.usageOf(row, 'cacheWrite1h');
  const view: Writable<SpanView> = {
    span_id: table.spanIdOf(row),
    parent_span_id: table.parentIdOf(row) ?? null,
    name: table.nameOf(row),
    step: stepName(table, row),
    kind: table.kindOf(row),
    dialect: table.dialectOf(row) ?? null,
    status: table.statusOf(row),
    failed,
    error:
      failed || error !== undefined ? { type: error?.type ?? null, message: error?.message ?? null } : null,
    start: time(table.startOf(row)),
    duration_ms: ms(forest.offset(position) === undefined ? undefined : table.durationOf(row)),
    self_ms: ms(Number.isNaN(about.self) ? undefined : about.self),
    critical_ms: ms(path.own[position - path.timing.first]!),
    user: strings.text(attribution.user[position]!) ?? null,
    workflow: strings.text(attribution.workflow[position]!) ?? null,
    agent: strings.text(attribution.agent[position]!) ?? null,
    tool: strings.text(attribution.tool[position]!) ?? null,
    model: table.textOf('model', row) ?? table.textOf('requestModel', row) ?? null,
    provider: table.textOf('provider', row) ?? null,
    input_tokens: count('reportedInput'),
    output_tokens: count('reportedOutput'),
    cache_read_tokens: count('cacheRead'),
    cache_write_tokens: tokens ? writes : null,
    reasoning_tokens: count('reasoning'),
    cost_usd: isUnpriced(status) ? usd(undefined) : usd(BigInt(bill.cost[position]!)),
    cost_status: status,
    ...(bill.isAggregateOnly(position) ? { aggregate_only: true as const } : {}),
    subtree_cost_usd: costOfCalls(below.cost, below.calls, below.unpricedCalls),
    attempt: table.attemptOf(row) ?? null,
    events: details?.events.map(eventView) ?? NOTHING,
    logs: details?.logs.map(logView) ?? NOTHING,
    children: about.children,
    orphan: forest.top.get(position) === 'orphan',
    bottleneck: position === options.bottleneck,
    hidden: about.hidden,
  };
  if (details?.attributes !== undefined) view.attributes = plain(details.attributes);
  const ranOn = overrun(forest, path.timing, position);
  if (ranOn > 0) view.overrun_ms = ms(ranOn);
  return view;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
const NOTHING: readonly never[] = [];

/** Whether a span reports input and output: one that reports only their sum tells neither. */
function tellsTokens(table: SpanTable, row: number): boolean {
  if (!table.hasUsage(row)) return false;
  const reported = table.usageOf(row, 'reportedInput') + table.usageOf(row, 'reportedOutput');
  return reported > 0 || table.usageOf(row, 'totalOnly') === 0;
}

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

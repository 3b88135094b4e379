import {
  type Attributes,
  type AttributeValue,
  type Bill,
  type EventView,
  FLAG,
  type LogRecord,
  type LogView,
  ms,
  type SpanEvent,
  type SpanView,
  stepName,
  time,
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
      children: childrenOf.get(position)?.reverse() ?? [],
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
  const row = forest.row[position]!;
  const text = (id: number): string | null => table.strings.text(id) ?? null;
  const failed = table.has(row, FLAG.failed);
  const error = table.errors.get(row);
  const status = bill.status(position);
  const counts = usageCounts(table, row);
  const details = options.details?.(position);
  const ranOn = overrun(forest, path.timing, position);
  const subtree = bill.subtree(position);
  const untimed = forest.offset(position) === undefined;
  return {
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
    duration_ms: ms(untimed ? undefined : table.durationOf(row)),
    self_ms: ms(Number.isNaN(about.self) ? undefined : about.self),
    critical_ms: ms(path.own[position - path.timing.first]!),
    user: text(attribution.user[position]!),
    workflow: text(attribution.workflow[position]!),
    agent: text(attribution.agent[position]!),
    tool: text(attribution.tool[position]!),
    model: table.textOf('model', row) ?? table.textOf('requestModel', row) ?? null,
    provider: table.textOf('provider', row) ?? null,
    ...counts,
    cost_usd: status.startsWith('unpriced') ? usd(undefined) : usd(BigInt(bill.cost[position]!)),
    cost_status: status,
    subtree_cost_usd: subtreeCost(subtree),
    attempt: table.attemptOf(row) ?? null,
    events: details?.events.map(eventView) ?? [],
    logs: details?.logs.map(logView) ?? [],
    ...(details?.attributes === undefined ? {} : { attributes: plain(details.attributes) }),
    children: about.children,
    orphan: forest.top.get(position) === 'orphan',
    bottleneck: position === options.bottleneck,
    hidden: about.hidden,
    ...(ranOn > 0 ? { overrun_ms: ms(ranOn) } : {}),
  };
}

type UsageCounts = Pick<
  SpanView,
  'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_tokens' | 'reasoning_tokens'
>;

const NO_USAGE: UsageCounts = {
  input_tokens: null,
  output_tokens: null,
  cache_read_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
};

/** Tokens as the telemetry reported them. A span that reports only a sum tells neither input nor output. */
function usageCounts(table: Dataset['forest']['table'], row: number): UsageCounts {
  if (!table.hasUsage(row)) return NO_USAGE;
  const input = table.usageOf(row, 'reportedInput');
  const output = table.usageOf(row, 'reportedOutput');
  if (input === 0 && output === 0 && table.usageOf(row, 'totalOnly') > 0) return NO_USAGE;
  return {
    input_tokens: input,
    output_tokens: output,
    cache_read_tokens: table.usageOf(row, 'cacheRead'),
    cache_write_tokens: table.usageOf(row, 'cacheWrite5m') + table.usageOf(row, 'cacheWrite1h'),
    reasoning_tokens: table.usageOf(row, 'reasoning'),
  };
}

/** Unknown where nothing is priced, a lower bound where something is not. */
export function subtreeCost(sum: ReturnType<Bill['subtree']>): SpanView['subtree_cost_usd'] {
  if (sum.calls > 0 && sum.calls === sum.unpricedCalls) return usd(undefined);
  return usd(sum.cost, sum.unpricedCalls > 0);
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

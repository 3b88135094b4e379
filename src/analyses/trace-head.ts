import { type Column, FLAG, type Forest, isUnpriced, ms, type TraceHead, time, usd } from '../model/index.ts';
import { type Bottleneck, bottleneck } from './bottleneck.ts';
import { criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';

/** What a trace adds up to, of its chosen spans. */
type TraceTotals = {
  readonly spans: number;
  readonly errors: number;
  readonly calls: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Picodollars of the priced calls. */
  readonly cost: bigint;
  readonly unpricedCalls: number;
};

export function traceTotals({ forest, bill, selected }: Dataset, trace: number): TraceTotals {
  const { table } = forest;
  const totals = { spans: 0, errors: 0, calls: 0, toolCalls: 0, inputTokens: 0, outputTokens: 0 };
  let cost = 0n;
  let unpricedCalls = 0;
  for (let p = forest.traceFrom[trace]!; p < forest.traceFrom[trace + 1]!; p++) {
    if (selected !== undefined && !selected(p)) continue;
    const row = forest.row[p]!;
    totals.spans++;
    if (table.has(row, FLAG.failed)) totals.errors++;
    if (table.kindOf(row) === 'tool') totals.toolCalls++;
    if (!bill.isCall(p)) continue;
    if (bill.cost(p) !== 0) cost += BigInt(bill.cost(p));
    if (bill.rule(p) === 'tool_price') continue;
    totals.calls++;
    totals.inputTokens += table.usageOf(row, 'reportedInput');
    totals.outputTokens += table.usageOf(row, 'reportedOutput');
    if (isUnpriced(bill.status(p))) unpricedCalls++;
  }
  return { ...totals, cost, unpricedCalls };
}

/** A run in one line. Its slowest step is looked for unless it is known already. */
export function traceHead(
  data: Dataset,
  trace: number,
  slowest: Bottleneck | undefined = bottleneck(data.forest, criticalPath(data.forest, trace)),
): TraceHead {
  const { forest, attribution } = data;
  const { table } = forest;
  const tops = topSpans(forest, trace);
  const root = tops[0]!;
  const known = (idOf: (position: number) => number): string | null =>
    table.strings.text(tops.map(idOf).find((id) => id !== 0) ?? 0) ?? null;
  const services = tops.map((top) => table.textOf('service', forest.row[top]!));
  const duration = forest.traceDuration(trace);
  const totals = traceTotals(data, trace);
  return {
    trace_id: table.traceIdOf(forest.row[root]!),
    root: table.nameOf(forest.row[root]!),
    service: services.find((service) => service !== undefined) ?? null,
    workflow: known(attribution.workflow),
    user: known(attribution.user),
    session: known(attribution.session),
    start: time(forest.traceStart(trace)),
    duration_ms: ms(forest.traceStart(trace) === undefined ? undefined : duration),
    spans: totals.spans,
    errors: totals.errors,
    llm_calls: totals.calls,
    tool_calls: totals.toolCalls,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cost_usd:
      totals.calls > 0 && totals.calls === totals.unpricedCalls && totals.cost === 0n
        ? usd(undefined)
        : usd(totals.cost, totals.unpricedCalls > 0),
    unpriced_calls: totals.unpricedCalls,
    bottleneck:
      slowest === undefined
        ? null
        : {
            span_id: table.spanIdOf(forest.row[slowest.position]!),
            name: slowest.step,
            share: slowest.own / duration,
          },
  };
}

/** Top-level positions of a trace, the one that stands for it first: its first root, else its earliest span. */
export function topSpans(forest: Forest, trace: number): number[] {
  const tops: number[] = [];
  const to = forest.traceFrom[trace + 1]!;
  for (let p = forest.traceFrom[trace]!; p < to; p += forest.size[p]!) tops.push(p);
  const root = tops.findIndex((top) => forest.top(top) !== 'orphan');
  return root > 0 ? [tops[root]!, ...tops.slice(0, root), ...tops.slice(root + 1)] : tops;
}

/** A run as a row; at narrow widths the columns with the highest `droppable` go first. */
export const TRACE_COLUMNS: readonly Column[] = [
  column('trace_id', 'trace', 'id'),
  column('start', 'start', 'time', 1),
  column('root', 'root', 'text'),
  column('service', 'service', 'text', 11),
  column('workflow', 'workflow', 'text', 10),
  column('user', 'user', 'text', 3),
  column('session', 'session', 'text', 13),
  column('duration_ms', 'duration', 'duration'),
  column('spans', 'spans', 'count', 6),
  column('errors', 'errors', 'count', 2),
  column('llm_calls', 'LLM', 'count', 7),
  column('tool_calls', 'tools', 'count', 8),
  column('input_tokens', 'in', 'tokens', 5),
  column('output_tokens', 'out', 'tokens', 5),
  column('cost_usd', 'cost', 'money'),
  column('unpriced_calls', 'unpriced', 'count', 12),
  { path: ['bottleneck', 'name'], name: 'bottleneck', label: 'slowest step', show: 'text', droppable: 4 },
  { path: ['bottleneck', 'share'], name: 'bottleneck_share', label: 'share', show: 'share', droppable: 9 },
];

function column(name: keyof TraceHead, label: string, show: Column['show'], droppable = 0): Column {
  return droppable === 0
    ? { path: [name], name, label, show }
    : { path: [name], name, label, show, droppable };
}

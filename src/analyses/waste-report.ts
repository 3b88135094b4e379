import {
  type Column,
  costOfCalls,
  type Money,
  ms,
  type Report,
  shareOf,
  usd,
  type WasteAnswer,
  type WasteLimit,
  type WasteRow,
  type WasteTotal,
} from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import type { Waste, WasteFinding, WasteSum } from './waste.ts';
import { WASTE_KINDS, type WasteReason } from './waste-finding.ts';

/** So many ids stand for all spans of a finding. */
const NAMED = 5;

/** What to do about waste, by what it comes from. */
const ADVICE: Readonly<Record<WasteReason, string>> = {
  same_result:
    'Hand back the known result, or stop the loop, when a call repeats one that was made with the same arguments.',
  repeated_failure: 'Limit the attempts, wait longer between them, or tell the model what went wrong.',
  tried_again: 'See why it fails at first (trace show --only errors).',
  parent_went_on: 'See why it fails (trace show --only errors), or do without it.',
  run_failed: 'See what failed first (trace show --only errors).',
  ttl_lapse: 'Make the next call before the cache lapses, or write the cache for an hour.',
  model_switch: 'Stay with one model in a conversation, or switch where a new one begins.',
  prefix_change: 'Put what changes from call to call behind what stays the same.',
  not_written: 'Let more of the prompt be written to the cache: mark the end of what stays the same.',
  cannot_tell: 'Record the prompts: a change at their beginning would show.',
};

/** Waste as an answer: the worst findings, what each kind comes to, and what most of it is about. */
export function wasteReport(
  waste: Waste,
  { forest }: Dataset,
  limit: number,
  limits: readonly WasteLimit[],
): Report {
  const { table, row } = forest;
  const known = waste.share !== undefined;
  const shown = waste.all.slice(0, limit);
  const rowOf = (finding: WasteFinding): WasteRow => ({
    kind: finding.kind,
    reason: finding.reason,
    trace_id: table.traceIdOf(row[finding.spans[0]!]!),
    step: finding.step,
    spans: finding.spans.slice(0, NAMED).map((position) => table.spanIdOf(row[position]!)),
    calls: finding.calls,
    wasted_calls: finding.spans.length,
    cost_usd: costOf(finding),
    unpriced_calls: finding.unpriced,
    share: known && costOf(finding).pico !== undefined ? shareOf(finding.cost, waste.spend) : null,
    wasted_ms: ms(finding.nanos),
    critical_ms: ms(finding.critical),
    missed_tokens: finding.tokens ?? null,
    text: finding.text,
  });
  const totalOf = (sum: WasteSum): WasteTotal => ({
    findings: sum.findings,
    cost_usd: known ? usd(sum.cost, sum.unpriced > 0) : usd(undefined),
    unpriced_calls: sum.unpriced,
    share: known ? shareOf(sum.cost, waste.spend) : null,
    wasted_ms: ms(sum.nanos),
    time_share:
      sum.nanos === undefined || waste.runNanos === 0
        ? null
        : Math.round((sum.nanos / waste.runNanos) * 1e9) / 1e9,
  });
  const kinds = WASTE_KINDS.filter((kind) => waste.byKind[kind].findings > 0);
  const body: WasteAnswer = {
    waste: {
      findings: shown.map(rowOf),
      more_findings: waste.all.length - shown.length,
      by_kind: kinds.map((kind) => ({ kind, ...totalOf(waste.byKind[kind]) })),
      total: totalOf(waste),
      share: waste.share ?? null,
      time_share: waste.timeShare ?? null,
      runs: waste.runs,
      spend_usd: known ? usd(waste.spend, waste.spendUnpriced > 0) : usd(undefined),
      spend_unpriced_calls: waste.spendUnpriced,
      run_ms: ms(waste.runNanos),
      undecided_calls: waste.undecided,
      cache: waste.cache,
      limits,
      verdict: verdictOf(waste.all),
    },
  };
  return {
    command: 'bottlenecks',
    body,
    table: { rows: 'waste.findings', columns: COLUMNS },
    page: 'waste',
    notes: notesOf(waste, shown.length),
  };
}

function notesOf({ all, runs }: Waste, shown: number): readonly string[] {
  if (runs === 0) return [];
  if (all.length === 0) return [`no findings in ${runs} run${runs === 1 ? '' : 's'}`];
  return shown < all.length
    ? [`the worst ${shown} of ${all.length} findings; raise --limit to see more`]
    : [];
}

/** Nothing known is not nothing. */
const costOf = ({ cost, unpriced }: Pick<WasteSum, 'cost' | 'unpriced'>): Money =>
  costOfCalls(cost, cost === 0n ? unpriced : unpriced + 1, unpriced);

/** What costs most, of findings of one kind about one step; where nothing costs anything, what takes longest. */
function verdictOf(findings: readonly WasteFinding[]): WasteAnswer['waste']['verdict'] {
  const groups = new Map<
    string,
    {
      readonly worst: WasteFinding;
      findings: number;
      cost: bigint;
      unpriced: number;
      nanos: number | undefined;
    }
  >();
  for (const finding of findings) {
    const key = `${finding.kind}\n${finding.reason}\n${finding.step}`;
    const group = groups.get(key) ?? { worst: finding, findings: 0, cost: 0n, unpriced: 0, nanos: undefined };
    groups.set(key, group);
    group.findings++;
    group.cost += finding.cost;
    group.unpriced += finding.unpriced;
    if (finding.nanos !== undefined) group.nanos = (group.nanos ?? 0) + finding.nanos;
  }
  const [first] = [...groups.values()].sort(
    (a, b) => (a.cost === b.cost ? 0 : a.cost < b.cost ? 1 : -1) || (b.nanos ?? 0) - (a.nanos ?? 0),
  );
  if (first === undefined) return null;
  const { kind, reason, step } = first.worst;
  return {
    kind,
    reason,
    step,
    findings: first.findings,
    cost_usd: costOf(first),
    wasted_ms: ms(first.nanos),
    advice: ADVICE[reason],
  };
}

const COLUMNS: readonly Column[] = [
  { path: ['kind'], name: 'kind', label: 'waste', show: 'text' },
  { path: ['step'], name: 'step', label: 'step', show: 'text' },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['wasted_calls'], name: 'wasted_calls', label: 'wasted', show: 'count', droppable: 3 },
  { path: ['cost_usd'], name: 'cost_usd', label: 'cost', show: 'money' },
  { path: ['share'], name: 'share', label: 'share', show: 'share', droppable: 2 },
  { path: ['wasted_ms'], name: 'wasted_ms', label: 'time', show: 'duration' },
  { path: ['critical_ms'], name: 'critical_ms', label: 'critical', show: 'duration', droppable: 4 },
  { path: ['missed_tokens'], name: 'missed_tokens', label: 'missed', show: 'tokens', droppable: 5 },
  { path: ['unpriced_calls'], name: 'unpriced_calls', label: 'unpriced', show: 'count', only: 'csv' },
  { path: ['reason'], name: 'reason', label: 'reason', show: 'text', only: 'csv' },
  { path: ['trace_id'], name: 'trace_id', label: 'trace', show: 'id' },
  { path: ['text'], name: 'text', label: 'what happened', show: 'text', only: 'csv' },
];

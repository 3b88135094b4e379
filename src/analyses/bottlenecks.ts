import {
  type Bottlenecks,
  type Column,
  costOfCalls,
  type Duration,
  ms,
  type Report,
  type SlowStep,
  type StepName,
  type StepRow,
  type StepVerdict,
  traceAt,
} from '../model/index.ts';

import { BOTTLENECK_KEYS, type BottleneckKey, type Grouping, groupBy } from './bottlenecks-groups.ts';
import { isLarge } from './bottlenecks-slow.ts';
import { type StepSpans, spansOf } from './bottlenecks-spans.ts';
import { type StepSums, type Sums, sumUp } from './bottlenecks-sums.ts';
import type { Dataset } from './dataset.ts';
import { spendMoney } from './path-spend.ts';
import { chosenTraces, filterNotes } from './trace-list.ts';

export { BOTTLENECK_KEYS };

export type BottleneckOptions = {
  readonly by: BottleneckKey;
  /** Rows; the rest is told as one sum. */
  readonly limit: number;
};

/** So many rows are looked at for what could be saved, however few are shown. */
const JUDGED = 20;

/**
 * Which steps decide how long runs take: every instant of a critical path belongs to one row, so rows add up to it. Looks
 * at one trace after the other and keeps sums; of spans it keeps a few numbers each.
 */
export function bottlenecks(data: Dataset, { by, limit }: BottleneckOptions): Report {
  const traces = chosenTraces(data);
  const grouping = groupBy(data, by);
  const sums = sumUp(data, by, grouping, traces);
  const found = sums.steps
    .filter(({ traces: runs }) => runs > 0)
    .sort((a, b) => b.critical - a.critical || b.self - a.self || b.calls - a.calls || a.row - b.row);
  // What to do about it does not depend on how much is shown.
  const judged = found.slice(0, Math.max(limit, JUDGED));
  const spans = spansOf(
    data,
    sums,
    judged.map(({ row }) => row),
  );
  const rows = judged.map((step, i) => rowOf(data, sums, grouping, step, spans[i]!));
  const body: Bottlenecks = {
    by,
    rows: rows.slice(0, limit),
    others: othersOf(found.slice(limit), sums.total),
    total: totalOf(sums),
    verdict: verdictOf(rows, sums.total),
  };
  return {
    command: 'bottlenecks',
    body,
    table: { rows: 'rows', columns: columnsOf(by, sums.total.traces), total: 'total' },
    page: 'bottlenecks',
    notes: filterNotes(data, traces),
  };
}

function rowOf(
  data: Dataset,
  { total }: Sums,
  grouping: Grouping,
  step: StepSums,
  spans: StepSpans,
): StepRow {
  const { durations, removable } = spans;
  const named = grouping.describe(step.row);
  const known = tellsTimes(step);
  // What runs outside of any tool or agent is of many kinds: what it took elsewhere tells nothing.
  const mixed = named.kind === null;
  return {
    ...named,
    traces: step.traces,
    calls: step.calls,
    errors: step.errors,
    critical_ms: ms(known ? step.critical : undefined),
    critical_share: known ? fraction(step.critical, total.traceNanos) : null,
    self_ms: ms(known ? step.self : undefined),
    p50_ms: ms(whole(durations.at(0.5))),
    p95_ms: ms(whole(durations.at(0.95))),
    removable_ms: ms(known ? removable : undefined),
    ...costs(step),
    per_run: {
      critical_ms: ms(known ? whole(step.critical / total.timedTraces) : undefined),
      removable_ms: ms(known ? whole(removable / total.timedTraces) : undefined),
    },
    compared_traces: mixed ? 0 : spans.comparedTraces,
    slow: mixed ? null : slowOf(data, total.traceNanos, step, spans),
  };
}

/** Spans without a time are on the path of what is below them. */
const tellsTimes = ({ timed, critical }: Pick<StepSums, 'timed' | 'critical'>): boolean =>
  timed > 0 || critical > 0;

const costs = ({ on, off }: Pick<StepSums, 'on' | 'off'>) => ({
  cost_usd: costOfCalls(on.cost + off.cost, on.calls + off.calls, on.unpricedCalls + off.unpricedCalls),
  critical_cost_usd: spendMoney(on),
  unpriced_calls: on.unpricedCalls + off.unpricedCalls,
});

function slowOf({ forest }: Dataset, runs: number, step: StepSums, spans: StepSpans): SlowStep | null {
  const { history, comparedTraces, slowTraces, slowest } = spans;
  if (history === undefined || comparedTraces === 0) {
    const share = fraction(step.critical, runs);
    return isLarge(share) ? { rule: 'share', share } : null;
  }
  if (slowest === undefined) return null;
  const { table, row, traceFrom } = forest;
  const trace = traceAt(forest, slowest.position);
  return {
    rule: 'history',
    traces: slowTraces,
    compared_traces: comparedTraces,
    usual_ms: ms(whole(history.usual)),
    worst: {
      trace_id: table.traceIdOf(row[traceFrom[trace]!]!),
      span_id: table.spanIdOf(row[slowest.position]!),
      self_ms: ms(slowest.nanos),
      // Of next to nothing everything is a large multiple.
      factor: history.usual < LEAST_USUAL ? null : rounded(slowest.nanos / history.usual),
    },
  };
}

/** A millisecond, in nanoseconds. */
const LEAST_USUAL = 1e6;

function othersOf(rest: readonly StepSums[], { traceNanos }: Sums['total']): Bottlenecks['others'] {
  let [cost, calls, critical, billed, unpriced] = [0n, 0, 0, 0, 0];
  const known = rest.length === 0 || rest.some(tellsTimes);
  for (const step of rest) {
    calls += step.calls;
    critical += step.critical;
    for (const spend of [step.on, step.off]) {
      cost += spend.cost;
      billed += spend.calls;
      unpriced += spend.unpricedCalls;
    }
  }
  return {
    rows: rest.length,
    calls,
    critical_ms: ms(known ? critical : undefined),
    critical_share: known ? fraction(critical, traceNanos) : null,
    cost_usd: costOfCalls(cost, billed, unpriced),
  };
}

function totalOf({ total }: Sums): Bottlenecks['total'] {
  const { traces, timedTraces: timed } = total;
  const known = <T>(value: T): T | undefined => (timed > 0 || traces === 0 ? value : undefined);
  return {
    traces,
    timed_traces: timed,
    duration_ms: ms(known(total.traceNanos)),
    calls: total.calls,
    errors: total.errors,
    critical_ms: ms(known(total.critical)),
    critical_share: known(fraction(total.critical, total.traceNanos)) ?? null,
    uncertain_ms: ms(known(total.uncertain)),
    self_ms: ms(known(total.self)),
    ...costs(total),
    other_cost_usd: spendMoney(total.off),
    per_run: {
      duration_ms: ms(timed === 0 ? undefined : whole(total.traceNanos / timed)),
      critical_ms: ms(timed === 0 ? undefined : whole(total.critical / timed)),
    },
  };
}

/**
 * What to do something about: the row that decides most, how long a run would take without it, and the row that would
 * save more where that is another one. Null where nothing took time.
 */
function verdictOf(rows: readonly StepRow[], total: Sums['total']): StepVerdict | null {
  // What runs outside of any tool is nothing that could be left out, if there is something else.
  const first = rows.find(({ kind, critical_ms: own }) => kind !== null && (own.nanos ?? 0) !== 0) ?? rows[0];
  if (first === undefined || (first.critical_ms.nanos ?? 0) === 0) return null;
  const savings = ({ removable_ms: removable }: StepRow): number => removable.nanos ?? 0;
  const best = rows.reduce(
    (most, row) => (row.kind !== null && savings(row) > savings(most) ? row : most),
    first,
  );
  const without = (row: StepRow): Duration =>
    ms(whole((total.traceNanos - savings(row)) / total.timedTraces));
  return {
    ...nameOf(first),
    critical_share: first.critical_share ?? 0,
    p50_ms: first.p50_ms,
    p95_ms: first.p95_ms,
    per_run: first.per_run,
    run_ms: ms(whole(total.traceNanos / total.timedTraces)),
    without_ms: without(first),
    compared_traces: first.compared_traces,
    slow: first.slow,
    saves_more: best === first ? null : { ...nameOf(best), without_ms: without(best) },
  };
}

const nameOf = ({ step, kind, path }: StepRow): StepName => ({ step, kind, ...(path && { path }) });

const fraction = (part: number, of: number): number => (of === 0 ? 0 : rounded(part / of));
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

function whole(nanos: number): number;
function whole(nanos: number | undefined): number | undefined;
function whole(nanos: number | undefined): number | undefined {
  return nanos === undefined ? undefined : Math.round(nanos);
}

/** Of several runs people read what a run takes on average; programs have the sums as well. */
function columnsOf(by: BottleneckKey, runs: number): Column[] {
  const several = runs > 1;
  const column = (path: string, label: string, show: Column['show'], droppable = 0): Column => ({
    path: path.split('.'),
    name: path.includes('.') ? path.replace('per_run.', 'per_run_') : path,
    label,
    show,
    ...(droppable > 0 && { droppable }),
  });
  const forPrograms = (path: string, show: Column['show']): Column => ({
    ...column(path, path, show),
    only: 'csv',
  });
  return [
    column('step', by, 'text'),
    forPrograms('kind', 'text'),
    several ? column('traces', 'runs', 'count', 4) : forPrograms('traces', 'count'),
    column('calls', 'calls', 'count', 5),
    column('critical_ms', several ? 'critical' : 'time', 'duration', several ? 8 : 0),
    several
      ? column('per_run.critical_ms', 'per run', 'duration')
      : forPrograms('per_run.critical_ms', 'duration'),
    column('critical_share', 'share', 'share'),
    several ? forPrograms('removable_ms', 'duration') : column('removable_ms', 'saves', 'duration'),
    several
      ? column('per_run.removable_ms', 'saves', 'duration')
      : forPrograms('per_run.removable_ms', 'duration'),
    column('self_ms', 'self', 'duration', 9),
    column('p50_ms', 'p50', 'duration', 6),
    column('p95_ms', 'p95', 'duration', 3),
    column('cost_usd', 'cost', 'money', 1),
    forPrograms('critical_cost_usd', 'money'),
    forPrograms('unpriced_calls', 'count'),
    column('errors', 'errors', 'count', 7),
    { path: ['slow', 'rule'], name: 'slow', label: 'slow', show: 'text', only: 'csv' },
  ];
}

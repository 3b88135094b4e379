import {
  type Column,
  DIFF_CHANGES,
  type DiffHead,
  type DiffStep,
  type DiffSummary,
  isModelKind,
  ms,
  type PriceSource,
  type Report,
  type TraceDiff,
  time,
  usd,
} from '../model/index.ts';
import { COST_TERMS, type CostChange, costChange } from './cost-change.ts';
import { CallSums } from './cost-change-sums.ts';
import { align, type Pairing } from './trace-diff-align.ts';
import {
  type Comparison,
  givenName,
  hasTimes,
  type Judged,
  judge,
  knowsCosts,
  LEAST_DURATION,
  labelOf,
  median,
  stepRow,
  toleranceOf,
  wholeNanos,
} from './trace-diff-steps.ts';
import { type DiffSide, pathTree } from './trace-diff-tree.ts';
import { traceHead, traceTotals } from './trace-head.ts';
import { filterNotes } from './trace-list.ts';

export type { DiffSide } from './trace-diff-tree.ts';

export type TraceDiffOptions = {
  /** How the two sides are called. */
  readonly names: readonly [a: string, b: string];
  /** Smaller changes are none, as a share; undefined: what is usual for each figure. */
  readonly tolerance?: number | undefined;
  /** So many of the steps that changed most. */
  readonly limit?: number | undefined;
  /** Steps that did not change are rows too. */
  readonly all?: boolean | undefined;
  readonly prices: PriceSource;
};

/** What changed from A to B, step by step of their trees, and why the cost did. */
export function traceDiff(a: DiffSide, b: DiffSide, options: TraceDiffOptions): Report {
  const heads = [head(a, options.names[0]), head(b, options.names[1])] as const;
  const runs = { a: a.traces.length, b: b.traces.length };
  const comparison: Comparison = {
    runs: { a: Math.max(1, runs.a), b: Math.max(1, runs.b) },
    tolerance: toleranceOf(options.tolerance),
  };
  const pairings = [...inOrder(align(pathTree(a), pathTree(b)))];
  const judged = pairings.flatMap((pairing) => judge(pairing, comparison) ?? []);
  const change = costChange(pairedCalls(pairings), comparison.runs);
  const isKnown = heads.every(({ cost_usd: cost }) => cost.pico !== undefined);
  const names = stepNames(pairings);
  const rowOf = (one: Judged): DiffStep => stepRow(one, comparison, names);
  const changed = judged.filter((one) => options.all === true || one.change !== 'same');
  const shown = largest(changed, options.limit, comparison);
  const { tolerance } = comparison;
  const body: TraceDiff = {
    a: heads[0],
    b: heads[1],
    matched: matched(judged),
    summary: summary(judged, isKnown ? change : undefined, comparison, rowOf),
    cost_change: {
      total_usd: usd(isKnown ? change.total : undefined),
      unpriced_calls: { a: heads[0].unpriced_calls, b: heads[1].unpriced_calls },
      terms: COST_TERMS.map((name) => ({ name, usd: usd(isKnown ? change.terms.get(name) : undefined) })),
    },
    tolerance: {
      duration_share: tolerance.duration,
      duration_ms: ms(LEAST_DURATION),
      tokens_share: tolerance.tokens,
      cost_share: tolerance.cost,
      calls_share: tolerance.calls,
    },
    prices: options.prices,
    steps: shown.map(rowOf),
  };
  return {
    command: 'trace diff',
    body,
    table: { rows: 'steps', columns: COLUMNS },
    page: 'diff',
    notes: [
      ...new Set([...filterNotes(a.data, a.traces), ...filterNotes(b.data, b.traces)]),
      ...(['A', 'B'] as const)
        .filter((_, i) => heads[i]!.traces === 0)
        .map((side) => `no span of ${side} meets the filters`),
    ],
  };
}

/** All places below the top, parents before their children. */
function* inOrder(top: Pairing): Iterable<Pairing> {
  const open = top.children.toReversed();
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    yield one;
    for (let i = one.children.length - 1; i >= 0; i--) open.push(one.children[i]!);
  }
}

function head({ data, traces }: DiffSide, name: string): DiffHead {
  const sums = { spans: 0, errors: 0, llm_calls: 0, tool_calls: 0, input_tokens: 0, output_tokens: 0 };
  let cost = 0n;
  let unpriced = 0;
  const durations: number[] = [];
  for (const trace of traces) {
    const totals = traceTotals(data, trace);
    sums.spans += totals.spans;
    sums.errors += totals.errors;
    sums.llm_calls += totals.calls;
    sums.tool_calls += totals.toolCalls;
    sums.input_tokens += totals.inputTokens;
    sums.output_tokens += totals.outputTokens;
    cost += totals.cost;
    unpriced += totals.unpricedCalls;
    if (data.forest.traceStart(trace) !== undefined) durations.push(data.forest.traceDuration(trace));
  }
  const only = traces.length === 1 ? traceHead(data, traces[0]!, undefined) : undefined;
  // Traces follow one another by start; those without a time are last.
  const first = traces[0];
  return {
    name,
    traces: traces.length,
    trace_id: only?.trace_id ?? null,
    root: only?.root ?? null,
    start: time(first === undefined ? undefined : data.forest.traceStart(first)),
    duration_ms: wholeNanos(median(durations)),
    ...sums,
    cost_usd:
      sums.llm_calls > 0 && sums.llm_calls === unpriced && cost === 0n
        ? usd(undefined)
        : usd(cost, unpriced > 0),
    unpriced_calls: unpriced,
  };
}

/** Calls of a step on both sides, whichever models they went to: those are what `model_mix` is about. */
function* pairedCalls(pairings: readonly Pairing[]) {
  const groups = new Map<string, { a: CallSums | undefined; b: CallSums | undefined }>();
  for (const { a, b, parent } of pairings) {
    if (a?.sums === undefined && b?.sums === undefined) continue;
    const key = `${parent!.number} ${(b ?? a)!.names.loose}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { a: undefined, b: undefined };
      groups.set(key, group);
    }
    group.a = together(group.a, a?.sums);
    group.b = together(group.b, b?.sums);
  }
  yield* groups.values();
}

function together(one: CallSums | undefined, other: CallSums | undefined): CallSums | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return new CallSums().join(one).join(other);
}

/** What steps are called, with the span's name beside it where siblings would be called the same. */
function stepNames(pairings: readonly Pairing[]): (pairing: Pairing) => string {
  const plain = ({ a, b }: Pairing): string =>
    labelOf((b !== undefined && (b.calls > 0 || a === undefined) ? b : a)!);
  const seen = new Map<Pairing, Map<string, number>>();
  for (const pairing of pairings) {
    const siblings = seen.get(pairing.parent!) ?? new Map<string, number>();
    seen.set(pairing.parent!, siblings);
    const name = plain(pairing);
    siblings.set(name, (siblings.get(name) ?? 0) + 1);
  }
  return (pairing) => {
    const name = plain(pairing);
    const node = (pairing.b ?? pairing.a)!;
    const given = isModelKind(node.kind) ? givenName(node) : '';
    return given !== '' && seen.get(pairing.parent!)!.get(name)! > 1 ? `${name} (${given})` : name;
  };
}

/** Of spans, the share is 1 where there is nothing that could fail to match. */
function matched(judged: readonly Judged[]): TraceDiff['matched'] {
  const all = { spans: 0, time: 0 };
  const both = { spans: 0, time: 0 };
  const timed = { a: false, b: false };
  for (const { pairing, change } of judged) {
    for (const side of ['a', 'b'] as const) {
      const node = pairing[side];
      if (node === undefined) continue;
      timed[side] ||= hasTimes(node);
      all.spans += node.calls;
      all.time += node.selfTime;
      if (change === 'added' || change === 'removed') continue;
      both.spans += node.calls;
      both.time += node.selfTime;
    }
  }
  const share = (part: number, whole: number): number => Math.round((part / whole) * 1e9) / 1e9;
  return {
    spans: both.spans,
    of: all.spans,
    share: all.spans === 0 ? 1 : share(both.spans, all.spans),
    time_share: timed.a && timed.b && all.time > 0 ? share(both.time, all.time) : null,
  };
}

/** What it costs more in a run of B than in one of A, times the runs of both sides; 0 where that is not known. */
function costOf({ pairing }: Judged, { runs }: Comparison): bigint {
  const { a, b } = pairing;
  if (!knowsCosts(pairing)) return 0n;
  return (b?.cost ?? 0n) * BigInt(runs.a) - (a?.cost ?? 0n) * BigInt(runs.b);
}

function criticalOf({ pairing: { a, b } }: Judged, { runs }: Comparison): number {
  return (b?.criticalTime ?? 0) / runs.b - (a?.criticalTime ?? 0) / runs.a;
}

function failuresOf({ pairing: { a, b } }: Judged, { runs }: Comparison): number {
  return (b?.errors ?? 0) / runs.b - (a?.errors ?? 0) / runs.a;
}

/** So many that changed most, in the order of the tree: by what they have of the money and the time, failures first. */
function largest(
  changed: readonly Judged[],
  limit: number | undefined,
  comparison: Comparison,
): readonly Judged[] {
  if (limit === undefined || changed.length <= limit) return changed;
  let money = 0n;
  let time = 0;
  for (const one of changed) {
    const cost = costOf(one, comparison);
    money += cost < 0n ? -cost : cost;
    time += Math.abs(criticalOf(one, comparison));
  }
  const weights = changed.map((one) => {
    const cost = money === 0n ? 0 : Math.abs(Number(costOf(one, comparison))) / Number(money);
    const critical = time === 0 ? 0 : Math.abs(criticalOf(one, comparison)) / time;
    return Math.max(cost, critical) + (failuresOf(one, comparison) !== 0 ? 1 : 0);
  });
  const order = changed.map((_, i) => i).sort((i, j) => weights[j]! - weights[i]! || i - j);
  const kept = new Set(order.slice(0, limit));
  return changed.filter((_, i) => kept.has(i));
}

function summary(
  judged: readonly Judged[],
  change: CostChange | undefined,
  comparison: Comparison,
  rowOf: (one: Judged) => DiffStep,
): DiffSummary {
  const counts = Object.fromEntries(DIFF_CHANGES.map((name) => [name, 0])) as Record<
    (typeof DIFF_CHANGES)[number],
    number
  >;
  let [cost, critical, fails, recovers]: (Judged | undefined)[] = [];
  let time = 0;
  let money = 0n;
  for (const one of judged) {
    counts[one.change]++;
    time += criticalOf(one, comparison);
    money += costOf(one, comparison);
  }
  for (const one of judged) {
    const costMost = cost === undefined ? 0n : costOf(cost, comparison);
    if (further(costOf(one, comparison), costMost, money)) cost = one;
    const timeMost = critical === undefined ? 0 : criticalOf(critical, comparison);
    if (further(criticalOf(one, comparison), timeMost, time)) critical = one;
    if (one.change === 'same') continue;
    const failures = failuresOf(one, comparison);
    if (failures > 0) fails ??= one;
    if (failures < 0) recovers ??= one;
  }
  let term: { readonly name: string; readonly usd: bigint } | undefined;
  for (const [name, amount] of change?.terms ?? [])
    if (name !== 'runs' && further(amount, term?.usd ?? 0n, money)) term = { name, usd: amount };
  const { runs } = comparison;
  const failing = (one: Judged | undefined, side: 'a' | 'b') => {
    if (one === undefined) return null;
    const row = rowOf(one);
    return { path: row.path, error: row[side]?.error ?? null };
  };
  return {
    ...counts,
    largest: {
      term: term === undefined ? null : { name: term.name, usd: usd(term.usd) },
      cost:
        cost === undefined || change === undefined
          ? null
          : {
              path: rowOf(cost).path,
              usd: usd(costOf(cost, comparison) / BigInt(runs.a * runs.b)),
            },
      time:
        critical === undefined
          ? null
          : { path: rowOf(critical).path, critical_ms: wholeNanos(criticalOf(critical, comparison)) },
      fails: failing(fails, 'b'),
      recovers: failing(recovers, 'a'),
    },
  };
}

/** Further in the direction of the whole. */
const further = <T extends number | bigint>(one: T, before: T, whole: T): boolean =>
  whole > 0 ? one > before : whole < 0 && one < before;

const COLUMNS: readonly Column[] = [
  { path: ['change'], name: 'change', label: 'change', show: 'text' },
  { path: ['place'], name: 'path', label: 'step', show: 'text' },
  { path: ['kind'], name: 'kind', label: 'kind', show: 'text' },
  { path: ['changes'], name: 'changes', label: 'changes', show: 'text' },
  { path: ['cost_change_usd'], name: 'cost_change_usd', label: 'cost change', show: 'money' },
  ...(['a', 'b'] as const).flatMap((side): Column[] => [
    ...(['runs', 'calls', 'calls_per_run', 'errors'] as const).map((name) => figure(side, name, 'count')),
    ...(['duration_ms', 'call_ms', 'self_ms', 'critical_ms'] as const).map((name) =>
      figure(side, name, 'duration'),
    ),
    ...(['input_tokens', 'output_tokens', 'cache_read_tokens'] as const).map((name) =>
      figure(side, name, 'tokens'),
    ),
    figure(side, 'cost_usd', 'money'),
    figure(side, 'unpriced_calls', 'count'),
  ]),
];

function figure(side: 'a' | 'b', name: string, show: Column['show']): Column {
  return { path: [side, name], name: `${side}_${name}`, label: `${side} ${name}`, show };
}

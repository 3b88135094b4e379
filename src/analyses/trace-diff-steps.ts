import {
  costOfCalls,
  type DiffAspect,
  type DiffChange,
  type DiffFigures,
  type DiffStep,
  type Duration,
  isModelKind,
  type Money,
  ms,
  NANOS_PER_MILLI,
  usd,
} from '../model/index.ts';
import type { Pairing } from './trace-diff-align.ts';
import type { PathNode } from './trace-diff-tree.ts';

/** Changes that are none: shares of the smaller of two values. */
export type Tolerance = {
  readonly duration: number;
  readonly calls: number;
  readonly tokens: number;
  readonly cost: number;
};

/**
 * What Grafana Tempo's comparison of traces takes for noise: a fifth of a duration, a twentieth of tokens
 * (github.com/grafana/tempo, experimental trace diff). A tolerance that is asked for goes for all.
 */
export const toleranceOf = (share: number | undefined): Tolerance => ({
  duration: share ?? 0.2,
  calls: share ?? 0.2,
  tokens: share ?? 0.05,
  cost: share ?? 0.05,
});

/** Besides a share: clocks and schedulers differ by this, in nanoseconds, and prices are rounded to this, in picodollars. */
export const LEAST_DURATION = NANOS_PER_MILLI;
const LEAST_COST = 1e6;
/** Besides a share: failures in a hundred calls. */
const LEAST_FAILURES = 0.01;

/** What is compared: how many runs there are on each side, and what is no change. */
export type Comparison = { readonly runs: { readonly a: number; readonly b: number } } & {
  readonly tolerance: Tolerance;
};

/** A place in both trees where at least one side has chosen spans, and what became of it. */
export type Judged = {
  readonly pairing: Pairing;
  readonly change: DiffChange;
  readonly changes: readonly DiffAspect[];
};

/** Undefined where neither side has a chosen span. */
export function judge(pairing: Pairing, comparison: Comparison): Judged | undefined {
  const [a, b] = [spansOf(pairing.a), spansOf(pairing.b)];
  if (a === undefined && b === undefined) return undefined;
  if (a === undefined) return { pairing, change: 'added', changes: [] };
  if (b === undefined) return { pairing, change: 'removed', changes: [] };
  const changes = ASPECTS.filter(([, differs]) => differs(a, b, comparison, pairing)).map(([name]) => name);
  const change = changes.includes('place')
    ? 'moved'
    : changes.includes('calls')
      ? 'repeated'
      : changes.length > 0
        ? 'changed'
        : 'same';
  return { pairing, change, changes };
}

const spansOf = (node: PathNode | undefined): PathNode | undefined =>
  node !== undefined && node.calls > 0 ? node : undefined;

/** Ids in names are no names, and of calls of models the model is. */
const isRenamed = (a: PathNode, b: PathNode): boolean =>
  isModelKind(a.kind) ? labelOf(a) !== labelOf(b) : a.names.exact !== b.names.exact;

type Differs = (a: PathNode, b: PathNode, comparison: Comparison, pairing: Pairing) => boolean;

const ASPECTS: readonly (readonly [DiffAspect, Differs])[] = [
  ['place', (_a, _b, _, { moved }) => moved],
  ['name', (a, b) => !isModelKind(a.kind) && isRenamed(a, b)],
  [
    'model',
    ({ models: a }, { models: b }) => a.size !== b.size || [...a.keys()].some((model) => !b.has(model)),
  ],
  [
    'calls',
    (a, b, { runs, tolerance }) =>
      runs.a === 1 && runs.b === 1
        ? a.calls !== b.calls
        : differ(a.calls / runs.a, b.calls / runs.b, tolerance.calls, 0),
  ],
  [
    'errors',
    (a, b, { tolerance }) =>
      differ(a.errors / a.calls, b.errors / b.calls, tolerance.calls, LEAST_FAILURES) ||
      (a.errors === 0) !== (b.errors === 0),
  ],
  [
    'duration',
    (a, b, { tolerance }) => {
      const [before, after] = [median(a.callTimes), median(b.callTimes)];
      if (before === undefined || after === undefined) return before !== after;
      return differ(before, after, tolerance.duration, LEAST_DURATION);
    },
  ],
  [
    'tokens',
    (a, b, { tolerance }) =>
      differ(perCall(a, a.inputTokens), perCall(b, b.inputTokens), tolerance.tokens, 0) ||
      differ(perCall(a, a.outputTokens), perCall(b, b.outputTokens), tolerance.tokens, 0),
  ],
  [
    'cost',
    (a, b, { runs, tolerance }) =>
      differ(Number(a.cost) / runs.a, Number(b.cost) / runs.b, tolerance.cost, LEAST_COST) ||
      (a.unpricedCalls === 0) !== (b.unpricedCalls === 0),
  ],
];

/** By more than a share of the smaller one, and by more than the least amount that is looked at. */
function differ(a: number, b: number, share: number, least: number): boolean {
  const difference = Math.abs(a - b);
  return difference > least && difference > share * Math.min(a, b);
}

const perCall = ({ modelCalls }: PathNode, tokens: number): number =>
  modelCalls === 0 ? 0 : tokens / modelCalls;

/** Of numbers in any order; the mean of the two in the middle. Undefined of none. */
export function median(values: readonly number[]): number | undefined {
  if (values.length < 2) return values[0];
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** The step as a row. `names` says what the steps of a path are called. */
export function stepRow(
  { pairing, change, changes }: Judged,
  { runs }: Comparison,
  names: (pairing: Pairing) => string,
): DiffStep {
  const [a, b] = [spansOf(pairing.a), spansOf(pairing.b)];
  const above: Pairing[] = [];
  for (let at: Pairing | undefined = pairing; at?.parent !== undefined; at = at.parent) above.push(at);
  const path = above.reverse().map(names);
  return {
    path,
    step: path.at(-1)!,
    step_was: a !== undefined && b !== undefined && isRenamed(a, b) ? labelOf(a) : null,
    moved_from: change === 'moved' ? pathOf(a!) : null,
    kind: (b ?? a)!.kind,
    change,
    changes,
    cost_change_usd: usd(knowsCosts(pairing) ? (b?.cost ?? 0n) - (a?.cost ?? 0n) : undefined),
    a: a === undefined ? null : figures(a, runs.a),
    b: b === undefined ? null : figures(b, runs.b),
    place: path.join(ARROW),
    trail: above.map((at) => at.number),
  };
}

const ARROW = ' › ';

function pathOf(node: PathNode): string[] {
  const path: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) path.push(labelOf(at));
  return path.reverse();
}

function figures(node: PathNode, runs: number): DiffFigures {
  const { calls, errors, unpricedCalls } = node;
  return {
    runs: node.runs,
    calls,
    calls_per_run: Math.round((calls / runs) * 1e6) / 1e6,
    errors,
    error: mostFrequent(node.errorTypes) ?? null,
    duration_ms: wholeNanos(median(node.runTimes)),
    call_ms: wholeNanos(median(node.callTimes)),
    self_ms: wholeNanos(hasTimes(node) ? node.selfTime / runs : undefined),
    critical_ms: wholeNanos(hasTimes(node) ? node.criticalTime / runs : undefined),
    input_tokens: node.inputTokens,
    output_tokens: node.outputTokens,
    cache_read_tokens: node.cacheReadTokens,
    cost_usd: costOf(node),
    unpriced_calls: unpricedCalls,
    models: modelsOf(node),
  };
}

/** Tools with a fee have a price beside calls of models that have none. */
const costOf = ({ cost, modelCalls, unpricedCalls }: PathNode): Money =>
  cost === 0n ? costOfCalls(cost, modelCalls, unpricedCalls) : usd(cost, unpricedCalls > 0);

/** Is there anything to say about what it costs more or less on one side? */
export const knowsCosts = ({ a, b }: Pairing): boolean =>
  [a, b].every((node) => node === undefined || costOf(node).pico !== undefined);

/** Some of its spans tell when they began and ended. */
export const hasTimes = ({ callTimes, selfTime }: PathNode): boolean => callTimes.length > 0 || selfTime > 0;

export const wholeNanos = (nanos: number | undefined): Duration =>
  ms(nanos === undefined ? undefined : Math.round(nanos));

/** What the step is called on its side: as most of its spans are, and with `#` for ids where they differ in those. */
export function labelOf({ kind, names, otherSteps, calls }: PathNode): string {
  if (otherSteps.size === 0) return names.step;
  if (!isModelKind(kind)) return names.exact.replace('\0', ' ');
  const others = [...otherSteps.values()].reduce((sum, count) => sum + count, 0);
  return mostFrequent(new Map(otherSteps).set(names.step, calls - others)) ?? names.step;
}

/** The span's own name, where it says more than the model does. */
export const givenName = ({ names }: PathNode): string => names.exact.split('\0')[1] ?? '';

function modelsOf({ models }: PathNode): string[] {
  return [...models].sort(byCount).map(([model]) => model);
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].sort(byCount)[0]?.[0];
}

function byCount([a, countA]: readonly [string, number], [b, countB]: readonly [string, number]): number {
  return countB - countA || (a < b ? -1 : a > b ? 1 : 0);
}

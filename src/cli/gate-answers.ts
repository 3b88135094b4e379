import { type Baseline, type KeyedRun, runGroups } from '../analyses/baseline.ts';
import type { FigureName } from '../analyses/figures.ts';
import type { Words } from '../analyses/gate.ts';
import {
  budgetGate,
  budgetPerGate,
  durationGate,
  errorsGate,
  tokensGate,
  unpricedGate,
} from '../analyses/limits.ts';
import type { Shape } from '../analyses/shape.ts';
import type { Gate } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { formatCount, formatDuration, formatShare, formatTokens, formatUsd } from '../render/format.ts';
import type { GateSettings } from './gate-settings.ts';

/** What the gates compare with, as read from files. */
export type Expected = { readonly baseline: Baseline | undefined; readonly shape: Shape | undefined };

/** What `--baseline` means where nobody says which increase is too much. */
const DEFAULT_INCREASE: ReadonlyMap<FigureName, number> = new Map([
  ['cost', 0.1],
  ['duration', 0.2],
]);

const WORDS: Words = {
  usd: (pico) => formatUsd(pico, 'call'),
  ms: formatDuration,
  tokens: formatTokens,
  count: formatCount,
  fraction: formatShare,
};

/** Every gate that is set, with its answer, in the order of the help page. */
export async function gatesOf(
  data: Dataset,
  runs: readonly KeyedRun[],
  settings: GateSettings,
  expected: Expected,
): Promise<readonly Gate[]> {
  const { budget, budgetPer, maxDuration, maxErrors, maxTokens, maxWaste, maxUnpriced } = settings;
  const when = <T>(limit: T | undefined, gate: (limit: T) => Gate): readonly Gate[] =>
    limit === undefined ? [] : [gate(limit)];
  return [
    ...when(budget, (limit) => budgetGate(runs, limit, WORDS)),
    ...[...budgetPer].map(([dimension, limit]) => budgetPerGate(data, dimension, limit, WORDS)),
    ...when(maxDuration, (limit) => durationGate(runs, limit, WORDS)),
    ...when(maxErrors, (limit) => errorsGate(runs, limit, WORDS)),
    ...when(maxTokens, (limit) => tokensGate(runs, limit, WORDS)),
    ...(maxWaste === undefined ? [] : [await wasteGate(data, runs, maxWaste, WORDS)]),
    ...when(maxUnpriced, (limit) => unpricedGate(runs, limit, WORDS)),
    ...(expected.baseline === undefined ? [] : await increaseGates(expected.baseline, runs, settings)),
    ...(expected.shape === undefined ? [] : [await shapeGate(data, runs, expected.shape)]),
  ];
}

async function increaseGates(
  baseline: Baseline,
  runs: readonly KeyedRun[],
  { maxIncrease, minChange, seed = 1 }: GateSettings,
): Promise<readonly Gate[]> {
  const { compareWithBaseline } = await import('../analyses/regression.ts');
  const { regressionGates } = await import('../analyses/regression-gates.ts');
  const increase = maxIncrease.size > 0 ? maxIncrease : DEFAULT_INCREASE;
  const regression = compareWithBaseline(baseline, runGroups(runs), { increase, floor: minChange, seed });
  return regressionGates(regression, increase, WORDS);
}

async function wasteGate(
  data: Dataset,
  runs: readonly KeyedRun[],
  limit: number,
  words: Words,
): Promise<Gate> {
  if (runs.length === 0)
    return { name: 'max_waste', ok: true, value: null, limit, unit: 'fraction', detail: 'no runs' };
  const { wasteOf } = await import('../analyses/waste.ts');
  const { share, cost, spend, unpriced, all, undecided } = wasteOf(data);
  const ok = (share ?? 0) > limit ? false : share === undefined || unpriced > 0 ? null : true;
  const found = all[0] === undefined ? '' : `, the first: ${all[0].text}`;
  const open = [
    ...(unpriced > 0 ? [`wasted calls without a price: ${words.count(unpriced)}`] : []),
    ...(undecided > 0 ? [`repeated calls that do not tell what they gave: ${words.count(undecided)}`] : []),
  ];
  const detail = [`${words.usd(cost)} of ${words.usd(spend)}${found}`, ...open].join('; ');
  return { name: 'max_waste', ok, value: share ?? null, limit, unit: 'fraction', detail };
}

async function shapeGate(data: Dataset, runs: readonly KeyedRun[], expected: Shape): Promise<Gate> {
  if (runs.length === 0) {
    // What is not there is not wrong either.
    const detail = 'no runs were found to compare';
    return { name: 'shape', ok: null, value: null, limit: 0, unit: 'count', detail };
  }
  const { compareShapes, shapeOf } = await import('../analyses/shape.ts');
  const { ok, differences } = compareShapes(expected, shapeOf(data));
  const lines = differences.map(({ line }) => line);
  const detail = ok
    ? 'as written'
    : lines.length === 1
      ? lines[0]!
      : `${WORDS.count(lines.length)} differences`;
  return {
    name: 'shape',
    ok,
    value: lines.length,
    limit: 0,
    unit: 'count',
    detail,
    differences: lines,
  };
}

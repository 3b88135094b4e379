import { append, type Comparison, ms, type Untold, usd, type Value } from '../model/index.ts';
import { type Baseline, figureOf, kept, type RunGroup, type RunSample } from './baseline.ts';
import {
  ALPHA,
  bootstrapRatio,
  detectable,
  holm,
  type Ratio,
  type Samples,
  STATISTICS,
  type Statistic,
} from './bootstrap.ts';
import { FIGURES, type FigureName, type FigureUnit } from './figures.ts';

/** The largest increase of each figure, as a fraction, and what the average run may change by whatever that is in percent. */
export type Limits = {
  readonly increase: ReadonlyMap<FigureName, number>;
  readonly floor: ReadonlyMap<FigureName, number>;
  readonly seed: number;
};

/** Fewer runs than these on a side, or fewer pairs, are not compared: the resamples of so few repeat themselves. */
export const FEWEST = 8;
/** Groups that are compared. Holm's correction asks more of each the more there are, and each takes its time. */
const MOST_GROUPS = 20;
/** Runs of a side that are resampled: beyond, what the baseline keeps sets the limits. */
const MOST_COMPARED = 400;
/** What cannot be compared does not decide where it is at most this part of the runs on both sides. */
const RARE = 0.05;
/** Pairs are used where they cover this part of the runs on both sides. */
const MOSTLY = 0.5;

/** Whether the figures of the runs have increased: the answers per group, and whether those that say nothing matter. */
export type Regression = {
  readonly comparisons: readonly Comparison[];
  /** Figures for which runs that could not be compared are too many to be left aside. */
  readonly untold: ReadonlySet<FigureName>;
};

/**
 * Compares runs with a baseline, group by group: the mean and the median of each figure.
 *
 * It has increased where the whole interval lies above the limit, the confidence corrected for all comparisons (Holm), and
 * the difference is not below the floor. It has not where the whole interval lies at or below the limit, where even its upper
 * end means less than the floor, or where the figures are the same run for run. Otherwise the data cannot tell.
 */
export function compareWithBaseline(
  baseline: Baseline,
  groups: readonly RunGroup[],
  limits: Limits,
): Regression {
  const sides = sidesOf(baseline.groups, groups);
  const chosen = largest(sides);
  const found = [...limits.increase].flatMap(([figure, limit]) =>
    sides.flatMap((side) => compareGroup(side, figure, limit, limits, chosen.has(side))),
  );
  const tested = found.filter(({ ratio, same }) => ratio !== undefined && !same);
  const adjusted = holm(tested.map(({ ratio }) => ratio!.pAbove));
  const levels = new Map(tested.map((one, i) => [one, adjusted[i]!]));
  const comparisons = found.map((one) => judged(one, levels.get(one), Math.max(1, tested.length), limits));
  return { comparisons, untold: untoldOf(comparisons, limits, sides) };
}

type Side = { readonly before: RunGroup; readonly after: RunGroup };

function sidesOf(before: readonly RunGroup[], after: readonly RunGroup[]): readonly Side[] {
  const keyOf = ({ root, workflow }: RunGroup): string => JSON.stringify([root, workflow]);
  const nothing = (group: RunGroup): RunGroup => ({ ...group, runs: 0, samples: [] });
  const later = new Map(after.map((group) => [keyOf(group), group]));
  const earlier = new Set(before.map(keyOf));
  return [
    ...before.map((group) => ({ before: group, after: later.get(keyOf(group)) ?? nothing(group) })),
    ...after
      .filter((group) => !earlier.has(keyOf(group)))
      .map((group) => ({ before: nothing(group), after: group })),
  ];
}

/** The groups with the most runs, by the smaller of their sides. */
function largest(sides: readonly Side[]): ReadonlySet<Side> {
  const size = ({ before, after }: Side): number => Math.min(before.runs, after.runs);
  return new Set(sides.toSorted((a, b) => size(b) - size(a)).slice(0, MOST_GROUPS));
}

/** A comparison before it is known how many there are. */
type Found = {
  readonly side: Side;
  readonly figure: FigureName;
  readonly limit: number;
  readonly statistic: Statistic | null;
  readonly paired: boolean;
  readonly runsBefore: number;
  readonly runsAfter: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly ratio: Ratio | undefined;
  readonly same: boolean;
  readonly reason: Untold | null;
};

function compareGroup(
  side: Side,
  figure: FigureName,
  limit: number,
  { seed }: Limits,
  isChosen: boolean,
): readonly Found[] {
  const { before, after } = side;
  const counts = { runsBefore: before.runs, runsAfter: after.runs };
  const nothing = { before: undefined, after: undefined, ratio: undefined, same: false, paired: false };
  const silent = (reason: Untold): readonly Found[] => [
    { side, figure, limit, statistic: null, ...counts, ...nothing, reason },
  ];
  if (after.runs === 0) return silent('gone');
  if (before.runs === 0) return silent('new');
  if (isMostlyUnknown(before, figure) || isMostlyUnknown(after, figure)) return silent('unknown_figures');
  if (before.runs < FEWEST || after.runs < FEWEST) return silent('too_few');
  if (!isChosen) return silent('many_groups');
  const same = isSame(before.samples, kept(after).samples, figure);
  const now = same ? kept(after) : kept(after, MOST_COMPARED);
  const samples = pairsOf(before, after, figure) ?? sidesApart(before, now, figure);
  if (samples.before.length < FEWEST || samples.after.length < FEWEST) return silent('too_few');
  return STATISTICS.map((statistic) => ({
    ...{ side, figure, limit, statistic, same },
    paired: samples.paired,
    runsBefore: samples.before.length,
    runsAfter: samples.after.length,
    before: SUMMARY[statistic](samples.before),
    after: SUMMARY[statistic](samples.after),
    ratio: bootstrapRatio(samples, statistic, {
      limit: 1 + limit,
      seed: [seed, figure, before.root, before.workflow ?? ''],
    }),
    reason: null,
  }));
}

/** Runs that do not tell a figure are left aside as long as they are few: they may be those that failed. */
const isMostlyUnknown = ({ samples }: RunGroup, figure: FigureName): boolean =>
  samples.filter((sample) => figureOf(sample, figure) === null).length > RARE * samples.length;

const isSame = (before: readonly RunSample[], after: readonly RunSample[], figure: FigureName): boolean =>
  before.length === after.length &&
  before.every((sample, i) => {
    const other = after[i]!;
    return sample.key === other.key && figureOf(sample, figure) === figureOf(other, figure);
  });

function sidesApart(before: RunGroup, after: RunGroup, figure: FigureName): Samples {
  const [first, second] = [before, after].map(({ samples }) => knownOf(samples, figure));
  return { before: first!, after: second!, paired: false };
}

const knownOf = (samples: readonly RunSample[], figure: FigureName): number[] =>
  samples.map((sample) => figureOf(sample, figure)).filter((one) => one !== null);

/** The averages of every key that both sides have; undefined where too few runs have such a key. */
function pairsOf(before: RunGroup, after: RunGroup, figure: FigureName): Samples | undefined {
  const [first, second] = [before, after].map(({ samples }) => byKey(samples, figure)) as [ByKey, ByKey];
  const shared = [...first.keys()].filter((key) => second.has(key));
  const covered = (side: ByKey): number => shared.reduce((sum, key) => sum + side.get(key)!.length, 0);
  if (shared.length < FEWEST) return undefined;
  if (covered(first) < MOSTLY * before.samples.length) return undefined;
  if (covered(second) < MOSTLY * after.samples.length) return undefined;
  const averages = (side: ByKey): number[] => shared.map((key) => SUMMARY.mean(side.get(key)!));
  return { before: averages(first), after: averages(second), paired: true };
}

type ByKey = ReadonlyMap<string, readonly number[]>;

function byKey(samples: readonly RunSample[], figure: FigureName): ByKey {
  const lists = new Map<string, number[]>();
  for (const sample of samples) {
    const value = figureOf(sample, figure);
    if (sample.key === null || value === null) continue;
    append(lists, sample.key, value);
  }
  return lists;
}

const SUMMARY = {
  mean: (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length,
  median: (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  },
} as const satisfies Record<Statistic, (values: readonly number[]) => number>;

function judged(found: Found, p: number | undefined, tested: number, { floor }: Limits): Comparison {
  const { side, figure, limit, before, same } = found;
  const ratio = same && found.ratio !== undefined ? { ...found.ratio, ...UNCHANGED } : found.ratio;
  const least = floor.get(figure) ?? FIGURES[figure].floor;
  const ok = ratio === undefined ? null : same || verdictOf(found, ratio, p!, least);
  const value = (amount: number | undefined): Value => amountOf(FIGURES[figure].unit, amount);
  return {
    root: side.before.root,
    workflow: side.before.workflow,
    figure,
    statistic: found.statistic,
    ok,
    reason: ratio !== undefined && ok === null ? 'straddles' : found.reason,
    paired: found.paired,
    runs_before: found.runsBefore,
    runs_after: found.runsAfter,
    before: value(before),
    after: value(found.after),
    change: changeOf(ratio?.ratio),
    change_low: changeOf(ratio?.low),
    change_high: changeOf(ratio?.high),
    p: p === undefined ? null : Number(p.toPrecision(3)),
    detectable: ratio === undefined ? null : changeOf(detectable(ratio, 1 + limit, tested)),
  };
}

/** Figures that are the same run for run are no sample of anything else. */
const UNCHANGED = { ratio: 1, low: 1, high: 1 };

function verdictOf(found: Found, ratio: Ratio, p: number, floor: number): boolean | null {
  const { before = 0, after = 0 } = found;
  const grownBy = (times: number): number => (before === 0 ? after : before * (times - 1));
  if (p < ALPHA && grownBy(ratio.ratio) >= floor) return false;
  if (ratio.pBelow < ALPHA || (before > 0 && grownBy(ratio.high) < floor)) return true;
  return before === 0 && after === 0 && ratio.high <= 1 ? true : null;
}

/** A ratio as a change, in as many digits as it has meaning; null where it has no bound. */
const changeOf = (ratio: number | undefined): number | null =>
  ratio === undefined || !Number.isFinite(ratio) ? null : Math.round((ratio - 1) * 1e4) / 1e4;

function amountOf(unit: FigureUnit, amount: number | undefined): Value {
  if (unit === 'usd') return usd(amount === undefined ? undefined : BigInt(Math.round(amount)));
  if (unit === 'ms') return ms(amount === undefined ? undefined : Math.round(amount));
  return amount === undefined ? null : Number(amount.toPrecision(6));
}

function untoldOf(
  comparisons: readonly Comparison[],
  { increase }: Limits,
  sides: readonly Side[],
): ReadonlySet<FigureName> {
  const all = { before: 0, after: 0 };
  for (const { before, after } of sides) {
    all.before += before.runs;
    all.after += after.runs;
  }
  const isUntold = (figure: FigureName): boolean => {
    const silent = comparisons.filter((one) => one.figure === figure && one.statistic === null);
    const before = silent.reduce((sum, one) => sum + one.runs_before, 0);
    const after = silent.reduce((sum, one) => sum + one.runs_after, 0);
    return all.before === 0 || all.after === 0 || before > RARE * all.before || after > RARE * all.after;
  };
  return new Set([...increase.keys()].filter(isUntold));
}

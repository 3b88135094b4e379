import { FLAG, type Forest } from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import type { Way } from './shape-model.ts';
import { insideOf, MISSING_PARENT, type Place, type Places } from './shape-places.ts';

/** The order of more different steps than this below one call is not followed. */
export const MOST_ORDERED = 16;

/** How often, and in which order, the runs were at a place. */
export type Count = {
  runs: number;
  example: number;
  readonly ways: Map<number, { -readonly [K in keyof Way]: Way[K] }>;
  without: number | undefined;
  /** By `pairOf`: the first step below had ended when the second began. */
  readonly before: Map<number, { runs: number; example: number; last: number }>;
  /** Of some two steps below nobody can say which was first. */
  unordered: boolean;
  // The runs that were at it last.
  last: number;
  previous: number;
  // Of the run that is being counted.
  calls: number;
  parents: number;
  low: number;
  high: number;
  failed: boolean;
  succeeded: boolean;
  // Of the call of the step above that is being counted.
  parent: number;
  count: number;
};

/** The number of two steps below a place. */
export const pairOf = (first: Place, second: Place): number => first.id * 2 ** 26 + second.id;

/** Counts runs by what they did at every place: the second look. The counts have the numbers of their places. */
export function countsOf({ forest }: Dataset, places: Places): readonly Count[] {
  const counts = places.all.map(newCount);
  for (let trace = 0; trace < forest.traces; trace++) {
    const run = places.runOf(trace);
    if (run !== undefined) countRun(forest, places, counts, run, trace);
  }
  for (const { above, id } of places.all) {
    const count = counts[id]!;
    const outer = above === undefined ? undefined : counts[above.id]!;
    // The last runs at the step above were without it.
    if (outer !== undefined && count.last !== outer.last) count.without ??= outer.last;
  }
  return counts;
}

function countRun(forest: Forest, places: Places, counts: readonly Count[], run: Place, trace: number): void {
  const touched: Place[] = [];
  const visit: Visit = { counts, trace, touched };
  enter(visit, run).calls = 1;
  const [from, to] = [forest.traceFrom[trace]!, forest.traceFrom[trace + 1]!];
  countTops(forest, places, visit, run, from, to);
  for (let p = from; p < to; p++) {
    const place = places.of(p);
    if (place === undefined) continue;
    const count = counts[place.id]!;
    if (forest.table.has(forest.row[p]!, FLAG.failed)) count.failed = true;
    else count.succeeded = true;
    const inside = enter(visit, insideOf(place));
    inside.calls++;
    if (forest.size[p] === 1) continue;
    const steps: Place[] = [];
    const firsts: number[] = [];
    for (let c = p + 1; c < p + forest.size[p]!; c += forest.size[c]!) {
      const step = places.of(c);
      if (step !== undefined && tell(visit, step, p, steps)) firsts.push(c);
    }
    close(visit, steps);
    order(forest, inside, steps, firsts, trace);
  }
  for (const place of touched) finish(place, counts, trace);
}

/** One run, while it is counted. */
type Visit = { readonly counts: readonly Count[]; readonly trace: number; readonly touched: Place[] };

/** What stands at the top of a run, and the steps whose parent is missing. */
function countTops(forest: Forest, places: Places, visit: Visit, run: Place, from: number, to: number): void {
  const tops: Place[] = [];
  const orphans: Place[] = [];
  for (let p = from; p < to; p += forest.size[p]!) {
    const place = places.of(p);
    if (place !== undefined) tell(visit, place, RUN, place.above === run ? tops : orphans);
  }
  const missing = run.below.get(MISSING_PARENT);
  if (missing !== undefined && orphans.length > 0) {
    tell(visit, missing, RUN, tops);
    const count = visit.counts[missing.id]!;
    count.calls = 1;
    count.succeeded = true;
  }
  close(visit, tops);
  close(visit, orphans);
}

/** The count of a place in this run. */
function enter({ counts, trace, touched }: Visit, place: Place): Count {
  const count = counts[place.id]!;
  if (count.last === trace) return count;
  count.previous = count.last;
  count.last = trace;
  count.calls = count.parents = count.high = 0;
  count.low = Number.POSITIVE_INFINITY;
  count.failed = count.succeeded = false;
  touched.push(place);
  return count;
}

/** Counts a call by the one at `parent`; true for the first of its step, which is then among `steps`. */
function tell(visit: Visit, place: Place, parent: number, steps: Place[]): boolean {
  const count = enter(visit, place);
  const isFirst = count.parent !== parent;
  if (isFirst) {
    count.parent = parent;
    count.count = 0;
    steps.push(place);
  }
  count.count++;
  return isFirst;
}

/** All calls by one call were counted. */
function close({ counts }: Visit, steps: readonly Place[]): void {
  for (const { id } of steps) {
    const count = counts[id]!;
    count.parents++;
    count.low = Math.min(count.low, count.count);
    count.high = Math.max(count.high, count.count);
    count.parent = NOBODY;
  }
}

const NOBODY = -2;
const RUN = -1;

/** Follows which steps of one call had ended when others began, by the first call of each. */
function order(
  forest: Forest,
  count: Count,
  steps: readonly Place[],
  firsts: readonly number[],
  trace: number,
): void {
  if (steps.length > MOST_ORDERED) count.unordered = true;
  if (steps.length > MOST_ORDERED || steps.length < 2) return;
  for (let a = 0; a < steps.length; a++) {
    const end = endOf(forest, firsts[a]!);
    const start = forest.offset(firsts[a]!);
    for (let b = a + 1; b < steps.length; b++) {
      const next = forest.offset(firsts[b]!);
      if (end === undefined || next === undefined || next < end || next === start) {
        count.unordered = true;
        continue;
      }
      const pair = pairOf(steps[a]!, steps[b]!);
      const seen = count.before.get(pair);
      if (seen === undefined) count.before.set(pair, { runs: 1, example: trace, last: trace });
      else if (seen.last !== trace) {
        seen.runs++;
        seen.last = trace;
      }
    }
  }
}

function endOf(forest: Forest, p: number): number | undefined {
  const start = forest.offset(p);
  return start === undefined || !forest.table.has(forest.row[p]!, FLAG.hasEnd)
    ? undefined
    : start + forest.duration(p);
}

/** Adds up what a run did at a place. */
function finish({ id, above }: Place, counts: readonly Count[], trace: number): void {
  const count = counts[id]!;
  count.runs++;
  if (count.runs === 1) count.example = trace;
  if (above === undefined) return;
  const outer = counts[above.id]!;
  // The run before this one at the step above was without it.
  if (outer.previous >= 0 && count.previous !== outer.previous) count.without ??= outer.previous;
  const low = count.parents < outer.calls ? 0 : count.low;
  const { high, failed, succeeded } = count;
  const key = (low * 2 ** 26 + high) * 4 + (failed ? 2 : 0) + (succeeded ? 1 : 0);
  const way = count.ways.get(key);
  if (way === undefined) count.ways.set(key, { runs: 1, example: trace, low, high, failed, succeeded });
  else way.runs++;
}

function newCount(): Count {
  return {
    runs: 0,
    example: -1,
    ways: new Map(),
    without: undefined,
    before: new Map(),
    unordered: false,
    last: NOBODY,
    previous: NOBODY,
    calls: 0,
    parents: 0,
    low: 0,
    high: 0,
    failed: false,
    succeeded: false,
    parent: NOBODY,
    count: 0,
  };
}

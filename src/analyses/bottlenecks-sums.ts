import { FLAG, isUnpriced } from '../model/index.ts';
import type { BottleneckKey, Grouping } from './bottlenecks-groups.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { selfTimes, timing } from './timing.ts';

/** What the chosen spans of a row add up to; times in nanoseconds, money in picodollars. */
export type StepSums = {
  readonly row: number;
  /** Runs in which it occurs. */
  traces: number;
  calls: number;
  errors: number;
  critical: number;
  self: number;
  /** Spans of which it is known how long they took. */
  timed: number;
  /** Calls on the critical path (they, or what is below them, have time on it: `spendOnPath`), and all others. */
  readonly on: { cost: bigint; calls: number; unpricedCalls: number };
  readonly off: { cost: bigint; calls: number; unpricedCalls: number };
};

/** Runs one after the other, as sums by row and what a later look at single spans needs: nothing is kept of a run. */
export type Sums = {
  readonly steps: readonly StepSums[];
  /**
   * Of all rows; with how long the runs took that tell it, and how much of their paths was given to a span although something below it
   * ran beside the path.
   */
  readonly total: Omit<StepSums, 'row'> & {
    readonly traceNanos: number;
    readonly timedTraces: number;
    readonly uncertain: number;
  };
  /** Runs with a chosen span. */
  readonly traces: readonly number[];
  /** By position: the row, of spans that are not chosen as well: they tell what is usual. */
  readonly rowAt: Int32Array;
  /** By position: time in which nothing below it ran, NaN where that is not known. */
  readonly selfAt: Float64Array;
  /** By position: `CHOSEN`, `CALL` and `ON_PATH`. */
  readonly marks: Uint8Array;
};

/** The span is one of those that figures count. */
export const CHOSEN = 1;
/** It counts as a call of its row: by tool and agent the outermost one of a piece of work does. */
export const CALL = 2;
/** It has time on the critical path of its run. */
export const ON_PATH = 4;
/** It or something below it has. */
const LEADS_THERE = 8;

export function sumUp(data: Dataset, by: BottleneckKey, grouping: Grouping, traces: readonly number[]): Sums {
  const { forest } = data;
  const rowAt = new Int32Array(forest.length);
  const selfAt = new Float64Array(forest.length);
  const marks = new Uint8Array(forest.length);
  const steps: StepSums[] = [];
  const total = { ...emptySums(-1), traceNanos: 0, timedTraces: 0, uncertain: 0 };
  const add = adder(data, by, rowAt, marks, steps, total);
  let next = 0;
  for (let trace = 0; trace < forest.traces; trace++) {
    const [first, to] = [forest.traceFrom[trace]!, forest.traceFrom[trace + 1]!];
    for (let p = first; p < to; p++) {
      rowAt[p] = grouping.next(p);
      while (steps.length <= rowAt[p]!) steps.push(emptySums(steps.length));
    }
    const path = traces[next] === trace ? criticalPath(forest, trace) : undefined;
    const self = selfTimes(forest, path?.timing ?? timing(forest, trace));
    selfAt.set(self, first);
    if (path === undefined) continue;
    next++;
    total.uncertain += path.uncertain;
    const took = forest.traceDuration(trace);
    total.traceNanos += took;
    total.traces++;
    if (took > 0 || self.some((nanos) => !Number.isNaN(nanos))) total.timedTraces++;
    add(path, selfAt);
  }
  return { steps, total, traces, rowAt, selfAt, marks };
}

/** Adds a run to the sums of its rows and to the total, and marks its spans. */
function adder(
  { forest, bill, selected }: Dataset,
  by: BottleneckKey,
  rowAt: Int32Array,
  marks: Uint8Array,
  steps: readonly StepSums[],
  total: StepSums,
): (path: CriticalPath, selfAt: Float64Array) => void {
  const { table, row, parent } = forest;
  const everySpan = by === 'step' || by === 'path';
  const lastTrace: number[] = [];
  return ({ timing: { trace, first, length }, own }, selfAt) => {
    for (let p = first + length - 1; p >= first; p--) {
      if (own[p - first]! > 0) marks[p]! |= ON_PATH | LEADS_THERE;
      if ((marks[p]! & LEADS_THERE) !== 0 && parent[p]! >= 0) marks[parent[p]!]! |= LEADS_THERE;
    }
    for (let p = first; p < first + length; p++) {
      if (selected !== undefined && !selected(p)) continue;
      const at = rowAt[p]!;
      const sums = steps[at]!;
      if (lastTrace[at] !== trace) {
        lastTrace[at] = trace;
        sums.traces++;
      }
      const isCall = everySpan || parent[p]! < 0 || rowAt[parent[p]!] !== at;
      marks[p]! |= isCall ? CHOSEN | CALL : CHOSEN;
      const self = selfAt[p]!;
      const failed = table.has(row[p]!, FLAG.failed);
      const billed = bill.isCall(p);
      const cost = billed ? BigInt(bill.cost(p)) : 0n;
      const unpriced = billed && isUnpriced(bill.status(p));
      for (const into of [sums, total]) {
        if (isCall) into.calls++;
        if (failed) into.errors++;
        into.critical += own[p - first]!;
        if (!Number.isNaN(self)) {
          into.self += self;
          into.timed++;
        }
        if (!billed) continue;
        const spend = (marks[p]! & LEADS_THERE) === 0 ? into.off : into.on;
        spend.calls++;
        if (unpriced) spend.unpricedCalls++;
        spend.cost += cost;
      }
    }
  };
}

const emptySums = (row: number): StepSums => ({
  row,
  traces: 0,
  calls: 0,
  errors: 0,
  critical: 0,
  self: 0,
  timed: 0,
  on: { cost: 0n, calls: 0, unpricedCalls: 0 },
  off: { cost: 0n, calls: 0, unpricedCalls: 0 },
});

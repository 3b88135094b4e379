import { FLAG, isUnpriced } from '../model/index.ts';
import type { BottleneckKey, Grouping } from './bottlenecks-groups.ts';
import { criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { selfTimes } from './timing.ts';

/** What the chosen spans of a row add up to; times in nanoseconds, money in picodollars. */
export type StepSums = {
  readonly row: number;
  /** Runs in which it occurs. */
  traces: number;
  calls: number;
  errors: number;
  critical: number;
  self: number;
  /** Calls on the critical path (they, or what is below them, have time on it: `spendOnPath`), and all others. */
  readonly on: { cost: bigint; calls: number; unpricedCalls: number };
  readonly off: { cost: bigint; calls: number; unpricedCalls: number };
};

/** Runs one after the other, as sums by row and what a later look at single spans needs: nothing is kept of a run. */
export type Sums = {
  readonly steps: readonly StepSums[];
  /** Of all rows, and how long the runs took. */
  readonly total: Omit<StepSums, 'row'> & { readonly traceNanos: number };
  /** Of the critical paths, time given to a span although something below it ran beside the path. */
  readonly uncertain: number;
  /** Runs with a chosen span. */
  readonly traces: readonly number[];
  /** By position: the row, -1 where the span is not chosen. */
  readonly rowAt: Int32Array;
  /** By position: time in which nothing below it ran, NaN where that is not known. */
  readonly selfAt: Float64Array;
  /** By position: `CALL` and `ON_PATH`. */
  readonly marks: Uint8Array;
};

/** The span counts as a call of its row: by tool and agent the outermost one of a piece of work does. */
export const CALL = 1;
/** The span has time on the critical path of its run. */
export const ON_PATH = 2;
/** It or something below it has. */
const LEADS_THERE = 4;

export function sumUp(data: Dataset, by: BottleneckKey, grouping: Grouping, traces: readonly number[]): Sums {
  const { forest, bill, selected } = data;
  const { table, row: rowIn, parent, traceFrom } = forest;
  const rows = new Int32Array(forest.length);
  const rowAt = new Int32Array(forest.length).fill(-1);
  const selfAt = new Float64Array(forest.length);
  const marks = new Uint8Array(forest.length);
  const steps: StepSums[] = [];
  const lastTrace: number[] = [];
  const total = emptySums(-1);
  let traceNanos = 0;
  let uncertain = 0;
  for (const trace of traces) {
    const path = criticalPath(forest, trace);
    const [first, to] = [traceFrom[trace]!, traceFrom[trace + 1]!];
    selfAt.set(selfTimes(forest, path.timing), first);
    uncertain += path.uncertain;
    total.traces++;
    traceNanos += forest.traceDuration(trace);
    for (let p = to - 1; p >= first; p--) {
      if (path.own[p - first]! > 0) marks[p]! |= ON_PATH | LEADS_THERE;
      if ((marks[p]! & LEADS_THERE) !== 0 && parent[p]! >= 0) marks[parent[p]!]! |= LEADS_THERE;
    }
    for (let p = first; p < to; p++) {
      const row = grouping.next(p);
      rows[p] = row;
      for (let i = steps.length; i <= row; i++) {
        steps.push(emptySums(i));
        lastTrace.push(-1);
      }
      if (selected !== undefined && !selected(p)) continue;
      rowAt[p] = row;
      const sums = steps[row]!;
      if (lastTrace[row] !== trace) {
        lastTrace[row] = trace;
        sums.traces++;
      }
      const above = parent[p]!;
      const own = path.own[p - first]!;
      const self = selfAt[p]!;
      const isCall = by === 'step' || by === 'path' || above < 0 || rows[above] !== row;
      if (isCall) marks[p]! |= CALL;
      const failed = table.has(rowIn[p]!, FLAG.failed);
      const billed = bill.isCall(p);
      const cost = billed ? BigInt(bill.cost(p)) : 0n;
      const unpriced = billed && isUnpriced(bill.status(p));
      for (const into of [sums, total]) {
        if (isCall) into.calls++;
        if (failed) into.errors++;
        into.critical += own;
        if (!Number.isNaN(self)) into.self += self;
        if (!billed) continue;
        const spend = (marks[p]! & LEADS_THERE) === 0 ? into.off : into.on;
        spend.calls++;
        if (unpriced) spend.unpricedCalls++;
        spend.cost += cost;
      }
    }
  }
  return { steps, total: { ...total, traceNanos }, uncertain, traces, rowAt, selfAt, marks };
}

const emptySums = (row: number): StepSums => ({
  row,
  traces: 0,
  calls: 0,
  errors: 0,
  critical: 0,
  self: 0,
  on: { cost: 0n, calls: 0, unpricedCalls: 0 },
  off: { cost: 0n, calls: 0, unpricedCalls: 0 },
});

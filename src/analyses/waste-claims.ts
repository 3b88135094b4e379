import { isUnpriced } from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';

/** What some spans cost that nobody had counted before, and when they ran. */
export type Claim = {
  readonly cost: bigint;
  readonly unpriced: number;
  readonly intervals: readonly Interval[];
  /** Nanoseconds of the critical path that are theirs and no earlier claim's. */
  readonly critical: number;
  /** Whether any of the spans was chosen. */
  readonly chosen: boolean;
};

export type Interval = readonly [from: number, to: number];

/** Sees to it that the money of every call is counted once, by whoever asks for it first. */
export class Claims {
  readonly #data: Dataset;
  readonly #claimed: Uint8Array;

  constructor(data: Dataset) {
    this.#data = data;
    this.#claimed = new Uint8Array(data.forest.length);
  }

  isClaimed(position: number): boolean {
    return this.#claimed[position] === 1;
  }

  /** Claims whole subtrees of one trace. What is claimed as a subtree is passed over at once. */
  claim(roots: readonly number[], { timing, own }: CriticalPath): Claim {
    const { forest, bill, selected } = this.#data;
    const claimed = this.#claimed;
    const intervals: Interval[] = [];
    const note = (p: number): void => {
      const [from, to] = [timing.start[p - timing.first]!, timing.end[p - timing.first]!];
      if (to > from) intervals.push([from, to]);
    };
    let cost = 0n;
    let unpriced = 0;
    let critical = 0;
    let chosen = false;
    for (const root of roots) {
      if (claimed[root] === 1) continue;
      if (selected === undefined || selected(root)) {
        chosen = true;
        note(root);
      }
      const to = root + forest.size[root]!;
      for (let p = root; p < to; ) {
        if (claimed[p] === 1) {
          p += forest.size[p]!;
          continue;
        }
        claimed[p] = 1;
        if (selected === undefined || selected(p)) {
          critical += own[p - timing.first]!;
          if (selected !== undefined) {
            chosen = true;
            note(p);
          }
          const amount = bill.cost(p);
          if (amount !== 0) cost += BigInt(amount);
          if (isUnpriced(bill.status(p))) unpriced++;
        }
        p++;
      }
    }
    return { cost, unpriced, intervals, critical, chosen };
  }
}

/** How much time intervals cover together. */
export function covered(intervals: readonly Interval[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of intervals.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (to <= until) continue;
    sum += to - Math.max(from, until);
    until = to;
  }
  return sum;
}

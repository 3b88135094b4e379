import { FLAG } from '../model/index.ts';
import { Quantiles } from '../rollup/index.ts';
import { type History, historyOf, isSlow, tells } from './bottlenecks-slow.ts';
import { CALL, CHOSEN, ON_PATH, type Sums } from './bottlenecks-sums.ts';
import type { Dataset } from './dataset.ts';
import { removals } from './removable.ts';
import { timing } from './timing.ts';

/** What only single spans can tell of a row. */
export type StepSpans = {
  readonly durations: Quantiles;
  /** Undefined where nothing is known of what it takes. */
  readonly history: History | undefined;
  /** Runs for which the others are history enough. */
  comparedTraces: number;
  /** Runs with a span that took much longer than usual, and the one that took longest. */
  slowTraces: number;
  slowest: { readonly position: number; readonly nanos: number } | undefined;
  /** What all runs together would lose if the row took no time of its own. */
  removable: number;
};

/**
 * A look at the spans of these rows, run by run; in the order of `rows`. What is usual is known from all spans of the data,
 * chosen or not.
 */
export function spansOf(data: Dataset, sums: Sums, rows: readonly number[]): readonly StepSpans[] {
  const places = new Int32Array(sums.steps.length).fill(-1);
  rows.forEach((row, place) => {
    places[row] = place;
  });
  const found = durationsAndHistories(data, sums, places, rows.length);
  const spansIn: number[][] = rows.map(() => []);
  const chosenIn: number[][] = rows.map(() => []);
  for (const trace of sums.traces) {
    const here: number[] = [];
    for (let p = data.forest.traceFrom[trace]!; p < data.forest.traceFrom[trace + 1]!; p++) {
      const place = places[sums.rowAt[p]!]!;
      if (place < 0) continue;
      if (spansIn[place]!.length === 0) here.push(place);
      spansIn[place]!.push(p);
      if ((sums.marks[p]! & CHOSEN) !== 0) chosenIn[place]!.push(p);
    }
    for (const place of here) markSlow(sums, found[place]!, spansIn[place]!.length, chosenIn[place]!);
    addRemovable(data, trace, sums, found, chosenIn, here);
    for (const place of here) {
      spansIn[place] = [];
      chosenIn[place] = [];
    }
  }
  return found;
}

function durationsAndHistories(data: Dataset, sums: Sums, places: Int32Array, count: number): StepSpans[] {
  const { table, row, length } = data.forest;
  const { rowAt, selfAt, marks } = sums;
  const durations = Array.from({ length: count }, () => new Quantiles());
  const known = new Int32Array(count);
  for (let p = 0; p < length; p++) {
    const place = places[rowAt[p]!]!;
    if (place < 0) continue;
    if (!Number.isNaN(selfAt[p]!)) known[place]!++;
    const counts = (marks[p]! & CALL) !== 0;
    if (counts && table.has(row[p]!, FLAG.hasStart) && table.has(row[p]!, FLAG.hasEnd))
      durations[place]!.add(data.forest.duration(p));
  }
  const values = Array.from(known, (size) => new Float64Array(size));
  known.fill(0);
  for (let p = 0; p < length; p++) {
    const place = places[rowAt[p]!]!;
    if (place >= 0 && !Number.isNaN(selfAt[p]!)) values[place]![known[place]!++] = selfAt[p]!;
  }
  return durations.map((quantiles, place) => ({
    durations: quantiles,
    history: values[place]!.length === 0 ? undefined : historyOf(values[place]!),
    comparedTraces: 0,
    slowTraces: 0,
    slowest: undefined,
    removable: 0,
  }));
}

/** Compares the chosen spans of a run with what the step took in the other runs; `here`: how many of it are in this one. */
function markSlow({ selfAt }: Sums, step: StepSpans, here: number, chosen: readonly number[]): void {
  if (step.history === undefined || chosen.length === 0 || !tells(step.history, here)) return;
  step.comparedTraces++;
  let slow = false;
  for (const position of chosen) {
    const nanos = selfAt[position]!;
    if (!isSlow(nanos, step.history)) continue;
    slow = true;
    if (step.slowest === undefined || nanos > step.slowest.nanos) step.slowest = { position, nanos };
  }
  if (slow) step.slowTraces++;
}

/** A row without time on the path of a run cannot shorten it. */
function addRemovable(
  { forest }: Dataset,
  trace: number,
  { marks }: Sums,
  found: readonly StepSpans[],
  chosenIn: readonly (readonly number[])[],
  here: readonly number[],
): void {
  const deciding = here.filter((place) => chosenIn[place]!.some((p) => (marks[p]! & ON_PATH) !== 0));
  if (deciding.length === 0) return;
  const timeWithout = removals(forest, timing(forest, trace));
  for (const place of deciding) found[place]!.removable += timeWithout(chosenIn[place]!);
}

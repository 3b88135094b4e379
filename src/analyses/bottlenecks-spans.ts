import { FLAG } from '../model/index.ts';
import { Quantiles } from '../rollup/index.ts';
import { type History, historyOf, isSlow, tells } from './bottlenecks-slow.ts';
import { CALL, ON_PATH, type Sums } from './bottlenecks-sums.ts';
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

/** A look at the spans of these rows, run by run; in the order of `rows`. */
export function spansOf(data: Dataset, sums: Sums, rows: readonly number[]): readonly StepSpans[] {
  const places = new Int32Array(sums.steps.length).fill(-1);
  rows.forEach((row, place) => {
    places[row] = place;
  });
  const found = durationsAndHistories(data, sums, places, rows.length);
  const spansIn: number[][] = rows.map(() => []);
  for (const trace of sums.traces) {
    const here: number[] = [];
    for (let p = data.forest.traceFrom[trace]!; p < data.forest.traceFrom[trace + 1]!; p++) {
      const place = placeOf(sums, places, p);
      if (place < 0) continue;
      if (spansIn[place]!.length === 0) here.push(place);
      spansIn[place]!.push(p);
    }
    markSlow(sums, found, spansIn, here);
    addRemovable(data, trace, sums, found, spansIn, here);
    for (const place of here) spansIn[place] = [];
  }
  return found;
}

const placeOf = ({ rowAt }: Sums, places: Int32Array, position: number): number =>
  rowAt[position]! < 0 ? -1 : places[rowAt[position]!]!;

function durationsAndHistories(data: Dataset, sums: Sums, places: Int32Array, count: number): StepSpans[] {
  const { table, row } = data.forest;
  const durations = Array.from({ length: count }, () => new Quantiles());
  const known = new Int32Array(count);
  const isKnown = (p: number): boolean => !Number.isNaN(sums.selfAt[p]!);
  for (let p = 0; p < data.forest.length; p++) {
    const place = placeOf(sums, places, p);
    if (place < 0) continue;
    if (isKnown(p)) known[place]!++;
    if ((sums.marks[p]! & CALL) !== 0 && table.has(row[p]!, FLAG.hasStart) && table.has(row[p]!, FLAG.hasEnd))
      durations[place]!.add(data.forest.duration(p));
  }
  const values = Array.from(known, (length) => new Float64Array(length));
  known.fill(0);
  for (let p = 0; p < data.forest.length; p++) {
    const place = placeOf(sums, places, p);
    if (place >= 0 && isKnown(p)) values[place]![known[place]!++] = sums.selfAt[p]!;
  }
  return durations.map((quantiles, place) => {
    const history = values[place]!.length === 0 ? undefined : historyOf(values[place]!);
    return {
      durations: quantiles,
      history,
      comparedTraces: 0,
      slowTraces: 0,
      slowest: undefined,
      removable: 0,
    };
  });
}

/** Runs are compared with what the step took in the other runs. */
function markSlow(
  { selfAt }: Sums,
  found: readonly StepSpans[],
  spansIn: readonly (readonly number[])[],
  here: readonly number[],
): void {
  for (const place of here) {
    const step = found[place]!;
    const spans = spansIn[place]!;
    if (step.history === undefined || !tells(step.history, spans.length)) continue;
    step.comparedTraces++;
    let slow = false;
    for (const position of spans) {
      const nanos = selfAt[position]!;
      if (!isSlow(nanos, step.history)) continue;
      slow = true;
      if (step.slowest === undefined || nanos > step.slowest.nanos) step.slowest = { position, nanos };
    }
    if (slow) step.slowTraces++;
  }
}

/** A row without time on the path of a run cannot shorten it. */
function addRemovable(
  { forest }: Dataset,
  trace: number,
  { marks }: Sums,
  found: readonly StepSpans[],
  spansIn: readonly (readonly number[])[],
  here: readonly number[],
): void {
  const deciding = here.filter((place) => spansIn[place]!.some((p) => (marks[p]! & ON_PATH) !== 0));
  if (deciding.length === 0) return;
  const timeWithout = removals(forest, timing(forest, trace));
  for (const place of deciding) found[place]!.removable += timeWithout(spansIn[place]!);
}

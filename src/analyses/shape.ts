import type { Dataset } from './dataset.ts';
import { type Count, countsOf, MOST_ORDERED, pairOf } from './shape-counts.ts';
import {
  ANY,
  byName,
  type Fails,
  type RunShape,
  type Shape,
  type StepShape,
  type Way,
} from './shape-model.ts';
import { type Place, placesOf } from './shape-places.ts';

export { compareShapes } from './shape-changes.ts';
export type { Shape, ShapeComparison, ShapeDifference } from './shape-model.ts';
export { readShape } from './shape-reader.ts';
export { writeShape } from './shape-text.ts';

/** What the runs look like: their kinds, and of each kind the tree of its steps. Depth and width cost nothing. */
export function shapeOf(data: Dataset): Shape {
  const { forest } = data;
  const places = placesOf(data);
  const counts = countsOf(data, places);
  const kinds = places.all.filter((place) => place.above === undefined);
  return {
    kinds: kinds.map((run) => runShape(run, counts)).sort((a, b) => byName(a.name, b.name)),
    found: {
      runs: kinds.reduce((sum, { id }) => sum + counts[id]!.runs, 0),
      traceId: (trace) => forest.table.traceIdOf(forest.row[forest.traceFrom[trace]!]!),
    },
  };
}

function runShape(run: Place, counts: readonly Count[]): RunShape {
  const { runs, example } = counts[run.id]!;
  return { name: run.step, steps: shapesBelow(run, told(run), counts), seen: { runs, example } };
}

function stepShape(place: Place, counts: readonly Count[]): StepShape {
  const { runs, example, without, before, ...count } = counts[place.id]!;
  const ways = [...count.ways.values()];
  const steps = told(place);
  const isWhole = place.folded.size === 0 && !place.deeper;
  const sequence = isWhole && !count.unordered ? inSequence(steps, before) : undefined;
  const named = new Map(steps.map((step) => [step.step, step]));
  return {
    step: place.step,
    low: without === undefined ? ways.reduce((least, { low }) => Math.min(least, low), ways[0]!.low) : 0,
    high: ways.reduce((most, { high }) => Math.max(most, high), 0),
    fails: failsOf(ways),
    inOrder: sequence !== undefined,
    steps: shapesBelow(place, sequence ?? steps, counts),
    seen: {
      ...{ runs, example, ways, without },
      before: (first, second) => {
        const [a, b] = [named.get(first), named.get(second)];
        return a === undefined || b === undefined ? undefined : before.get(pairOf(a, b));
      },
    },
  };
}

/** The steps below that are told one by one, by name. */
function told({ below }: Place): Place[] {
  return [...below.values()].filter(({ dropped }) => !dropped).sort((a, b) => byName(a.step, b.step));
}

function shapesBelow(place: Place, steps: readonly Place[], counts: readonly Count[]): StepShape[] {
  const any = [...place.folded].map((kind) => `${kind} ${ANY}`);
  if (place.deeper) any.push(ANY);
  return [...steps.map((step) => stepShape(step, counts)), ...any.sort(byName).map(anyStep)];
}

const anyStep = (step: string): StepShape => ({
  step,
  low: 0,
  high: Number.POSITIVE_INFINITY,
  fails: 'sometimes',
  inOrder: false,
  steps: [],
});

function failsOf(ways: readonly Way[]): Fails {
  if (!ways.some(({ failed }) => failed)) return 'never';
  return ways.some(({ succeeded }) => succeeded) ? 'sometimes' : 'always';
}

/** The steps in the one order in which they always began; undefined where there is none, or more than one. */
function inSequence(steps: readonly Place[], before: Count['before']): Place[] | undefined {
  const isBefore = (a: Place, b: Place): boolean => before.has(pairOf(a, b));
  if (steps.length < 2 || steps.length > MOST_ORDERED) return undefined;
  if (steps.some((a) => steps.some((b) => isBefore(a, b) && isBefore(b, a)))) return undefined;
  const left = [...steps];
  const sequence: Place[] = [];
  while (left.length > 0) {
    const next = left.filter((step) => !left.some((other) => isBefore(other, step)));
    if (next.length !== 1) return undefined;
    sequence.push(next[0]!);
    left.splice(left.indexOf(next[0]!), 1);
  }
  return sequence;
}

import { type StepName, stepOf } from '../model/index.ts';
import { DIMENSIONS } from '../rollup/index.ts';
import type { Dataset } from './dataset.ts';

export const BOTTLENECK_KEYS = ['step', 'path', 'tool', 'agent'] as const;
export type BottleneckKey = (typeof BOTTLENECK_KEYS)[number];

/** Rows are numbered as they come up; what they are called is worked out for those that are shown. */
export type Grouping = {
  /** The row of a position. To be asked in the order of positions, each once. */
  readonly next: (position: number) => number;
  readonly describe: (row: number) => StepName;
};

/** The rows of `--by`. */
export function groupBy(data: Dataset, by: BottleneckKey): Grouping {
  if (by === 'step') return bySteps(data);
  return by === 'path' ? byPaths(data) : byOwner(data, by);
}

function bySteps(data: Dataset): Grouping {
  const { steps, rowOf } = stepRows(data);
  return { next: rowOf, describe: (row) => steps[row]! };
}

type StepRows = { readonly steps: readonly StepName[]; readonly rowOf: (position: number) => number };

/** Profiles that are the same step have the same row. */
function stepRows({ forest }: Dataset): StepRows {
  const { table, row } = forest;
  const steps: StepName[] = [];
  const rows = new Map<string, number>();
  const known: number[] = [];
  const rowOfProfile = (profile: number): number => {
    const step = stepOf(table, profile);
    let found = rows.get(step);
    if (found === undefined) {
      found = steps.push({ step, kind: table.profiles.kindOf(profile) }) - 1;
      rows.set(step, found);
    }
    return found;
  };
  return {
    steps,
    rowOf: (position) => {
      const profile = table.profileOf(row[position]!);
      while (known.length <= profile) known.push(-1);
      if (known[profile] === -1) known[profile] = rowOfProfile(profile);
      return known[profile]!;
    },
  };
}

/** Keys of pairs of small numbers: their product stays exact. */
const MOST_STEPS = 2 ** 26;
/** Of longer paths only the end is told. */
const LONGEST_PATH = 32;
const PATH_ARROW = ' › ';

/** Spans of the same step below the same path are one path, however many there are side by side. */
function byPaths(data: Dataset): Grouping {
  const { steps, rowOf } = stepRows(data);
  const { parent } = data.forest;
  const rows = new Int32Array(data.forest.length);
  const stepOfRow: number[] = [];
  const rowAbove: number[] = [];
  const known = new Map<number, number>();
  return {
    next: (position) => {
      const step = rowOf(position);
      const above = parent[position]! < 0 ? -1 : rows[parent[position]!]!;
      const key = (above + 1) * MOST_STEPS + step;
      let found = known.get(key);
      if (found === undefined) {
        found = stepOfRow.push(step) - 1;
        rowAbove.push(above);
        known.set(key, found);
      }
      rows[position] = found;
      return found;
    },
    describe: (row) => {
      const path: string[] = [];
      let at = row;
      for (; at >= 0 && path.length < LONGEST_PATH; at = rowAbove[at]!)
        path.push(steps[stepOfRow[at]!]!.step);
      if (at >= 0) path.push('…');
      path.reverse();
      return { step: path.join(PATH_ARROW), kind: steps[stepOfRow[row]!]!.kind, path };
    },
  };
}

/** Everything that a tool or an agent did is its row: spans belong to the nearest one around them. */
function byOwner(data: Dataset, kind: 'tool' | 'agent'): Grouping {
  const { absent, labels } = DIMENSIONS[kind];
  const { idOf, textOf } = labels(data);
  const owners: StepName[] = [];
  const rows = new Map<string, number>();
  const known = new Map<number, number>();
  const rowOf = (id: number): number => {
    const text = textOf(id);
    // A tool may be called like what stands for none.
    const key = text === undefined ? 'none' : `named ${text}`;
    let found = rows.get(key);
    if (found === undefined) {
      found = owners.push(text === undefined ? { step: absent, kind: null } : { step: text, kind }) - 1;
      rows.set(key, found);
    }
    return found;
  };
  return {
    next: (position) => {
      const id = idOf(position);
      let found = known.get(id);
      if (found === undefined) {
        found = rowOf(id);
        known.set(id, found);
      }
      return found;
    },
    describe: (row) => owners[row]!,
  };
}

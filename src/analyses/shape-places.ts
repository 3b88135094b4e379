import type { AgentKind, Forest } from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import { shapeName, shapeStep } from './shape-names.ts';

/** Of one kind below one step, more names than this are one line, `tool *`. */
export const MOST_NAMES = 50;
/** A step that stands below itself more often than this is the same step again. */
const MOST_AGAIN = 3;
const DEEPEST = 40;
/** Lines of a shape that somebody may still read; where there are more, the deepest levels are left out. */
const MOST_PLACES = 5000;
const MOST_KINDS_OF_RUNS = 100;

/** The steps whose parent is not in the data stand below this one. */
export const MISSING_PARENT = '(missing parent)';

/** Where a step stands in the tree of its kind of run. */
export type Place = {
  readonly id: number;
  /** Undefined: it stands for the run, above its root. */
  readonly above: Place | undefined;
  readonly step: string;
  readonly kind: AgentKind | undefined;
  readonly depth: number;
  /** By the name of the step. */
  readonly below: Map<string, Place>;
  /** The step above that it is again; what it calls is counted there. */
  readonly again: Place | undefined;
  /** Kinds with too many names below this place. */
  readonly folded: Set<AgentKind>;
  readonly names: Map<AgentKind, number>;
  /** It has steps below that are too deep to be told. */
  deeper: boolean;
  /** It is not told: it is too deep, or one of too many names. */
  dropped: boolean;
};

/** Where what is called at a place is counted. */
export const insideOf = (place: Place): Place => place.again ?? place;

export type Places = {
  readonly all: readonly Place[];
  /** What stands for the run of a trace; undefined for traces in which no span is chosen. */
  readonly runOf: (trace: number) => Place | undefined;
  /** The place of a position; undefined where it is not told. */
  readonly of: (position: number) => Place | undefined;
};

/** Finds the place of every span: the first look, which says what is too much to be told. */
export function placesOf(data: Dataset): Places {
  const { forest } = data;
  const kept = keptOf(data);
  const stepOf = stepsOf(forest);
  const all: Place[] = [];
  const at = new Int32Array(forest.length).fill(-1);
  const runs = new Map<string, Place>();
  const runOf = new Int32Array(forest.traces).fill(-1);
  const names = runNames(data, kept, stepOf);
  for (let trace = 0; trace < forest.traces; trace++) {
    const name = names[trace];
    if (name === undefined) continue;
    let run = runs.get(name);
    if (run === undefined) {
      run = newPlace(all, undefined, name);
      runs.set(name, run);
    }
    runOf[trace] = run.id;
    for (let p = forest.traceFrom[trace]!; p < forest.traceFrom[trace + 1]!; p++) {
      if (!kept(p)) continue;
      const parent = forest.parent[p]!;
      const outer = parent < 0 ? topOf(all, forest, run, p) : all[at[parent]!];
      if (outer === undefined) continue;
      const place = below(all, insideOf(outer), stepOf(p), forest.table.kindOf(forest.row[p]!));
      if (place !== undefined) at[p] = place.id;
    }
  }
  drop(all);
  return {
    all,
    runOf: (trace) => all[runOf[trace]!],
    of: (p) => {
      const place = all[at[p]!];
      return place === undefined || place.dropped ? undefined : place;
    },
  };
}

/** Chosen spans and all above them. */
function keptOf({ forest, selected }: Dataset): (position: number) => boolean {
  if (selected === undefined) return () => true;
  const kept = new Uint8Array(forest.length);
  for (let p = forest.length - 1; p >= 0; p--) {
    if (kept[p] === 0 && selected(p)) kept[p] = 1;
    const parent = forest.parent[p]!;
    if (kept[p] === 1 && parent >= 0) kept[parent] = 1;
  }
  return (p) => kept[p] === 1;
}

/** Names of steps by position, made once for all spans that are alike. */
function stepsOf({ table, row }: Forest): (position: number) => string {
  const known: string[] = [];
  const byProfile = new Int32Array(table.profiles.length).fill(-1);
  return (p) => {
    const profile = table.profileOf(row[p]!);
    if (byProfile[profile]! < 0) byProfile[profile] = known.push(shapeStep(table, profile)) - 1;
    return known[byProfile[profile]!]!;
  };
}

const isRoot = (forest: Forest, p: number): boolean => forest.top(p) === 'root';

/** The place above a top-level span. */
function topOf(all: Place[], forest: Forest, run: Place, p: number): Place {
  if (isRoot(forest, p)) return run;
  return run.below.get(MISSING_PARENT) ?? newPlace(all, run, MISSING_PARENT);
}

function newPlace(
  all: Place[],
  above: Place | undefined,
  step: string,
  kind?: AgentKind,
  again?: Place,
): Place {
  const place: Place = {
    id: all.length,
    above,
    step: again === undefined ? step : `again ${step}`,
    kind,
    depth: above === undefined ? 0 : above.depth + 1,
    below: new Map(),
    again,
    folded: new Set(),
    names: new Map(),
    deeper: false,
    dropped: false,
  };
  all.push(place);
  above?.below.set(step, place);
  return place;
}

function below(all: Place[], above: Place, step: string, kind: AgentKind): Place | undefined {
  const known = above.below.get(step);
  if (known !== undefined) return known;
  if (above.depth >= DEEPEST) {
    above.deeper = true;
    return undefined;
  }
  const names = (above.names.get(kind) ?? 0) + 1;
  above.names.set(kind, names);
  if (names > MOST_NAMES) {
    above.folded.add(kind);
    return undefined;
  }
  return newPlace(all, above, step, kind, sameAbove(above, step));
}

/** The nearest step above of the same name, if there are too many of them. */
function sameAbove(above: Place, step: string): Place | undefined {
  let nearest: Place | undefined;
  let count = 0;
  for (let place: Place | undefined = above; place !== undefined; place = place.above) {
    if (place.above === undefined || place.step !== step) continue;
    nearest ??= place;
    count++;
  }
  return count >= MOST_AGAIN ? nearest : undefined;
}

/** Marks what is not told. Places come after the one above them. */
function drop(all: readonly Place[]): void {
  const levels: number[] = [];
  for (const place of all) {
    const { above, kind } = place;
    if (above === undefined) continue;
    place.dropped = above.dropped || (kind !== undefined && above.folded.has(kind));
    if (!place.dropped) levels[place.depth] = (levels[place.depth] ?? 0) + 1;
  }
  let deepest = 0;
  for (let sum = 0, depth = 1; depth < levels.length; depth++) {
    sum += levels[depth]!;
    if (sum <= MOST_PLACES || depth === 1) deepest = depth;
  }
  for (const place of all) {
    if (place.dropped || place.depth <= deepest) continue;
    place.dropped = true;
    if (place.depth === deepest + 1) place.above!.deeper = true;
  }
}

/** What the runs of traces are called: the step at the root, with the workflow where that says more. */
function runNames(
  data: Dataset,
  kept: (p: number) => boolean,
  stepOf: (p: number) => string,
): (string | undefined)[] {
  const { forest } = data;
  const heads = Array.from({ length: forest.traces }, (_, trace) => headOf(forest, trace, kept, stepOf));
  const withWorkflow = heads.map((head) => {
    if (head < 0) return undefined;
    const step = stepOf(head);
    const workflow = forest.table.strings.text(data.attribution.workflow(head));
    const name = workflow === undefined ? undefined : shapeName(workflow);
    return name === undefined || step.endsWith(` ${name}`) ? step : `${step} (workflow ${name})`;
  });
  if (new Set(withWorkflow).size <= MOST_KINDS_OF_RUNS) return withWorkflow;
  const steps = heads.map((head) => (head < 0 ? undefined : stepOf(head)));
  if (new Set(steps).size <= MOST_KINDS_OF_RUNS) return steps;
  return heads.map((head) => (head < 0 ? undefined : `${forest.table.kindOf(forest.row[head]!)} *`));
}

/** Who stands for a trace with several spans at the top, workflows and agents first, by name: no clock decides. */
function headOf(
  forest: Forest,
  trace: number,
  kept: (p: number) => boolean,
  stepOf: (p: number) => string,
): number {
  let head = -1;
  const to = forest.traceFrom[trace + 1]!;
  for (let p = forest.traceFrom[trace]!; p < to; p += forest.size[p]!) {
    if (!kept(p)) continue;
    if (head < 0) head = p;
    else {
      const order = rank(forest, p) - rank(forest, head);
      if (order < 0 || (order === 0 && stepOf(p) < stepOf(head))) head = p;
    }
  }
  return head;
}

function rank(forest: Forest, p: number): number {
  const kind = forest.table.kindOf(forest.row[p]!);
  const place = kind === 'workflow' ? 0 : kind === 'agent' ? 1 : 2;
  return isRoot(forest, p) ? place : place + 3;
}

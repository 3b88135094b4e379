import { type AgentKind, type CostStatus, FLAG, type Forest, isUnpriced } from '../model/index.ts';
import { CallSums } from './cost-change-sums.ts';
import { criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { selfTimes } from './timing.ts';
import { type PathNames, pathNames } from './trace-diff-names.ts';

/** One side of a comparison: some traces of a data set. */
export type DiffSide = { readonly data: Dataset; readonly traces: readonly number[] };

/**
 * A call path: all spans of a side that are the same step below the same steps. Figures count chosen spans; a path without
 * any is there for those below it. Durations are nanoseconds.
 */
export type PathNode = {
  readonly parent: PathNode | undefined;
  readonly depth: number;
  readonly kind: AgentKind;
  readonly names: PathNames;
  /** By `names.exact`, in the order in which they first occur. */
  children: ReadonlyMap<string, PathNode>;
  /** How many of its spans are called otherwise than `names.step`, and how. */
  otherSteps: Counts;
  calls: number;
  errors: number;
  errorTypes: Counts;
  /** Of every run in which the step occurs and its time is known: all of it together, and a call's mean. */
  readonly runTimes: number[];
  readonly callTimes: number[];
  runs: number;
  /** Time in which none of its children ran, and time on the critical path, over all runs. */
  selfTime: number;
  criticalTime: number;
  /** Billable calls of models and what they told; uses of tools that have a fee are among the sums only. */
  modelCalls: number;
  unpricedCalls: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cost: bigint;
  models: Counts;
  sums: CallSums | undefined;
  /** While a trace is added: the position of its last span, and the times and calls of the trace. */
  last: number;
  timesOf: number;
  time: number;
  timed: number;
};

type Counts = ReadonlyMap<string, number>;

/** Most nodes have neither children, errors nor models: they share these, which are never written to. */
const NO_CHILDREN: ReadonlyMap<string, PathNode> = new Map();
const NO_COUNTS: Counts = new Map();

/** Spans further down count as children of this depth's parent: what recurses a thousand times has no longer paths. */
const DEEPEST = 256;

/** The call paths of a side below a node that stands for the whole of it. */
export function pathTree({ data, traces }: DiffSide): PathNode {
  const { forest } = data;
  const names = pathNames(forest.table);
  const top = newNode(undefined, 'other', { exact: '', loose: '', step: '' });
  for (const trace of traces) {
    const first = forest.traceFrom[trace]!;
    const nodes: PathNode[] = [];
    for (let p = first; p < forest.traceFrom[trace + 1]!; p++) {
      const above = forest.parent[p]!;
      nodes.push(childOf(above < 0 ? top : nodes[above - first]!, forest, p, names));
    }
    addTrace(data, trace, nodes, names);
  }
  return top;
}

type Names = (profile: number) => PathNames;

function childOf(above: PathNode, { table, row }: Forest, position: number, names: Names): PathNode {
  const parent = above.depth < DEEPEST ? above : above.parent!;
  const profile = table.profileOf(row[position]!);
  const own = names(profile);
  let node = parent.children.get(own.exact);
  if (node === undefined) {
    node = newNode(parent, table.profiles.kindOf(profile), own);
    if (parent.children === NO_CHILDREN) parent.children = new Map();
    (parent.children as Map<string, PathNode>).set(own.exact, node);
  }
  return node;
}

function newNode(parent: PathNode | undefined, kind: AgentKind, names: PathNames): PathNode {
  return {
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    kind,
    names,
    ...{ children: NO_CHILDREN, otherSteps: NO_COUNTS, errorTypes: NO_COUNTS, models: NO_COUNTS },
    ...{ calls: 0, errors: 0, runs: 0, selfTime: 0, criticalTime: 0 },
    ...{ modelCalls: 0, unpricedCalls: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cost: 0n },
    runTimes: [],
    callTimes: [],
    sums: undefined,
    ...{ last: -1, timesOf: -1, time: 0, timed: 0 },
  };
}

/** Adds the chosen spans of a trace to their nodes, which are in the order of positions. */
function addTrace(data: Dataset, trace: number, nodes: readonly PathNode[], names: Names): void {
  const { forest, selected } = data;
  const first = forest.traceFrom[trace]!;
  const path = criticalPath(forest, trace);
  const self = selfTimes(forest, path.timing);
  const retries = retriesIn(data, first, nodes);
  const touched: PathNode[] = [];
  for (const [i, node] of nodes.entries()) {
    const position = first + i;
    if (selected !== undefined && !selected(position)) continue;
    const { step } = names(forest.table.profileOf(forest.row[position]!));
    addSpan(data, position, node, step, retries[i] === 1);
    node.criticalTime += path.own[i]!;
    if (!Number.isNaN(self[i]!)) node.selfTime += self[i]!;
    if (node.timesOf !== trace) {
      node.timesOf = trace;
      node.time = 0;
      node.timed = 0;
      node.runs++;
      touched.push(node);
    }
    if (!forest.table.has(forest.row[position]!, FLAG.hasEnd)) continue;
    node.time += forest.duration(position);
    node.timed++;
  }
  for (const { time, timed, runTimes, callTimes } of touched) {
    if (timed === 0) continue;
    runTimes.push(time);
    callTimes.push(time / timed);
  }
}

function addSpan(
  { forest, bill }: Dataset,
  position: number,
  node: PathNode,
  step: string,
  retry: boolean,
): void {
  const { table } = forest;
  const row = forest.row[position]!;
  node.calls++;
  if (step !== node.names.step) node.otherSteps = counted(node.otherSteps, step);
  if (table.has(row, FLAG.failed)) {
    node.errors++;
    const error = table.errorOf(row);
    node.errorTypes = counted(node.errorTypes, error?.type ?? error?.message ?? UNNAMED_ERROR);
  }
  if (!bill.isCall(position)) return;
  const amount = bill.cost(position);
  if (amount !== 0) node.cost += BigInt(amount);
  node.sums ??= new CallSums();
  const reckoning = bill.reckon(position);
  if (reckoning !== undefined) node.sums.add(reckoning, () => table.usageAt(row), retry);
  if (bill.rule(position) === 'tool_price') return;
  node.modelCalls++;
  node.inputTokens += table.usageOf(row, 'reportedInput');
  node.outputTokens += table.usageOf(row, 'reportedOutput');
  node.cacheReadTokens += table.usageOf(row, 'cacheRead');
  if (isUnpriced(bill.status(position))) node.unpricedCalls++;
  const model = table.textOf('model', row) ?? table.textOf('requestModel', row);
  if (model !== undefined) node.models = counted(node.models, model);
}

/** The same name as in `--by error`. */
const UNNAMED_ERROR = '(unnamed error)';

function counted(counts: Counts, key: string): Counts {
  const own = counts === NO_COUNTS ? new Map<string, number>() : (counts as Map<string, number>);
  return own.set(key, (own.get(key) ?? 0) + 1);
}

/**
 * Which spans do again what failed: a second attempt by its own number, what follows a failed sibling of the same call
 * path, and all that is done below such a span. What follows a failed call that was not billed costs nothing more.
 */
function retriesIn({ forest, bill }: Dataset, first: number, nodes: readonly PathNode[]): Uint8Array {
  const { table, row, parent } = forest;
  const retries = new Uint8Array(nodes.length);
  for (const [i, node] of nodes.entries()) {
    const position = first + i;
    const above = parent[position]!;
    const before = node.last >= first ? node.last : undefined;
    node.last = position;
    const attempt = table.attemptOf(row[position]!);
    const again =
      attempt === undefined
        ? before !== undefined && parent[before] === above && table.has(row[before]!, FLAG.failed)
        : attempt > 1;
    if (!again) retries[i] = above >= 0 ? retries[above - first]! : 0;
    else retries[i] = before !== undefined && isUnbilled(bill.status(before)) ? 0 : 1;
  }
  return retries;
}

const isUnbilled = (status: CostStatus): boolean => isUnpriced(status) || status === 'not_billed';

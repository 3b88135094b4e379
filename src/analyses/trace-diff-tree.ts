import { type AgentKind, FLAG, type Forest, isUnpriced, stepOf } from '../model/index.ts';
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
  readonly children: Map<string, PathNode>;
  /** How often each `stepOf` occurs. */
  readonly steps: Map<string, number>;
  calls: number;
  errors: number;
  readonly errorTypes: Map<string, number>;
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
  readonly models: Map<string, number>;
  sums: CallSums | undefined;
};

/** Spans further down count as children of this depth's parent: what recurses a thousand times has no longer paths. */
const DEEPEST = 256;

/** The call paths of a side below a node that stands for the whole of it. */
export function pathTree({ data, traces }: DiffSide): PathNode {
  const { forest } = data;
  const names = pathNames(forest.table);
  const top = newNode(undefined, 'other', { exact: '', loose: '' });
  for (const trace of traces) {
    const first = forest.traceFrom[trace]!;
    const nodes: PathNode[] = [];
    for (let p = first; p < forest.traceFrom[trace + 1]!; p++) {
      const above = forest.parent[p]!;
      nodes.push(childOf(above < 0 ? top : nodes[above - first]!, forest, p, names));
    }
    addTrace(data, trace, nodes);
  }
  return top;
}

function childOf(
  above: PathNode,
  { table, row }: Forest,
  position: number,
  names: (profile: number) => PathNames,
): PathNode {
  const parent = above.depth < DEEPEST ? above : above.parent!;
  const profile = table.profileOf(row[position]!);
  const own = names(profile);
  let node = parent.children.get(own.exact);
  if (node === undefined) {
    node = newNode(parent, table.profiles.kindOf(profile), own);
    parent.children.set(own.exact, node);
  }
  return node;
}

function newNode(parent: PathNode | undefined, kind: AgentKind, names: PathNames): PathNode {
  return {
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    kind,
    names,
    children: new Map(),
    steps: new Map(),
    ...{ calls: 0, errors: 0, runs: 0, selfTime: 0, criticalTime: 0 },
    ...{ modelCalls: 0, unpricedCalls: 0, inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cost: 0n },
    errorTypes: new Map(),
    runTimes: [],
    callTimes: [],
    models: new Map(),
    sums: undefined,
  };
}

/** Adds the chosen spans of a trace to their nodes, which are in the order of positions. */
function addTrace(data: Dataset, trace: number, nodes: readonly PathNode[]): void {
  const { forest, selected } = data;
  const first = forest.traceFrom[trace]!;
  const path = criticalPath(forest, trace);
  const self = selfTimes(forest, path.timing);
  const retries = retriesIn(data, first, nodes);
  const times = new Map<PathNode, { sum: number; calls: number }>();
  for (const [i, node] of nodes.entries()) {
    const position = first + i;
    if (selected !== undefined && !selected(position)) continue;
    addSpan(data, position, node, retries[i] === 1);
    node.criticalTime += path.own[i]!;
    if (!Number.isNaN(self[i]!)) node.selfTime += self[i]!;
    let time = times.get(node);
    if (time === undefined) {
      time = { sum: 0, calls: 0 };
      times.set(node, time);
      node.runs++;
    }
    if (!forest.table.has(forest.row[position]!, FLAG.hasEnd)) continue;
    time.sum += forest.duration(position);
    time.calls++;
  }
  for (const [node, { sum, calls }] of times) {
    if (calls === 0) continue;
    node.runTimes.push(sum);
    node.callTimes.push(sum / calls);
  }
}

function addSpan({ forest, bill }: Dataset, position: number, node: PathNode, retry: boolean): void {
  const { table } = forest;
  const row = forest.row[position]!;
  node.calls++;
  count(node.steps, stepOf(table, table.profileOf(row)));
  if (table.has(row, FLAG.failed)) {
    node.errors++;
    const error = table.errorOf(row);
    count(node.errorTypes, error?.type ?? error?.message ?? UNNAMED_ERROR);
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
  if (model !== undefined) count(node.models, model);
}

/** The same name as in `--by error`. */
const UNNAMED_ERROR = '(unnamed error)';

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/**
 * Which spans do again what failed: a second attempt by its own number, what follows a failed sibling of the same call
 * path, and all that is done below such a span. What follows a failed call that was not billed costs nothing more.
 */
function retriesIn({ forest, bill }: Dataset, first: number, nodes: readonly PathNode[]): Uint8Array {
  const { table, row, parent } = forest;
  const retries = new Uint8Array(nodes.length);
  /** The last span of each path, and below which span it stood. */
  const last = new Map<PathNode, { parent: number; failed: boolean; unbilled: boolean }>();
  for (const [i, node] of nodes.entries()) {
    const position = first + i;
    const above = parent[position]!;
    const attempt = table.attemptOf(row[position]!);
    const before = last.get(node);
    const again = attempt === undefined ? before?.failed === true && before.parent === above : attempt > 1;
    if (again ? before?.unbilled !== true : above >= 0 && retries[above - first] === 1) retries[i] = 1;
    const status = bill.status(position);
    last.set(node, {
      parent: above,
      failed: table.has(row[position]!, FLAG.failed),
      unbilled: isUnpriced(status) || status === 'not_billed',
    });
  }
  return retries;
}

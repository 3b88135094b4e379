import type { Forest } from '../model/index.ts';
import { FLAG, type SpanTable } from '../model/index.ts';

/** What a span is to the bill. */
export const ROLE = {
  /** Not an LLM call, and it reports no usage or cost. */
  none: 0,
  /** One call: the span is an LLM or embedding operation. */
  call: 1,
  /** Usage or cost known only here, on a span that is no LLM operation, with nothing below it that reports any: counted once. */
  aggregateOnly: 2,
  /** Repeats what spans below it report: never counted. */
  rollup: 3,
  /** A second report of a call that another span stands for: never counted. */
  duplicate: 4,
} as const;

export type Calls = {
  /** `ROLE` by position. */
  readonly role: Uint8Array;
  /** For a call that was reported more than once: the positions of its other reports. */
  readonly otherReports: ReadonlyMap<number, readonly number[]>;
};

/** Two counts agree when they differ by at most this many tokens or this share: exporters round and trim. */
const TOLERANCE_TOKENS = 2;
const TOLERANCE_SHARE = 0.01;
/** Two reports of one call cover each other in time at least this far. */
const OVERLAP_SHARE = 0.9;

/**
 * Decides which spans are billable calls. By structure, not by operation name:
 * - equal answer ids in one trace are one call; so are two instrumentations' overlapping siblings with equal usage;
 * - an LLM span whose usage equals the sum of what is reported below it repeats it (one report: the same call; several: a
 *   roll-up); otherwise it is a call of its own, also when a tool inside it calls a model;
 * - any other span with usage or cost is a roll-up if something below it reports any, else it is counted once.
 */
export function findCalls(forest: Forest): Calls {
  const role = new Uint8Array(forest.length);
  const reports = new ReportGroups();
  if (forest.table.calls === 0) {
    for (let p = 0; p < forest.length; p++) if (isModelOperation(forest, p)) role[p] = ROLE.call;
  } else {
    mergeByAnswerId(forest, role, reports);
    mergeSiblings(forest, role, reports);
    const below = judgeUpwards(forest, role, reports);
    settleNested(forest, role, below);
    return { role, otherReports: reports.groups };
  }
  settleNested(forest, role, undefined);
  return { role, otherReports: reports.groups };
}

class ReportGroups {
  readonly groups = new Map<number, number[]>();

  add(kept: number, other: number): void {
    const known = this.groups.get(kept);
    if (known === undefined) this.groups.set(kept, [other]);
    else known.push(other);
  }
}

function isModelOperation(forest: Forest, position: number): boolean {
  const kind = forest.table.kindOf(forest.row[position]!);
  return kind === 'llm' || kind === 'embedding';
}

/** Usage that can be counted, or a recorded cost. */
function reportsMoney(table: SpanTable, row: number): boolean {
  return table.call[row]! >= 0 && (table.hasUsage(row) || table.recordedCostOf(row) !== undefined);
}

function promptTokens(table: SpanTable, row: number): number {
  return (
    table.usageOf(row, 'uncachedInput') +
    table.usageOf(row, 'cacheRead') +
    table.usageOf(row, 'cacheWrite5m') +
    table.usageOf(row, 'cacheWrite1h')
  );
}

/** How much a report says: one with cache and reasoning details beats one without. */
function detail(table: SpanTable, row: number): number {
  let score = table.hasUsage(row) ? 4 : 0;
  if (table.usageOf(row, 'cacheRead') > 0) score++;
  if (table.usageOf(row, 'cacheWrite5m') + table.usageOf(row, 'cacheWrite1h') > 0) score++;
  if (table.usageOf(row, 'reasoning') > 0) score++;
  return score;
}

function mergeByAnswerId(forest: Forest, role: Uint8Array, reports: ReportGroups): void {
  const { table } = forest;
  if (table.responseHigh === undefined) return;
  for (let t = 0; t < forest.traces; t++) {
    const seen = new Map<number, number[]>();
    for (let p = forest.traceFrom[t]!; p < forest.traceFrom[t + 1]!; p++) {
      const call = table.call[forest.row[p]!]!;
      if (call < 0 || !isModelOperation(forest, p)) continue;
      const high = table.responseHigh[call]!;
      const low = table.responseLow![call]!;
      if (high === 0 && low === 0) continue;
      const key = high * 2 ** 21 + (low >>> 11);
      const same = seen.get(key);
      if (same === undefined) seen.set(key, [p]);
      else same.push(p);
    }
    for (const same of seen.values()) if (same.length > 1) keepBest(forest, same, role, reports);
  }
}

/** The report with the most detail stands for the call, then the deepest, then the first. */
function keepBest(forest: Forest, same: readonly number[], role: Uint8Array, reports: ReportGroups): void {
  const { table } = forest;
  let best = same[0]!;
  for (const p of same) {
    const better =
      detail(table, forest.row[p]!) - detail(table, forest.row[best]!) ||
      forest.depth[p]! - forest.depth[best]!;
    if (better > 0) best = p;
  }
  for (const p of same) {
    if (p === best) continue;
    role[p] = ROLE.duplicate;
    reports.add(best, p);
  }
}

/** Two instrumentations on one call make siblings: other dialect, same usage, same time. Two equal calls of one dialect stay two. */
function mergeSiblings(forest: Forest, role: Uint8Array, reports: ReportGroups): void {
  const { table } = forest;
  if (table.dialects.size < 3) return;
  const open = new Map<string, number>();
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (role[p] === ROLE.duplicate || !isModelOperation(forest, p) || !table.hasUsage(row)) continue;
    const parent = forest.parent[p]!;
    if (parent < 0) continue;
    const key = `${parent} ${promptTokens(table, row)} ${table.usageOf(row, 'output')}`;
    const other = open.get(key);
    if (other === undefined || !sameCall(forest, other, p)) {
      open.set(key, p);
      continue;
    }
    open.delete(key);
    keepBest(forest, [other, p], role, reports);
  }
}

function sameCall(forest: Forest, a: number, b: number): boolean {
  const { table } = forest;
  const rowA = forest.row[a]!;
  const rowB = forest.row[b]!;
  if (table.dialect[rowA] === table.dialect[rowB] || answersDiffer(table, rowA, rowB)) return false;
  const startA = forest.offset(a);
  const startB = forest.offset(b);
  if (startA === undefined || startB === undefined) return false;
  const overlap =
    Math.min(startA + forest.duration(a), startB + forest.duration(b)) - Math.max(startA, startB);
  return overlap > 0 && overlap >= OVERLAP_SHARE * Math.max(forest.duration(a), forest.duration(b));
}

function answersDiffer(table: SpanTable, rowA: number, rowB: number): boolean {
  if (table.responseHigh === undefined) return false;
  const a = table.call[rowA]!;
  const b = table.call[rowB]!;
  const known = (call: number): boolean => table.responseHigh![call] !== 0 || table.responseLow![call] !== 0;
  if (!known(a) || !known(b)) return false;
  return table.responseHigh[a] !== table.responseHigh[b] || table.responseLow![a] !== table.responseLow![b];
}

/** What the counted spans below a position report together. */
type Below = {
  readonly prompt: Float64Array;
  readonly reported: Float64Array;
  readonly output: Float64Array;
  /** Counted spans that report usage or cost. */
  readonly reports: Int32Array;
};

/** From the leaves up, so that everything below a span is decided before the span is. */
function judgeUpwards(forest: Forest, role: Uint8Array, reports: ReportGroups): Below {
  const { table } = forest;
  const below: Below = {
    prompt: new Float64Array(forest.length),
    reported: new Float64Array(forest.length),
    output: new Float64Array(forest.length),
    reports: new Int32Array(forest.length),
  };
  for (let p = forest.length - 1; p >= 0; p--) {
    const row = forest.row[p]!;
    if (role[p] !== ROLE.duplicate) role[p] = judge(forest, p, below, reports);
    const parent = forest.parent[p]!;
    if (parent < 0) continue;
    const counted = (role[p] === ROLE.call || role[p] === ROLE.aggregateOnly) && reportsMoney(table, row);
    below.prompt[parent]! += below.prompt[p]! + (counted ? promptTokens(table, row) : 0);
    below.reported[parent]! += below.reported[p]! + (counted ? table.usageOf(row, 'reportedInput') : 0);
    below.output[parent]! += below.output[p]! + (counted ? table.usageOf(row, 'output') : 0);
    below.reports[parent]! += below.reports[p]! + (counted ? 1 : 0);
  }
  return below;
}

function judge(forest: Forest, position: number, below: Below, reports: ReportGroups): number {
  const { table } = forest;
  const row = forest.row[position]!;
  const model = isModelOperation(forest, position);
  if (!reportsMoney(table, row)) return model ? ROLE.call : ROLE.none;
  if (!model) return below.reports[position]! > 0 ? ROLE.rollup : ROLE.aggregateOnly;
  if (below.reports[position] === 0) return ROLE.call;
  if (table.has(row, FLAG.aggregateUsage)) return ROLE.rollup;
  const input =
    agree(promptTokens(table, row), below.prompt[position]!) ||
    agree(table.usageOf(row, 'reportedInput'), below.reported[position]!);
  if (!input || !agree(table.usageOf(row, 'output'), below.output[position]!)) return ROLE.call;
  if (below.reports[position]! > 1) return ROLE.rollup;
  const same = onlyReportBelow(forest, position, below);
  if (same >= 0) reports.add(same, position);
  return ROLE.duplicate;
}

function agree(a: number, b: number): boolean {
  const difference = Math.abs(a - b);
  return difference <= TOLERANCE_TOKENS || difference <= TOLERANCE_SHARE * Math.max(a, b);
}

/** Follows the one branch that reports something down to the span that does. */
function onlyReportBelow(forest: Forest, position: number, below: Below): number {
  for (let p = position + 1; p < position + forest.size[position]!; ) {
    const inside = below.reports[p]!;
    if (inside === 0 && reportsMoney(forest.table, forest.row[p]!)) return p;
    p += inside > 0 ? 1 : forest.size[p]!;
  }
  return -1;
}

/**
 * LLM spans without usage around or inside another LLM span are the same call seen by two layers (a wrapper, a client
 * span), unless a tool, an agent or a workflow stands between them.
 */
function settleNested(forest: Forest, role: Uint8Array, below: Below | undefined): void {
  const { table } = forest;
  /** Nearest enclosing LLM span with no tool, agent or workflow between; -1 where there is none. */
  const enclosing = new Int32Array(forest.length).fill(-1);
  for (let p = 0; p < forest.length; p++) {
    const parent = forest.parent[p]!;
    if (parent >= 0) {
      const kind = table.kindOf(forest.row[parent]!);
      if (kind === 'llm' || kind === 'embedding') enclosing[p] = parent;
      else if (kind !== 'tool' && kind !== 'agent' && kind !== 'workflow') enclosing[p] = enclosing[parent]!;
    }
    const outer = enclosing[p]!;
    if (outer < 0 || !isModelOperation(forest, p) || role[p] === ROLE.duplicate) continue;
    const outerReports = reportsMoney(table, forest.row[outer]!) && role[outer] === ROLE.call;
    const reports = reportsMoney(table, forest.row[p]!) || (below?.reports[p] ?? 0) > 0;
    if (!reports && outerReports && !table.has(forest.row[p]!, FLAG.invalidUsage)) role[p] = ROLE.duplicate;
    else if (!reportsMoney(table, forest.row[outer]!) && role[outer] === ROLE.call) role[outer] = ROLE.rollup;
  }
}

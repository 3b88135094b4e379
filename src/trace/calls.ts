import { type CallRule, FLAG, type Forest, type SpanTable } from '../model/index.ts';
import { detail, isModelOperation, promptTokens, reportsMoney, sameModel } from './reports.ts';
import { mergeByAnswerId, mergeSiblings } from './same-call.ts';
import { Verdicts } from './verdicts.ts';

/** Counts of a parent and of what is below it agree within this share: exporters round and trim. */
const TOLERANCE = 0.01;

/**
 * Decides which spans are billable calls. By structure, not by operation name:
 * - equal answer ids at the same time are one call; so are two instrumentations' overlapping siblings with equal usage;
 * - an LLM span around one other LLM span with the same model and usage is the same call seen by two layers, unless a tool,
 *   an agent or a workflow stands between them: then it is a call of its own;
 * - an LLM span whose usage is the sum of several reports below it repeats them;
 * - any other span with usage or cost is a roll-up if something below it reports any, else it is counted once.
 */
export function findCalls(forest: Forest): Verdicts {
  const verdicts = new Verdicts(forest);
  const reportsBelow = new Uint8Array(forest.length);
  if (forest.table.calls > 0) {
    mergeByAnswerId(forest, verdicts);
    mergeSiblings(forest, verdicts);
    judgeUpwards(forest, verdicts, reportsBelow);
  } else {
    for (let p = 0; p < forest.length; p++) if (isModelOperation(forest, p)) verdicts.set(p, 'call');
  }
  settleNested(forest, verdicts, reportsBelow);
  return verdicts;
}

/** What counted spans below one span report together. */
class Below {
  reports = 0;
  prompt = 0;
  reported = 0;
  output = 0;
  /** Reports with no tool, agent or workflow between, and one of them. */
  near = 0;
  nearest = -1;

  add(other: Below, layered: boolean): void {
    this.reports += other.reports;
    this.prompt += other.prompt;
    this.reported += other.reported;
    this.output += other.output;
    if (!layered || other.near === 0) return;
    this.near += other.near;
    this.nearest = other.nearest;
  }

  count(forest: Forest, position: number): void {
    const { table } = forest;
    const row = forest.row[position]!;
    this.reports++;
    this.prompt += promptTokens(table, row);
    this.reported += table.usageOf(row, 'reportedInput');
    this.output += table.usageOf(row, 'output');
    this.near++;
    this.nearest = position;
  }

  clear(): void {
    this.reports = 0;
    this.prompt = 0;
    this.reported = 0;
    this.output = 0;
    this.near = 0;
    this.nearest = -1;
  }
}

/**
 * From the leaves up, so that everything below a span is decided before the span is. Backwards through the pre-order only
 * one span a level is being added up, so the sums are kept by depth.
 */
function judgeUpwards(forest: Forest, verdicts: Verdicts, reportsBelow: Uint8Array): void {
  const { table } = forest;
  const levels: Below[] = [new Below()];
  for (let p = forest.length - 1; p >= 0; p--) {
    const depth = forest.depth[p]!;
    while (levels.length <= depth + 1) levels.push(new Below());
    const below = levels[depth + 1]!;
    if (!verdicts.isDuplicate(p)) judge(forest, p, below, verdicts);
    reportsBelow[p] = below.reports > 0 ? 1 : 0;
    const counted = verdicts.isCounted(p) && reportsMoney(table, forest.row[p]!);
    const above = levels[depth]!;
    const layered = isLayer(forest, p);
    above.add(below, layered);
    below.clear();
    if (!counted) continue;
    const { near, nearest } = above;
    above.count(forest, p);
    if (!layered) Object.assign(above, { near, nearest });
  }
}

/** Tools, agents and workflows do work of their own; everything else may be a layer around one call. */
function isLayer(forest: Forest, position: number): boolean {
  const kind = forest.table.kindOf(forest.row[position]!);
  return kind !== 'tool' && kind !== 'agent' && kind !== 'workflow';
}

function judge(forest: Forest, position: number, below: Below, verdicts: Verdicts): void {
  const rule = ruleOf(forest, position, below);
  if (rule === 'duplicate_layer') mergeLayers(forest, position, below, verdicts);
  else verdicts.set(position, rule);
}

function ruleOf(forest: Forest, position: number, below: Below): CallRule {
  const { table } = forest;
  const row = forest.row[position]!;
  const model = isModelOperation(forest, position);
  if (!reportsMoney(table, row)) return model ? 'call' : 'none';
  if (!model) return below.reports > 0 ? 'rollup_of_reports' : 'aggregate_only';
  if (below.reports === 0) return 'call';
  if (table.has(row, FLAG.aggregateUsage)) return 'rollup_declared';
  if (below.near === 1 && sameLayered(forest, position, below.nearest)) return 'duplicate_layer';
  const sumsUp = below.reports > 1 && (!table.hasUsage(row) || repeats(table, row, below));
  return sumsUp ? 'rollup_sum' : 'call';
}

/** Do two nested LLM spans with nothing but layers between report one call? One without usage is a layer around it. */
function sameLayered(forest: Forest, outer: number, inner: number): boolean {
  const { table } = forest;
  const a = forest.row[outer]!;
  const b = forest.row[inner]!;
  if (answersDiffer(table, a, b) || !sameModel(table, a, b)) return false;
  if (!table.hasUsage(a) || !table.hasUsage(b)) return true;
  const input =
    agree(promptTokens(table, a), promptTokens(table, b)) ||
    agree(table.usageOf(a, 'reportedInput'), table.usageOf(b, 'reportedInput'));
  return input && agree(table.usageOf(a, 'output'), table.usageOf(b, 'output'));
}

/** The richer report stands for the call, else the inner one. */
function mergeLayers(forest: Forest, outer: number, below: Below, verdicts: Verdicts): void {
  const inner = below.nearest;
  if (detail(forest.table, forest.row[outer]!) <= detail(forest.table, forest.row[inner]!)) {
    verdicts.merge(inner, outer, 'duplicate_layer');
    return;
  }
  verdicts.set(outer, 'call');
  verdicts.merge(outer, inner, 'duplicate_layer');
  const row = forest.row[inner]!;
  below.reports--;
  below.prompt -= promptTokens(forest.table, row);
  below.reported -= forest.table.usageOf(row, 'reportedInput');
  below.output -= forest.table.usageOf(row, 'output');
  below.near = 0;
  below.nearest = -1;
}

function repeats(table: SpanTable, row: number, below: Below): boolean {
  const input =
    agree(promptTokens(table, row), below.prompt) ||
    agree(table.usageOf(row, 'reportedInput'), below.reported);
  return input && agree(table.usageOf(row, 'output'), below.output);
}

const agree = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(a, b);

function answersDiffer(table: SpanTable, rowA: number, rowB: number): boolean {
  const a = table.answerOf(rowA);
  const b = table.answerOf(rowB);
  return a !== undefined && b !== undefined && a !== b;
}

/**
 * LLM spans without usage around or inside another LLM span are the same call seen by two layers (a wrapper, a client
 * span), unless a tool, an agent or a workflow stands between them.
 */
function settleNested(forest: Forest, verdicts: Verdicts, reportsBelow: Uint8Array): void {
  const { table } = forest;
  /** Nearest enclosing LLM span with nothing but layers between; -1 where there is none. */
  const enclosing = new Int32Array(forest.length).fill(-1);
  for (let p = 0; p < forest.length; p++) {
    const parent = forest.parent[p]!;
    if (parent >= 0) {
      if (isModelOperation(forest, parent)) enclosing[p] = parent;
      else if (isLayer(forest, parent)) enclosing[p] = enclosing[parent]!;
    }
    const outer = enclosing[p]!;
    if (outer < 0 || !isModelOperation(forest, p) || verdicts.isDuplicate(p)) continue;
    const outerReports = reportsMoney(table, forest.row[outer]!);
    const reports = reportsMoney(table, forest.row[p]!) || reportsBelow[p] === 1;
    if (!verdicts.is(outer, 'call')) continue;
    if (!outerReports) verdicts.set(outer, 'rollup_without_usage');
    else if (!reports && !table.has(forest.row[p]!, FLAG.invalidUsage)) {
      verdicts.merge(outer, p, 'duplicate_without_usage');
    }
  }
}

import { type CallRule, FLAG, type Forest, type Usage } from '../model/index.ts';
import { agree, covers, repeats, repeatsCost, sameLayered } from './agreement.ts';
import { Below, isLayer, type Sums } from './below.ts';
import { increases } from './counters.ts';
import { mergeEvents } from './event-calls.ts';
import { detail, isModelOperation, promptTokens, reportsMoney } from './reports.ts';
import { mergeByAnswerId } from './same-answer.ts';
import { mergeSiblings } from './siblings.ts';
import { findToolUses, type ToolPrices } from './tool-uses.ts';
import { Verdicts } from './verdicts.ts';

/**
 * Decides which spans are billable calls. By structure, not by operation name:
 * - equal answer ids at the same time are one call; so are two instrumentations' overlapping siblings with equal usage;
 * - an LLM span around one other LLM span with the same model and usage is the same call seen by two layers, unless a tool,
 *   an agent or a workflow stands between them: then it is a call of its own;
 * - an LLM span whose usage is the sum of several reports below it repeats them; calls right below it that report nothing
 *   may account for a surplus;
 * - any other span with usage or cost is a roll-up if something below it reports what it may repeat, else it is counted once;
 * - a tool with a price is counted for its fee, whatever is below it.
 */
export function findCalls(forest: Forest, toolPrices: ToolPrices): Verdicts {
  const verdicts = new Verdicts(forest);
  const reportsBelow = new Uint8Array(forest.length);
  findToolUses(forest, verdicts, toolPrices);
  mergeByAnswerId(forest, verdicts);
  mergeEvents(forest, verdicts);
  if (forest.table.calls.length > 0) {
    mergeSiblings(forest, verdicts);
    judgeUpwards(forest, verdicts, reportsBelow);
  } else {
    for (let p = 0; p < forest.length; p++)
      if (isModelOperation(forest, p) && verdicts.is(p, 'none')) verdicts.set(p, 'call');
  }
  settleNested(forest, verdicts, reportsBelow);
  return verdicts;
}

/**
 * From the leaves up, so that everything below a span is decided before the span is. Backwards through the pre-order only
 * one span a level is being added up, so the sums are kept by depth.
 */
function judgeUpwards(forest: Forest, verdicts: Verdicts, reportsBelow: Uint8Array): void {
  const grown = increases(forest);
  const levels: Below[] = [new Below()];
  for (let p = forest.length - 1; p >= 0; p--) {
    const depth = forest.depth[p]!;
    while (levels.length <= depth + 1) levels.push(new Below());
    const below = levels[depth + 1]!;
    if (verdicts.is(p, 'none')) judge(forest, p, below, verdicts);
    else if (verdicts.isDuplicate(p)) mergeBelow(forest, p, below, verdicts);
    if (verdicts.is(p, 'aggregate_only')) countIncrease(forest, p, grown, verdicts);
    reportsBelow[p] = below.all.reports > 0 ? 1 : 0;
    passOn(forest, p, below, levels[depth]!, verdicts);
  }
}

/** Adds to the level of a span what it and the spans below it report. */
function passOn(forest: Forest, position: number, below: Below, above: Below, verdicts: Verdicts): void {
  const model = isModelOperation(forest, position);
  const reports = reportsMoney(forest.table, forest.row[position]!);
  // Silent calls inside a call that reports are its client side; a silent one around others is a wrapper.
  if (model && reports) below.settleGaps();
  const wrapper = below.near.reports > 0 || below.near.echoes > 0;
  if (!below.isEmpty) {
    above.add(below, isLayer(forest, position));
    below.clear();
  }
  if (model && reports && verdicts.isDuplicate(position)) above.echo(position);
  if (!verdicts.isCounted(position) || verdicts.is(position, 'tool_price')) return;
  if (reports) above.count(forest, position);
  else if (!wrapper) above.leaveGap(forest, position);
}

function judge(forest: Forest, position: number, below: Below, verdicts: Verdicts): void {
  const model = isModelOperation(forest, position);
  if (!reportsMoney(forest.table, forest.row[position]!)) {
    if (model) verdicts.set(position, 'call');
    return;
  }
  if (!model) {
    verdicts.set(position, ruleOfSum(forest, position, below.all));
    return;
  }
  const found = ruleOfCall(forest, position, below, verdicts);
  if (typeof found === 'string') verdicts.set(position, found);
  else if ('echo' in found) verdicts.merge(verdicts.standsFor(found.echo)!, position, 'duplicate_layer');
  else mergeLayers(forest, position, found.layer, below, verdicts);
}

/** A layer inside a report that another span stands for is one more report of the same call. */
function mergeBelow(forest: Forest, position: number, below: Below, verdicts: Verdicts): void {
  if (!forest.table.hasUsage(forest.row[position]!)) return;
  const kept = verdicts.standsFor(position);
  const layer = below.nearReports.find((inner) => sameLayered(forest, position, inner));
  if (kept === undefined || layer === undefined || layer === kept) return;
  verdicts.merge(kept, layer, 'duplicate_layer');
  below.discount(forest, layer);
}

/** Of counters that never start anew, only what they grew by is this run's. */
function countIncrease(
  { table, row }: Forest,
  position: number,
  grown: ReadonlyMap<number, Usage>,
  verdicts: Verdicts,
): void {
  const increase = grown.get(position);
  if (increase !== undefined) table.setIncrease(row[position]!, increase);
  if (table.has(row[position]!, FLAG.increasedUsage)) verdicts.set(position, 'aggregate_increase');
}

/**
 * An LLM span that reports something is a call unless what is below it says that it was told before: as a whole, or by one
 * layer inside it.
 */
function ruleOfCall(
  forest: Forest,
  position: number,
  { all, near, nearReports, nearEchoes }: Below,
  verdicts: Verdicts,
): CallRule | { readonly layer: number } | { readonly echo: number } {
  const { table } = forest;
  const row = forest.row[position]!;
  const echo = nearEchoes.find(
    (inner) => verdicts.standsFor(inner) !== position && sameLayered(forest, position, inner),
  );
  if (echo !== undefined) return { echo };
  if (all.reports === 0) return 'call';
  if (table.has(row, FLAG.aggregateUsage)) return 'rollup_declared';
  const layer = nearReports.find((inner) => sameLayered(forest, position, inner));
  if (layer !== undefined && near.reports === 1) return { layer };
  if (!table.hasUsage(row)) return near.reports > 1 || repeatsCost(table, row, all) ? 'rollup_sum' : 'call';
  const sumsUp =
    (near.reports > 1 && repeats(table, row, near)) || (all.reports > 1 && repeats(table, row, all));
  if (sumsUp) return 'rollup_sum';
  if (layer !== undefined) return { layer };
  return near.reports > 0 && near.gaps > 0 && covers(table, row, near) ? 'rollup_sum' : 'call';
}

/**
 * Usage or cost on a span that calls no model itself. Where nothing below it can be what it repeats (an agent's output
 * above an embedding, or above a tool's fee), it is known only here.
 */
function ruleOfSum({ table, row: rows }: Forest, position: number, all: Sums): CallRule {
  const row = rows[position]!;
  if (all.reports === 0) return all.echoes === 0 ? 'aggregate_only' : 'rollup_of_reports';
  if (all.answers > 0 || !table.hasUsage(row)) return 'rollup_of_reports';
  const input = promptTokens(table, row) + table.usageOf(row, 'totalOnly');
  const below = all.prompt + all.totalOnly;
  const more = input > below && !agree(input, below) && all.gaps === 0;
  return table.usageOf(row, 'output') > 0 || more ? 'aggregate_only' : 'rollup_of_reports';
}

/** The richer report stands for the call, else the inner one. */
function mergeLayers(forest: Forest, outer: number, inner: number, below: Below, verdicts: Verdicts): void {
  if (detail(forest.table, forest.row[outer]!) <= detail(forest.table, forest.row[inner]!)) {
    verdicts.merge(inner, outer, 'duplicate_layer');
    return;
  }
  verdicts.set(outer, 'call');
  verdicts.merge(outer, inner, 'duplicate_layer');
  below.discount(forest, inner);
}

/**
 * LLM spans without usage around or inside another LLM span are the same call seen by two layers (a wrapper, a client
 * span), unless a tool, an agent or a workflow stands between them. One that failed inside a call that did not was an
 * attempt, and stays a call of its own.
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
    if (outer < 0 || !isModelOperation(forest, p)) continue;
    if (!reportsMoney(table, forest.row[outer]!)) {
      if (verdicts.is(outer, 'call')) verdicts.set(outer, 'rollup_without_usage');
      continue;
    }
    const call = verdicts.standsFor(outer) ?? outer;
    const silent = !reportsMoney(table, forest.row[p]!) && reportsBelow[p] === 0;
    if (silent && verdicts.is(p, 'call') && verdicts.is(call, 'call') && isOfCall(forest, outer, p)) {
      verdicts.merge(call, p, 'duplicate_without_usage');
    }
  }
}

function isOfCall({ table, row }: Forest, outer: number, inner: number): boolean {
  if (table.has(row[inner]!, FLAG.invalidUsage)) return false;
  return !table.has(row[inner]!, FLAG.failed) || table.has(row[outer]!, FLAG.failed);
}

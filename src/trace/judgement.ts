import { type CallRule, FLAG, type Forest, type Usage } from '../model/index.ts';
import { agree, covers, repeats, repeatsCost, sameLayered } from './agreement.ts';
import { Below, isLayer, type Sums } from './below.ts';
import { detail, isModelOperation, promptTokens, reportsMoney } from './reports.ts';
import type { Verdicts } from './verdicts.ts';

/** Judges traces in which spans stand around others that have a say in the bill. */
export class Judgement {
  readonly #forest: Forest;
  readonly #verdicts: Verdicts;
  readonly #grown: ReadonlyMap<number, Usage>;
  readonly #levels: Below[] = [new Below()];
  /** By place in the trace that is being judged. */
  #depth = new Int32Array(0);
  /** By position. */
  #reportsBelow: Uint8Array | undefined;

  constructor(forest: Forest, verdicts: Verdicts, grown: ReadonlyMap<number, Usage>) {
    this.#forest = forest;
    this.#verdicts = verdicts;
    this.#grown = grown;
  }

  /**
   * From the leaves up, so that everything below a span is decided before the span is. Backwards through the pre-order only
   * one span a level is being added up, so the sums are kept by depth.
   */
  judge(from: number, to: number): void {
    const forest = this.#forest;
    const verdicts = this.#verdicts;
    const levels = this.#levels;
    this.#reportsBelow ??= new Uint8Array(forest.length);
    this.#measure(from, to);
    levels[0]!.clear();
    for (let p = to - 1; p >= from; p--) {
      const depth = this.#depth[p - from]!;
      while (levels.length <= depth + 1) levels.push(new Below());
      const below = levels[depth + 1]!;
      if (verdicts.is(p, 'none')) judge(forest, p, below, verdicts);
      else if (verdicts.isDuplicate(p)) mergeBelow(forest, p, below, verdicts);
      if (verdicts.is(p, 'aggregate_only')) countIncrease(forest, p, this.#grown, verdicts);
      if (below.all.reports > 0) this.#reportsBelow[p] = 1;
      passOn(forest, p, below, levels[depth]!, verdicts);
    }
  }

  /** Did calls below the span, which was judged, report anything? */
  reportsBelow(position: number): boolean {
    return this.#reportsBelow?.[position] === 1;
  }

  #measure(from: number, to: number): void {
    const { parent } = this.#forest;
    if (to - from > this.#depth.length)
      this.#depth = new Int32Array(Math.max(to - from, 2 * this.#depth.length));
    for (let p = from; p < to; p++)
      this.#depth[p - from] = parent[p]! < 0 ? 0 : this.#depth[parent[p]! - from]! + 1;
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
export function countIncrease(
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

import type { Forest, Usage } from '../model/index.ts';
import { increases } from './counters.ts';
import { mergeEvents } from './event-calls.ts';
import { countIncrease, Judgement } from './judgement.ts';
import { settleNested } from './nested-calls.ts';
import { reportsMoney } from './reports.ts';
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
  const { traces, traceFrom } = forest;
  const verdicts = new Verdicts(forest);
  findToolUses(forest, verdicts, toolPrices);
  mergeByAnswerId(forest, verdicts);
  mergeEvents(forest, verdicts);
  mergeSiblings(forest, verdicts);
  const grown = increases(forest);
  const judgement = new Judgement(forest, verdicts, grown);
  const isNested = new Uint8Array(traces);
  const isModel = forest.table.profiles.models();
  for (let t = traces - 1; t >= 0; t--) {
    const from = traceFrom[t]!;
    const to = traceFrom[t + 1]!;
    if (isFlat(forest, isModel, from, to)) judgeLeaves(forest, isModel, from, to, grown, verdicts);
    else {
      isNested[t] = 1;
      judgement.judge(from, to);
    }
  }
  for (let t = 0; t < traces; t++)
    if (isNested[t] === 1) settleNested(forest, traceFrom[t]!, traceFrom[t + 1]!, judgement, verdicts);
  return verdicts;
}

/** Has no span of the trace that anything stands below a say in the bill? Then every leaf speaks for itself. */
function isFlat({ table, row, size }: Forest, isModel: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) {
    if (size[p] === 1) continue;
    const r = row[p]!;
    if (isModel[table.profileOf(r)] === 1 || table.calls.of(r) >= 0) return false;
  }
  return true;
}

function judgeLeaves(
  forest: Forest,
  isModel: Uint8Array,
  from: number,
  to: number,
  grown: ReadonlyMap<number, Usage>,
  verdicts: Verdicts,
): void {
  const { table, row, size } = forest;
  for (let p = from; p < to; p++) {
    if (size[p] !== 1 || !verdicts.is(p, 'none')) continue;
    const r = row[p]!;
    if (isModel[table.profileOf(r)] === 1) verdicts.set(p, 'call');
    else if (reportsMoney(table, r)) {
      verdicts.set(p, 'aggregate_only');
      countIncrease(forest, p, grown, verdicts);
    }
  }
}

import { FLAG, type Forest } from '../model/index.ts';
import { isLayer } from './below.ts';
import type { Judgement } from './judgement.ts';
import { isModelOperation, reportsMoney } from './reports.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * LLM spans without usage around or inside another LLM span are the same call seen by two layers (a wrapper, a client
 * span), unless a tool, an agent or a workflow stands between them. One that failed inside a call that did not was an
 * attempt, and stays a call of its own. Of the trace `[from, to)`, once all traces are judged.
 */
export function settleNested(
  forest: Forest,
  from: number,
  to: number,
  judgement: Judgement,
  verdicts: Verdicts,
): void {
  const { table } = forest;
  /** Nearest enclosing LLM span with nothing but layers between; -1 where there is none. */
  const enclosing = new Int32Array(to - from).fill(-1);
  for (let p = from; p < to; p++) {
    const parent = forest.parent[p]!;
    if (parent >= 0) {
      if (isModelOperation(forest, parent)) enclosing[p - from] = parent;
      else if (isLayer(forest, parent)) enclosing[p - from] = enclosing[parent - from]!;
    }
    const outer = enclosing[p - from]!;
    if (outer < 0 || !isModelOperation(forest, p)) continue;
    if (!reportsMoney(table, forest.row[outer]!)) {
      if (verdicts.is(outer, 'call')) verdicts.set(outer, 'rollup_without_usage');
      continue;
    }
    const call = verdicts.standsFor(outer) ?? outer;
    const silent = !reportsMoney(table, forest.row[p]!) && !judgement.reportsBelow(p);
    if (silent && verdicts.is(p, 'call') && verdicts.is(call, 'call') && isOfCall(forest, outer, p)) {
      verdicts.merge(call, p, 'duplicate_without_usage');
    }
  }
}

function isOfCall({ table, row }: Forest, outer: number, inner: number): boolean {
  if (table.has(row[inner]!, FLAG.invalidUsage)) return false;
  return !table.has(row[inner]!, FLAG.failed) || table.has(row[outer]!, FLAG.failed);
}

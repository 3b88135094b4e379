import { type CallRule, FLAG, type Forest } from '../model/index.ts';
import { detail, promptTokens } from './reports.ts';
import type { Verdicts } from './verdicts.ts';

/**
 * The report with the most detail stands for the call, then the one with the most tokens, then one that has a time, then
 * the deepest, then the first.
 */
export function keepBest(forest: Forest, same: readonly number[], verdicts: Verdicts, rule: CallRule): void {
  const { table } = forest;
  let best = same[0]!;
  for (const p of same) {
    const row = forest.row[p]!;
    const bestRow = forest.row[best]!;
    const better =
      detail(table, row) - detail(table, bestRow) ||
      table.usageOf(row, 'output') - table.usageOf(bestRow, 'output') ||
      promptTokens(table, row) - promptTokens(table, bestRow) ||
      Number(table.has(row, FLAG.hasStart)) - Number(table.has(bestRow, FLAG.hasStart)) ||
      forest.depth[p]! - forest.depth[best]!;
    if (better > 0) best = p;
  }
  for (const p of same) {
    if (p === best) continue;
    verdicts.merge(best, p, rule);
  }
}

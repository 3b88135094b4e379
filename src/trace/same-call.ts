import type { CallRule, Forest } from '../model/index.ts';
import { detail, isModelOperation, promptTokens, sameModel } from './reports.ts';
import type { Verdicts } from './verdicts.ts';

/** Two reports of one call cover each other in time at least this far. */
const OVERLAP_SHARE = 0.9;
/** So many equal calls may run beside each other and still be told apart. */
const SIDE_BY_SIDE = 16;

/** Spans of one trace with the same answer id are one call, as far as they ran at the same time: mocks repeat ids. */
export function mergeByAnswerId(forest: Forest, verdicts: Verdicts): void {
  if (forest.table.responseHigh === undefined) return;
  for (let t = 0; t < forest.traces; t++) {
    const seen = new Map<bigint, number[]>();
    for (let p = forest.traceFrom[t]!; p < forest.traceFrom[t + 1]!; p++) {
      const answer = forest.table.answerOf(forest.row[p]!);
      if (answer === undefined || !isModelOperation(forest, p)) continue;
      const same = seen.get(answer);
      if (same === undefined) seen.set(answer, [p]);
      else same.push(p);
    }
    for (const same of seen.values()) {
      if (same.length > 1)
        for (const group of atTheSameTime(forest, same)) {
          keepBest(forest, group, verdicts, 'duplicate_response_id');
        }
    }
  }
}

/** Two instrumentations on one call make siblings: other dialect, same usage, same time. Two equal calls of one dialect stay two. */
export function mergeSiblings(forest: Forest, verdicts: Verdicts): void {
  const { table } = forest;
  if (table.dialects.size < 3) return;
  /** Calls that may have a second report to come, by parent and usage, then by dialect; earliest first. */
  const open = new Map<string, Map<number, number[]>>();
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (verdicts.isDuplicate(p) || !isModelOperation(forest, p) || !table.hasUsage(row)) continue;
    // The parent of spans at the top is missing, not absent: those of one trace are siblings too.
    const parent = forest.parent[p]! >= 0 ? forest.parent[p]! : `top ${table.trace[row]}`;
    const key = `${parent} ${promptTokens(table, row)} ${table.usageOf(row, 'output')}`;
    const candidates = open.get(key) ?? new Map<number, number[]>();
    open.set(key, candidates);
    const other = takeSameCall(forest, candidates, p);
    if (other !== undefined) {
      keepBest(forest, [other, p], verdicts, 'duplicate_overlap');
      continue;
    }
    const own = candidates.get(table.dialect[row]!) ?? [];
    own.push(p);
    if (own.length > SIDE_BY_SIDE) own.shift();
    candidates.set(table.dialect[row]!, own);
  }
}

function takeSameCall(
  forest: Forest,
  candidates: ReadonlyMap<number, number[]>,
  position: number,
): number | undefined {
  for (const [dialect, list] of candidates) {
    if (dialect === forest.table.dialect[forest.row[position]!]) continue;
    const at = list.findIndex((candidate) => sameCall(forest, candidate, position));
    if (at >= 0) return list.splice(at, 1)[0];
  }
  return undefined;
}

function sameCall(forest: Forest, a: number, b: number): boolean {
  const { table } = forest;
  const answerA = table.answerOf(forest.row[a]!);
  const answerB = table.answerOf(forest.row[b]!);
  if (answerA !== undefined && answerB !== undefined && answerA !== answerB) return false;
  if (!sameModel(table, forest.row[a]!, forest.row[b]!)) return false;
  const startA = forest.offset(a);
  const startB = forest.offset(b);
  if (startA === undefined || startB === undefined) return false;
  const overlap =
    Math.min(startA + forest.duration(a), startB + forest.duration(b)) - Math.max(startA, startB);
  return overlap > 0 && overlap >= OVERLAP_SHARE * Math.max(forest.duration(a), forest.duration(b));
}

/** Splits spans into groups that overlap one another in time; spans without a time go with the first. */
function atTheSameTime(forest: Forest, positions: readonly number[]): number[][] {
  const timed = positions.map((position) => ({ position, start: forest.offset(position) ?? 0 }));
  timed.sort((a, b) => a.start - b.start || a.position - b.position);
  const groups: number[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { position, start } of timed) {
    const untimed = forest.offset(position) === undefined;
    if (groups.length === 0 || (!untimed && start > end)) groups.push([]);
    groups.at(-1)!.push(position);
    end = Math.max(end, start + forest.duration(position));
  }
  return groups;
}

/** The report with the most detail stands for the call, then the one with the most tokens, then the deepest, then the first. */
function keepBest(forest: Forest, same: readonly number[], verdicts: Verdicts, rule: CallRule): void {
  const { table } = forest;
  let best = same[0]!;
  for (const p of same) {
    const row = forest.row[p]!;
    const bestRow = forest.row[best]!;
    const better =
      detail(table, row) - detail(table, bestRow) ||
      table.usageOf(row, 'output') - table.usageOf(bestRow, 'output') ||
      promptTokens(table, row) - promptTokens(table, bestRow) ||
      forest.depth[p]! - forest.depth[best]!;
    if (better > 0) best = p;
  }
  for (const p of same) {
    if (p === best) continue;
    verdicts.merge(best, p, rule);
  }
}

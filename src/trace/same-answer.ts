import { append, type Forest, type SpanTable } from '../model/index.ts';
import { mergeCopies } from './copies.ts';
import { keepBest } from './keep-best.ts';
import { isModelOperation, promptTokens } from './reports.ts';
import { isOtherSignal } from './same-time.ts';
import type { Verdicts } from './verdicts.ts';

/** So many calls with one answer id may run beside each other, and so many reports of one are looked at. */
const SIDE_BY_SIDE = 16;

/**
 * Spans of one trace with the same answer id are one call, as far as they ran at the same time and no library contradicts
 * itself about the counts: mocks repeat ids. Across traces they have to begin at the same instant.
 */
export function mergeByAnswerId(forest: Forest, verdicts: Verdicts): void {
  if (!forest.table.calls.hasAnswers) return;
  for (let t = 0; t < forest.traces; t++) {
    const seen = new Map<bigint, number[]>();
    for (let p = forest.traceFrom[t]!; p < forest.traceFrom[t + 1]!; p++) {
      const answer = forest.table.answerOf(forest.row[p]!);
      if (answer === undefined || !isModelOperation(forest, p)) continue;
      append(seen, answer, p);
    }
    for (const same of seen.values()) {
      if (same.length > 1)
        for (const group of atTheSameTime(forest, same).flatMap((group) => ofOneAnswer(forest, group))) {
          keepBest(forest, group, verdicts, 'duplicate_response_id');
        }
    }
  }
  mergeCopies(forest, verdicts);
}

/** Splits spans into groups that overlap one another in time; spans without a time go with the first. */
function atTheSameTime(forest: Forest, positions: readonly number[]): number[][] {
  const timed = positions.map((position) => ({ position, start: forest.offset(position) ?? 0 }));
  timed.sort((a, b) => a.start - b.start || a.position - b.position);
  const groups: number[][] = [];
  let [from, end] = [0, Number.NEGATIVE_INFINITY];
  for (const { position, start } of timed) {
    const untimed = forest.offset(position) === undefined;
    const duration = forest.duration(position);
    // One call begins the moment another ends; a record without a duration is written when its call ends.
    const next = start > end || (start === end && duration > 0 && end > from);
    if (groups.length === 0 || (!untimed && next)) {
      groups.push([]);
      from = start;
    }
    groups.at(-1)!.push(position);
    end = Math.max(end, start + duration);
  }
  return groups;
}

/**
 * Splits spans with one answer id into calls: where one library tells of two prompts and two outputs, the id is a mock's.
 * A report of another library goes with the call whose counts it repeats.
 */
function ofOneAnswer(forest: Forest, group: readonly number[]): readonly number[][] {
  const calls: number[][] = [];
  for (const p of group) {
    const near = calls.slice(-SIDE_BY_SIDE);
    const call =
      near.find(([first]) => repeatsCounts(forest, first!, p)) ??
      near.find(
        (reports) => !reports.slice(0, SIDE_BY_SIDE).some((report) => contradicts(forest, report, p)),
      );
    if (call === undefined) calls.push([p]);
    else call.push(p);
  }
  return calls;
}

function repeatsCounts({ table, row }: Forest, a: number, b: number): boolean {
  const [rowA, rowB] = [row[a]!, row[b]!];
  return samePrompt(table, rowA, rowB) && sameOutput(table, rowA, rowB);
}

function contradicts({ table, row }: Forest, a: number, b: number): boolean {
  const [rowA, rowB] = [row[a]!, row[b]!];
  if (!table.hasUsage(rowA) || !table.hasUsage(rowB) || isOtherSignal(table, rowA, rowB)) return false;
  return !samePrompt(table, rowA, rowB) && !sameOutput(table, rowA, rowB);
}

const samePrompt = (table: SpanTable, rowA: number, rowB: number): boolean =>
  promptTokens(table, rowA) === promptTokens(table, rowB) ||
  table.usageOf(rowA, 'reportedInput') === table.usageOf(rowB, 'reportedInput');

const sameOutput = (table: SpanTable, rowA: number, rowB: number): boolean =>
  table.usageOf(rowA, 'output') === table.usageOf(rowB, 'output') ||
  table.usageOf(rowA, 'reportedOutput') === table.usageOf(rowB, 'reportedOutput');

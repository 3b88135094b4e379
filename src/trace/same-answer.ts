import { append, type Forest, isModelKind, type SpanTable, traceAt } from '../model/index.ts';
import { mergeCopies } from './copies.ts';
import { keepBest } from './keep-best.ts';
import { promptTokens } from './reports.ts';
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
  const suspects = suspectedAnswers(forest);
  for (let i = 0, next = 0; i < suspects.length; i = next) {
    const to = forest.traceFrom[traceAt(forest, suspects[i]!) + 1]!;
    next = i + 1;
    while (next < suspects.length && suspects[next]! < to) next++;
    if (next === i + 1) continue;
    for (const same of byAnswer(forest, suspects.slice(i, next)))
      for (const group of atTheSameTime(forest, same).flatMap((group) => ofOneAnswer(forest, group)))
        keepBest(forest, group, verdicts, 'duplicate_response_id');
  }
  if (forest.traces < 2) return;
  const left = suspects.filter((p) => !verdicts.isDuplicate(p));
  mergeCopies(forest, byAnswer(forest, left), verdicts);
}

/**
 * Model operations whose answer id others may have too, in order of position. Most ids occur once: two bits for each id
 * tell those that may have come again, and only these are looked at closely.
 */
function suspectedAnswers(forest: Forest): readonly number[] {
  const { length } = forest;
  const mask = 2 ** Math.ceil(Math.log2(Math.max(64, forest.table.calls.length * 16))) - 1;
  const once = new Uint8Array((mask + 1) / 8);
  const again = new Uint8Array((mask + 1) / 8);
  let repeats = 0;
  for (let p = 0; p < length; p++) {
    const bit = answerBit(forest, p, mask);
    if (bit < 0) continue;
    const flag = 1 << (bit & 7);
    if ((once[bit >>> 3]! & flag) !== 0) {
      again[bit >>> 3]! |= flag;
      repeats++;
    }
    once[bit >>> 3]! |= flag;
  }
  const suspects: number[] = [];
  if (repeats === 0) return suspects;
  for (let p = 0; p < length; p++) {
    const bit = answerBit(forest, p, mask);
    if (bit >= 0 && (again[bit >>> 3]! & (1 << (bit & 7))) !== 0) suspects.push(p);
  }
  return suspects;
}

/** Which bit stands for the answer of a model operation; -1 where there is none. */
function answerBit({ table, row }: Forest, position: number, mask: number): number {
  const { calls } = table;
  const call = calls.of(row[position]!);
  if (call < 0) return -1;
  const high = calls.answerHigh(call);
  const low = calls.answerLow(call);
  if ((high === 0 && low === 0) || !isModelKind(table.kindOf(row[position]!))) return -1;
  return (high ^ Math.imul(low, 0x9e3779b1)) & mask;
}

/** Positions with one answer id, where there are several. */
function byAnswer(forest: Forest, positions: readonly number[]): readonly (readonly number[])[] {
  const same = new Map<bigint, number[]>();
  for (const p of positions) append(same, forest.table.answerOf(forest.row[p]!)!, p);
  return [...same.values()].filter((group) => group.length > 1);
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

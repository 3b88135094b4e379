import { append, type Forest, type SpanTable, traceAt } from '../model/index.ts';
import { mergeCopies } from './copies.ts';
import { keepBest } from './keep-best.ts';
import { promptTokens } from './reports.ts';
import { isOtherSignal } from './same-time.ts';
import type { Verdicts } from './verdicts.ts';

/** So many calls with one answer id may run beside each other, and so many reports of one are looked at. */
const SIDE_BY_SIDE = 16;
/** Of so many calls answers are compared at once: the table of them stays small, however many there are. */
const AT_ONCE = 2 ** 17;

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

/** Model operations whose answer id some other call has, too, in order of position. */
function suspectedAnswers({ table, row, length }: Forest): readonly number[] {
  const { calls, profiles } = table;
  const repeated = repeatedAnswers(table);
  const suspects: number[] = [];
  if (repeated === undefined) return suspects;
  for (let p = 0; p < length; p++) {
    const call = calls.of(row[p]!);
    if (call >= 0 && repeated[call] === 1 && profiles.isModel(table.profileOf(row[p]!))) suspects.push(p);
  }
  return suspects;
}

/** 1 for calls whose answer id another one has, too; undefined where there are none, as in most inputs. */
function repeatedAnswers({ calls }: SpanTable): Uint8Array | undefined {
  const { length } = calls;
  const parts = 2 ** Math.ceil(Math.log2(Math.max(1, length / AT_ONCE)));
  const sizes = new Int32Array(parts);
  for (let call = 0; call < length; call++) {
    const high = calls.answerHigh(call);
    if (high !== 0 || calls.answerLow(call) !== 0) sizes[high & (parts - 1)]!++;
  }
  const largest = sizes.reduce((most, size) => Math.max(most, size), 32);
  const mask = 2 ** Math.ceil(Math.log2(largest * 2)) - 1;
  /** Calls and 1 by the hash of their answer's id. */
  const slots = new Int32Array(mask + 1);
  let repeated: Uint8Array | undefined;
  for (let part = 0; part < parts; part++) {
    if (part > 0) slots.fill(0);
    repeated = markRepeated(calls, part, parts - 1, slots, repeated);
  }
  return repeated;
}

/** Looks at the answers whose hash ends in `part`. */
function markRepeated(
  calls: SpanTable['calls'],
  part: number,
  partMask: number,
  slots: Int32Array,
  known: Uint8Array | undefined,
): Uint8Array | undefined {
  const { length } = calls;
  const mask = slots.length - 1;
  let repeated = known;
  for (let call = 0; call < length; call++) {
    const high = calls.answerHigh(call);
    if ((high & partMask) !== part) continue;
    const low = calls.answerLow(call);
    if (high === 0 && low === 0) continue;
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask;
    let other = slots[slot]! - 1;
    while (other >= 0 && (calls.answerHigh(other) !== high || calls.answerLow(other) !== low)) {
      slot = (slot + 1) & mask;
      other = slots[slot]! - 1;
    }
    if (other < 0) {
      slots[slot] = call + 1;
      continue;
    }
    repeated ??= new Uint8Array(length);
    repeated[other] = 1;
    repeated[call] = 1;
  }
  return repeated;
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

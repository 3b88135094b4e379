import { type CallRule, FLAG, type Forest, type SpanTable, USAGE_FIELDS } from '../model/index.ts';
import { detail, isModelOperation, promptTokens, sameModel } from './reports.ts';
import { compareStart, overlapShare, ranTogether } from './same-time.ts';
import { sessionsOf } from './sessions.ts';
import type { Verdicts } from './verdicts.ts';

/** Two reports of one call cover each other in time at least this far. */
const OVERLAP_SHARE = 0.9;
/** So many equal calls may run beside each other and still be told apart. */
const SIDE_BY_SIDE = 16;

/**
 * Spans of one trace with the same answer id are one call, as far as they ran at the same time and no library contradicts
 * itself about the counts: mocks repeat ids. Across traces they have to begin at the same instant.
 */
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
        for (const group of atTheSameTime(forest, same).flatMap((group) => ofOneAnswer(forest, group))) {
          keepBest(forest, group, verdicts, 'duplicate_response_id');
        }
    }
  }
  mergeAcrossTraces(forest, verdicts);
}

/**
 * A session that is resumed or forked begins with a copy of the old one's history, so its calls stand in several traces:
 * same answer id, same model, same start. A copy that lost its time is one with the same usage. So is, in one session, a
 * report that ran at the same time: a span and a log event that names no trace are timed by two clocks.
 */
function mergeAcrossTraces(forest: Forest, verdicts: Verdicts): void {
  if (forest.traces < 2) return;
  const sessions = sessionsOf(forest);
  for (const same of repeatedAnswers(forest, verdicts)) {
    const timed = new Map<string, number[]>();
    const untimed: number[] = [];
    for (const p of same) {
      const row = forest.row[p]!;
      if (!forest.table.has(row, FLAG.hasStart)) untimed.push(p);
      else {
        const start = `${forest.table.startSecond[row]} ${forest.table.startNano[row]}`;
        const group = timed.get(start);
        if (group === undefined) timed.set(start, [p]);
        else group.push(p);
      }
    }
    const groups = [...timed.values()].map((group) => ofOneModel(forest, group));
    const first = groups[0]?.[0] ?? untimed[0]!;
    const copies = untimed.filter((p) => p === first || repeatsCall(forest, p, first));
    if (groups.length === 0) groups.push(copies);
    else for (const p of copies) groups[0]!.push(p);
    for (const group of ofOneSession(forest, groups, sessions))
      if (group.length > 1) keepBest(forest, inOrderOfEnd(forest, group), verdicts, 'duplicate_response_id');
  }
}

/**
 * Calls whose answer id others have too, in order of position. Most ids occur once: two bits for each id tell those that
 * may have come again, and only these are looked at closely.
 */
function repeatedAnswers(forest: Forest, verdicts: Verdicts): Iterable<readonly number[]> {
  const { table } = forest;
  const mask = 2 ** Math.ceil(Math.log2(Math.max(64, table.calls * 16))) - 1;
  const once = new Uint8Array((mask + 1) / 8);
  const again = new Uint8Array((mask + 1) / 8);
  const bitOf = (p: number): number => {
    const call = table.call[forest.row[p]!]!;
    const high = call < 0 ? 0 : table.responseHigh![call]!;
    const low = call < 0 ? 0 : table.responseLow![call]!;
    if ((high === 0 && low === 0) || !isModelOperation(forest, p) || verdicts.isDuplicate(p)) return -1;
    return (high ^ Math.imul(low, 0x9e3779b1)) & mask;
  };
  for (let p = 0; p < forest.length; p++) {
    const bit = bitOf(p);
    if (bit < 0) continue;
    const flag = 1 << (bit & 7);
    if ((once[bit >>> 3]! & flag) !== 0) again[bit >>> 3]! |= flag;
    once[bit >>> 3]! |= flag;
  }
  const same = new Map<bigint, number[]>();
  for (let p = 0; p < forest.length; p++) {
    const bit = bitOf(p);
    if (bit < 0 || (again[bit >>> 3]! & (1 << (bit & 7))) === 0) continue;
    const answer = table.answerOf(forest.row[p]!)!;
    const known = same.get(answer);
    if (known === undefined) same.set(answer, [p]);
    else known.push(p);
  }
  return [...same.values()].filter((group) => group.length > 1);
}

/** Groups by start, joined where a session tells the same call again; the latest ones before are looked at. */
function ofOneSession(
  forest: Forest,
  groups: readonly number[][],
  sessions: Int32Array,
): readonly number[][] {
  if (groups.length < 2) return groups;
  const joined: number[][] = [];
  for (const group of [...groups].sort((a, b) => compareStart(forest, a[0]!, b[0]!))) {
    const before = joined
      .slice(-SIDE_BY_SIDE)
      .find(([first]) => isSameSessionCall(forest, first!, group[0]!, sessions));
    if (before === undefined) joined.push([...group]);
    else for (const p of group) before.push(p);
  }
  return joined;
}

function isSameSessionCall(forest: Forest, a: number, b: number, sessions: Int32Array): boolean {
  const { table } = forest;
  const [rowA, rowB] = [forest.row[a]!, forest.row[b]!];
  return (
    sessions[a] !== 0 &&
    sessions[a] === sessions[b] &&
    sameModel(table, rowA, rowB) &&
    promptTokens(table, rowA) === promptTokens(table, rowB) &&
    table.usageOf(rowA, 'output') === table.usageOf(rowB, 'output') &&
    (isOtherSignal(table, rowA, rowB)
      ? ranTogether(forest, a, b)
      : overlapShare(forest, a, b) >= OVERLAP_SHARE)
  );
}

/** A span, a log event and a session file say when a call began in their own ways. */
function isOtherSignal(table: SpanTable, rowA: number, rowB: number): boolean {
  const events = table.has(rowA, FLAG.fromEvent) !== table.has(rowB, FLAG.fromEvent);
  return events || table.dialect[rowA] !== table.dialect[rowB];
}

function ofOneModel(forest: Forest, group: readonly number[]): number[] {
  const first = group[0]!;
  return group.filter((p) => p === first || sameModel(forest.table, forest.row[first]!, forest.row[p]!));
}

function repeatsCall(forest: Forest, copy: number, call: number): boolean {
  const { table, row } = forest;
  const [a, b] = [row[copy]!, row[call]!];
  return (
    sameModel(table, a, b) &&
    USAGE_FIELDS.every((field) => table.usageOf(a, field) === table.usageOf(b, field))
  );
}

/** The trace that ended first is the one that the others copied. */
function inOrderOfEnd(forest: Forest, group: readonly number[]): readonly number[] {
  const ends = group.map((position) => {
    const trace = traceAt(forest, position);
    const start = forest.traceStart(trace);
    return { position, end: start === undefined ? undefined : start + BigInt(forest.traceDuration(trace)) };
  });
  ends.sort((a, b) => {
    if (a.end === b.end) return a.position - b.position;
    if (a.end === undefined || b.end === undefined) return a.end === undefined ? 1 : -1;
    return a.end < b.end ? -1 : 1;
  });
  return ends.map(({ position }) => position);
}

/** The trace that a position belongs to. */
function traceAt({ traceFrom, traces }: Forest, position: number): number {
  let [low, high] = [0, traces - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (traceFrom[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Two instrumentations on one call make siblings: other dialect, same usage, same time. Two equal calls of one dialect stay two. */
export function mergeSiblings(forest: Forest, verdicts: Verdicts): void {
  const { table } = forest;
  if (table.dialects.size < 3) return;
  /** Calls that may have a second report to come, by parent and usage, then by dialect; earliest first. */
  const open = new Map<string, Map<number, number[]>>();
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (!isModelOperation(forest, p) || !table.hasUsage(row)) continue;
    // The parent of spans at the top is missing, not absent: those of one trace are siblings too.
    const parent = forest.parent[p]! >= 0 ? forest.parent[p]! : `top ${table.trace[row]}`;
    const key = `${parent} ${promptTokens(table, row)} ${table.usageOf(row, 'output')}`;
    const candidates = open.get(key) ?? new Map<number, number[]>();
    open.set(key, candidates);
    const other = takeSameCall(forest, candidates, p);
    if (other !== undefined) {
      mergeSibling(forest, other, p, verdicts);
      continue;
    }
    const own = candidates.get(table.dialect[row]!) ?? [];
    own.push(p);
    if (own.length > SIDE_BY_SIDE) own.shift();
    candidates.set(table.dialect[row]!, own);
  }
}

function mergeSibling(forest: Forest, a: number, b: number, verdicts: Verdicts): void {
  const [keptA, keptB] = [verdicts.standsFor(a), verdicts.standsFor(b)];
  if (keptA === undefined && keptB === undefined) {
    // What is below a report is about the same call: let it stand above what tells it again.
    const second = forest.size[b]! > 1 && forest.size[a]! === 1;
    keepBest(forest, second ? [b, a] : [a, b], verdicts, 'duplicate_overlap');
  } else if (keptB === undefined) verdicts.merge(keptA!, b, 'duplicate_overlap');
  else if (keptA === undefined) verdicts.merge(keptB, a, 'duplicate_overlap');
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
      near.find((reports) => !reports.some((report) => contradicts(forest, report, p)));
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

import { append, FLAG, type Forest, traceAt, USAGE_FIELDS } from '../model/index.ts';
import { keepBest } from './keep-best.ts';
import { promptTokens, sameModel } from './reports.ts';
import { coincide, compareStart, isOtherSignal, ranTogether } from './same-time.ts';
import { sessionsOf } from './sessions.ts';
import type { Verdicts } from './verdicts.ts';

/** So many equal calls may run beside each other and still be told apart. */
const SIDE_BY_SIDE = 16;

/**
 * A session that is resumed or forked begins with a copy of the old one's history, so its calls stand in several traces:
 * same answer id, same model, same start. A copy that lost its time is one with the same usage. So is a report with the
 * same usage that ran at the same time, timed by another clock: in one session, or in the words of another library, as
 * where one run was exported in two ways. `repeated` holds the calls of each answer id that several have.
 */
export function mergeCopies(
  forest: Forest,
  repeated: readonly (readonly number[])[],
  verdicts: Verdicts,
): void {
  if (repeated.length === 0) return;
  const sessions = sessionsOf(forest);
  for (const same of repeated) {
    const timed = new Map<string, number[]>();
    const untimed: number[] = [];
    for (const p of same) {
      const row = forest.row[p]!;
      if (!forest.table.has(row, FLAG.hasStart)) untimed.push(p);
      else {
        const start = `${forest.table.startSecondOf(row)} ${forest.table.startNanoOf(row)}`;
        append(timed, start, p);
      }
    }
    const groups = [...timed.values()].map((group) => ofOneModel(forest, group));
    const first = groups[0]?.[0] ?? untimed[0]!;
    const copies = untimed.filter((p) => p === first || repeatsCall(forest, p, first));
    if (groups.length === 0) groups.push(copies);
    else for (const p of copies) groups[0]!.push(p);
    for (const group of ofTwoClocks(forest, groups, sessions))
      if (group.length > 1) keepBest(forest, inOrderOfEnd(forest, group), verdicts, 'duplicate_response_id');
  }
}

/** Groups by start, joined where another clock tells the same call again; the latest ones before are looked at. */
function ofTwoClocks(forest: Forest, groups: readonly number[][], sessions: Int32Array): readonly number[][] {
  if (groups.length < 2) return groups;
  const joined: number[][] = [];
  for (const group of [...groups].sort((a, b) => compareStart(forest, a[0]!, b[0]!))) {
    const before = joined
      .slice(-SIDE_BY_SIDE)
      .find(([first]) => isToldAgain(forest, first!, group[0]!, sessions));
    if (before === undefined) joined.push([...group]);
    else for (const p of group) before.push(p);
  }
  return joined;
}

function isToldAgain(forest: Forest, a: number, b: number, sessions: Int32Array): boolean {
  const { table } = forest;
  const [rowA, rowB] = [forest.row[a]!, forest.row[b]!];
  const other = isOtherSignal(table, rowA, rowB);
  const oneSession = sessions[a] !== 0 && sessions[a] === sessions[b];
  return (
    (oneSession || other) &&
    sameModel(table, rowA, rowB) &&
    promptTokens(table, rowA) === promptTokens(table, rowB) &&
    table.usageOf(rowA, 'output') === table.usageOf(rowB, 'output') &&
    (oneSession && other ? ranTogether(forest, a, b) : coincide(forest, a, b))
  );
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

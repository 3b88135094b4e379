import { type Forest, isModelKind, type SpanTable } from '../model/index.ts';
import { keepBest } from './keep-best.ts';
import { isModelOperation, promptTokens, sameModel } from './reports.ts';
import { coincide } from './same-time.ts';
import type { Verdicts } from './verdicts.ts';

/** So many equal calls may run beside each other and still be told apart. */
const SIDE_BY_SIDE = 16;

/** Two instrumentations on one call make siblings: other dialect, same usage, same time. Two equal calls of one dialect stay two. */
export function mergeSiblings(forest: Forest, verdicts: Verdicts): void {
  const { table } = forest;
  if (!speakSeveral(table)) return;
  /** Calls that may have a second report to come, by parent and usage, then by dialect; earliest first. */
  const open = new Map<string, Map<number, number[]>>();
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (!isModelOperation(forest, p) || !table.hasUsage(row)) continue;
    // The parent of spans at the top is missing, not absent: those of one trace are siblings too.
    const parent = forest.parent[p]! >= 0 ? forest.parent[p]! : `top ${table.traceOf(row)}`;
    const key = `${parent} ${promptTokens(table, row)} ${table.usageOf(row, 'output')}`;
    const candidates = open.get(key) ?? new Map<number, number[]>();
    open.set(key, candidates);
    const other = takeSameCall(forest, candidates, p);
    if (other !== undefined) {
      mergeSibling(forest, other, p, verdicts);
      continue;
    }
    const own = candidates.get(table.dialectIdOf(row)) ?? [];
    own.push(p);
    if (own.length > SIDE_BY_SIDE) own.shift();
    candidates.set(table.dialectIdOf(row), own);
  }
}

/** Are there two vocabularies, and model operations in different ones? */
function speakSeveral({ profiles }: SpanTable): boolean {
  const named = new Set<number>();
  const ofModels = new Set<number>();
  for (let profile = 0; profile < profiles.length; profile++) {
    const dialect = profiles.dialectIdOf(profile);
    if (dialect !== 0) named.add(dialect);
    if (isModelKind(profiles.kindOf(profile))) ofModels.add(dialect);
  }
  return named.size > 1 && ofModels.size > 1;
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
    if (dialect === forest.table.dialectIdOf(forest.row[position]!)) continue;
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
  return sameModel(table, forest.row[a]!, forest.row[b]!) && coincide(forest, a, b);
}

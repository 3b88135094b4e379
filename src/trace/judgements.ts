import type { Forest, ObservedNumber } from '../model/index.ts';

/** What a judge finds out is about the span it judges. */
const JUDGED = [
  'confidence',
  'hallucination',
  'predictionAccuracy',
] as const satisfies readonly ObservedNumber[];

/**
 * Hands what evaluators tell on to the span they judge, the nearest above them that is none itself: it counts there, and
 * once. What a span says of itself goes before, and of several evaluators the last one's word counts.
 */
export function passJudgements(forest: Forest): void {
  const { table, row, parent, length } = forest;
  const { observations } = table;
  const names = JUDGED.filter((name) => observations.has(name));
  if (names.length === 0) return;
  /** Whom an evaluator judges; -1: nobody. */
  const judgedBy = new Map<number, number>();
  const passed = new Map<ObservedNumber, Set<number>>(names.map((name) => [name, new Set()]));
  for (let p = 0; p < length; p++) {
    if (table.kindOf(row[p]!) !== 'evaluator') continue;
    const judged = judgedBy.get(parent[p]!) ?? parent[p]!;
    judgedBy.set(p, judged);
    if (judged < 0) continue;
    for (const name of names) {
      const told = observations.number(name, row[p]!);
      if (told === undefined) continue;
      const here = row[judged]!;
      const known = passed.get(name)!;
      if (known.has(here) || observations.number(name, here) === undefined) {
        observations.judge(name, here, told);
        known.add(here);
      }
      observations.judge(name, row[p]!, undefined);
    }
  }
}

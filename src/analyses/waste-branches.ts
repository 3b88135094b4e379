import { type AgentKind, FLAG, type Forest, stepName } from '../model/index.ts';
import type { Suspect } from './waste-finding.ts';

/** What works for a result. A guardrail or an evaluator that says no has done its work. */
const WORKS: ReadonlySet<AgentKind> = new Set([
  'workflow',
  'agent',
  'tool',
  'step',
  'retrieval',
  'memory',
  'connector',
  'llm',
  'embedding',
]);

/**
 * Subtrees whose result was thrown away: the outermost that failed, of what works for a result. Either the spans above it
 * did not all fail, so somebody went on without it or tried again, or the run failed with it. Those of one step are one
 * finding.
 */
export function failedBranches(
  forest: Forest,
  trace: number,
  retried: ReadonlySet<number>,
): readonly Suspect[] {
  const { table, row, parent, size } = forest;
  const from = forest.traceFrom[trace]!;
  const to = forest.traceFrom[trace + 1]!;
  const groups = new Map<
    string,
    { readonly step: string; readonly failed: number[]; readonly reason: Fate }
  >();
  /** Where every span above failed, too. */
  const failedSoFar = new Uint8Array(to - from);
  for (let p = from; p < to; ) {
    const above = parent[p]!;
    const aboveFailed = above < 0 || failedSoFar[above - from] === 1;
    if (!table.has(row[p]!, FLAG.failed)) {
      p++;
      continue;
    }
    if (aboveFailed) failedSoFar[p - from] = 1;
    if (!WORKS.has(table.kindOf(row[p]!))) {
      p++;
      continue;
    }
    const step = stepName(table, row[p]!);
    const reason = retried.has(p) ? 'tried_again' : aboveFailed ? 'run_failed' : 'parent_went_on';
    const key = `${reason}\n${step}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { step, failed: [p], reason });
    else group.failed.push(p);
    p += size[p]!;
  }
  return [...groups.values()].map(({ step, failed, reason }) => ({
    kind: 'failed_branch',
    reason,
    step,
    wasted: failed,
    gaps: [],
    calls: undefined,
    repeats: failed,
    text: (repeats) => `${step} failed${repeats === 1 ? '' : ` ${repeats} times`}, and ${WHAT_THEN[reason]}`,
  }));
}

type Fate = keyof typeof WHAT_THEN;
const WHAT_THEN = {
  tried_again: 'was tried again',
  run_failed: 'the run with it',
  parent_went_on: 'what had called it went on without it',
} as const;

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
 * did not all fail, so somebody went on without it, or the run failed with it. Those of one step are one finding.
 */
export function failedBranches(forest: Forest, trace: number): readonly Suspect[] {
  const { table, row, parent, size } = forest;
  const from = forest.traceFrom[trace]!;
  const to = forest.traceFrom[trace + 1]!;
  const groups = new Map<
    string,
    { readonly step: string; readonly failed: number[]; readonly withRun: boolean }
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
    const key = `${aboveFailed ? 'run' : ''}\n${step}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { step, failed: [p], withRun: aboveFailed });
    else group.failed.push(p);
    p += size[p]!;
  }
  return [...groups.values()].map(({ step, failed, withRun }) => ({
    kind: 'failed_branch',
    reason: withRun ? 'run_failed' : 'parent_went_on',
    step,
    wasted: failed,
    gaps: [],
    calls: undefined,
    repeats: failed,
    text: (repeats) =>
      `${step} failed${repeats === 1 ? '' : ` ${repeats} times`}, and ${
        withRun ? 'the run with it' : 'what had called it went on without it'
      }`,
  }));
}

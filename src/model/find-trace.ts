import { UserError } from './errors.ts';
import type { Forest } from './forest.ts';
import { canonicalTraceId } from './ids.ts';

/**
 * The trace of this id, or the only one whose id begins so; undefined where there is none. Several are an error, which
 * begins with `asked`: what was typed.
 */
export function findTrace(forest: Forest, prefix: string, asked: string): number | undefined {
  const { table, row, traceFrom } = forest;
  const idOf = (trace: number): string => table.traceIdOf(row[traceFrom[trace]!]!);
  const exact = canonicalTraceId(prefix)?.id;
  const wanted = prefix.toLowerCase();
  const matches: number[] = [];
  for (let trace = 0; trace < forest.traces; trace++) {
    const id = idOf(trace);
    if (id === prefix || id === exact) return trace;
    if (id.toLowerCase().startsWith(wanted)) matches.push(trace);
  }
  if (matches.length < 2) return matches[0];
  throw new UserError(`${asked}: ${matches.length} traces begin with it`, {
    hint: `Write more of the id: ${matches.slice(0, 5).map(idOf).join(', ')}${matches.length > 5 ? ', …' : ''}`,
  });
}

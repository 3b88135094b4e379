import { FLAG, isModelKind } from '../model/index.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';

export const SHOW_ONLY = ['critical', 'errors', 'llm', 'tools'] as const;
type ShowOnly = (typeof SHOW_ONLY)[number];

export type ShownOptions = {
  /** How many levels below the top to show: 0 shows top-level spans only. */
  readonly depth?: number | undefined;
  /** Leaves out spans that take a smaller fraction of the run than this. */
  readonly minShare?: number | undefined;
  readonly only?: ShowOnly | undefined;
};

/**
 * Which spans of a trace to draw: 1 by position minus the trace's first. What is above a span that matches is drawn too,
 * so that every span stands where it belongs.
 */
export function shownSpans(data: Dataset, path: CriticalPath, options: ShownOptions): Uint8Array {
  const { forest, selected } = data;
  const { first, length, trace } = path.timing;
  const shortest = (options.minShare ?? 0) * forest.traceDuration(trace);
  const deepest = options.depth ?? Number.POSITIVE_INFINITY;
  const matches = onlyTest(data, path, options.only);
  const shown = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--) {
    const position = first + i;
    if (shown[i] === 0) {
      const long = path.timing.end[i]! - path.timing.start[i]! >= shortest || shortest === 0;
      if (!long || !matches(position) || (selected !== undefined && !selected(position))) continue;
      shown[i] = 1;
    }
    const parent = forest.parent[position]!;
    if (parent >= 0) shown[parent - first] = 1;
  }
  for (let i = 0; i < length; i++) if (forest.depth[first + i]! > deepest) shown[i] = 0;
  return shown;
}

function onlyTest(
  { forest, bill }: Dataset,
  path: CriticalPath,
  only: ShowOnly | undefined,
): (position: number) => boolean {
  const { table, row } = forest;
  switch (only) {
    case 'critical':
      return (p) => path.own[p - path.timing.first]! > 0;
    case 'errors':
      return (p) => table.has(row[p]!, FLAG.failed);
    case 'llm':
      return (p) => isModelKind(table.kindOf(row[p]!)) || bill.isCall(p);
    case 'tools':
      return (p) => table.kindOf(row[p]!) === 'tool';
    default:
      return () => true;
  }
}

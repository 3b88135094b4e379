import { append, FLAG, type Forest, USAGE_FIELDS, type Usage } from '../model/index.ts';

/**
 * What running counters grew by since the previous run of the same agent in the trace, by position; first runs, and runs
 * whose counters began anew, are not in it.
 */
export function increases(forest: Forest): ReadonlyMap<number, Usage> {
  const { table } = forest;
  const found = new Map<number, Usage>();
  if ((table.profiles.allFlags & FLAG.cumulativeUsage) === 0) return found;
  const runs = new Map<string, number[]>();
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (!table.has(row, FLAG.cumulativeUsage) || !table.hasUsage(row)) continue;
    const key = `${table.traceOf(row)} ${table.dialectIdOf(row)} ${table.textOf('agent', row) ?? table.nameOf(row)}`;
    append(runs, key, p);
  }
  for (const positions of runs.values()) {
    positions.sort((a, b) => endOf(forest, a) - endOf(forest, b) || a - b);
    for (let i = 1; i < positions.length; i++) {
      const before = usageOf(forest, positions[i - 1]!);
      const after = usageOf(forest, positions[i]!);
      if (USAGE_FIELDS.every((field) => after[field] >= before[field])) {
        found.set(positions[i]!, difference(after, before));
      }
    }
  }
  return found;
}

/** Counters are written when a run ends. */
const endOf = (forest: Forest, position: number): number =>
  (forest.offset(position) ?? 0) + forest.duration(position);

const usageOf = ({ table, row }: Forest, position: number): Usage => table.usageAt(row[position]!);

function difference(after: Usage, before: Usage): Usage {
  const increase = { ...after } as { -readonly [field in keyof Usage]: number };
  for (const field of USAGE_FIELDS) increase[field] -= before[field];
  return increase;
}

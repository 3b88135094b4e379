import { FLAG, type SpanTable } from '../model/index.ts';
import type { SpanIndex } from './duplicates.ts';
import type { WarningLog } from './warning-log.ts';

/** How a span came to stand at the top of its trace. */
type TopReason = 'root' | 'orphan' | 'cycle' | 'self_parent';

export type Links = {
  /** Parent row by row; -1 for top-level spans and duplicates. */
  readonly parent: Int32Array;
  /** Every top-level row and why it is there. */
  readonly top: ReadonlyMap<number, TopReason>;
};

/**
 * Finds every span's parent inside its trace. `rows` are the canonical rows, earliest first; a circle of parents is cut at
 * its earliest span, so that every span is reached from exactly one top-level span.
 */
export function linkParents(
  table: SpanTable,
  index: SpanIndex,
  rows: Int32Array,
  warnings: WarningLog,
): Links {
  const parent = new Int32Array(table.length).fill(-1);
  const top = new Map<number, TopReason>();
  for (const row of rows) {
    const found = parentOf(table, index, row);
    if (typeof found === 'number') {
      parent[row] = found;
      continue;
    }
    top.set(row, found);
    if (found === 'self_parent') {
      warnings.add('self_parent', () => `span ${table.spanIdOf(row)} of trace ${table.traceIdOf(row)}`);
    }
  }
  cutCycles(table, parent, rows, top, warnings);
  return { parent, top };
}

function parentOf(table: SpanTable, index: SpanIndex, row: number): number | TopReason {
  const owner = index.owner(row);
  if (owner >= 0) return owner;
  if (!table.has(row, FLAG.hasParent)) return 'root';
  const high = table.parentHigh[row]!;
  const low = table.parentLow[row]!;
  if (high === table.idHigh[row] && low === table.idLow[row]) return 'self_parent';
  const found = index.find(table.trace[row]!, high, low);
  return found < 0 ? 'orphan' : found;
}

/** Walks up from every span once. Meeting the walk's own trail means a circle; `rows` is sorted, so ranks tell the earliest. */
function cutCycles(
  table: SpanTable,
  parent: Int32Array,
  rows: Int32Array,
  top: Map<number, TopReason>,
  warnings: WarningLog,
): void {
  const walk = new Int32Array(table.length);
  let rank: Int32Array | undefined;
  for (let i = 0; i < rows.length; i++) {
    const mark = i + 1;
    let row = rows[i]!;
    while (row >= 0 && walk[row] === 0) {
      walk[row] = mark;
      row = parent[row]!;
    }
    if (row < 0 || walk[row] !== mark) continue;
    rank ??= ranks(table.length, rows);
    let earliest = row;
    const members = [row];
    for (let at = parent[row]!; at !== row; at = parent[at]!) {
      members.push(at);
      if (rank[at]! < rank[earliest]!) earliest = at;
    }
    parent[earliest] = -1;
    top.set(earliest, 'cycle');
    warnings.add('cycle', () => describeCycle(table, members));
  }
}

function ranks(length: number, rows: Int32Array): Int32Array {
  const rank = new Int32Array(length);
  for (let i = 0; i < rows.length; i++) rank[rows[i]!] = i;
  return rank;
}

function describeCycle(table: SpanTable, members: readonly number[]): string {
  const ids = members.map((row) => table.spanIdOf(row)).sort();
  const shown = ids.length > 4 ? [...ids.slice(0, 4), `… ${ids.length - 4} more`] : ids;
  return `spans ${shown.join(', ')} of trace ${table.traceIdOf(members[0]!)}`;
}

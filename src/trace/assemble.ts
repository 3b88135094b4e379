import type { Forest } from '../model/index.ts';
import { FLAG, type SpanTable } from '../model/index.ts';
import { resolveDuplicates } from './duplicates.ts';
import { linkParents } from './links.ts';
import { readTimes, type TraceTimes } from './times.ts';
import { WarningLog } from './warning-log.ts';

/**
 * Turns the table's rows into trees. The order of rows does not matter: duplicates, cycles and sibling order are decided
 * by content. Linear in the number of spans but for sorting each trace's spans by start; nothing recurses.
 */
export function assemble(table: SpanTable): Forest {
  const warnings = new WarningLog();
  const index = resolveDuplicates(table, warnings);
  const times = readTimes(table, index.canonical, warnings);
  const sorted = sortRows(table, index.canonical, times);
  const links = linkParents(table, index, sorted.rows, warnings);
  const tree = preorder(sorted, links.parent);
  return {
    table,
    length: tree.row.length,
    row: tree.row,
    parent: tree.parent,
    size: tree.size,
    depth: tree.depth,
    traceFrom: tree.traceFrom,
    traces: tree.traceFrom.length - 1,
    top: new Map([...links.top].map(([row, why]) => [tree.position[row]!, why])),
    repeats: new Map([...index.repeats].map(([row, others]) => [tree.position[row]!, others])),
    counts: count(table, tree.row, links.top, sorted.traces.length),
    warnings: warnings.list(),
    offset: (position) => times.offset(tree.row[position]!),
    duration: (position) => table.duration[tree.row[position]!]!,
    traceDuration: (trace) => times.duration(sorted.traces[trace]!),
    traceStart: (trace) => times.start(sorted.traces[trace]!),
  };
}

/** Canonical rows grouped by trace, traces by start then id, rows by start then span id. */
type SortedRows = {
  readonly rows: Int32Array;
  /** Table trace indexes in display order. */
  readonly traces: Int32Array;
  /** Where each of `traces` begins in `rows`, and the end. */
  readonly from: Int32Array;
};

function sortRows(table: SpanTable, canonical: Int32Array, times: TraceTimes): SortedRows {
  const traceCount = table.traces.length;
  const begin = new Int32Array(traceCount + 1);
  for (const row of canonical) begin[table.trace[row]! + 1]!++;
  const traces = presentTraces(table, begin, times);
  for (let t = 0; t < traceCount; t++) begin[t + 1]! += begin[t]!;
  const grouped = new Int32Array(canonical.length);
  const next = begin.slice();
  for (const row of canonical) grouped[next[table.trace[row]!]!++] = row;

  const rows = new Int32Array(canonical.length);
  const from = new Int32Array(traces.length + 1);
  const compare = compareRows(table);
  let filled = 0;
  for (let i = 0; i < traces.length; i++) {
    const group = grouped.subarray(begin[traces[i]!]!, begin[traces[i]! + 1]!);
    if (!isSorted(group, compare)) group.sort(compare);
    rows.set(group, filled);
    from[i] = filled;
    filled += group.length;
  }
  from[traces.length] = filled;
  return { rows, traces, from };
}

function presentTraces(table: SpanTable, sizes: Int32Array, times: TraceTimes): Int32Array {
  const present: number[] = [];
  for (let t = 0; t < table.traces.length; t++) if (sizes[t + 1]! > 0) present.push(t);
  return Int32Array.from(present).sort((a, b) => {
    const byStart = times.compareStart(a, b);
    if (byStart !== 0) return byStart;
    return table.traces.id(a) < table.traces.id(b) ? -1 : 1;
  });
}

/** By start, then span id; spans without a usable start come last. Both halves of a Zipkin call: the owner first. */
function compareRows(table: SpanTable): (a: number, b: number) => number {
  const { startSecond, startNano, idHigh, idLow, flags, half } = table;
  return (a, b) => {
    const untimed = (flags[b]! & FLAG.hasStart) - (flags[a]! & FLAG.hasStart);
    if (untimed !== 0) return untimed;
    return (
      startSecond[a]! - startSecond[b]! ||
      startNano[a]! - startNano[b]! ||
      idHigh[a]! - idHigh[b]! ||
      idLow[a]! - idLow[b]! ||
      (half === undefined ? 0 : half[a]! - half[b]!) ||
      table.spanKind[a]! - table.spanKind[b]!
    );
  };
}

function isSorted(rows: Int32Array, compare: (a: number, b: number) => number): boolean {
  for (let i = 1; i < rows.length; i++) if (compare(rows[i - 1]!, rows[i]!) > 0) return false;
  return true;
}

type Preorder = {
  readonly row: Int32Array;
  readonly parent: Int32Array;
  readonly size: Int32Array;
  readonly depth: Int32Array;
  /** By row; -1 for duplicates. */
  readonly position: Int32Array;
  readonly traceFrom: Int32Array;
};

function preorder(sorted: SortedRows, parentRow: Int32Array): Preorder {
  const rows = parentRow.length;
  const length = sorted.rows.length;
  const firstChild = new Int32Array(rows).fill(-1);
  const nextSibling = new Int32Array(rows).fill(-1);
  const lastChild = new Int32Array(rows).fill(-1);
  for (const row of sorted.rows) {
    const parent = parentRow[row]!;
    if (parent < 0) continue;
    if (lastChild[parent]! < 0) firstChild[parent] = row;
    else nextSibling[lastChild[parent]!] = row;
    lastChild[parent] = row;
  }
  const tree: Preorder = {
    row: new Int32Array(length),
    parent: new Int32Array(length),
    size: new Int32Array(length),
    depth: new Int32Array(length),
    position: new Int32Array(rows).fill(-1),
    traceFrom: sorted.from,
  };
  let at = 0;
  for (const top of sorted.rows) {
    if (parentRow[top]! >= 0) continue;
    let row = top;
    let depth = 0;
    walk: for (;;) {
      tree.row[at] = row;
      tree.parent[at] = depth === 0 ? -1 : tree.position[parentRow[row]!]!;
      tree.depth[at] = depth;
      tree.position[row] = at++;
      if (firstChild[row]! >= 0) {
        row = firstChild[row]!;
        depth++;
        continue;
      }
      for (;;) {
        tree.size[tree.position[row]!] = at - tree.position[row]!;
        if (row === top) break walk;
        if (nextSibling[row]! >= 0) {
          row = nextSibling[row]!;
          break;
        }
        row = parentRow[row]!;
        depth--;
      }
    }
  }
  return tree;
}

function count(
  table: SpanTable,
  rows: Int32Array,
  top: ReadonlyMap<number, string>,
  traces: number,
): Forest['counts'] {
  let errors = 0;
  let open = 0;
  for (const row of rows) {
    if (table.statusOf(row) === 'error') errors++;
    if (!table.has(row, FLAG.hasEnd)) open++;
  }
  let orphans = 0;
  for (const why of top.values()) if (why === 'orphan') orphans++;
  let roots = 0;
  for (const why of top.values()) if (why === 'root' || why === 'self_parent') roots++;
  return {
    spans: table.length,
    unique: rows.length,
    duplicates: table.length - rows.length,
    traces,
    roots,
    orphans,
    errors,
    open,
  };
}

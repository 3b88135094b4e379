import { FLAG, type Forest, instant, type SpanTable, TOP_REASONS, type TopReason } from '../model/index.ts';
import { Duplicates } from './duplicates.ts';
import { type Layout, layOut } from './layout.ts';
import { dropOutliers, impossibleTraces, isTimed, readTimes } from './times.ts';
import { TreeBuilder } from './tree-builder.ts';
import { WarningLog } from './warning-log.ts';

/**
 * Turns the table's rows into trees. The order of rows does not matter: duplicates, cycles and sibling order are decided
 * by content. Linear in the number of spans but for sorting each trace's spans by start; nothing recurses.
 *
 * The table lets go of the ids of parents: it is assembled once. But for `adjust`, which may move spans in time once it is known
 * how they hang together: where it says that it did, they are put in order anew.
 */
export function assemble(table: SpanTable, adjust?: (forest: Forest) => boolean): Forest {
  let layout = layOut(table);
  let built = build(table, layout);
  const { duplicates } = built;
  // Which times cannot be is told of the reports that count. Most inputs have no such times, and are done here.
  if (built.isDisordered || impossibleTraces(layout.times).size > 0) {
    layout = settled(table, duplicates?.dropped);
    built = build(table, layout, duplicates ?? new Duplicates(0));
  }
  const warnings = new WarningLog();
  duplicates?.warn(table, warnings);
  warnOfTimes(table, duplicates?.dropped, warnings);
  built.warn(warnings);
  const forest = forestOf(table, layout, built, duplicates?.repeats, warnings);
  if (adjust?.(forest) === true) return assemble(table);
  table.dropParents();
  return forest;
}

/** Builds all trees; what is left out makes room, so the layout's traces move up. */
function build(table: SpanTable, layout: Layout, known?: Duplicates): TreeBuilder {
  const { traceFrom } = layout;
  const builder = new TreeBuilder(table, layout, known);
  let from = 0;
  for (let t = 0; t + 1 < traceFrom.length; t++) {
    const to = traceFrom[t + 1]!;
    traceFrom[t] = builder.length;
    builder.build(from, to);
    from = to;
  }
  traceFrom[traceFrom.length - 1] = builder.length;
  return builder;
}

/** The traces of the rows that count, without times that cannot be. */
function settled(table: SpanTable, dropped: Uint8Array | undefined): Layout {
  const times = readTimes(table, dropped);
  const impossible = impossibleTraces(times);
  if (impossible.size === 0) return layOut(table, dropped, times);
  dropOutliers(table, dropped, impossible);
  return layOut(table, dropped);
}

function warnOfTimes(table: SpanTable, dropped: Uint8Array | undefined, warnings: WarningLog): void {
  if ((table.profiles.allFlags & (FLAG.badTime | FLAG.endBeforeStart)) === 0) return;
  for (let row = 0; row < table.length; row++) {
    if (dropped !== undefined && dropped[row] === 1) continue;
    const flags = table.flagsOf(row);
    const about = (): string => `span ${table.spanIdOf(row)} of trace ${table.traceIdOf(row)}`;
    if ((flags & FLAG.badTime) !== 0) warnings.add('bad_time', about);
    if ((flags & FLAG.endBeforeStart) !== 0) warnings.add('end_before_start', about);
  }
}

function forestOf(
  table: SpanTable,
  { row: rows, traceFrom, times }: Layout,
  { parent: parents, size: sizes, length, lasted, spans, tops, strangers, strangerIds }: TreeBuilder,
  repeats: Duplicates['repeats'] = new Map(),
  warnings: WarningLog,
): Forest {
  const traces = traceFrom.length - 1;
  const [row, parent, size] = [
    rows.subarray(0, length),
    parents.subarray(0, length),
    sizes.subarray(0, length),
  ];
  const indexOf = (trace: number): number => table.traceOf(row[traceFrom[trace]!]!);
  let depth: Int32Array | undefined;
  return {
    table,
    length,
    row,
    parent,
    size,
    get depth() {
      depth ??= depthsOf(parent);
      return depth;
    },
    traceFrom,
    traces,
    top: (position) => TOP_REASONS[-1 - parent[position]!],
    parentIdOf: (position) => {
      const entry = strangers.of(position);
      if (entry >= 0) {
        const from = strangerIds.from(entry);
        const words = strangerIds.chunk(entry);
        return table.idText(words[from]!, words[from + 1]!);
      }
      const isNamed = table.has(row[position]!, FLAG.hasParent);
      return isNamed ? table.spanIdOf(row[parent[position]!]!) : undefined;
    },
    repeats: byPosition(repeats, row),
    counts: count(table, length, traces, tops, spans),
    warnings: warnings.list(),
    offset: (position) => {
      const r = row[position]!;
      if (!table.has(r, FLAG.hasStart)) return undefined;
      const trace = table.traceOf(r);
      return (
        (table.startSecondOf(r) - times.second[trace]!) * 1e9 + table.startNanoOf(r) - times.nano[trace]!
      );
    },
    duration: (position) => table.lengthOf(row[position]!),
    traceDuration: (trace) => lasted[indexOf(trace)]!,
    traceStart: (trace) => {
      const index = indexOf(trace);
      if (!isTimed(times, index)) return undefined;
      return instant(BigInt(times.second[index]!) * 1_000_000_000n + BigInt(times.nano[index]!));
    },
  };
}

function depthsOf(parent: Int32Array): Int32Array {
  const depth = new Int32Array(parent.length);
  for (let p = 0; p < parent.length; p++) {
    const up = parent[p]!;
    if (up >= 0) depth[p] = depth[up]! + 1;
  }
  return depth;
}

function byPosition(repeats: Duplicates['repeats'], row: Int32Array): Forest['repeats'] {
  const found = new Map<number, readonly number[]>();
  if (repeats.size === 0) return found;
  for (let p = 0; p < row.length; p++) {
    const others = repeats.get(row[p]!);
    if (others !== undefined) found.set(p, others);
  }
  return found;
}

function count(
  { profiles, length: rows }: SpanTable,
  unique: number,
  traces: number,
  tops: Int32Array,
  spans: Int32Array,
): Forest['counts'] {
  const found = (why: TopReason): number => tops[TOP_REASONS.indexOf(why)]!;
  let errors = 0;
  let open = 0;
  for (let profile = 0; profile < spans.length; profile++) {
    if (profiles.statusOf(profile) === 'error') errors += spans[profile]!;
    if ((profiles.flagsOf(profile) & FLAG.hasEnd) === 0) open += spans[profile]!;
  }
  return {
    spans: rows,
    unique,
    duplicates: rows - unique,
    traces,
    roots: found('root') + found('self_parent'),
    orphans: found('orphan'),
    errors,
    open,
  };
}

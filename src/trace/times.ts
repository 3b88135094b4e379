import { append, FLAG, type Instant, instant, type SpanTable } from '../model/index.ts';
import type { WarningLog } from './warning-log.ts';

/** The time axis of every trace, by the table's trace index. */
export type TraceTimes = {
  /** Nanoseconds from the trace's earliest start to the row's start; undefined without a usable start. */
  readonly offset: (row: number) => number | undefined;
  readonly start: (trace: number) => Instant | undefined;
  /** From the earliest start to the latest end, nanoseconds. */
  readonly duration: (trace: number) => number;
  /** Orders traces by start; those without a usable time come last. */
  readonly compareStart: (a: number, b: number) => number;
};

/** Offsets inside one trace stay exact in a double up to here: 2^53 ns, 104 days. */
const LONGEST_TRACE_SECONDS = Math.floor(2 ** 53 / 1e9);

/**
 * Reads the times of all canonical rows. A run that seems to last more than 104 days holds a wrong clock or a wrong unit:
 * spans farther than half of that from the middle one lose their time, with a warning, and stay in the tree.
 */
export function readTimes(table: SpanTable, canonical: Int32Array, warnings: WarningLog): TraceTimes {
  const traces = table.traces.length;
  const second = new Float64Array(traces).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(traces);
  for (const row of canonical) {
    if (!table.has(row, FLAG.hasStart)) continue;
    const t = table.trace[row]!;
    const start = table.startSecond[row]!;
    if (start < second[t]!) second[t] = start;
    if (start > last[t]!) last[t] = start;
  }
  const impossible = new Set<number>();
  for (let t = 0; t < traces; t++) if (last[t]! - second[t]! > LONGEST_TRACE_SECONDS) impossible.add(t);
  if (impossible.size > 0) dropOutliers(table, canonical, impossible, second);

  for (const row of canonical) {
    if (table.has(row, FLAG.badTime)) warnings.add('bad_time', () => describe(table, row));
    if (table.has(row, FLAG.endBeforeStart)) warnings.add('end_before_start', () => describe(table, row));
  }

  const origin = new Float64Array(traces).fill(Number.POSITIVE_INFINITY);
  const end = new Float64Array(traces);
  for (const row of canonical) {
    if (!table.has(row, FLAG.hasStart)) continue;
    const t = table.trace[row]!;
    const start = (table.startSecond[row]! - second[t]!) * 1e9 + table.startNano[row]!;
    if (start < origin[t]!) origin[t] = start;
    if (start + table.duration[row]! > end[t]!) end[t] = start + table.duration[row]!;
  }
  const timed = (t: number): boolean => origin[t] !== Number.POSITIVE_INFINITY;
  return {
    offset: (row) => {
      if (!table.has(row, FLAG.hasStart)) return undefined;
      const t = table.trace[row]!;
      return (table.startSecond[row]! - second[t]!) * 1e9 + table.startNano[row]! - origin[t]!;
    },
    start: (t) => (timed(t) ? instant(BigInt(second[t]!) * 1_000_000_000n + BigInt(origin[t]!)) : undefined),
    duration: (t) => (timed(t) ? end[t]! - origin[t]! : 0),
    compareStart: (a, b) => {
      if (!timed(a) || !timed(b)) return Number(timed(b)) - Number(timed(a));
      return second[a]! - second[b]! || origin[a]! - origin[b]!;
    },
  };
}

function dropOutliers(
  table: SpanTable,
  canonical: Int32Array,
  traces: ReadonlySet<number>,
  first: Float64Array,
): void {
  const starts = new Map<number, number[]>();
  for (const row of canonical) {
    const t = table.trace[row]!;
    if (!traces.has(t) || !table.has(row, FLAG.hasStart)) continue;
    append(starts, t, table.startSecond[row]!);
  }
  const middle = new Map<number, number>();
  for (const [t, seconds] of starts) middle.set(t, seconds.sort((a, b) => a - b)[seconds.length >> 1]!);
  for (const t of traces) first[t] = Number.POSITIVE_INFINITY;
  for (const row of canonical) {
    const t = table.trace[row]!;
    if (!traces.has(t) || !table.has(row, FLAG.hasStart)) continue;
    const start = table.startSecond[row]!;
    if (Math.abs(start - middle.get(t)!) > LONGEST_TRACE_SECONDS / 2) {
      table.flags[row] = (table.flags[row]! & ~FLAG.hasStart) | FLAG.badTime;
    } else if (start < first[t]!) first[t] = start;
  }
}

const describe = (table: SpanTable, row: number): string =>
  `span ${table.spanIdOf(row)} of trace ${table.traceIdOf(row)}`;

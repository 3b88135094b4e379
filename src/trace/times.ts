import { append, FLAG, SPAN_WORD, SPAN_WORDS, type SpanTable } from '../model/index.ts';

/** Offsets inside one trace stay exact in a double up to here: 2^53 ns, 104 days. */
const LONGEST_TRACE_SECONDS = Math.floor(2 ** 53 / 1e9);
/** No second of an hour, and later than all of them. */
const NEVER = 2 ** 32 - 1;

/** The time axis of every trace, by the table's trace index, and how many spans the trace has. */
export type TraceTimes = {
  /** The earliest start: seconds since the epoch and nanoseconds of the second; both `NEVER` where nothing tells it. */
  readonly second: Uint32Array;
  readonly nano: Uint32Array;
  readonly spans: Int32Array;
  /** The latest start. */
  readonly last: Uint32Array;
};

/** Does the trace have a span with a usable time? */
export const isTimed = ({ nano }: TraceTimes, trace: number): boolean => nano[trace] !== NEVER;

/** Reads when the spans began that `dropped` does not stand for. */
export function readTimes(table: SpanTable, dropped: Uint8Array | undefined): TraceTimes {
  const traces = table.traces.length;
  const second = new Uint32Array(traces).fill(NEVER);
  const nano = new Uint32Array(traces).fill(NEVER);
  const spans = new Int32Array(traces);
  const last = new Uint32Array(traces);
  const times: TraceTimes = { second, nano, spans, last };
  const flags = table.profiles.flags();
  let row = 0;
  for (const words of table.rows.chunks) {
    const count = Math.min(words.length / SPAN_WORDS, table.length - row);
    noteTimes(times, words, count, flags, dropped?.subarray(row, row + count));
    row += count;
  }
  return times;
}

function noteTimes(
  { second, nano, spans, last }: TraceTimes,
  words: Uint32Array,
  count: number,
  flags: Uint16Array,
  dropped: Uint8Array | undefined,
): void {
  for (let row = 0; row < count; row++) {
    if (dropped !== undefined && dropped[row] === 1) continue;
    const at = row * SPAN_WORDS;
    const t = words[at + SPAN_WORD.trace]!;
    spans[t]!++;
    if ((flags[words[at + SPAN_WORD.profile]!]! & FLAG.hasStart) === 0) continue;
    const start = words[at + SPAN_WORD.second]!;
    if (start > last[t]!) last[t] = start;
    if (start > second[t]!) continue;
    const fraction = words[at + SPAN_WORD.nano]!;
    if (start === second[t] && fraction >= nano[t]!) continue;
    second[t] = start;
    nano[t] = fraction;
  }
}

/** Traces that seem to last more than 104 days: they hold a wrong clock or a wrong unit. */
export function impossibleTraces(times: TraceTimes): ReadonlySet<number> {
  const found = new Set<number>();
  for (let t = 0; t < times.second.length; t++)
    if (isTimed(times, t) && times.last[t]! - times.second[t]! > LONGEST_TRACE_SECONDS) found.add(t);
  return found;
}

/** In such traces spans farther than half of that from the middle one lose their time and stay in the tree. */
export function dropOutliers(
  table: SpanTable,
  dropped: Uint8Array | undefined,
  traces: ReadonlySet<number>,
): void {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < table.length; row++) {
    if (dropped !== undefined && dropped[row] === 1) continue;
    const t = table.traceOf(row);
    if (traces.has(t) && table.has(row, FLAG.hasStart)) append(rows, t, row);
  }
  for (const timed of rows.values()) {
    const seconds = timed.map((row) => table.startSecondOf(row)).sort((a, b) => a - b);
    const middle = seconds[seconds.length >> 1]!;
    for (const row of timed) {
      if (Math.abs(table.startSecondOf(row) - middle) <= LONGEST_TRACE_SECONDS / 2) continue;
      table.setFlags(row, (table.flagsOf(row) & ~FLAG.hasStart) | FLAG.badTime);
    }
  }
}

import { SPAN_WORD, SPAN_WORDS, type SpanTable } from '../model/index.ts';
import { sortNumbers } from './sort.ts';
import { readTimes, type TraceTimes } from './times.ts';

/** Which positions each trace takes up, and its rows there, in no order yet. */
export type Layout = {
  readonly row: Int32Array;
  /** Trace `t` is the positions `[traceFrom[t], traceFrom[t + 1])`. Traces by start, then id. */
  readonly traceFrom: Int32Array;
  readonly times: TraceTimes;
  /** Spans of the largest trace. */
  readonly largest: number;
};

/** Lays out the traces of all rows but the `dropped` ones. */
export function layOut(
  table: SpanTable,
  dropped?: Uint8Array,
  times: TraceTimes = readTimes(table, dropped),
): Layout {
  const order = orderOf(table, times);
  const traceFrom = new Int32Array(order.length + 1);
  /** Where the next row of a trace goes, by the table's trace index. */
  const next = new Int32Array(times.spans.length);
  let largest = 0;
  for (let t = 0; t < order.length; t++) {
    const trace = order[t]!;
    const spans = times.spans[trace]!;
    next[trace] = traceFrom[t]!;
    traceFrom[t + 1] = traceFrom[t]! + spans;
    if (spans > largest) largest = spans;
  }
  const row = new Int32Array(traceFrom[order.length]!);
  let r = 0;
  for (const words of table.rows.chunks) {
    for (let at = SPAN_WORD.trace; at < words.length && r < table.length; at += SPAN_WORDS, r++) {
      if (dropped === undefined || dropped[r] === 0) row[next[words[at]!]!++] = r;
    }
  }
  return { row, traceFrom, times, largest };
}

/** Traces that have spans, by start, then id; those without a usable time come last. */
function orderOf(table: SpanTable, times: TraceTimes): Int32Array {
  const order = new Int32Array(times.spans.length);
  let length = 0;
  for (let trace = 0; trace < times.spans.length; trace++)
    if (times.spans[trace]! > 0) order[length++] = trace;
  const { second, nano } = times;
  sortNumbers(
    order,
    new Int32Array(length),
    length,
    (a, b) => second[a]! - second[b]! || nano[a]! - nano[b]! || table.traces.compare(a, b),
  );
  return order.subarray(0, length);
}

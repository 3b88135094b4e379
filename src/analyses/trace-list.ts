import type { Report } from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import { TRACE_COLUMNS, traceHead, traceTotals } from './trace-head.ts';

export const TRACE_SORTS = ['start', 'duration', 'cost', 'errors', 'tokens'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];

export const LIST_PICKS = ['slowest', 'costliest'] as const;
type ListPick = (typeof LIST_PICKS)[number];

export type TraceListOptions = {
  /** Default `start`, earliest first; everything else largest first. */
  readonly sort?: TraceSort | undefined;
  readonly limit?: number | undefined;
  /** The top ones by duration or cost, ten unless `limit` says otherwise. Goes before `sort`. */
  readonly pick?: ListPick | undefined;
};

const PICK_LIMIT = 10;

/** Which runs are in the data, a row each. Runs without a chosen span are left out. */
export function traceList(data: Dataset, options: TraceListOptions): Report {
  const found = chosenTraces(data);
  const limit = options.limit ?? (options.pick === undefined ? found.length : PICK_LIMIT);
  const sort = options.pick === undefined ? (options.sort ?? 'start') : SORT_OF[options.pick];
  const shown = sortTraces(data, found, sort).slice(0, limit);
  return {
    command: 'trace list',
    body: { traces: shown.map((trace) => traceHead(data, trace)) },
    table: { rows: 'traces', columns: TRACE_COLUMNS },
    notes: [...filterNotes(data, shown), ...limitNotes(found.length, shown.length, options.pick)],
  };
}

const SORT_OF: Readonly<Record<ListPick, TraceSort>> = { slowest: 'duration', costliest: 'cost' };

/** Traces with at least one chosen span, by start. */
export function chosenTraces({ forest, selected }: Dataset): number[] {
  const traces: number[] = [];
  for (let trace = 0; trace < forest.traces; trace++) {
    let p = forest.traceFrom[trace]!;
    const to = forest.traceFrom[trace + 1]!;
    while (selected !== undefined && p < to && !selected(p)) p++;
    if (p < to) traces.push(trace);
  }
  return traces;
}

/** Largest first; equals stay in the order of their start. */
export function sortTraces(data: Dataset, traces: readonly number[], sort: TraceSort): number[] {
  if (sort === 'start') return [...traces];
  const size = SIZES[sort];
  return traces
    .map((trace) => ({ trace, size: size(data, trace) }))
    .sort((a, b) => (a.size === b.size ? a.trace - b.trace : a.size < b.size ? 1 : -1))
    .map(({ trace }) => trace);
}

const SIZES: Readonly<
  Record<Exclude<TraceSort, 'start'>, (data: Dataset, trace: number) => number | bigint>
> = {
  duration: ({ forest }, trace) => forest.traceDuration(trace),
  cost: (data, trace) => traceTotals(data, trace).cost,
  errors: (data, trace) => traceTotals(data, trace).errors,
  tokens: (data, trace) => {
    const { inputTokens, outputTokens } = traceTotals(data, trace);
    return inputTokens + outputTokens;
  },
};

function limitNotes(found: number, shown: number, pick: ListPick | undefined): string[] {
  if (shown === found) return [];
  return [
    pick === undefined
      ? `the first ${shown} of ${found} traces; leave out --limit to see more`
      : `the ${pick} ${shown} of ${found} traces; raise --limit to see more`,
  ];
}

/** What filters did to the figures, where a reader would otherwise wonder. */
export function filterNotes({ forest, selected }: Dataset, shown: readonly number[]): string[] {
  if (selected === undefined) return [];
  for (const trace of shown) {
    for (let p = forest.traceFrom[trace]!; p < forest.traceFrom[trace + 1]!; p++) {
      if (selected(p)) continue;
      return ['spans, errors, calls, tokens and cost count only the spans that meet the filters'];
    }
  }
  return [];
}

import type { Report } from '../model/index.ts';
import { criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { TRACE_COLUMNS, type TraceTotals, traceHead, traceTotals } from './trace-head.ts';

export const TRACE_SORTS = ['start', 'duration', 'cost', 'errors', 'tokens'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];

export const LIST_PICKS = ['slowest', 'costliest'] as const;
export type ListPick = (typeof LIST_PICKS)[number];

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
  const found = candidates(data);
  const limit = options.limit ?? (options.pick === undefined ? found.length : PICK_LIMIT);
  const sort = options.pick === undefined ? (options.sort ?? 'start') : SORT_OF[options.pick];
  const shown = sortTraces(data, found, sort).slice(0, limit);
  return {
    command: 'trace list',
    body: {
      traces: shown.map(({ trace, totals }) =>
        traceHead(data, trace, criticalPath(data.forest, trace), totals),
      ),
    },
    table: { rows: 'traces', columns: TRACE_COLUMNS },
    notes: notes(data, found, shown, options.pick),
  };
}

const SORT_OF: Readonly<Record<ListPick, TraceSort>> = { slowest: 'duration', costliest: 'cost' };

export type Candidate = { readonly trace: number; readonly totals: TraceTotals };

/** Traces with at least one chosen span, by start. */
export function candidates(data: Dataset): Candidate[] {
  const found: Candidate[] = [];
  for (let trace = 0; trace < data.forest.traces; trace++) {
    const totals = traceTotals(data, trace);
    if (totals.spans > 0) found.push({ trace, totals });
  }
  return found;
}

/** Largest first; equals stay in the order of their start. */
export function sortTraces({ forest }: Dataset, found: readonly Candidate[], sort: TraceSort): Candidate[] {
  const compare: Readonly<Record<TraceSort, (a: Candidate, b: Candidate) => number>> = {
    start: (a, b) => a.trace - b.trace,
    duration: (a, b) => forest.traceDuration(b.trace) - forest.traceDuration(a.trace),
    cost: (a, b) => (a.totals.cost === b.totals.cost ? 0 : a.totals.cost < b.totals.cost ? 1 : -1),
    errors: (a, b) => b.totals.errors - a.totals.errors,
    tokens: (a, b) => tokens(b.totals) - tokens(a.totals),
  };
  return found.toSorted((a, b) => compare[sort](a, b) || a.trace - b.trace);
}

const tokens = (totals: TraceTotals): number => totals.inputTokens + totals.outputTokens;

function notes(
  data: Dataset,
  found: readonly Candidate[],
  shown: readonly Candidate[],
  pick: ListPick | undefined,
): string[] {
  const said = filterNotes(data, found);
  if (shown.length < found.length) {
    const what = pick === undefined ? 'first' : pick;
    const how = pick === undefined ? 'leave out' : 'raise';
    said.push(`the ${what} ${shown.length} of ${found.length} traces; ${how} --limit to see more`);
  }
  return said;
}

/** What filters did to the figures, where a reader would otherwise wonder. */
export function filterNotes({ forest, selected }: Dataset, found: readonly Candidate[]): string[] {
  if (selected === undefined) return [];
  const partly = found.some(
    ({ trace, totals }) => totals.spans < forest.traceFrom[trace + 1]! - forest.traceFrom[trace]!,
  );
  return partly ? ['spans, errors, calls, tokens and cost count only the spans that meet the filters'] : [];
}

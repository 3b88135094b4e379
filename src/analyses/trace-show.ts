import type { Forest, Report, SpanView, TraceView } from '../model/index.ts';
import { bottleneck } from './bottleneck.ts';
import { type CriticalPath, criticalPath } from './critical-path.ts';
import type { Dataset } from './dataset.ts';
import { pathSummary } from './path-summary.ts';
import { detachedViews, segmentViews, shiftViews, tailViews } from './path-views.ts';
import { type ShownOptions, shownSpans } from './shown-spans.ts';
import { type SpanDetails, spanViews } from './span-views.ts';
import { TRACE_COLUMNS, traceHead, traceTotals } from './trace-head.ts';
import { chosenTraces, filterNotes, sortTraces } from './trace-list.ts';

export const SHOW_PICKS = ['slowest', 'costliest', 'latest', 'errors', 'all'] as const;
type ShowPick = (typeof SHOW_PICKS)[number];

export type TraceShowOptions = ShownOptions & {
  /** Default: all where there are few, else the latest. */
  readonly pick?: ShowPick | undefined;
  /** Events, logs and attributes of a span, for what is shown. */
  readonly details?: ((position: number) => SpanDetails | undefined) | undefined;
};

/** So many traces are shown without being asked for. */
const FEW = 10;

/**
 * What happened inside runs, as trees. Views look at columns, and `details` is asked when a view is: what it knows may be
 * found after this, for the views that are shown.
 */
export function traceShow(
  data: Dataset,
  options: TraceShowOptions,
): Report & Pick<Required<Report>, 'traces'> {
  const found = chosenTraces(data);
  const picked = pickTraces(data, found, options.pick);
  return {
    command: 'trace show',
    body: {},
    table: { rows: 'traces', columns: TRACE_COLUMNS },
    traces: picked.map((trace) => traceView(data, trace, options)),
    notes: notes(data, found, picked, options.pick),
  };
}

/** Every span that is shown, from top to bottom. */
export function* shownPositions(traces: readonly TraceView[]): Iterable<number> {
  const open: SpanView[] = [];
  for (const { roots } of traces) {
    for (let i = roots.length - 1; i >= 0; i--) open.push(roots[i]!);
    for (let span = open.pop(); span !== undefined; span = open.pop()) {
      yield span.position;
      const { children } = span;
      for (let i = children.length - 1; i >= 0; i--) open.push(children[i]!);
    }
  }
}

function pickTraces(data: Dataset, found: readonly number[], pick: ShowPick | undefined): number[] {
  switch (pick ?? (found.length <= FEW ? 'all' : 'latest')) {
    case 'all':
      return [...found];
    case 'errors':
      return found.filter((trace) => traceTotals(data, trace).errors > 0);
    case 'slowest':
      return sortTraces(data, found, 'duration').slice(0, 1);
    case 'costliest':
      return sortTraces(data, found, 'cost').slice(0, 1);
    case 'latest': {
      const timed = found.filter((trace) => data.forest.traceStart(trace) !== undefined);
      return (timed.length === 0 ? found : timed).slice(-1);
    }
  }
}

function traceView(data: Dataset, trace: number, options: TraceShowOptions): TraceView {
  const { forest, skew } = data;
  const path = criticalPath(forest, trace);
  const slowest = bottleneck(forest, path);
  const shown = shownSpans(data, path, options);
  return {
    ...traceHead(data, trace, slowest),
    roots: spanViews(data, path, { shown, bottleneck: slowest?.position, details: options.details }),
    // Tables of traces have none of these.
    get summary() {
      return slowest === undefined ? null : pathSummary(data, path, slowest);
    },
    critical_path: { [Symbol.iterator]: () => segmentViews(forest, path) },
    async_tails: { [Symbol.iterator]: () => tailViews(forest, path) },
    detached: { [Symbol.iterator]: () => detachedViews(forest, path) },
    skew: skew && { [Symbol.iterator]: () => shiftViews(forest, path, skew) },
    hidden: hiddenAtTop(forest, path, shown),
  };
}

/** Spans in top-level subtrees that are not shown at all. */
function hiddenAtTop(forest: Forest, { timing }: CriticalPath, shown: Uint8Array): number {
  const { first, length } = timing;
  let hidden = 0;
  for (let p = first; p < first + length; p += forest.size[p]!) {
    if (shown[p - first] === 0) hidden += forest.size[p]!;
  }
  return hidden;
}

function notes(
  data: Dataset,
  found: readonly number[],
  picked: readonly number[],
  pick: ShowPick | undefined,
): string[] {
  const said = filterNotes(data, picked);
  if (pick === 'errors' && picked.length === 0 && found.length > 0) {
    said.push(`no errors in ${found.length === 1 ? 'this trace' : `these ${found.length} traces`}`);
  } else if (pick === undefined && picked.length < found.length) {
    said.push(
      `the latest of ${found.length} traces; \`agentobs trace list\` lists them, --trace ID or --pick all shows them`,
    );
  }
  return said;
}

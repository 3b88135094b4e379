import type { LabelMatcher, Labels } from '../model/index.ts';
import { type Families, type Family, labelsAt } from './family.ts';
import { countUpTo, isOfRunning } from './series.ts';

/** `moved`: what the span added, observed or held, as a share of all that moved in the window. */
type BehindSpan = { readonly spanId: string; readonly position: number; readonly moved: number };
export type BehindTrace = {
  readonly traceId: string;
  readonly moved: number;
  /** What moved most comes first. */
  readonly spans: readonly BehindSpan[];
};

type BehindOptions = {
  /** Traces and spans of each; 10 unless told. */
  readonly limit?: number;
  /** Of one result: series that have one of these labels with another value are not behind it. */
  readonly labels?: Labels;
};

/**
 * The traces whose spans moved the selected series in `(from, to]` (milliseconds), the one that moved them most first, and
 * how many more there are. Selections are weighed alike, whatever their units: each adds up to 1.
 */
export function behind(
  { families, data }: Families,
  selections: readonly (readonly LabelMatcher[])[],
  from: number,
  to: number,
  { limit = 10, labels = new Map() }: BehindOptions = {},
): { readonly traces: readonly BehindTrace[]; readonly more: number } {
  const spans = new Map<number, number>();
  for (const matchers of selections) {
    const moved = new Map<number, number>();
    for (const family of families) {
      for (const at of seriesOf(family, matchers, labels)) addMoved(moved, family, at, from, to);
    }
    let total = 0;
    for (const amount of moved.values()) total += amount;
    for (const [position, amount] of moved) {
      const share = total === 0 ? 1 / moved.size : amount / total;
      spans.set(position, (spans.get(position) ?? 0) + share / selections.length);
    }
  }
  const { table, row } = data.forest;
  const traces = new Map<number, BehindSpan[]>();
  for (const [position, moved] of spans) {
    const trace = table.traceOf(row[position]!);
    const list = traces.get(trace) ?? [];
    if (list.length === 0) traces.set(trace, list);
    list.push({ spanId: table.spanIdOf(row[position]!), position, moved });
  }
  const ranked = [...traces.values()]
    .map((list) => ({ list, moved: list.reduce((sum, span) => sum + span.moved, 0) }))
    .sort((a, b) => b.moved - a.moved || a.list[0]!.position - b.list[0]!.position);
  return {
    traces: ranked.slice(0, limit).map(({ list, moved }) => ({
      traceId: table.traceIdOf(row[list[0]!.position]!),
      moved,
      spans: list.sort((a, b) => b.moved - a.moved || a.position - b.position).slice(0, limit),
    })),
    more: Math.max(ranked.length - limit, 0),
  };
}

/** The series of a family whose samples the matchers select, whichever of a histogram's. `le` selects samples, not spans. */
function* seriesOf(family: Family, matchers: readonly LabelMatcher[], result: Labels): Iterable<number> {
  const suffixes = family.metric.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  const ofName = matchers.filter(({ name }) => name === '__name__');
  const suffix = suffixes.find((one) => ofName.every(({ matches }) => matches(family.metric.name + one)));
  if (suffix === undefined) return;
  const others = matchers.filter(({ name }) => name !== '__name__' && name !== 'le');
  for (const at of family.series.keys()) {
    const labels = labelsAt(family, at);
    if (!others.every(({ name, matches }) => matches(labels.get(name) ?? ''))) continue;
    if ([...labels].some(([name, value]) => name !== '__name__' && (result.get(name) ?? value) !== value))
      continue;
    yield at;
  }
}

function addMoved(moved: Map<number, number>, family: Family, at: number, from: number, to: number): void {
  const { times, values, spans, metric } = family;
  const first = family.from[at]!;
  const events = times.subarray(first, family.from[at + 1]!);
  const end = first + countUpTo(events, to);
  if (metric.type === 'gauge') {
    addHeld(moved, family, first, end, from);
    return;
  }
  for (let event = first + countUpTo(events, from); event < end; event++) {
    const amount = Math.abs(values === undefined ? 1 : values[event]!);
    moved.set(spans[event]!, (moved.get(spans[event]!) ?? 0) + amount);
  }
}

/** Behind a level are the spans that changed it in the window, and what held it before: the spans that ran, or who told it. */
function addHeld(
  moved: Map<number, number>,
  { metric, times, spans }: Family,
  first: number,
  end: number,
  from: number,
): void {
  const held = new Set<number>();
  for (let event = first; event < end; event++) {
    const span = spans[event]!;
    if (times[event]! > from) {
      moved.set(span, 1);
    } else if (!isOfRunning(metric)) {
      held.clear();
      held.add(span);
    } else if (!held.delete(span)) {
      held.add(span);
    }
  }
  for (const span of held) moved.set(span, 1);
}

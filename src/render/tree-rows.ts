import { append, type SpanView, type TraceView } from '../model/index.ts';
import { hasBelow } from './tree-parts.ts';

/** A line of a tree, before it is laid out. */
export type Row =
  /** One span, or several like it that are told in one line. */
  | { readonly type: 'span'; readonly guide: string; readonly spans: readonly SpanView[] }
  /** What belongs to the span above: nothing of it has a place on the time axis. */
  | { readonly type: 'detail'; readonly guide: string; readonly of: SpanView }
  /** A parent that is named but not in the input. */
  | { readonly type: 'missing'; readonly guide: string; readonly parent: string }
  /** Spans that were left out. */
  | { readonly type: 'hidden'; readonly guide: string; readonly count: number };

export type RowOptions = {
  /** Tell repeated steps in one line. */
  readonly fold: boolean;
  /** Levels that are drawn as such; below, the depth is written as a number. */
  readonly levels: number;
};

type Item =
  | { readonly type: 'span'; readonly spans: readonly SpanView[] }
  | { readonly type: 'missing'; readonly parent: string; readonly orphans: readonly SpanView[] }
  | { readonly type: 'hidden'; readonly count: number };

type Level = {
  readonly items: Iterator<Item, undefined>;
  /** What comes next is known beforehand: the last item of a level is drawn differently. */
  next: Item | undefined;
  /** Lines of the levels above, drawn in front. */
  readonly guide: string;
  readonly depth: number;
};

/** What `[depth 1000] ` takes the place of. */
const DEPTH_COLUMNS = 15;

/**
 * The trees of a trace line by line, from top to bottom, as they are asked for: there may be a million. Keeps its own
 * stack: traces may be 100,000 deep.
 */
export function* treeRows(trace: TraceView, options: RowOptions): Iterable<Row> {
  const stack = [openLevel(topItems(trace, options), '', 0)];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const item = level.next;
    if (item === undefined) {
      stack.pop();
      continue;
    }
    level.next = level.items.next().value;
    const last = level.next === undefined;
    const capped = level.depth >= options.levels;
    const guide = capped
      ? `${level.guide.slice(0, -DEPTH_COLUMNS)}[depth ${level.depth}] `
      : level.guide + (last ? '└─ ' : '├─ ');
    const below = capped ? level.guide : level.guide + (last ? '   ' : '│  ');
    if (item.type === 'hidden') {
      yield { type: 'hidden', guide, count: item.count };
    } else if (item.type === 'missing') {
      yield { type: 'missing', guide, parent: item.parent };
      stack.push(openLevel(groups(item.orphans, options), below, level.depth + 1));
    } else {
      yield { type: 'span', guide, spans: item.spans };
      const only = item.spans.length === 1 ? item.spans[0]! : undefined;
      if (only === undefined) continue;
      if (hasDetails(only)) yield { type: 'detail', guide: below, of: only };
      if (hasBelow(only)) stack.push(openLevel(childItems(only, options), below, level.depth + 1));
    }
  }
}

function openLevel(items: Iterable<Item>, guide: string, depth: number): Level {
  const iterator = items[Symbol.iterator]() as Level['items'];
  return { items: iterator, next: iterator.next().value, guide, depth };
}

/** The spans whose details the trees have room for: all that are not told together with others. */
export function* spansAlone(trace: TraceView, fold: boolean): Iterable<SpanView> {
  for (const row of treeRows(trace, { fold, levels: 0 })) {
    if (row.type === 'span' && row.spans.length === 1) yield row.spans[0]!;
  }
}

/** Roots, and orphans under the parent they name, in the order of their start. */
function* topItems(trace: TraceView, options: RowOptions): Iterable<Item> {
  const orphansOf = new Map<string, SpanView[]>();
  for (const span of trace.roots) {
    if (span.orphan) append(orphansOf, span.parent_span_id ?? '', span);
  }
  let roots: SpanView[] = [];
  for (const span of trace.roots) {
    if (!span.orphan) {
      roots.push(span);
      continue;
    }
    const parent = span.parent_span_id ?? '';
    const orphans = orphansOf.get(parent);
    if (orphans?.[0] !== span) continue;
    yield* groups(roots, options);
    roots = [];
    yield { type: 'missing', parent, orphans };
  }
  yield* groups(roots, options);
  if (trace.hidden > 0) yield { type: 'hidden', count: trace.hidden };
}

function* childItems(span: SpanView, options: RowOptions): Iterable<Item> {
  yield* groups(span.children, options);
  if (span.hidden > 0) yield { type: 'hidden', count: span.hidden };
}

/** From so many on, spans of the same step in a row are told in one line. */
const REPEATS = 3;

function* groups(spans: readonly SpanView[], { fold }: RowOptions): Iterable<Item> {
  for (let from = 0; from < spans.length; ) {
    const to = fold ? endOfRepeats(spans, from) : from + 1;
    const slowest = to - from === 1 ? -1 : standingOut(spans, from, to);
    if (slowest < 0) yield* told(spans, from, to);
    else {
      yield* told(spans, from, slowest);
      yield { type: 'span', spans: [spans[slowest]!] };
      yield* told(spans, slowest + 1, to);
    }
    from = to;
  }
}

function* told(spans: readonly SpanView[], from: number, to: number): Iterable<Item> {
  if (to - from >= REPEATS) yield { type: 'span', spans: spans.slice(from, to) };
  else for (let i = from; i < to; i++) yield { type: 'span', spans: [spans[i]!] };
}

/** The bottleneck among repeats, where it took at least twice as long as they did on average; else -1. */
function standingOut(spans: readonly SpanView[], from: number, to: number): number {
  let slowest = -1;
  let total = 0;
  for (let i = from; i < to; i++) {
    if (spans[i]!.bottleneck) slowest = i;
    total += spans[i]!.duration_ms.nanos ?? 0;
  }
  const own = slowest < 0 ? 0 : (spans[slowest]!.duration_ms.nanos ?? 0);
  return own * (to - from) >= total * 2 ? slowest : -1;
}

/** Where the spans end that can be told together with the first. */
function endOfRepeats(spans: readonly SpanView[], from: number): number {
  const span = spans[from]!;
  let to = from + 1;
  if (!span.foldable) return to;
  while (to < spans.length && spans[to]!.foldable && span.isLike(spans[to]!)) to++;
  return to;
}

const hasDetails = (span: SpanView): boolean =>
  span.events.length > 0 || span.logs.length > 0 || span.attributes !== undefined;

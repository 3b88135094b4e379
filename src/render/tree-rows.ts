import type { SpanView, TraceView } from '../model/index.ts';

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
  readonly items: readonly Item[];
  /** Lines of the levels above, drawn in front. */
  readonly guide: string;
  readonly depth: number;
  next: number;
};

/** What `[depth 1000] ` takes the place of. */
const DEPTH_COLUMNS = 15;

/** The trees of a trace line by line, from top to bottom. Keeps its own stack: traces may be 100,000 deep. */
export function treeRows(trace: TraceView, options: RowOptions): Row[] {
  const rows: Row[] = [];
  const stack: Level[] = [{ items: topItems(trace, options), guide: '', depth: 0, next: 0 }];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const item = level.items[level.next++];
    if (item === undefined) {
      stack.pop();
      continue;
    }
    const last = level.next === level.items.length;
    const capped = level.depth >= options.levels;
    const guide = capped
      ? `${level.guide.slice(0, -DEPTH_COLUMNS)}[depth ${level.depth}] `
      : level.guide + (last ? '└─ ' : '├─ ');
    const below = capped ? level.guide : level.guide + (last ? '   ' : '│  ');
    if (item.type === 'hidden') {
      rows.push({ type: 'hidden', guide, count: item.count });
    } else if (item.type === 'missing') {
      rows.push({ type: 'missing', guide, parent: item.parent });
      stack.push({ items: groups(item.orphans, options), guide: below, depth: level.depth + 1, next: 0 });
    } else {
      rows.push({ type: 'span', guide, spans: item.spans });
      const only = item.spans.length === 1 ? item.spans[0]! : undefined;
      if (only === undefined) continue;
      if (hasDetails(only)) rows.push({ type: 'detail', guide: below, of: only });
      const items = childItems(only, options);
      if (items.length > 0) stack.push({ items, guide: below, depth: level.depth + 1, next: 0 });
    }
  }
  return rows;
}

/** Roots, and orphans under the parent they name, in the order of their start. */
function topItems(trace: TraceView, options: RowOptions): Item[] {
  const items: Item[] = [];
  const orphansOf = new Map<string, SpanView[]>();
  let roots: SpanView[] = [];
  const closeRoots = (): void => {
    for (const group of groups(roots, options)) items.push(group);
    roots = [];
  };
  for (const span of trace.roots) {
    if (!span.orphan) {
      roots.push(span);
      continue;
    }
    const parent = span.parent_span_id ?? '';
    const known = orphansOf.get(parent);
    if (known !== undefined) {
      known.push(span);
      continue;
    }
    closeRoots();
    const orphans = [span];
    orphansOf.set(parent, orphans);
    items.push({ type: 'missing', parent, orphans });
  }
  closeRoots();
  if (trace.hidden > 0) items.push({ type: 'hidden', count: trace.hidden });
  return items;
}

function childItems(span: SpanView, options: RowOptions): Item[] {
  const items = groups(span.children, options);
  if (span.hidden > 0) items.push({ type: 'hidden', count: span.hidden });
  return items;
}

/** From so many on, spans of the same step in a row are told in one line. */
const REPEATS = 3;

function groups(spans: readonly SpanView[], { fold }: RowOptions): Item[] {
  const items: Item[] = [];
  for (let from = 0; from < spans.length; ) {
    let to = from + 1;
    while (fold && to < spans.length && isRepeat(spans[from]!, spans[to]!)) to++;
    const slowest = standingOut(spans, from, to);
    const cuts = slowest < 0 ? [from, to] : [from, slowest, slowest + 1, to];
    for (let i = 1; i < cuts.length; i++) tell(items, spans, cuts[i - 1]!, cuts[i]!);
    from = to;
  }
  return items;
}

function tell(items: Item[], spans: readonly SpanView[], from: number, to: number): void {
  if (to - from >= REPEATS) items.push({ type: 'span', spans: spans.slice(from, to) });
  else for (let i = from; i < to; i++) items.push({ type: 'span', spans: [spans[i]!] });
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

/** The same step with the same outcome, and nothing about either that a reader would miss. */
function isRepeat(a: SpanView, b: SpanView): boolean {
  return (
    a.step === b.step &&
    a.status === b.status &&
    a.failed === b.failed &&
    a.attempt === b.attempt &&
    a.cost_status === b.cost_status &&
    a.error?.type === b.error?.type &&
    a.error?.message === b.error?.message &&
    isPlain(a) &&
    isPlain(b)
  );
}

function isPlain(span: SpanView): boolean {
  return (
    span.children.length === 0 &&
    span.hidden === 0 &&
    span.duration_ms.nanos !== undefined &&
    span.logs.length === 0 &&
    span.attributes === undefined &&
    span.overrun_ms === undefined
  );
}

const hasDetails = (span: SpanView): boolean =>
  span.events.length > 0 || span.logs.length > 0 || span.attributes !== undefined;

import { FLAG, type Forest, type SpanTable } from '../model/index.ts';

/** Two spans of one call cover each other in time at least this far. */
const OVERLAP_SHARE = 0.9;

/** A record is written right after the call it reports; a clock and a queue later. */
const LATE_SHARE = 0.1;

/** Negative where `a` began before `b`, by the clock and across traces. */
export function compareStart({ table, row }: Forest, a: number, b: number): number {
  const seconds = table.startSecondOf(row[a]!) - table.startSecondOf(row[b]!);
  return seconds || table.startNanoOf(row[a]!) - table.startNanoOf(row[b]!) || a - b;
}

/** So many equal reports may run beside each other and still be told apart. */
const SIDE_BY_SIDE = 16;

/** Of what is sorted by start, that which begins next before and after a position. */
export function around<Item>(
  forest: Forest,
  sorted: readonly Item[],
  positionOf: (item: Item) => number,
  position: number,
): readonly Item[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareStart(forest, positionOf(sorted[middle]!), position) < 0) low = middle + 1;
    else high = middle;
  }
  return sorted.slice(Math.max(0, low - SIDE_BY_SIDE), low + SIDE_BY_SIDE);
}

/** The share of the longer span in which both ran, by the clock; 0 where a time is missing. */
export function overlapShare(forest: Forest, a: number, b: number): number {
  const both = overlap(forest, a, b);
  return both === undefined || both <= 0 ? 0 : both / Math.max(forest.duration(a), forest.duration(b));
}

/** Did both run at the same time, from the beginning to the end? */
export const coincide = (forest: Forest, a: number, b: number): boolean =>
  overlapShare(forest, a, b) >= OVERLAP_SHARE;

/** Did both run at some time? A point in time has to lie in the other span, or right after it. */
export function ranTogether(forest: Forest, a: number, b: number): boolean {
  const both = overlap(forest, a, b);
  if (both === undefined) return false;
  const [long, short] = [forest.duration(a), forest.duration(b)].sort((x, y) => y - x);
  return short === 0 ? both >= -LATE_SHARE * long! : both > 0;
}

/** Nanoseconds in which both ran; negative where there is a gap between. */
function overlap(forest: Forest, a: number, b: number): number | undefined {
  const { table, row } = forest;
  if (!table.has(row[a]!, FLAG.hasStart) || !table.has(row[b]!, FLAG.hasStart)) return undefined;
  const later = table.startOffset(row[b]!, table.startSecondOf(row[a]!))! - table.startNanoOf(row[a]!);
  return Math.min(forest.duration(a), later + forest.duration(b)) - Math.max(0, later);
}

/** A span, a log event and a session file say when a call began in their own ways. */
export function isOtherSignal(table: SpanTable, rowA: number, rowB: number): boolean {
  const events = table.has(rowA, FLAG.fromEvent) !== table.has(rowB, FLAG.fromEvent);
  return events || table.dialectIdOf(rowA) !== table.dialectIdOf(rowB);
}

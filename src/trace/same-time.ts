import { FLAG, type Forest } from '../model/index.ts';

/** A record is written right after the call it reports; a clock and a queue later. */
const LATE_SHARE = 0.1;

/** Negative where `a` began before `b`, by the clock and across traces. */
export function compareStart({ table, row }: Forest, a: number, b: number): number {
  const seconds = table.startSecond[row[a]!]! - table.startSecond[row[b]!]!;
  return seconds || table.startNano[row[a]!]! - table.startNano[row[b]!]! || a - b;
}

/** The share of the longer span in which both ran, by the clock; 0 where a time is missing. */
export function overlapShare(forest: Forest, a: number, b: number): number {
  const both = overlap(forest, a, b);
  return both === undefined || both <= 0 ? 0 : both / Math.max(forest.duration(a), forest.duration(b));
}

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
  const later = table.startOffset(row[b]!, table.startSecond[row[a]!]!)! - table.startNano[row[a]!]!;
  return Math.min(forest.duration(a), later + forest.duration(b)) - Math.max(0, later);
}

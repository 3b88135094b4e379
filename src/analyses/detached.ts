import type { DetachedView, Forest } from '../model/index.ts';
import { blockingChildren, RUN } from './blocking.ts';
import { isHandedOver, overrun, type Timing } from './timing.ts';

/** A span that began while its parent ran and was still running when that had ended. The path sees it up to then at most. */
export type AsyncTail = {
  readonly position: number;
  /** Nanoseconds from its parent's end to its own. */
  readonly past: number;
};

/**
 * Why a span, and with it all that is below, cannot have held its parent up: it lies before or after it, it is work that was
 * handed over (a message to a consumer, Jaeger's FOLLOWS_FROM), or its parent is missing and it ran beside a root.
 */
type Detachment = DetachedView['reason'];

export type Detached = { readonly position: number; readonly why: Detachment };

/** In the order of the tree. */
export function* asyncTails(forest: Forest, times: Timing): Iterable<AsyncTail> {
  const { first, length } = times;
  for (let position = first; position < first + length; position++) {
    const past = overrun(forest, times, position);
    if (past > 0 && apartFromParent(forest, times, position) === undefined) yield { position, past };
  }
}

/** In the order of the tree; spans without a time are not known to be detached. */
export function* detachedSpans(forest: Forest, times: Timing): Iterable<Detached> {
  const { first, length } = times;
  const onTop = new Set<number>();
  if (forest.size[first] !== length) {
    for (const position of blockingChildren(forest, times, RUN).positions) onTop.add(position);
  }
  for (let position = first; position < first + length; position++) {
    const why =
      forest.parent[position]! >= 0
        ? apartFromParent(forest, times, position)
        : forest.top(position) === 'orphan' && !onTop.has(position)
          ? ('parent_missing' as const)
          : undefined;
    if (why !== undefined && !Number.isNaN(times.start[position - first]!)) yield { position, why };
  }
}

function apartFromParent(
  forest: Forest,
  { first, start, end }: Timing,
  position: number,
): Detachment | undefined {
  const parent = forest.parent[position]!;
  if (isHandedOver(forest, parent, position)) return 'handed_over';
  const [from, to] = [start[parent - first]!, end[parent - first]!];
  const isMoment = from === to;
  // A moment on its parent's edge is not outside. A parent that is one saw nothing of what lasted.
  if ((start[position - first]! >= to || isMoment) && end[position - first]! > to) return 'after_parent';
  if ((end[position - first]! <= from || isMoment) && start[position - first]! < from) return 'before_parent';
  return undefined;
}

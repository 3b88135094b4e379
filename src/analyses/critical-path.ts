import type { Forest } from '../model/index.ts';
import { type Blocking, blockingChildren, RUN } from './blocking.ts';
import { slackOf, type Timing, timing } from './timing.ts';

/** The chain of spans that decided how long a trace took. Every instant of a root belongs to exactly one span of it. */
export type CriticalPath = {
  readonly timing: Timing;
  /** Nanoseconds of the path that belong to the span itself; index 0 is position `timing.first`. */
  readonly own: Float64Array;
  /** Nanoseconds of the whole path: the root's duration, or the time that several roots cover together. */
  readonly length: number;
  /** Nanoseconds of the uncertain stretches, a part of `length`: overlap is not dependency. */
  readonly uncertain: number;
};

/**
 * A stretch of the path, in nanoseconds on the trace's time axis. It is uncertain where a child that the span may have waited
 * for was running all the while, beside the one that the path goes through next.
 */
export type Segment = {
  readonly position: number;
  readonly from: number;
  readonly to: number;
  readonly uncertain: boolean;
};

/** The critical path of a trace, as sums by span. */
export function criticalPath(forest: Forest, trace: number): CriticalPath {
  const times = timing(forest, trace);
  const own = new Float64Array(times.length);
  let length = 0;
  let uncertain = 0;
  sweep(forest, times, (position, from, to, isUncertain) => {
    own[position - times.first]! += to - from;
    length += to - from;
    if (isUncertain) uncertain += to - from;
  });
  return { timing: times, own, length, uncertain };
}

/** The same path stretch by stretch, in the order of time. */
export function criticalSegments(forest: Forest, path: CriticalPath): Segment[] {
  const segments: Segment[] = [];
  sweep(forest, path.timing, (position, from, to, uncertain) =>
    segments.push({ position, from, to, uncertain }),
  );
  return segments.reverse();
}

type Frame = {
  readonly position: number;
  readonly from: number;
  /** Everything from here to the end of the window is explained. */
  cursor: number;
  readonly slack: number;
  readonly children: readonly number[];
  /** When each child ended, as the window shows it. */
  readonly ends: readonly number[];
  /** The next child to look at; children are in order of their ends and read from the last. */
  next: number;
  /** Earliest start of the children that were passed over because they ran beside the path. */
  beside: number;
};

/**
 * From the end back to the start: the child that ended last held its parent up until then; before it began, the child
 * that had ended by then did, and so on; what no child explains is the parent's own time. Stretches come latest first.
 * Keeps its own stack; every child is looked at once.
 *
 *     |================ parent ================|
 *       |---- a ----|        |------ c ------|
 *          |-- b --|   |- d ---|                   parent, c, parent, a, parent: d was still running when c began
 */
function sweep(
  forest: Forest,
  times: Timing,
  emit: (position: number, from: number, to: number, uncertain: boolean) => void,
): void {
  const own = ({ position, beside }: Frame, from: number, to: number): void => {
    if (to <= from || position === RUN) return;
    const certain = Math.min(Math.max(from, beside), to);
    if (certain < to) emit(position, certain, to, true);
    if (certain > from) emit(position, from, certain, false);
  };
  const stack: Frame[] = [enter(forest, times, RUN, 0, forest.traceDuration(times.trace))];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const taken = takeChild(frame, times);
    if (taken < 0) {
      own(frame, frame.from, frame.cursor);
      stack.pop();
      continue;
    }
    const child = frame.children[taken]!;
    const to = Math.min(frame.ends[taken]!, frame.cursor);
    const from = Math.max(times.start[child - times.first]!, frame.from);
    own(frame, to, frame.cursor);
    frame.cursor = from;
    if (forest.size[child] === 1) emit(child, from, to, false);
    else stack.push(enter(forest, times, child, from, to));
  }
}

function enter(forest: Forest, times: Timing, position: number, from: number, to: number): Frame {
  const blocking = blockingChildren(forest, times, position);
  const { positions: children, ends } = byEnd(times, blocking.positions, blocking.ends, to);
  return {
    position,
    from,
    cursor: to,
    // Roots have no parent whose own time could lie between them: one takes over from the other, however they overlap.
    slack: position === RUN ? Number.POSITIVE_INFINITY : slackOf(times.resolution, to - from),
    children,
    ends,
    next: children.length - 1,
    beside: Number.POSITIVE_INFINITY,
  };
}

/** In order of their ends, as far as these lie in the window: mostly they are already. */
function byEnd(
  { start, first }: Timing,
  positions: readonly number[],
  ends: readonly number[],
  to: number,
): Blocking {
  const clipped = ends.map((end) => Math.min(end, to));
  if (clipped.every((end, i) => i === 0 || clipped[i - 1]! < end)) return { positions, ends: clipped };
  // Of children that end together the one that began first explains most: it is read first, so it stands last.
  const order = positions
    .map((_, i) => i)
    .sort((a, b) => {
      const [p, q] = [positions[a]!, positions[b]!];
      return clipped[a]! - clipped[b]! || start[q - first]! - start[p - first]! || q - p;
    });
  return { positions: order.map((i) => positions[i]!), ends: order.map((i) => clipped[i]!) };
}

/**
 * The child that held the frame's span up at its cursor, by its place in the frame: of those still running then (within
 * the slack) the one that began first, else the one that ended last before; -1 where there is none. Children passed over
 * can never be it later: the cursor only falls.
 */
function takeChild(frame: Frame, { start, first }: Timing): number {
  let running = -1;
  let ranFrom = Number.POSITIVE_INFINITY;
  for (; frame.next >= 0 && frame.cursor > frame.from; frame.next--) {
    const end = frame.ends[frame.next]!;
    const began = start[frame.children[frame.next]! - first]!;
    if (end <= frame.from) break;
    if (end < frame.cursor) {
      if (running >= 0) break;
      if (began === end) continue;
      return frame.next--;
    }
    if (began >= frame.cursor) continue;
    if (end - frame.cursor > frame.slack) frame.beside = Math.min(frame.beside, began);
    else if (running < 0 || began < ranFrom) {
      running = frame.next;
      ranFrom = began;
    }
  }
  return running;
}

import type { Forest } from '../model/index.ts';
import { blockingChildren, RUN } from './blocking.ts';
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
  const frames = new Frames();
  const own = (from: number, to: number): void => {
    const position = frames.position[frames.top]!;
    if (to <= from || position === RUN) return;
    const certain = Math.min(Math.max(from, frames.beside[frames.top]!), to);
    if (certain < to) emit(position, certain, to, true);
    if (certain > from) emit(position, from, certain, false);
  };
  enter(forest, times, frames, RUN, 0, forest.traceDuration(times.trace));
  while (frames.top >= 0) {
    const { top } = frames;
    const taken = takeChild(frames, times);
    if (taken < 0) {
      own(frames.from[top]!, frames.cursor[top]!);
      frames.pop();
      continue;
    }
    const child = frames.child[taken]!;
    const to = Math.min(frames.end[taken]!, frames.cursor[top]!);
    const from = Math.max(times.start[child - times.first]!, frames.from[top]!);
    own(to, frames.cursor[top]!);
    frames.cursor[top] = from;
    if (forest.size[child] === 1) emit(child, from, to, false);
    else enter(forest, times, frames, child, from, to);
  }
}

/**
 * Spans that are being explained, each inside the one before, and their children: columns, because a trace may be as deep as it
 * has spans. Children stand in order of their ends, those of the innermost span last.
 */
class Frames {
  /** Place of the innermost span; -1 where there is none. */
  top = -1;
  position = new Int32Array(64);
  /** Where the span's window begins. */
  from = new Float64Array(64);
  /** Everything from here to the end of the window is explained. */
  cursor = new Float64Array(64);
  slack = new Float64Array(64);
  /** Earliest start of the children that were passed over because they ran beside the path. */
  beside = new Float64Array(64);
  /** Its children are the places `[low, next]` of the columns below that were not looked at yet. */
  low = new Int32Array(64);
  next = new Int32Array(64);

  children = 0;
  child = new Int32Array(256);
  /** When each child ended, as the window shows it. */
  end = new Float64Array(256);

  /** Children are added before. */
  push(position: number, from: number, to: number, slack: number, low: number): void {
    const top = ++this.top;
    if (top === this.position.length) this.#deepen();
    this.position[top] = position;
    this.from[top] = from;
    this.cursor[top] = to;
    this.slack[top] = slack;
    this.beside[top] = Number.POSITIVE_INFINITY;
    this.low[top] = low;
    this.next[top] = this.children - 1;
  }

  pop(): void {
    this.children = this.low[this.top]!;
    this.top--;
  }

  add(child: number, end: number): void {
    if (this.children === this.child.length) {
      this.child = enlarged(this.child, this.children * 2);
      this.end = enlarged(this.end, this.children * 2);
    }
    this.child[this.children] = child;
    this.end[this.children++] = end;
  }

  #deepen(): void {
    const room = this.position.length * 2;
    this.position = enlarged(this.position, room);
    this.from = enlarged(this.from, room);
    this.cursor = enlarged(this.cursor, room);
    this.slack = enlarged(this.slack, room);
    this.beside = enlarged(this.beside, room);
    this.low = enlarged(this.low, room);
    this.next = enlarged(this.next, room);
  }
}

function enlarged<T extends Int32Array | Float64Array>(column: T, room: number): T {
  const larger = new (column.constructor as new (length: number) => T)(room);
  larger.set(column);
  return larger;
}

function enter(
  forest: Forest,
  times: Timing,
  frames: Frames,
  position: number,
  from: number,
  to: number,
): void {
  const { positions, ends } = blockingChildren(forest, times, position);
  const low = frames.children;
  let sorted = true;
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < positions.length; i++) {
    const end = Math.min(ends[i]!, to);
    if (end <= previous) sorted = false;
    previous = end;
    frames.add(positions[i]!, end);
  }
  if (!sorted) sortByEnd(frames, low);
  // Roots have no parent whose own time could lie between them: one takes over from the other, however they overlap.
  const slack = position === RUN ? Number.POSITIVE_INFINITY : slackOf(times.resolution, to - from);
  frames.push(position, from, to, slack, low);
}

/**
 * Of children that end together the one that began first explains most: it is read first, so it stands last. They come in order
 * of their starts: those with one end fill its places from the last one down.
 */
function sortByEnd({ child, end, children }: Frames, low: number): void {
  const positions = child.slice(low, children);
  const ends = end.slice(low, children);
  // Numbers alone are sorted many times as fast as by a function.
  const sorted = ends.toSorted();
  const filled = new Int32Array(sorted.length);
  for (let i = 0; i < positions.length; i++) {
    const finish = ends[i]!;
    const last = placeBehind(sorted, finish) - 1;
    const place = low + last - filled[last]!++;
    child[place] = positions[i]!;
    end[place] = finish;
  }
}

/** Behind the last of the sorted values that are no larger. */
function placeBehind(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * The child that held the innermost span up at its cursor, by its place: of those still running then (within the slack) the one
 * that began first, else the one that ended last before; -1 where there is none. Children passed over can never be it later:
 * the cursor only falls.
 */
function takeChild(frames: Frames, { start, first }: Timing): number {
  const { top, child: children, end: ends } = frames;
  const from = frames.from[top]!;
  const cursor = frames.cursor[top]!;
  const low = frames.low[top]!;
  const slack = frames.slack[top]!;
  let running = -1;
  let ranFrom = Number.POSITIVE_INFINITY;
  let next = frames.next[top]!;
  for (; next >= low && cursor > from; next--) {
    const end = ends[next]!;
    const began = start[children[next]! - first]!;
    if (end <= from) break;
    if (end < cursor) {
      if (running >= 0) break;
      if (began === end) continue;
      running = next--;
      break;
    }
    if (began >= cursor) continue;
    if (end - cursor > slack) frames.beside[top] = Math.min(frames.beside[top]!, began);
    else if (began < ranFrom) {
      running = next;
      ranFrom = began;
    }
  }
  frames.next[top] = next;
  return running;
}

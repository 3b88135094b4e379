import type { Forest, Selection } from '../model/index.ts';
import { RUN } from './blocking.ts';
import { waitsOf } from './removable-waits.ts';
import type { Timing } from './timing.ts';

/** How much sooner the trace would have ended if these positions had taken no time of their own, in nanoseconds. */
export type Removals = (chosen: Iterable<number>) => number;

/**
 * What a trace would lose without some of its spans (drag), to be asked about one set of them after the other.
 *
 * A child is taken to begin when the last of the siblings that had ended before it ends, plus the gap that lay between
 * them; a parent ends after the last child it waited for, plus the time it then took for itself. So a sibling that ran
 * beside a chosen span takes over as what is waited for:
 *
 *     |---- a ----||-- c --|        without a:  |-- b --||-- c --|
 *     |-- b --|
 *
 * Who waits for whom is found out once. A question then looks at the chosen spans and what is above them: nothing else
 * takes another time.
 */
export function removals(forest: Forest, times: Timing): Removals {
  const { first, length, start, end } = times;
  const duration = forest.traceDuration(times.trace);
  const lengthWithout = waitsOf(forest, times);
  const isChosen = new Uint8Array(length);
  const moved = {
    firstChild: new Int32Array(length + 1),
    nextChild: new Int32Array(length),
    isMoved: new Uint8Array(length),
    shortened: new Float64Array(length),
  };
  const parentOf = (position: number): number => {
    const above = forest.parent[position]!;
    return above < 0 ? length : above - first;
  };

  const move = (position: number): void => {
    const i = position - first;
    if (Number.isNaN(start[i]!)) return;
    const idle = isChosen[i] === 1;
    if (forest.size[position] === 1) moved.shortened[i] = idle ? 0 : end[i]! - start[i]!;
    else moved.shortened[i] = lengthWithout(position, moved, idle);
    moved.nextChild[i] = moved.firstChild[parentOf(position)]!;
    moved.firstChild[parentOf(position)] = i + 1;
  };
  return (chosen) => {
    const positions: number[] = [];
    for (const position of chosen) {
      isChosen[position - first] = 1;
      for (let p = position; p >= 0 && moved.isMoved[p - first] === 0; p = forest.parent[p]!) {
        moved.isMoved[p - first] = 1;
        positions.push(p);
      }
    }
    // Pre-order: what is below a span stands behind it.
    const order = Int32Array.from(positions).sort();
    for (let i = order.length - 1; i >= 0; i--) move(order[i]!);
    const left = lengthWithout(RUN, moved, false);
    for (const position of positions) {
      moved.isMoved[position - first] = 0;
      isChosen[position - first] = 0;
      moved.firstChild[parentOf(position)] = 0;
    }
    return duration - left;
  };
}

/** The same of one set. */
export function removableTime(forest: Forest, times: Timing, chosen: Selection): number {
  const positions: number[] = [];
  for (let p = times.first; p < times.first + times.length; p++) if (chosen(p)) positions.push(p);
  return removals(forest, times)(positions);
}

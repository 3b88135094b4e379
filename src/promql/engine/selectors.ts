import type { Series } from '../../model/index.ts';
import type { Shift } from '../ast.ts';
import { byLabels, type LabelSet, labelSetOf } from './label-sets.ts';
import type { Samples } from './samples.ts';
import { Slab } from './slab.ts';
import type { Modes, Row, Rows, Steps, Window } from './values.ts';

/** Where selectors look at each step: the time `first + i * step`, which `@` holds still and `offset` moves. */
export type Looks = { readonly first: number; readonly step: number; readonly count: number };

/** What a whole query spans: `@ start()` and `@ end()` mean its times, in subqueries too. */
export type QueryTimes = { readonly start: number; readonly end: number };

/** Where a selector with this offset and `@` looks. */
export function looksOf(shift: Shift, steps: Steps, query: QueryTimes): Looks {
  const { at, offset } = shift;
  if (at === undefined) return { first: steps.start - offset, step: steps.step, count: steps.count };
  const fixed = at === 'start' ? query.start : at === 'end' ? query.end : at.time;
  return { first: fixed - offset, step: 0, count: steps.count };
}

export function lastLook(looks: Looks): number {
  return looks.first + looks.step * (looks.count - 1);
}

/** Selected series in the order of their labels. */
export type Selected = { readonly labels: LabelSet; readonly series: Series };

export function inOrder(series: readonly Series[]): Selected[] {
  return series.map((each) => ({ labels: labelSetOf(each.labels), series: each })).sort(byLabels);
}

/** The newest sample of every series at every look, unless it is stale or older than `lookback`. `of: 'time'`: when it is of, in seconds. */
export function newestSamples(
  selected: readonly Selected[],
  looks: Looks,
  lookback: number,
  modes: Modes,
  samples: Samples,
  of: 'value' | 'time',
): Rows {
  const reach = modes.leftOpen ? lookback - 1 : lookback;
  const from = looks.first - reach;
  const to = lastLook(looks);
  const slab = new Slab(looks.count);
  const rows: Row[] = [];
  for (const { labels, series } of selected) {
    samples.read(series, from, to);
    if (samples.length > 0) rows.push(newestOf(samples, looks, reach, slab.row(labels), of));
  }
  return rows;
}

function newestOf(samples: Samples, looks: Looks, reach: number, row: Row, of: 'value' | 'time'): Row {
  const { times, values, stale, length } = samples;
  let next = 0;
  let time = looks.first;
  for (let index = 0; index < looks.count; index++, time += looks.step) {
    while (next < length && times[next]! <= time) next++;
    const newest = next - 1;
    if (newest < 0 || stale[newest] === 1 || times[newest]! < time - reach) continue;
    row.values[index] = of === 'value' ? values[newest]! : times[newest]! / 1000;
    row.present[index] = 1;
  }
  return row;
}

/** A window that moves. */
type MovingWindow = { -readonly [Key in keyof Window]: Window[Key] };

/** Calls back for every look at which there are samples within `range` before it; the window is the same object every time. */
export function eachWindow(
  samples: Samples,
  looks: Looks,
  range: number,
  modes: Modes,
  visit: (window: Window, index: number) => void,
): void {
  const { times, values, length } = samples;
  const reach = modes.leftOpen ? range - 1 : range;
  const window: MovingWindow = { times, values, from: 0, to: 0, start: 0, end: 0 };
  let time = looks.first;
  for (let index = 0; index < looks.count; index++, time += looks.step) {
    while (window.to < length && times[window.to]! <= time) window.to++;
    while (window.from < window.to && times[window.from]! < time - reach) window.from++;
    if (window.from === window.to) continue;
    window.start = time - range;
    window.end = time;
    visit(window, index);
  }
}

import type { LabelMatcher, Series, SeriesSource } from '../model/index.ts';
import type { Families } from './family.ts';
import { lifeOf } from './instances.ts';
import { type Grid, onGrid, samplesOf } from './series.ts';

/** Milliseconds all. */
type ReplayOptions = {
  /** Between two scrapes, which happen at absolute multiples of it. */
  readonly interval: number;
  /** How long before the first span series are there, and how long after the last one. */
  readonly before: number;
  readonly after: number;
  /** Of Prometheus: 3 rewrites `le`. */
  readonly version: 2 | 3;
};

/** Series with the times of their first and their last scrape, integer milliseconds; 0 where no span has a time. */
export type Replay = SeriesSource & { readonly start: number; readonly end: number };

/**
 * The series as if Prometheus had scraped the application every `interval`, and the application had been up and exporting
 * zeros before the first span, and stayed up for a while after the last one: a counter at a scrape is what ended until
 * then, and is never reset. Of several processes each one was up as long before its own first span, and all to the end: what they
 * did is not undone. Nothing is made of a series before it is selected, and no sample before it is read.
 */
export function seriesSource(
  replayed: Families,
  { interval, before, after, version }: ReplayOptions,
): Replay {
  const { families, start, end } = replayed;
  if (start === undefined || end === undefined) return { select: () => [], start: 0, end: 0 };
  const gridFrom = (seen: number): Grid => ({
    interval,
    first: Math.floor((seen - before) / interval) * interval,
    last: onGrid(end, interval) + Math.floor(after / interval) * interval,
  });
  const grid = gridFrom(start);
  const byName = new Map<string, Lazy[]>();
  for (const family of families) {
    const gridAt = (at: number): Grid => {
      const life = lifeOf(replayed, family, at);
      return life === undefined ? grid : gridFrom(life.start);
    };
    for (const [suffix, make] of samplesOf(family, version)) {
      const name = family.metric.name + suffix;
      const series = lazily(() => make(gridAt));
      byName.set(name, [...(byName.get(name) ?? []), series]);
    }
  }
  return { select: (matchers) => selected(byName, matchers), start: grid.first, end: grid.last };
}

type Lazy = () => readonly Series[];

function lazily(make: () => readonly Series[]): Lazy {
  let made: readonly Series[] | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function selected(byName: ReadonlyMap<string, readonly Lazy[]>, matchers: readonly LabelMatcher[]): Series[] {
  const ofName = matchers.filter(({ name }) => name === '__name__');
  const others = matchers.filter(({ name }) => name !== '__name__');
  const equal = ofName.find(({ op }) => op === '=')?.value;
  const names = equal === undefined ? [...byName.keys()] : [equal];
  return names
    .filter((name) => ofName.every(({ matches }) => matches(name)))
    .flatMap((name) => byName.get(name) ?? [])
    .flatMap((series) =>
      series().filter(({ labels }) => others.every(({ name, matches }) => matches(labels.get(name) ?? ''))),
    );
}

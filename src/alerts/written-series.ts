import type { LabelMatcher, Labels, SampleSink, Series, SeriesSource } from '../model/index.ts';

/** The samples one rule wrote to one series, in the order of their times. */
export type Written = { readonly times: number[]; readonly values: number[]; readonly stale: boolean[] };

type Sample = { readonly value: number; readonly stale: boolean };

type WrittenSeries = { readonly labels: Labels; readonly parts: Written[] };

/** What rules write, over what was there before: a source that grows. */
export class WrittenSource implements SeriesSource {
  readonly #base: SeriesSource;
  readonly #byName = new Map<string, Map<string, WrittenSeries>>();
  readonly #seriesOf = new WeakMap<Written, WrittenSeries>();

  constructor(base: SeriesSource) {
    this.#base = base;
  }

  /** A place for one rule's samples of this series; where another rule has a sample of the same time, the first rule's holds. */
  open(labels: Labels): Written {
    const name = labels.get('__name__') ?? '';
    let named = this.#byName.get(name);
    if (named === undefined) {
      named = new Map();
      this.#byName.set(name, named);
    }
    const key = keyOf(labels);
    let series = named.get(key);
    if (series === undefined) {
      series = { labels, parts: [] };
      named.set(key, series);
    }
    const written: Written = { times: [], values: [], stale: [] };
    series.parts.push(written);
    this.#seriesOf.set(written, series);
    return written;
  }

  /** What another rule has written to the same series at this time. */
  other(written: Written, time: number): Sample | undefined {
    const { parts } = this.#seriesOf.get(written)!;
    if (parts.length === 1) return undefined;
    for (const part of parts) {
      if (part === written) continue;
      const index = firstFrom(part.times, time);
      if (part.times[index] === time) return { value: part.values[index]!, stale: part.stale[index]! };
    }
    return undefined;
  }

  select(matchers: readonly LabelMatcher[]): readonly Series[] {
    const base = this.#base.select(matchers);
    const found: WrittenSeries[] = [];
    const ofName = matchers.filter(({ name }) => name === '__name__');
    for (const [name, named] of this.#byName) {
      if (!ofName.every((matcher) => matcher.matches(name))) continue;
      for (const series of named.values()) if (fits(series.labels, matchers)) found.push(series);
    }
    if (found.length === 0) return base;
    const known = new Map(base.map((series) => [keyOf(series.labels), series]));
    for (const { labels, parts } of found) {
      const key = keyOf(labels);
      const before = known.get(key);
      const readers = parts.map(reader);
      if (before !== undefined) readers.unshift(before.read);
      known.set(key, { labels: before?.labels ?? labels, read: joined(readers) });
    }
    return [...known.values()];
  }
}

/** A text that only these labels have. */
export function keyOf(labels: Labels): string {
  return JSON.stringify([...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fits(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every((matcher) => matcher.matches(labels.get(matcher.name) ?? ''));
}

function reader({ times, values, stale }: Written): Series['read'] {
  return (from, to, sink) => {
    for (let i = firstFrom(times, from); i < times.length && times[i]! <= to; i++) {
      sink(times[i]!, values[i]!, stale[i]!);
    }
  };
}

/** The samples of all, in the order of their times; of two at one time, that of the first reader. */
function joined(readers: readonly Series['read'][]): Series['read'] {
  if (readers.length === 1) return readers[0]!;
  return (from, to, sink: SampleSink) => {
    const samples = new Map<number, readonly [number, boolean]>();
    for (const read of readers) {
      read(from, to, (time, value, stale) => {
        if (!samples.has(time)) samples.set(time, [value, stale]);
      });
    }
    for (const time of [...samples.keys()].sort((a, b) => a - b)) sink(time, ...samples.get(time)!);
  };
}

function firstFrom(times: readonly number[], from: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

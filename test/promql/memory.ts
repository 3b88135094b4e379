import type { LabelMatcher, Labels, Series, SeriesSource } from '../../src/model/index.ts';
import { parseSeries } from '../../src/promql/index.ts';

export type Sample = { readonly time: number; readonly value: number; readonly stale: boolean };
export type MemorySeries = { readonly labels: Labels; readonly samples: readonly Sample[] };

/** A source of series that are held in memory, in the order they are given. */
export function memorySource(all: readonly MemorySeries[]): SeriesSource {
  const series = all.map(asSeries);
  return {
    select: (matchers) => series.filter(({ labels }) => matchers.every((each) => fits(each, labels))),
  };
}

function fits(matcher: LabelMatcher, labels: Labels): boolean {
  return matcher.matches(labels.get(matcher.name) ?? '');
}

function asSeries({ labels, samples }: MemorySeries): Series {
  return {
    labels,
    read: (from, to, sink) => {
      for (const { time, value, stale } of samples) if (time >= from && time <= to) sink(time, value, stale);
    },
  };
}

/** Series as promtool's unit tests write them, one to a line, a sample every `interval` milliseconds from 0. */
export function written(lines: string, interval: number): MemorySeries[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const { labels, values } = parseSeries(line, { version: 2 });
      const samples = values.flatMap((value, index) =>
        value === undefined
          ? []
          : [{ time: index * interval, value: value === 'stale' ? 0 : value, stale: value === 'stale' }],
      );
      return { labels, samples };
    });
}

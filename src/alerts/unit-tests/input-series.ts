import type { Series, SeriesSource } from '../../model/index.ts';
import type { SeriesDescription } from '../../promql/index.ts';
import type { UnitTest } from './file.ts';

/** The input series of a test up to `last`: promtool loads no sample that is later than the last evaluation. */
export function inputSource({ series, start, interval }: UnitTest, last: number): SeriesSource {
  // Of two with the same labels the last counts.
  const distinct = new Map(series.map((one) => [keyOf(one), one]));
  const all = [...distinct.values()].map((one) => seriesOf(one, start, interval, last));
  return {
    select: (matchers) =>
      all.filter(({ labels }) => matchers.every(({ name, matches }) => matches(labels.get(name) ?? ''))),
  };
}

function keyOf({ labels }: SeriesDescription): string {
  return JSON.stringify([...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

function seriesOf(
  { labels, values }: SeriesDescription,
  start: number,
  interval: number,
  last: number,
): Series {
  // Without an interval all samples are of one time: the first stays.
  const sequence = interval === 0 ? values.filter((value) => value !== undefined).slice(0, 1) : values;
  const step = interval || 1;
  return {
    labels,
    read: (from, to, sink) => {
      const first = Math.max(0, Math.ceil((from - start) / step));
      const end = Math.min(sequence.length - 1, Math.floor((Math.min(to, last) - start) / step));
      for (let i = first; i <= end; i++) {
        const value = sequence[i];
        if (value === undefined) continue;
        if (value === 'stale') sink(start + i * step, Number.NaN, true);
        else sink(start + i * step, value, false);
      }
    },
  };
}

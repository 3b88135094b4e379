import { UserError } from '../model/index.ts';
import type { Families, Family } from './family.ts';
import { lifeOf } from './instances.ts';
import { boundText, braced, headOf, labelText, PIECE, valueText } from './text.ts';
import { boundsOf, bucketOf, sumOf } from './totals.ts';

/** More samples than this are days of a short interval: nobody wants to wait for them. */
const MOST_SAMPLES = 100_000_000;

/**
 * What scrapes every `interval` milliseconds would have read, as OpenMetrics with a time on every sample: from the last scrape
 * before the first span began to the first one at which the last span was over. The scrapes are at whole multiples of the
 * interval. Every series is there from the beginning, at 0, or that of its process; a gauge from when its level was told first.
 */
export function* backfill(families: Families, { interval }: { readonly interval: number }): Iterable<string> {
  const times = grid(families, interval);
  let piece = '';
  for (const family of families.families) {
    piece += headOf(family, 'openmetrics');
    for (let s = 0; s < family.series.length; s++) {
      const life = lifeOf(families, family, s);
      const own = life === undefined ? times : from(times, scrapeBefore(life.start, interval));
      for (const text of SAMPLES[family.metric.type](family, s, own)) {
        piece += text;
        if (piece.length < PIECE) continue;
        yield piece;
        piece = '';
      }
    }
  }
  yield `${piece}# EOF\n`;
}

/** The times of the scrapes, integer milliseconds. */
function grid({ families, start, end }: Families, interval: number): readonly number[] {
  if (start === undefined || end === undefined) return [];
  const first = scrapeBefore(start, interval);
  const steps = Math.ceil((end - first) / interval) + 1;
  let series = 0;
  for (const { metric, series: own } of families)
    series += own.length * (metric.type === 'histogram' ? (metric.buckets?.length ?? 0) + 3 : 1);
  if (steps * series > MOST_SAMPLES) {
    throw new UserError(
      `--timestamps: ${series} series over ${steps} scrapes are more than ${MOST_SAMPLES} samples`,
      {
        hint: 'Choose a longer --scrape-interval, or part of the data with --since, --until or --where.',
      },
    );
  }
  return Array.from({ length: steps }, (_, i) => first + i * interval);
}

const scrapeBefore = (time: number, interval: number): number => Math.floor((time - 1) / interval) * interval;

/** Those of ascending times that are not before `first`. */
const from = (times: readonly number[], first: number): readonly number[] =>
  times.slice(times.findIndex((time) => time >= first));

type Samples = (family: Family, series: number, times: readonly number[]) => Iterable<string>;

const SAMPLES: Readonly<Record<Family['metric']['type'], Samples>> = {
  *counter(family, s, times) {
    const sample = `${family.metric.name}${braced(labelText(family, s))}`;
    const first = family.from[s]!;
    for (const [time, , to] of scrapes(family, s, times))
      yield `${sample} ${valueText(sumOf(family, first, to))} ${time / 1000}\n`;
  },
  *gauge(family, s, times) {
    const sample = `${family.metric.name}${braced(labelText(family, s))}`;
    const { values, from, divisor, metric } = family;
    for (const [time, , to] of scrapes(family, s, times)) {
      const told = to > from[s]!;
      if (!told && metric.value !== 'running') continue;
      yield `${sample} ${valueText(told ? (values?.[to - 1] ?? 1) / divisor : 0)} ${time / 1000}\n`;
    }
  },
  *histogram(family, s, times) {
    const { metric, values, from } = family;
    const bounds = boundsOf(family);
    const les = [...(metric.buckets ?? []), Number.POSITIVE_INFINITY].map((le) =>
      boundText(le, 'openmetrics'),
    );
    const counts = new Float64Array(les.length);
    const labels = labelText(family, s);
    const before = labels === '' ? '' : `${labels},`;
    const own = braced(labels);
    for (const [time, since, to] of scrapes(family, s, times)) {
      for (let i = since; i < to; i++)
        for (let b = bucketOf(bounds, values?.[i] ?? 1); b < les.length; b++) counts[b]!++;
      const at = time / 1000;
      let text = '';
      for (let b = 0; b < les.length; b++)
        text += `${metric.name}_bucket{${before}le="${les[b]}"} ${counts[b]} ${at}\n`;
      yield `${text}${metric.name}_sum${own} ${valueText(sumOf(family, from[s]!, to))} ${at}\n${metric.name}_count${own} ${to - from[s]!} ${at}\n`;
    }
  },
};

/** Every scrape with the events of the series since the one before: `[since, to)`. */
function* scrapes(
  { from, times: events }: Family,
  s: number,
  times: readonly number[],
): Iterable<readonly [time: number, since: number, to: number]> {
  let to = from[s]!;
  for (const time of times) {
    const since = to;
    while (to < from[s + 1]! && events[to]! <= time) to++;
    yield [time, since, to];
  }
}

import { attemptsOf } from '../../src/analyses/attempts.ts';
import { CATALOGUE, collect, type Families, type Replay, seriesSource } from '../../src/metrics/index.ts';
import { evaluate, parse } from '../../src/promql/index.ts';
import { datasetOf, type Scene } from '../analyses/dataset.ts';
import { ORIGIN } from '../trace/table.ts';

/** Milliseconds since the epoch of a sketch's time 0: 5 s after a scrape. */
export const ZERO = Number(ORIGIN / 1_000_000n);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export function familiesOf(scenes: readonly Scene[]): Families {
  const data = datasetOf(scenes);
  return collect({ ...data, attempts: () => attemptsOf(data) }, CATALOGUE);
}

/** As the commands replay it, unless told otherwise. */
export function replayed(
  families: Families,
  options: Partial<Parameters<typeof seriesSource>[1]> = {},
): Replay {
  return seriesSource(families, {
    interval: 15 * SECOND,
    before: 24 * HOUR,
    after: HOUR,
    version: 3,
    ...options,
  });
}

/** The value of an expression with one result at a time (after `ZERO`); undefined where it has none. */
export function valueAt(
  source: Replay,
  query: string,
  after: number,
  version: 2 | 3 = 3,
): number | undefined {
  const at = ZERO + after;
  const value = evaluate(parse(query, { version }), source, { start: at, end: at, step: 1, version });
  if (value.type !== 'matrix') throw new Error(`${query} is a ${value.type}`);
  if (value.series.length > 1) throw new Error(`${query} has ${value.series.length} results`);
  return value.series[0]?.values[0];
}

/** Failed calls of a tool, each over at one of these times. */
export function failures(ends: readonly number[], from = 3 * SECOND): Scene[] {
  return ends.map((to, i) => ({
    id: (i + 1).toString(16),
    name: 'search',
    kind: 'tool',
    text: { tool: 'search' },
    from: to - from,
    to,
    failed: true,
    error: { type: 'Timeout' },
  }));
}

/** `count` times, `every` so many milliseconds, the first one at `first`. */
export const times = (count: number, every: number, first: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i * every);

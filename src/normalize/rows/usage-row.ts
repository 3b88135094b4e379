import type { AgentKind } from '../../model/index.ts';
import { type Assumption, type Disjoint, disjoint, withMissingHalf } from '../accounting.ts';
import { type Counts, noCounts } from '../counts.ts';
import { COUNTS, type Count } from '../dialect.ts';
import type { Heard } from './heard.ts';

/** How the usage of the spans of one pattern is worked out from the counts in their rows. */
export type UsageRow = {
  /** Which value of the row each count is; -1 for those that do not differ. */
  readonly places: Readonly<Record<Count, number>>;
  /** Counts that do not differ. */
  readonly same: Readonly<Counts>;
  readonly assumption: Assumption;
  /** The half that was not told follows from the total. */
  readonly completed: boolean;
};

/**
 * How the counts of spans of a pattern are read, from one of them; `'same'` where none of them differs, undefined where that
 * cannot be told from the counts alone.
 */
export function usageRow(
  heard: Heard['usage'],
  kind: AgentKind,
  placeOf: (key: string) => number | undefined,
): UsageRow | 'same' | undefined {
  if (heard === undefined) return 'same';
  const { assumption, detailed, family } = heard.chosen;
  const own = heard.families.find(({ reading }) => reading.family === family)?.counts ?? [];
  const counts = own.flatMap(({ count, tokens, sign: { key, path } }) =>
    tokens === 'invalid'
      ? []
      : { count, tokens, place: (key === undefined || path !== undefined ? undefined : placeOf(key)) ?? -1 },
  );
  if (counts.every(({ place }) => place < 0)) return 'same';
  // What JSON texts beside the counts tell is believed only where it fits them.
  if (assumption === undefined || detailed) return undefined;
  const of = new Map(counts.map((one) => [one.count, one]));
  const same = each((count) =>
    of.has(count) && of.get(count)!.place < 0 ? of.get(count)!.tokens : undefined,
  );
  return {
    places: each((count) => of.get(count)?.place ?? -1),
    same,
    assumption,
    completed: kind !== 'embedding',
  };
}

const each = <T>(of: (count: Count) => T): Record<Count, T> =>
  Object.fromEntries(COUNTS.map((count) => [count, of(count)])) as Record<Count, T>;

/** The counts of one row. */
const told = noCounts();

/** Writes the usage of a row, whose values begin at `at`, into `into`, and returns it. */
export function usageOfRow(row: UsageRow, values: Float64Array, at: number, into: Disjoint): Disjoint {
  const { places, same, assumption } = row;
  // One after the other: a loop over their names would look up twelve names a row.
  told.input = countAt(places.input, same.input, values, at);
  told.output = countAt(places.output, same.output, values, at);
  told.total = countAt(places.total, same.total, values, at);
  told.uncached = countAt(places.uncached, same.uncached, values, at);
  told.cacheRead = countAt(places.cacheRead, same.cacheRead, values, at);
  told.cacheWrite = countAt(places.cacheWrite, same.cacheWrite, values, at);
  told.cacheWrite5m = countAt(places.cacheWrite5m, same.cacheWrite5m, values, at);
  told.cacheWrite1h = countAt(places.cacheWrite1h, same.cacheWrite1h, values, at);
  told.reasoning = countAt(places.reasoning, same.reasoning, values, at);
  told.audioInput = countAt(places.audioInput, same.audioInput, values, at);
  told.audioOutput = countAt(places.audioOutput, same.audioOutput, values, at);
  told.webSearches = countAt(places.webSearches, same.webSearches, values, at);
  return disjoint(row.completed ? withMissingHalf(told, assumption) : told, assumption, into);
}

function countAt(
  place: number,
  same: number | undefined,
  values: Float64Array,
  at: number,
): number | undefined {
  // `+ 0` makes -0 a plain 0.
  return place < 0 ? same : values[at + place]! + 0;
}

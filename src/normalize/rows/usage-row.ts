import type { AgentKind } from '../../model/index.ts';
import { type Assumption, type Disjoint, disjoint, withMissingHalf } from '../accounting.ts';
import type { Counts } from '../counts.ts';
import { COUNTS, type Count } from '../dialect.ts';
import type { Heard } from './heard.ts';

/** How the usage of the spans of one pattern is worked out from the counts in their rows. */
export type UsageRow = {
  /** Counts that differ, and which value of the row each of them is. */
  readonly counts: readonly { readonly count: Count; readonly place: number }[];
  /** Room for the counts of one row; those that do not differ are in it. */
  readonly told: Counts;
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
  const told: Counts = Object.fromEntries(COUNTS.map((count) => [count, undefined]));
  for (const { count, place, tokens } of counts) if (place < 0) told[count] = tokens;
  return {
    counts: counts.filter(({ place }) => place >= 0),
    told,
    assumption,
    completed: kind !== 'embedding',
  };
}

/** The usage of a row, whose values begin at `at`. */
export function usageOfRow(row: UsageRow, values: Float64Array, at: number): Disjoint {
  const { counts, told, assumption } = row;
  // `+ 0` makes -0 a plain 0.
  for (let i = 0; i < counts.length; i++) told[counts[i]!.count] = values[at + counts[i]!.place]! + 0;
  return disjoint(row.completed ? withMissingHalf(told, assumption) : told, assumption);
}

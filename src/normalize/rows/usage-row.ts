import type { AgentKind } from '../../model/index.ts';
import { type Assumption, type Disjoint, disjoint, withMissingHalf } from '../accounting.ts';
import type { Counts } from '../counts.ts';
import type { Count } from '../dialect.ts';
import type { Heard } from './heard.ts';

/** How the usage of the spans of one pattern is worked out from the counts in their rows. */
export type UsageRow = {
  readonly counts: readonly Counted[];
  readonly assumption: Assumption;
  /** The half that was not told follows from the total. */
  readonly completed: boolean;
};

/** A count and which value of the row it is; -1: it is `tokens` on every span. */
type Counted = { readonly count: Count; readonly place: number; readonly tokens: number };

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
  return { counts, assumption, completed: kind !== 'embedding' };
}

/** The usage of a row, whose values begin at `at`. */
export function usageOfRow(row: UsageRow, values: Float64Array, at: number): Disjoint {
  const counts: Counts = {};
  for (const { count, place, tokens } of row.counts) {
    // `+ 0` makes -0 a plain 0.
    counts[count] = place < 0 ? tokens : values[at + place]! + 0;
  }
  return disjoint(row.completed ? withMissingHalf(counts, row.assumption) : counts, row.assumption);
}

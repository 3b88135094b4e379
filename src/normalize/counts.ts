import type { AttributeValue } from '../model/index.ts';
import { COUNTS, type Count, type CountKeys } from './dialect.ts';
import { inside, isRecord, type Path, pathOf } from './json.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import { unquoted } from './text.ts';
import { attributeSign, type CountSeen } from './witness.ts';

/** Token counts as one family reports them; undefined where it is silent. */
export type Counts = { [count in Count]: number | undefined };

/** Nothing told. Objects that have all counts, in this order, are read faster than those that have some. */
export const noCounts = (): Counts => ({
  input: undefined,
  output: undefined,
  total: undefined,
  uncached: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite5m: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  audioInput: undefined,
  audioOutput: undefined,
  webSearches: undefined,
});

const WHOLE = /^\+?\d{1,20}(?:\.0*)?$/;
/** Protobuf's JSON for an integer, as text. */
const INT_VALUE = /^\{\s*"intValue"\s*:\s*"?(\d{1,20})"?\s*\}$/;
const ABSENT = new Set(['', 'n/a', 'none', 'null', 'undefined', 'unknown', '<not specified>']);

/**
 * One count: a whole number that is not negative, written as a number or as text; the sum of an array of them (batched
 * embeddings); undefined for nothing; `'invalid'` for everything else.
 */
export function countOf(value: AttributeValue | undefined): number | 'invalid' | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return valid(value);
  if (typeof value === 'bigint') return valid(Number(value));
  if (typeof value === 'string') {
    const text = unquoted(value.trim());
    if (WHOLE.test(text)) return valid(Number(text));
    if (ABSENT.has(text.toLowerCase())) return undefined;
    const blob = INT_VALUE.exec(text)?.[1];
    return blob === undefined ? 'invalid' : valid(Number(blob));
  }
  if (Array.isArray(value)) return sumOf(value);
  // Protobuf's JSON for an integer, kept as it was by some exporters.
  if (isRecord(value) && Object.hasOwn(value, 'intValue')) return flatCountOf(value['intValue']);
  return 'invalid';
}

function valid(value: number): number | 'invalid' {
  // `+ 0` makes -0 a plain 0.
  return Number.isSafeInteger(value) && value >= 0 ? value + 0 : 'invalid';
}

function flatCountOf(value: AttributeValue | undefined): number | 'invalid' | undefined {
  return typeof value === 'object' && value !== null ? 'invalid' : countOf(value);
}

function sumOf(values: readonly AttributeValue[]): number | 'invalid' | undefined {
  let sum = 0;
  for (const item of values) {
    const count = flatCountOf(item);
    if (count === 'invalid') return 'invalid';
    sum += count ?? 0;
  }
  return values.length === 0 ? undefined : valid(sum);
}

/** Reads a family's counts of one span. */
export type CountReader = {
  readonly read: (slots: Slots, seen?: (count: CountSeen) => void) => Counts | 'invalid';
  /** Whether one of these keys of the family is written down. */
  readonly mentions: (slots: Slots, names: readonly string[]) => boolean;
};

/** Registers the keys; `forShape` leaves out those that spans of a shape do not have, undefined if no count is left. */
export type CountTable = {
  /** Without any of these slots there is no count. */
  readonly needs: readonly number[];
  readonly forShape: (has: (slot: number) => boolean) => CountReader | undefined;
};

/** Counts in attributes of their own. */
export function countsInAttributes(counts: CountKeys, keys: Keys): CountTable {
  const spellings = COUNTS.map(
    (count) =>
      [count, (counts[count] ?? []).map((key) => ({ key, slot: keys.slot(key, ASK.count) }))] as const,
  );
  return {
    needs: spellings.flatMap(([, places]) => places.map(({ slot }) => slot)),
    forShape: (has) => {
      const present = spellings
        .map(([count, places]) => [count, places.filter(({ slot }) => has(slot))] as const)
        .filter(([, places]) => places.length > 0);
      if (present.length === 0) return undefined;
      return {
        read: ({ values }, seen) =>
          collect(
            present,
            ({ slot }) => values[slot],
            seen &&
              ((count, { key }, tokens) => seen({ count, tokens, sign: attributeSign(key, undefined) })),
          ),
        mentions: ({ values }, names) =>
          names.some((name) => {
            const slot = keys.find(name);
            return slot !== undefined && values[slot] !== undefined;
          }),
      };
    },
  };
}

/** Counts inside one JSON text, below a place in it. */
export function countsInJson(
  key: string,
  under: string | undefined,
  counts: CountKeys,
  keys: Keys,
): CountTable {
  const slot = keys.slot(key);
  const start = under === undefined ? undefined : pathOf(under);
  const spellings = COUNTS.map((count) => [count, (counts[count] ?? []).map(pathOf)] as const);
  const placed = (path: Path): string => (under === undefined ? path.whole : `${under}.${path.whole}`);
  const whole = (slots: Slots): AttributeValue | undefined =>
    start === undefined ? slots.json(slot) : slots.at(slot, start);
  const reader: CountReader = {
    read: (slots, seen) => {
      const value = whole(slots);
      return collect(
        spellings,
        (path) => inside(value, path),
        seen && ((count, path, tokens) => seen({ count, tokens, sign: attributeSign(key, placed(path)) })),
      );
    },
    mentions: (slots, names) => {
      const value = whole(slots);
      return names.some((name) => inside(value, pathOf(name)) !== undefined);
    },
  };
  return { needs: [slot], forShape: (has) => (has(slot) ? reader : undefined) };
}

/** The first spelling of each count that is written down. */
function collect<Place>(
  spellings: readonly (readonly [Count, readonly Place[]])[],
  valueAt: (place: Place) => AttributeValue | undefined,
  seen: ((count: Count, place: Place, tokens: number | 'invalid') => void) | undefined,
): Counts | 'invalid' {
  const counts = noCounts();
  for (const [count, places] of spellings) {
    for (const place of places) {
      const value = countOf(valueAt(place));
      if (value === undefined) continue;
      seen?.(count, place, value);
      if (value === 'invalid') return 'invalid';
      counts[count] = value;
      break;
    }
  }
  return counts;
}

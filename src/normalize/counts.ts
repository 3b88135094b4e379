import type { AttributeValue } from '../model/index.ts';
import { COUNTS, type Count, type CountKeys } from './dialect.ts';
import { inside, isRecord, type Keys, type Path, pathOf, type Slots, type Test } from './slots.ts';

/** Token counts as one family reports them; undefined where it is silent. */
export type Counts = { [count in Count]?: number };

const WHOLE = /^\+?\d{1,20}(?:\.0*)?$/;

/**
 * One count: a whole number that is not negative, written as a number or as text; the sum of an array of them (batched
 * embeddings); undefined for nothing; `'invalid'` for everything else.
 */
export function countOf(value: AttributeValue | undefined): number | 'invalid' | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return valid(value);
  if (typeof value === 'bigint') return valid(Number(value));
  if (typeof value === 'string') {
    const text = value.trim();
    if (WHOLE.test(text)) return valid(Number(text));
    return text === '' || ABSENT.has(text.toLowerCase()) ? undefined : 'invalid';
  }
  if (Array.isArray(value)) return sumOf(value);
  // Protobuf's JSON for an integer, kept as it was by some exporters.
  if (isRecord(value) && Object.hasOwn(value, 'intValue')) {
    const inner = value['intValue'];
    return typeof inner === 'object' ? 'invalid' : countOf(inner);
  }
  return 'invalid';
}

const ABSENT = new Set(['n/a', 'none', 'null', 'undefined', 'unknown', '<not specified>']);

function valid(value: number): number | 'invalid' {
  return Number.isSafeInteger(value) && value >= 0 ? value + 0 : 'invalid';
}

function sumOf(values: readonly AttributeValue[]): number | 'invalid' | undefined {
  let sum = 0;
  for (const item of values) {
    const count = typeof item === 'object' && item !== null ? 'invalid' : countOf(item);
    if (count === 'invalid') return 'invalid';
    sum += count ?? 0;
  }
  return values.length === 0 ? undefined : valid(sum);
}

/** Where a family's counts stand: slots of their own, or places inside one JSON text. */
export type CountReader = {
  /** At least one count that makes usage is written down. */
  readonly present: (slots: Slots) => boolean;
  readonly read: (slots: Slots) => Counts | 'invalid';
  /** Tests whether one of these keys of the family is written down. */
  readonly has: (names: readonly string[]) => Test;
};

/** Without one of these a span reports details but no usage. */
const ANCHORS: readonly Count[] = ['input', 'output', 'total', 'uncached'];

export function attributeReader(counts: CountKeys, keys: Keys): CountReader {
  const slotsOf = COUNTS.map((count) => [count, (counts[count] ?? []).map((key) => keys.slot(key))] as const);
  const anchors = ANCHORS.flatMap((count) => (counts[count] ?? []).map((key) => keys.slot(key)));
  return {
    present: (slots) => anchors.some((slot) => slots.has(slot)),
    read: (slots) => collect(slotsOf, (slot) => slots.values[slot]),
    has: (names) => {
      const wanted = names.map((name) => keys.slot(name));
      return (slots) => wanted.some((slot) => slots.has(slot));
    },
  };
}

export function jsonReader(
  key: string,
  under: string | undefined,
  counts: CountKeys,
  keys: Keys,
): CountReader {
  const slot = keys.slot(key);
  const start = under === undefined ? undefined : pathOf(under);
  const pathsOf = COUNTS.map((count) => [count, (counts[count] ?? []).map(pathOf)] as const);
  const anchors = ANCHORS.flatMap((count) => (counts[count] ?? []).map(pathOf));
  const object = (slots: Slots): AttributeValue | undefined => {
    if (!slots.has(slot)) return undefined;
    return start === undefined ? slots.json(slot) : slots.at(slot, start);
  };
  return {
    present: (slots) => {
      const value = object(slots);
      return value !== undefined && anchors.some((path) => inside(value, path) !== undefined);
    },
    read: (slots) => {
      const value = object(slots);
      return collect(pathsOf, (path: Path) => inside(value, path));
    },
    has: (names) => {
      const wanted = names.map(pathOf);
      return (slots) => {
        const value = object(slots);
        return wanted.some((path) => inside(value, path) !== undefined);
      };
    },
  };
}

/** The first spelling of each count that is written down. */
function collect<Place>(
  places: readonly (readonly [Count, readonly Place[]])[],
  valueAt: (place: Place) => AttributeValue | undefined,
): Counts | 'invalid' {
  const counts: Counts = {};
  for (const [count, spellings] of places) {
    for (const place of spellings) {
      const value = countOf(valueAt(place));
      if (value === 'invalid') return 'invalid';
      if (value === undefined) continue;
      counts[count] = value;
      break;
    }
  }
  return counts;
}

import {
  type AgentKind,
  type AttributeValue,
  OBSERVED_NUMBERS,
  OBSERVED_TEXTS,
  type Observed,
  type ObservedNumber,
  type ObservedText,
  type Sign,
  type Span,
} from '../model/index.ts';
import { compileCondition, holdsOf, type Test } from './conditions.ts';
import type { Condition, NumberSource } from './dialect.ts';
import { read, type Source, signOf, sourcesIn } from './fields.ts';
import { pathOf } from './json.ts';
import { after, lengthOf, NUMBER_OF, type NumberOf, since } from './observed-values.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import type { For, Tables } from './tables.ts';
import { wordOf } from './text.ts';
import { attributeSign, type Witness } from './witness.ts';

type ObservedOf = (kind: AgentKind, slots: Slots, span: Span, witness?: Witness) => Observed | undefined;

/**
 * What spans tell besides usage and money: for each number and text the first source that holds one, the recognised
 * dialect's sources before the others' as listed.
 */
export function compileObservations(tables: Tables): For<ObservedOf> {
  const numbers = OBSERVED_NUMBERS.map((name) => {
    const believed = tables.part({
      listed: (table) => table.observations?.numbers?.[name],
      compile: (source: NumberSource, keys) => compileNumber(source, NUMBER_OF[name], keys),
      needs: ({ needs }) => needs,
    });
    return [name, believed] as const;
  });
  const texts = OBSERVED_TEXTS.map((name) => {
    const believed = tables.part(sourcesIn((table) => table.observations?.texts?.[name], ASK.text));
    return [name, believed] as const;
  });

  return (dialect, shape) => {
    const numbersOf = numbers.flatMap(([name, believed]) => {
      const readers = [...new Set(believed(dialect, shape))];
      return readers.length === 0 ? [] : [[name, readers] as const];
    });
    const textsOf = texts.flatMap(([name, believed]) => {
      const sources = [...new Set(believed(dialect, shape))];
      return sources.length === 0 ? [] : [[name, sources] as const];
    });
    return (kind, slots, span, witness) => {
      const found: Found = { numbers: {}, texts: {} };
      let any = false;
      for (const [name, readers] of numbersOf)
        any = tellNumber(found, name, readers, kind, slots, span, witness) || any;
      for (const [name, sources] of textsOf)
        any = tellText(found, name, sources, kind, slots, span, witness) || any;
      return any ? found : undefined;
    };
  };
}

type Found = {
  -readonly [Part in keyof Observed]: { -readonly [Name in keyof Observed[Part]]: Observed[Part][Name] };
};

function tellNumber(
  found: Found,
  name: ObservedNumber,
  readers: readonly NumberReader[],
  kind: AgentKind,
  slots: Slots,
  span: Span,
  witness: Witness | undefined,
): boolean {
  for (const reader of readers) {
    if (reader.kinds !== undefined && !reader.kinds.includes(kind)) continue;
    if (reader.when?.holds(slots) === false || reader.unless?.holds(slots) === true) continue;
    const told = reader.of(slots, span);
    if (
      told === undefined &&
      (witness === undefined || reader.needs?.every((slot) => slots.values[slot] === undefined))
    )
      continue;
    witness?.observed(name, { told, sign: reader.sign(told), ofRow: reader.ofRow, inRows: reader.inRows });
    if (told === undefined) continue;
    found.numbers[name] = told;
    return true;
  }
  return false;
}

function tellText(
  found: Found,
  name: ObservedText,
  sources: readonly Source[],
  kind: AgentKind,
  slots: Slots,
  span: Span,
  witness: Witness | undefined,
): boolean {
  for (const source of sources) {
    const told = read(source, kind, slots, span, wordOf);
    if (told === undefined) continue;
    witness?.observed(name, { told, sign: signOf(source, told), ofRow: undefined, inRows: true });
    found.texts[name] = told;
    return true;
  }
  return false;
}

type NumberReader = {
  /** Without any of these slots it has nothing to tell; undefined where events tell. */
  readonly needs: readonly number[] | undefined;
  readonly kinds: readonly AgentKind[] | undefined;
  readonly when: Test | undefined;
  readonly unless: Test | undefined;
  readonly of: (slots: Slots, span: Span) => number | undefined;
  readonly sign: (told: number | undefined) => Sign;
  /** Makes the number of the value that the key has in a row; undefined where rows have none for it. */
  readonly ofRow: NumberOf | undefined;
  /** Spans of a pattern that have the same value under its key, or the same keys, tell the same. */
  readonly inRows: boolean;
};

const NANOS = { ns: 1, ms: 1e6, s: 1e9 } as const;

function compileNumber(source: NumberSource, numberOf: NumberOf, keys: Keys): NumberReader {
  if (typeof source === 'string') return compileNumber({ key: source }, numberOf, keys);
  if ('items' in source) return compileItems(source, keys);
  if (!('key' in source)) return compileEvent(source.event, source, numberOf, keys);
  if (source.event !== undefined) return compileEvent(source.event, source, numberOf, keys);
  const { key } = source;
  const path = source.path === undefined ? undefined : pathOf(source.path);
  const worked = source.as === undefined && source.words === undefined && source.means === undefined;
  // Yes and no are for patterns, and so is what is one of few words.
  const plain = worked && path === undefined && numberOf !== NUMBER_OF.cacheHit;
  const slot = keys.slot(key, plain ? ASK.number : ASK.value);
  const makeOf = compileValue(source, numberOf);
  return {
    needs: [slot],
    ...around(source, keys),
    of: (slots, span) => makeOf(path === undefined ? slots.values[slot] : slots.at(slot, path), span),
    sign: (told) => attributeSign(key, path?.whole, told?.toString()),
    ofRow: plain ? (value) => makeOf(value, undefined) : undefined,
    inRows: source.as !== 'moment',
  };
}

type InAttribute = Extract<Exclude<NumberSource, string>, { readonly key: string }>;

function compileValue(
  { as, unit, words, means }: InAttribute,
  numberOf: NumberOf,
): (value: AttributeValue | undefined, span: Span | undefined) => number | undefined {
  if (as === 'length') return lengthOf;
  if (as === 'moment') return (value, span) => since(span?.start, value);
  if (means !== undefined)
    return (value) => (value === undefined || value === null || value === '' ? undefined : means);
  const meant = words && new Map(Object.entries(words));
  return (value) => {
    const word = meant?.get(wordOf(value)?.toLowerCase() ?? '');
    if (word !== undefined) return word;
    const number = numberOf(value);
    if (number === undefined || unit === undefined) return number;
    const nanos = Math.round(number * NANOS[unit]);
    return Number.isSafeInteger(nanos) ? nanos : undefined;
  };
}

function compileEvent(
  name: string,
  source: Extract<Exclude<NumberSource, string>, { readonly event?: string }>,
  numberOf: NumberOf,
  keys: Keys,
): NumberReader {
  keys.events.add(name);
  const key = 'key' in source ? source.key : undefined;
  const makeOf = 'key' in source ? compileValue(source, numberOf) : undefined;
  return {
    needs: undefined,
    kinds: source.kinds,
    when: undefined,
    unless: undefined,
    of: (_, span) => {
      if (span.events.length === 0) return undefined;
      let told: number | undefined;
      for (const { name: called, time, attributes } of span.events) {
        if (called !== name || !fits(source, (condition) => holdsOf(condition, attributes))) continue;
        if (makeOf === undefined || key === undefined) return after(span.start, time);
        told = makeOf(attributes.get(key), span) ?? told;
      }
      return told;
    },
    sign: (told) => ({
      at: 'event',
      key: key === undefined ? name : `${name}: ${key}`,
      ...(told === undefined ? {} : { value: told.toString() }),
    }),
    ofRow: undefined,
    inRows: true,
  };
}

const fits = (
  { when, unless }: { readonly when?: Condition; readonly unless?: Condition },
  holds: (condition: Condition) => boolean,
): boolean => (when === undefined || holds(when)) && (unless === undefined || !holds(unless));

/** Most items that are counted. */
const MOST_ITEMS = 50;

function compileItems(
  source: Extract<Exclude<NumberSource, string>, { readonly items: string }>,
  keys: Keys,
): NumberReader {
  const { items, members } = source;
  const slotsOf = Array.from({ length: MOST_ITEMS }, (_, index) =>
    members.map((member) => keys.slot(`${items}.${index}.${member}`, ASK.presence)),
  );
  return {
    needs: slotsOf.flat(),
    ...around(source, keys),
    of: ({ values }) => {
      const count = slotsOf.filter((slots) => slots.some((slot) => values[slot] !== undefined)).length;
      return count === 0 ? undefined : count;
    },
    sign: (told) => attributeSign(items, undefined, told?.toString()),
    ofRow: undefined,
    inRows: true,
  };
}

function around(
  source: Exclude<NumberSource, string>,
  keys: Keys,
): Pick<NumberReader, 'kinds' | 'when' | 'unless'> {
  return {
    kinds: source.kinds,
    when: source.when && compileCondition(source.when, keys),
    unless: source.unless && compileCondition(source.unless, keys),
  };
}

import type { AttributeValue, Instant, ObservedNumber } from '../model/index.ts';
import { textOf, unquoted, wordOf } from './text.ts';

/** Makes a number of what a span has written down; undefined for anything that cannot be one of its kind. */
export type NumberOf = (value: AttributeValue | undefined) => number | undefined;

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;
/** A list longer than this, as text, is not counted. */
const LONGEST_LIST = 8_000_000;

const numberOf: NumberOf = (value) => {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  const text = unquoted(value.trim());
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number + 0 : undefined;
};

/** Yes and no are 1 and 0. */
const numberOrYes: NumberOf = (value) => YES.get(wordOf(value)?.toLowerCase() ?? '') ?? numberOf(value);
const YES: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['yes', 1],
  ['false', 0],
  ['no', 0],
]);

const amountOf: NumberOf = (value) => {
  const number = numberOf(value);
  return number === undefined || number < 0 ? undefined : number;
};

/** From 0 to 1. Whatever is more, up to 100, is percent: no score of one emitter is both 1.5 and 15. */
const shareOf: NumberOf = (value) => {
  const percent = typeof value === 'string' && value.trimEnd().endsWith('%');
  const number = percent ? numberOf(value.trimEnd().slice(0, -1)) : numberOrYes(value);
  if (number === undefined || number < 0 || number > 100) return undefined;
  return percent || number > 1 ? number / 100 : number;
};

const HIT: ReadonlyMap<string, number> = new Map([
  ['hit', 1],
  ['miss', 0],
  ['expired', 0],
]);

const flagOf: NumberOf = (value) => {
  const word = HIT.get(textOf(value)?.toLowerCase() ?? '');
  if (word !== undefined) return word;
  const number = numberOrYes(value);
  return number === undefined || number < 0 ? undefined : Math.min(1, Math.ceil(number));
};

/** How the values of each number are read. */
export const NUMBER_OF: Readonly<Record<ObservedNumber, NumberOf>> = {
  confidence: shareOf,
  hallucination: shareOf,
  predicted: numberOrYes,
  actual: numberOrYes,
  predictionAccuracy: shareOf,
  timeToFirstToken: amountOf,
  cacheHit: flagOf,
  cacheHits: amountOf,
  cacheMisses: amountOf,
  sourcesFound: amountOf,
  memoryBytes: amountOf,
  memoryRecords: amountOf,
  steps: amountOf,
  iterations: amountOf,
};

/** The items of a list or of its JSON text. */
export const lengthOf: NumberOf = (value) => {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string' || value.length > LONGEST_LIST || !value.trimStart().startsWith('['))
    return undefined;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.length : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** RFC 3339; a time without a zone is UTC. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:?\d\d)?$/i;

/** Nanoseconds from the start to a point in time; undefined where one of them is unknown, or it is before the start. */
export function since(start: Instant | undefined, value: AttributeValue | undefined): number | undefined {
  const parts = TIME.exec(textOf(value) ?? '');
  if (parts === null) return undefined;
  const [, date, time, fraction = '', zone = 'Z'] = parts;
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const instant = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  // Clocks of milliseconds beside a start in nanoseconds: the moment is the start.
  const coarse = start !== undefined && instant < start && start - instant < 1_000_000n;
  return after(start, coarse ? start : instant);
}

/** Nanoseconds from the start to a time that is not before it, and exact in a double. */
export function after(start: Instant | undefined, time: bigint | undefined): number | undefined {
  if (start === undefined || time === undefined || time < start) return undefined;
  const length = Number(time - start);
  return Number.isSafeInteger(length) ? length : undefined;
}

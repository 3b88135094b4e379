import { didYouMean } from '../model/index.ts';
import type { ConfigContext, ConfigPath } from './config.ts';

const LONGEST_KEY = 300;

/** A mapping with known keys; anything else is reported and read as empty. */
export function mapping(
  value: unknown,
  path: ConfigPath,
  context: ConfigContext,
  known: readonly string[],
): ReadonlyMap<string, unknown> {
  const found = new Map(entries(value, path, context));
  for (const key of found.keys())
    if (!known.includes(key)) context.fault([...path, key], `unknown key "${key}"${didYouMean(key, known)}`);
  return found;
}

export function entries(value: unknown, path: ConfigPath, context: ConfigContext): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (!(value instanceof Map)) {
    context.fault(path, `expected a mapping (key: value), found ${kindOf(value)}`);
    return [];
  }
  const found: [string, unknown][] = [];
  for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
    const text = typeof key === 'string' || typeof key === 'number' ? String(key) : '';
    if (text === '' || text.length > LONGEST_KEY)
      context.fault(path, 'a key is empty, not text, or too long');
    else found.push([text, item]);
  }
  return found;
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a mapping';
  return typeof value === 'string' ? `"${value.slice(0, 60)}"` : `${typeof value} ${String(value)}`;
}

const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/;

/** A date in UTC or a time with its zone, as seconds since the epoch. */
export function parseTime(value: unknown, path: ConfigPath, context: ConfigContext): number | undefined {
  if (value === undefined) return undefined;
  const second = typeof value === 'string' ? secondOf(value) : undefined;
  if (second === undefined)
    context.fault(path, 'expected a date like 2026-07-01 (UTC) or a time like 2026-07-01T09:00:00Z');
  return second;
}

/** The second that `2026-07-01` (UTC) or `2026-07-01T09:00:00Z` means; undefined for anything else. */
export function secondOf(text: string): number | undefined {
  const millis = DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(millis)) return undefined;
  const wrapped = !text.includes('T') && !new Date(millis).toISOString().startsWith(text);
  return wrapped ? undefined : millis / 1000;
}

/** Hours of the day in UTC, as seconds. */
export function parseWindow(
  value: unknown,
  path: ConfigPath,
  context: ConfigContext,
): readonly [number, number] | undefined {
  if (value === undefined) return undefined;
  const match =
    typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(value) : null;
  if (match === null) {
    context.fault(path, 'expected hours of the day in UTC, like 16:30-00:30');
    return undefined;
  }
  const [start, end] = [match.slice(1, 3), match.slice(3, 5)].map(
    (t) => Number(t[0]) * 3600 + Number(t[1]) * 60,
  );
  if (start === end) context.fault(path, 'the window is empty');
  return [start!, end!];
}

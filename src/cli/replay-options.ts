import { UserError } from '../model/index.ts';
import { parseDuration } from '../promql/index.ts';
import type { RawOptions } from './options.ts';
import { optional } from './values.ts';

/** `--prometheus` and `--scrape-interval` (milliseconds): whose answers are given, and how often that had looked. */
export function replayChoice(options: RawOptions): { readonly version: 2 | 3; readonly interval: number } {
  const version = optional('--prometheus', options['prometheus'], ['2', '3']) === '2' ? 2 : 3;
  return { version, interval: optionalLength('--scrape-interval', options['scrapeInterval']) ?? 15_000 };
}

/** A length of time as Prometheus writes it, or a number of seconds, in milliseconds; never 0. */
export function optionalLength(option: string, value: RawOptions[string]): number | undefined {
  if (typeof value !== 'string') return undefined;
  const length = /^\d{1,9}(\.\d{1,3})?$/.test(value) ? Math.round(Number(value) * 1000) : lengthOf(value);
  if (length > 0) return length;
  throw new UserError(`${option} '${value}': not a length of time`, {
    hint: 'Write it like 15s, 5m or 1h30m.',
  });
}

function lengthOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}

/** `--tail`: how long after the last span is looked at, in milliseconds; undefined: as long as something can come of it. */
export function tailOf(options: RawOptions): number | undefined {
  const { tail } = options;
  return tail === '0' || tail === '0s' ? 0 : optionalLength('--tail', tail);
}

import { FLAG, type Forest, type Instant, instant, type Selection, UserError } from '../model/index.ts';
import { readDuration } from './where.ts';

/** A half-open window on the start of spans, `[since, until)`, and what the ends mean in this data. */
export type Window = { readonly selected: Selection; readonly notes: readonly string[] };

/** `since` and `until` as typed: ISO 8601, or a length of time back from the newest start in the data. */
export function timeWindow(
  forest: Forest,
  since: string | undefined,
  until: string | undefined,
): Window | undefined {
  if (since === undefined && until === undefined) return undefined;
  const notes: string[] = [];
  const newest = newestStart(forest);
  const bound = (option: string, text: string | undefined): Instant | undefined => {
    if (text === undefined) return undefined;
    const end = parseEnd(option, text);
    if ('at' in end) return end.at;
    if (newest === undefined) return undefined;
    const at = instant(newest - BigInt(Math.round(end.back)));
    notes.push(`${option} ${text}: back from the newest span, from ${isoSeconds(at)}`);
    return at;
  };
  const from = bound('--since', since);
  const to = bound('--until', until);
  const { table } = forest;
  const selected = (position: number): boolean => {
    const start = table.startOf(forest.row[position]!);
    if (start === undefined) return false;
    return (from === undefined || start >= from) && (to === undefined || start < to);
  };
  return { selected, notes };
}

/** Throws a `UserError` for ends that are no times. Needs no data, so that nothing is read for a mistyped one. */
export function checkTimes(since: string | undefined, until: string | undefined): void {
  if (since !== undefined) parseEnd('--since', since);
  if (until !== undefined) parseEnd('--until', until);
}

/** An end of a window: a point in time, or nanoseconds back from the newest start. */
type End = { readonly at: Instant } | { readonly back: number };

function parseEnd(option: string, text: string): End {
  const at = parseInstant(option, text);
  if (at !== undefined) return { at };
  const back = readDuration(text);
  if (back !== undefined) return { back };
  throw new UserError(`${option} '${text}' is no time`, {
    hint: 'Write ISO 8601 (2026-02-04T10:00:00Z) or a length of time back from the newest span (90m, 24h, 7d).',
  });
}

function newestStart(forest: Forest): Instant | undefined {
  const { table } = forest;
  let newest = -1;
  for (const row of forest.row) {
    if (!table.has(row, FLAG.hasStart)) continue;
    if (
      newest < 0 ||
      table.startSecondOf(row) > table.startSecondOf(newest) ||
      (table.startSecondOf(row) === table.startSecondOf(newest) &&
        table.startNanoOf(row) > table.startNanoOf(newest))
    ) {
      newest = row;
    }
  }
  return newest < 0 ? undefined : table.startOf(newest);
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** ISO 8601 with up to nine fractional digits; a time without a zone is UTC. Undefined for anything else. */
export function parseInstant(option: string, text: string): Instant | undefined {
  const match = ISO.exec(text.trim());
  if (match === null) return undefined;
  const [, date, minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${minutes}${seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || !isDay(date!)) {
    throw new UserError(`${option} '${text}': there is no such date`);
  }
  return instant(BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

/** February 30 reads as March 2 otherwise. */
function isDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

const isoSeconds = (at: Instant): string =>
  `${new Date(Number(at / 1_000_000n)).toISOString().slice(0, 19)}Z`;

import type { Families } from './family.ts';

/** Milliseconds all. */
type PeriodOptions = {
  /** Between two evaluations, which happen at absolute multiples of it. */
  readonly step: number;
  /** How far back the expressions look: the longest range with its offset, or the lookback. */
  readonly range: number;
  /** How long something must hold, and is held: the longest `for` and the longest `keep_firing_for`. */
  readonly hold: number;
  /** How long after the last span is looked at; undefined: as long as something can still come of it. */
  readonly tail?: number | undefined;
  /** How notes name a time; in UTC otherwise. */
  readonly timeText?: ((time: number) => string) | undefined;
};

/** Milliseconds all: the first and the last evaluation, and how long series are held around the data. */
export type Period = {
  readonly start: number;
  readonly end: number;
  readonly before: number;
  readonly after: number;
  /** What of the data, or of what expressions ask for, is not in it. */
  readonly notes: readonly string[];
};

/** As many steps as Prometheus answers a query of a range with. */
export const MOST_STEPS = 11_000;
const LOOKBACK = 5 * 60_000;
const HOUR = 3_600_000;
const LONGEST_BEFORE = 24 * HOUR;
const LONGEST_AFTER = HOUR;
/** A silence from here on is told: half a night is one, a lunch break is not. */
const LONG_SILENCE = 6 * HOUR;

/** The times at which expressions are evaluated on this data; undefined where no span has a time. */
export function periodOf(
  families: Families,
  { step, range, hold, tail, timeText = utcText }: PeriodOptions,
): Period | undefined {
  const { start: first, end: last } = families;
  if (first === undefined || last === undefined) return undefined;
  const before = Math.min(Math.max(range, LOOKBACK), LONGEST_BEFORE);
  const after = tail ?? Math.min(range + hold + LOOKBACK, LONGEST_AFTER);
  const notes = [...windowNotes(families, range)];
  const whole = {
    start: Math.floor(first / step) * step,
    end: Math.ceil(last / step) * step + Math.floor(after / step) * step,
  };
  const steps = (whole.end - whole.start) / step + 1;
  if (steps <= MOST_STEPS)
    return { ...whole, before, after, notes: [...notes, ...silenceNotes(families, timeText)] };
  const length = (MOST_STEPS - 1) * step;
  const { start, outside } = busiest(families, whole, length, step);
  const end = start + length;
  notes.push(
    `${steps} evaluations would be needed, and ${MOST_STEPS} are made: from ${timeText(start)} to ${timeText(end)}, where most happened; ` +
      `${outside} ${outside === 1 ? 'event is' : 'events are'} outside (--since and --until choose, a longer interval reaches further)`,
  );
  return { start, end, before, after, notes };
}

/** What a window means that reaches back before the data; the longest of an expression, in milliseconds. */
export function windowNotes({ start, end }: Families, range: number): readonly string[] {
  if (start === undefined || end === undefined || range <= end - start) return [];
  if (range > LONGEST_BEFORE)
    return [`a window of ${lengthText(range)}: no series is told further back than a day before the data`];
  return [
    `the data covers ${lengthText(end - start)}: a window of ${lengthText(range)} means since it began, and zeros before`,
  ];
}

/** Where the stretch of a length begins that holds most events, the earliest of several, and how many it does not hold. */
function busiest(
  families: Families,
  whole: Pick<Period, 'start' | 'end'>,
  length: number,
  step: number,
): { readonly start: number; readonly outside: number } {
  // A hundredth of the stretch is close enough, and keeps the number of places to look at small.
  const width = Math.ceil(length / 100 / step) * step;
  const counts = countsBy(families, width);
  const places = [...counts.keys()].sort((a, b) => a - b);
  let [from, inside, most, all] = [0, 0, 0, 0];
  let start = whole.start;
  for (const place of places) {
    inside += counts.get(place)!;
    all += counts.get(place)!;
    while ((place + 1 - places[from]!) * width > length) inside -= counts.get(places[from++]!)!;
    if (inside <= most) continue;
    most = inside;
    start = Math.max(places[from]! * width, whole.start);
  }
  // No later than needed: what is behind the data is made up.
  start = Math.min(Math.floor(start / step) * step, whole.end - length);
  return { start, outside: all - most };
}

function silenceNotes(families: Families, timeText: (time: number) => string): readonly string[] {
  const hours = [...countsBy(families, HOUR).keys()].sort((a, b) => a - b);
  let [longest, at] = [0, 0];
  for (let i = 1; i < hours.length; i++) {
    const silence = (hours[i]! - hours[i - 1]! - 1) * HOUR;
    if (silence > longest) [longest, at] = [silence, (hours[i - 1]! + 1) * HOUR];
  }
  if (longest < LONG_SILENCE) return [];
  const until = timeText(at + longest);
  return [
    `nothing was counted from ${timeText(at)} to ${until}: counters stand still there, and rates are 0`,
  ];
}

/** How many events there are by time, in units of `width` milliseconds. */
function countsBy({ families }: Families, width: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { times } of families) {
    for (const time of times) {
      const place = Math.floor(time / width);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

const utcText = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

const UNITS = [
  ['d', 24 * HOUR],
  ['h', HOUR],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** `2d 3h`, `20m`, `28s`: the two largest units. */
function lengthText(length: number): string {
  const first = UNITS.findIndex(([, unit]) => length >= unit);
  if (first < 0) return '0s';
  let left = length;
  const parts: string[] = [];
  for (const [name, unit] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / unit);
    left -= count * unit;
    if (count > 0) parts.push(`${count}${name}`);
  }
  return parts.join(' ');
}

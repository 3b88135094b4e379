import { NO_LABELS } from '../engine/label-sets.ts';
import { emptyRow, timeOf } from '../engine/values.ts';
import type { PromFunction } from './function.ts';
import { mapped } from './math.ts';

/** A day and time in UTC. */
type Moment = { year: number; month: number; day: number; yearDay: number; weekday: number; second: number };

/** Dates of seconds since the epoch; without an argument, of the time of evaluation. */
export const DATES: readonly (readonly [string, PromFunction])[] = [
  ['day_of_month', date(({ day }) => day)],
  ['day_of_week', date(({ weekday }) => weekday)],
  ['day_of_year', date(({ yearDay }) => yearDay)],
  ['days_in_month', date(({ year, month }) => daysIn(year, month))],
  ['hour', date(({ second }) => Math.floor(second / 3600))],
  ['minute', date(({ second }) => Math.floor(second / 60) % 60)],
  ['month', date(({ month }) => month)],
  ['year', date(({ year }) => year)],
];

function date(of: (moment: Moment) => number): PromFunction {
  return {
    kind: 'vector',
    of: (rows, { call, steps }) => {
      if (call.args.length > 0) return mapped(rows, (value) => of(momentOf(value)));
      const row = emptyRow(NO_LABELS, steps.count);
      for (let step = 0; step < steps.count; step++)
        row.values[step] = of(momentOf(timeOf(steps, step) / 1000));
      row.present.fill(1);
      return [row];
    },
  };
}

const DAY = 86_400;
/** The calendar repeats itself after 400 years. */
const CYCLE_DAYS = 146_097;
/** From the first day of the year 1 to the epoch. */
const EPOCH_DAY = 719_162;
/** Go counts seconds from the first day of this year on, in 64 bits without a sign: what is before it comes after the end. */
const ZERO_YEAR = -292_277_022_399;
const ZERO_TO_EPOCH = ((BigInt(1 - ZERO_YEAR) / 400n) * BigInt(CYCLE_DAYS) + BigInt(EPOCH_DAY)) * BigInt(DAY);

function momentOf(seconds: number): Moment {
  let day: number;
  let second: number;
  let firstYear: number;
  if (Math.abs(seconds) < 2 ** 52) {
    const whole = Math.trunc(seconds);
    day = Math.floor(whole / DAY);
    second = whole - day * DAY;
    day += EPOCH_DAY;
    firstYear = 1;
  } else {
    const since = BigInt.asUintN(64, int64(seconds) + ZERO_TO_EPOCH);
    day = Number(since / BigInt(DAY));
    second = Number(since % BigInt(DAY));
    firstYear = ZERO_YEAR;
  }
  const weekday = (((day + 1) % 7) + 7) % 7;
  const cycle = Math.floor(day / CYCLE_DAYS);
  return { ...inCycle(day - cycle * CYCLE_DAYS, firstYear + cycle * 400), weekday, second };
}

/** What Go's conversion to `int64` makes of a number on amd64: the smallest one of all that do not fit. */
function int64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

/** The day so many days after the first of `firstYear`, which begins a cycle. */
function inCycle(days: number, firstYear: number): Pick<Moment, 'year' | 'month' | 'day' | 'yearDay'> {
  // The last day of a leap year would be the first of the next one: hence the upper limits.
  const centuries = Math.min(3, Math.floor(days / 36_524));
  const inCentury = days - centuries * 36_524;
  const fours = Math.floor(inCentury / 1461);
  const inFour = inCentury - fours * 1461;
  const years = Math.min(3, Math.floor(inFour / 365));
  const year = firstYear + centuries * 100 + fours * 4 + years;
  let rest = inFour - years * 365;
  const yearDay = rest + 1;
  let month = 1;
  for (let length = daysIn(year, month); rest >= length; length = daysIn(year, month)) {
    rest -= length;
    month++;
  }
  return { year, month, day: rest + 1, yearDay };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

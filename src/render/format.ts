import { type Money, PICO_PER_USD } from '../model/index.ts';

/**
 * How figures read to a person: rounded, with a unit. The only place where nanoseconds, picodollars, tokens, shares and
 * instants become such text; `exact.ts` writes them for programs.
 */

/** What stands for a value the input does not tell. */
export const UNKNOWN = '–';

const SECOND = 1e9;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Nanoseconds as `333ns`, `2.5µs`, `850µs`, `350ms`, `2.1s`, `1m 12s`, `2h 05m`, `3d 04h`. */
export function formatDuration(nanos: number | undefined): string {
  if (nanos === undefined) return UNKNOWN;
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  if (nanos === 0) return '0ms';
  if (nanos < 1e3) return `${nanos}ns`;
  if (nanos < 999.5e3) return `${leading(nanos / 1e3)}µs`;
  if (nanos < 999.5e6) return `${leading(nanos / 1e6)}ms`;
  if (nanos < 59.95 * SECOND) return `${(nanos / SECOND).toFixed(1)}s`;
  const seconds = Math.round(nanos / SECOND);
  if (seconds < HOUR) return twoUnits(seconds, MINUTE, 'm', 1, 's');
  if (seconds < DAY - MINUTE / 2) return twoUnits(seconds, HOUR, 'h', MINUTE, 'm');
  return twoUnits(seconds, DAY, 'd', HOUR, 'h');
}

/** One decimal below 10, none above, and none that is zero. */
function leading(value: number): string {
  return value < 9.95 ? dropZero(value.toFixed(1)) : value.toFixed(0);
}

const dropZero = (text: string): string => (text.endsWith('.0') ? text.slice(0, -2) : text);

function twoUnits(
  seconds: number,
  large: number,
  largeUnit: string,
  small: number,
  smallUnit: string,
): string {
  const inSmall = Math.round(seconds / small);
  const perLarge = large / small;
  return `${Math.floor(inSmall / perLarge)}${largeUnit} ${String(inSmall % perLarge).padStart(2, '0')}${smallUnit}`;
}

/** A whole number with thousands separated: `12,345`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

const TOKEN_UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Tokens as `800`, `1.5k`, `128k`, `2.4M`. */
export function formatTokens(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < TOKEN_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return String(count);
  return `${value < 99.95 ? dropZero(value.toFixed(1)) : value.toFixed(0)}${TOKEN_UNITS[unit]}`;
}

/** A fraction as percent: `40%`, `4.2%`, `<0.1%`; only 0 is `0%` and only the whole is `100%`. */
export function formatShare(fraction: number): string {
  const percent = fraction * 100;
  if (percent <= 0) return '0%';
  if (percent < 0.1) return '<0.1%';
  if (percent < 9.95) return `${dropZero(percent.toFixed(1))}%`;
  if (percent < 99.5) return `${percent.toFixed(0)}%`;
  return percent < 100 ? '>99%' : `${percent.toFixed(0)}%`;
}

/** Any number to three digits, whole ones whole: `0.82`, `12,345`, `0.00012`. */
export function formatNumber(number: number): string {
  if (Math.abs(number) >= 999.5)
    return Math.abs(number) < 1e15 ? signed(Math.round(number)) : number.toExponential(2);
  return String(Number(number.toPrecision(3)));
}

const signed = (whole: number): string => `${whole < 0 ? '-' : ''}${formatCount(Math.abs(whole))}`;

/** `call`: four decimals, for single calls and runs. `total`: cents. */
export type MoneyStyle = 'call' | 'total';

/** `$12.84`, `≥ $1.24` where some of it is unknown, `n/a (unpriced)` where all of it is. */
export function formatMoney(money: Money, style: MoneyStyle): string {
  if (money.pico === undefined) return 'n/a (unpriced)';
  return `${money.lowerBound === true ? '≥ ' : ''}${formatUsd(money.pico, style)}`;
}

const CENT = PICO_PER_USD / 100n;

/**
 * Below a cent two significant digits (`$0.0044`, `$0.0000025`), so that nothing that was spent reads as `$0.00`; then
 * four decimals for calls under $100, cents for totals. 0 is `$0`.
 */
export function formatUsd(pico: bigint, style: MoneyStyle): string {
  if (pico < 0n) return `-${formatUsd(-pico, style)}`;
  if (pico === 0n) return '$0';
  const decimals = style === 'call' && pico < 100n * PICO_PER_USD ? 4 : 2;
  const shown = pico < CENT ? Math.max(decimals, 13 - String(pico).length + 1) : decimals;
  const digits = String(roundedTo(pico, shown)).padStart(shown + 1, '0');
  const text = `${digits.slice(0, -shown)}.${digits.slice(-shown)}`;
  const trimmed = pico < CENT ? trimZeros(text, decimals) : text;
  const point = trimmed.indexOf('.');
  return `$${formatWhole(trimmed.slice(0, point))}${trimmed.slice(point)}`;
}

/** Picodollars in units of 10^-decimals dollars, rounded half up. */
function roundedTo(pico: bigint, decimals: number): bigint {
  if (decimals >= 12) return pico * 10n ** BigInt(decimals - 12);
  const unit = 10n ** BigInt(12 - decimals);
  return (pico + unit / 2n) / unit;
}

function trimZeros(text: string, keep: number): string {
  let end = text.length;
  while (text[end - 1] === '0' && end - text.indexOf('.') - 1 > keep) end--;
  return text.slice(0, end);
}

/** The digits of a whole number with thousands separated. */
export const formatWhole = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

const NANOS = 1_000_000_000n;

/** An instant as `2026-02-04 10:12:03Z`, in another zone as `2026-02-04 11:12:03+01:00`. */
export function formatTime(at: bigint | undefined, zone = 'UTC'): string {
  const parts = at === undefined ? undefined : wallClock(at, zone);
  return parts === undefined ? UNKNOWN : `${parts.date} ${parts.time}${parts.offset}`;
}

/** The time of day to the millisecond, as it stands beside events: `10:12:11.204`. */
export function formatClock(at: bigint | undefined, zone = 'UTC'): string {
  const parts = at === undefined ? undefined : wallClock(at, zone);
  return parts === undefined ? UNKNOWN : `${parts.time}.${parts.millis}`;
}

type WallClock = {
  readonly date: string;
  readonly time: string;
  readonly millis: string;
  readonly offset: string;
};

/** Undefined outside the years that four digits can write. */
function wallClock(at: bigint, zone: string): WallClock | undefined {
  const nano = ((at % NANOS) + NANOS) % NANOS;
  const instant = new Date(Number((at - nano) / NANOS) * 1000);
  const year = instant.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return undefined;
  const millis = String(nano / 1_000_000n).padStart(3, '0');
  if (zone === 'UTC') {
    const text = instant.toISOString();
    return { date: text.slice(0, 10), time: text.slice(11, 19), millis, offset: 'Z' };
  }
  const part = new Map(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const offset = part.get('timeZoneName')!.replace('GMT', '');
  return {
    date: `${part.get('year')!.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`,
    time: `${part.get('hour')}:${part.get('minute')}:${part.get('second')}`,
    millis,
    offset: offset === '' ? '+00:00' : offset,
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

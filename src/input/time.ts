import { type Instant, instant } from '../model/index.ts';
import type { JsonValue } from './format.ts';

/** What a time field says: an instant, nothing (undefined), or something that cannot be a time. */
export type TimeReading = Instant | 'bad' | undefined;

/** Decimal digits between a unit and nanoseconds. */
export const UNIT_DIGITS = { s: 9, ms: 6, us: 3, ns: 0 } as const;
export type TimeUnit = keyof typeof UNIT_DIGITS;

/** The span table counts seconds in 32 bits: years 1970 to 2106. */
const LATEST = 2n ** 32n * 1_000_000_000n;
const DECIMAL = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2}))?$/;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,40}))?)? ?([Zz]|UTC|[+-]\d\d(?::?\d\d)?)?$/;
const POWERS = Array.from({ length: 19 }, (_, exponent) => 10n ** BigInt(exponent));

/** OTLP's fixed64: nanoseconds since the epoch, where 0 means "not set". */
export function unixNanos(value: JsonValue): TimeReading {
  if (value === undefined || value === null || value === '') return undefined;
  const nanos = typeof value === 'string' && isDigits(value) ? BigInt(value) : scaled(value, 0);
  return nanos === 0n ? undefined : checked(nanos);
}

/** A count of `unit` since the epoch, fractions kept to the nanosecond. 0 is the epoch itself. */
export function epochTime(value: JsonValue, unit: TimeUnit): TimeReading {
  if (value === undefined || value === null || value === '') return undefined;
  return checked(scaled(value, UNIT_DIGITS[unit]));
}

/** OpenTelemetry JS: `[seconds, nanoseconds]`; `[0, 0]` is "not set". */
export function hrTime(value: JsonValue): TimeReading {
  const nanos = hrNanos(value);
  return nanos === 0n ? undefined : nanos === undefined ? timeOf(value) : checked(nanos);
}

/** The nanoseconds of an hrtime pair, or undefined where there is none. */
export function hrNanos(value: JsonValue): bigint | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const seconds = scaled(value[0], 9);
  const rest = scaled(value[1], 0);
  return seconds === undefined || rest === undefined ? undefined : seconds + rest;
}

/** ISO 8601 with up to nine digits of fraction; without a zone it is UTC. Year 1 is Go's "not set". */
export function isoTime(text: string): TimeReading {
  return usualTime(text) ?? anyTime(text);
}

/** `2025-06-15T15:06:40.042539Z`, the way nearly all are written; undefined for everything else. */
function usualTime(text: string): Instant | undefined {
  const { length } = text;
  if (length < 20 || length > 30 || text.charCodeAt(10) !== 0x54 || text.charCodeAt(length - 1) !== 0x5a)
    return undefined;
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const year = digitsIn(text, 0, 4);
  const month = digitsIn(text, 5, 7);
  const day = digitsIn(text, 8, 10);
  const hour = digitsIn(text, 11, 13);
  const minute = digitsIn(text, 14, 16);
  const second = digitsIn(text, 17, 19);
  if (!(year >= 1970 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return undefined;
  let nanos = 0;
  if (length > 20) {
    const fraction = text.charCodeAt(19) === 0x2e ? digitsIn(text, 20, length - 1) : -1;
    if (fraction < 0 || length === 21) return undefined;
    nanos = fraction * 10 ** (30 - length);
  }
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  return instant(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}

const DASH = 0x2d;

/** The number that digits make, or -1 where something else stands among them. */
function digitsIn(text: string, from: number, end: number): number {
  let number = 0;
  for (let at = from; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function anyTime(text: string): TimeReading {
  const parts = ISO.exec(text);
  if (parts === null) return 'bad';
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = parts;
  if (year === '0001') return undefined;
  if (!(inRange(month, 1, 12) && inRange(day, 1, 31) && inRange(hour, 0, 24) && inRange(minute, 0, 59)))
    return 'bad';
  const millis = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, Math.min(+second, 60));
  const nanos = BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return checked(nanos - offsetNanos(zone));
}

/** Any spelling of an instant: ISO text, an hrtime pair, or a number whose unit its magnitude tells. */
export function timeOf(value: JsonValue): TimeReading {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    const nanos = hrNanos(value);
    return nanos === 0n ? undefined : checked(nanos);
  }
  if (typeof value === 'string' && !DECIMAL.test(value)) return isoTime(value.trim());
  const unit = unitOf(value);
  return unit === undefined ? 'bad' : epochTime(value, unit);
}

/** The unit in which a number counts from the epoch to our time: 1e9 s, 1e12 ms, 1e15 µs, 1e18 ns. */
export function unitOf(value: JsonValue): TimeUnit | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
  const size = Math.abs(Number(value));
  if (!Number.isFinite(size)) return undefined;
  return size < 1e11 ? 's' : size < 1e14 ? 'ms' : size < 1e17 ? 'us' : 'ns';
}

/** `value` × 10^`digits` as a whole number, rounded half up; undefined where it is not a number. */
export function scaled(value: JsonValue, digits: number): bigint | undefined {
  if (typeof value === 'bigint') return value * POWERS[digits]!;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return BigInt(value) * POWERS[digits]!;
    if (!(Math.abs(value) < 1e30)) return undefined;
    if (Number.isInteger(value)) return BigInt(value) * POWERS[digits]!;
    const power = 10 ** digits;
    const whole = Math.round(value * power);
    // No two numbers of at most 15 digits are the same double: if this one is it, it is what was written.
    if (Math.abs(whole) < 1e15 && whole / power === value) return BigInt(whole);
    return decimal(String(value), digits);
  }
  return typeof value === 'string' ? decimal(value, digits) : undefined;
}

const DURATION_UNITS: { readonly [unit: string]: number } = {
  h: 3600,
  m: 60,
  min: 60,
  s: 1,
  sec: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ns: 1e-9,
};
const DURATION_PART = /(\d{1,15}(?:\.\d{1,15})?) ?([a-zA-Zµμ]{1,3})/gy;
const ISO_DURATION = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,15})?)S)?)?$/;
const CLOCK_DURATION = /^(?:(\d{1,6})\.)?(\d{1,4}):(\d\d):(\d\d(?:\.\d{1,15})?)$/;

/** A length of time written with its unit (`1.5s`, `1m30s`, `PT0.5S`, `00:00:01.5`), in nanoseconds. */
export function durationText(text: string): bigint | undefined {
  const dayTime = ISO_DURATION.exec(text) ?? CLOCK_DURATION.exec(text);
  if (dayTime !== null && text !== 'P' && text !== 'PT') {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = dayTime;
    const whole = BigInt(days) * 86_400n + BigInt(hours) * 3600n + BigInt(minutes) * 60n;
    return whole * 1_000_000_000n + decimal(seconds, 9)!;
  }
  let total = 0n;
  let end = 0;
  DURATION_PART.lastIndex = 0;
  for (let part = DURATION_PART.exec(text); part !== null; part = DURATION_PART.exec(text)) {
    const unit = part[2]!.toLowerCase();
    const seconds = Object.hasOwn(DURATION_UNITS, unit) ? DURATION_UNITS[unit]! : undefined;
    if (seconds === undefined) return undefined;
    total +=
      seconds >= 1
        ? decimal(part[1]!, 9)! * BigInt(seconds)
        : decimal(part[1]!, 9 + Math.round(Math.log10(seconds)))!;
    end = DURATION_PART.lastIndex;
  }
  return end > 0 && end === text.length ? total : undefined;
}

function decimal(text: string, digits: number): bigint | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const shift = digits + Number(exponent) - fraction.length;
  let magnitude = BigInt(whole + fraction);
  if (shift >= 0) magnitude *= 10n ** BigInt(shift);
  else {
    const divisor = 10n ** BigInt(-shift);
    magnitude = (magnitude + divisor / 2n) / divisor;
  }
  return sign === '-' ? -magnitude : magnitude;
}

function checked(nanos: bigint | undefined): TimeReading {
  return nanos === undefined || nanos < 0n || nanos >= LATEST ? 'bad' : instant(nanos);
}

function offsetNanos(zone: string): bigint {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 0n;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4));
  return BigInt(zone.startsWith('-') ? -minutes : minutes) * 60_000_000_000n;
}

function inRange(text: string | undefined, low: number, high: number): boolean {
  const value = Number(text);
  return value >= low && value <= high;
}

function isDigits(text: string): boolean {
  if (text.length > 40) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

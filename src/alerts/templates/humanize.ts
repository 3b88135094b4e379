import { momentText, shown, sprintf } from './format.ts';
import { general } from './numbers.ts';
import { TemplateFailure } from './values.ts';

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

/** `1.234k`, with metric prefixes. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return general(value, 4);
  if (Math.abs(value) >= 1) return scaled(value, LARGE, 1000);
  return small(value, '');
}

/** `1.5Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return general(value, 4);
  return scaled(value, BINARY, 1024);
}

/** Seconds as `1d 2h 3m 4s`; from days to minutes in whole seconds. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return general(seconds, 4);
  if (seconds === 0) return `${general(seconds, 4)}s`;
  if (Math.abs(seconds) < 1) return small(seconds, 's');
  const size = Math.abs(seconds);
  // More than 64 bits hold are their least number, as Go converts it.
  const whole = size < 2 ** 63 ? BigInt(Math.trunc(size)) : -(2n ** 63n);
  const parts = [
    [whole / 86400n, 'd'],
    [(whole / 3600n) % 24n, 'h'],
    [(whole / 60n) % 60n, 'm'],
    [whole % 60n, 's'],
  ] as const;
  const sign = seconds < 0 ? '-' : '';
  const first = parts.findIndex(([count]) => count !== 0n);
  if (first === 3) return `${sign}${general(size, 4)}s`;
  return (
    sign +
    parts
      .slice(first)
      .map(([count, unit]) => `${count}${unit}`)
      .join(' ')
  );
}

/** `12.34%` of a fraction. */
export function humanizePercentage(value: number): string {
  return sprintf('%.4g%%', [value * 100]);
}

/** Seconds since the epoch as Go prints a time. */
export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return general(seconds, 4);
  return momentText(momentOf(seconds));
}

/** Milliseconds of seconds since the epoch, by way of nanoseconds in 64 bits, as Prometheus has them. */
export function momentOf(seconds: number): number {
  if (!Number.isFinite(seconds)) throw new TemplateFailure('value is NaN or Inf');
  const nanoseconds = seconds * 1e9;
  if (Math.abs(nanoseconds) > 2 ** 63) {
    throw new TemplateFailure(
      `${shown(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  }
  return Number(BigInt.asIntN(64, BigInt(Math.trunc(nanoseconds))) / 1_000_000n);
}

function scaled(value: number, prefixes: readonly string[], base: number): string {
  let [rest, prefix] = [value, ''];
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = next;
    rest /= base;
  }
  return general(rest, 4) + prefix;
}

function small(value: number, unit: string): string {
  let [rest, prefix] = [value, ''];
  for (const next of SMALL) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return general(rest, 4) + prefix + unit;
}

import { quoted } from './quoting.ts';

const UNITS = [
  ['y', 365 * 24 * 3600_000],
  ['w', 7 * 24 * 3600_000],
  ['d', 24 * 3600_000],
  ['h', 3600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** Units from the largest to the smallest, each at most once. */
const DURATION =
  /^(?:(?<y>[0-9]+)y)?(?:(?<w>[0-9]+)w)?(?:(?<d>[0-9]+)d)?(?:(?<h>[0-9]+)h)?(?:(?<m>[0-9]+)m)?(?:(?<s>[0-9]+)s)?(?:(?<ms>[0-9]+)ms)?$/;

/** What 63 bits of nanoseconds hold: Prometheus counts durations in them. */
const LONGEST_NS = 2n ** 63n - 1n;

/** Milliseconds of `1h30m`; throws an `Error` with Prometheus' words for anything else. `0` is a duration, '' is none. */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  if (text === '') throw new Error('empty duration string');
  const parts = DURATION.exec(text)?.groups;
  if (parts === undefined) throw new Error(`not a valid duration string: ${quoted(text)}`);
  let total = 0n;
  for (const [unit, size] of UNITS) {
    const count = parts[unit];
    // More than thirty digits are too long in any unit, and would be long in coming.
    if (count !== undefined) total += BigInt(count.replace(/^0+/, '').slice(0, 30)) * BigInt(size);
  }
  if (total * 1_000_000n > LONGEST_NS) throw new Error('duration out of range');
  return Number(total);
}

/** `5400000` → `1h30m`. Years, weeks and days are only used where nothing is left over, as Prometheus prints them. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  let rest = Math.abs(milliseconds);
  let text = milliseconds < 0 ? '-' : '';
  for (const [unit, size] of UNITS) {
    const whole = unit === 'y' || unit === 'w' || unit === 'd';
    if (rest < size || (whole && rest % size !== 0)) continue;
    const count = Math.floor(rest / size);
    text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

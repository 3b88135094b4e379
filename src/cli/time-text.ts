import { instant } from '../model/index.ts';
import { formatTime } from '../render/format.ts';
import type { Settings } from './settings.ts';

/** Formats that say the same whatever zone the reader lives in. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set(['json', 'jsonl', 'csv']);

/** The zone of the times in an answer. */
export const zoneOf = ({ format, render }: Settings): string =>
  FOR_PROGRAMS.has(format) ? 'UTC' : render.zone;

/** Milliseconds since 1970 as ISO 8601 in a zone: `2026-02-04T10:12:03Z`, `2026-02-04T11:12:03.500+01:00`. */
export function timeText(at: number, zone: string): string {
  const whole = Math.round(at);
  const millis = ((whole % 1000) + 1000) % 1000;
  const text = formatTime(instant(BigInt(whole) * 1_000_000n), zone).replace(' ', 'T');
  return millis === 0 ? text : text.replace(/(?<=T\d\d:\d\d:\d\d)/, `.${String(millis).padStart(3, '0')}`);
}

import { nearest, UserError } from '../model/index.ts';
import type { Session } from './session.ts';

export type ColorMode = 'auto' | 'always' | 'never';

/** Colour or not: the flag, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether a person is looking. */
export function wantsColor(mode: ColorMode, env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (isSet(env['NO_COLOR'])) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return terminal && env['TERM'] !== 'dumb';
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Columns of a terminal; a terminal that does not know its own width (0) gets the usual one. */
export function widthOf(stdout: Session['stdout']): number {
  return stdout.columns || 80;
}

/** The zone times are shown in; without a choice the local one on a terminal, else UTC, so that output is the same everywhere. */
export function zoneOf(zone: string | undefined, terminal: boolean): string {
  if (zone === undefined) return terminal ? new Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch (cause) {
    const near = nearest(zone, Intl.supportedValuesOf('timeZone'));
    throw new UserError(`--tz '${zone}': no such time zone`, {
      hint: near === undefined ? 'Write it like Europe/Berlin, or UTC.' : `Did you mean '${near}'?`,
      cause,
    });
  }
}

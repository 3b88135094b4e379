import { nearest, UserError } from '../model/index.ts';
import { secondOf } from '../pricing/parse-values.ts';
import type { RawOptions } from './options.ts';

type Raw = RawOptions[string];

/** The value if it is one of the choices; otherwise an error that suggests the nearest and lists all. */
export function choice<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UserError(`${option} '${value}': no such choice`, { hint: suggestion(value, choices) });
}

/** "Did you mean …?" where something is near, and what there is. */
function suggestion(value: string, choices: readonly string[]): string {
  const near = choices.find((one) => value !== '' && one.startsWith(value)) ?? nearest(value, choices);
  return `${near === undefined ? '' : `Did you mean '${near}'? `}Choices: ${choices.join(', ')}.`;
}

/** A whole number from 0 or 1. */
function count(option: string, value: string, least: 0 | 1): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number < least) throw new UserError(`${option} '${value}': not a whole number from ${least}`);
  return number;
}

/** A share from 0 to 1, typed as `2%` or `0.02`. */
function share(option: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value.trim());
  const amount = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (Number.isNaN(amount) || amount > 1) {
    throw new UserError(`${option} '${value}': not a share`, { hint: 'Write it like 2% or 0.02.' });
  }
  return amount;
}

/** The same, undefined where the option is not given. */
export function optional<T extends string>(option: string, value: Raw, choices: readonly T[]): T | undefined {
  return typeof value === 'string' ? choice(option, value, choices) : undefined;
}

export function optionalCount(option: string, value: Raw, least: 0 | 1 = 1): number | undefined {
  return typeof value === 'string' ? count(option, value, least) : undefined;
}

export function optionalShare(option: string, value: Raw): number | undefined {
  return typeof value === 'string' ? share(option, value) : undefined;
}

/** A day in UTC or a time, as seconds since the epoch. */
export function optionalSecond(option: string, value: Raw): number | undefined {
  if (typeof value !== 'string') return undefined;
  const second = secondOf(value);
  if (second !== undefined) return second;
  throw new UserError(`${option} '${value}': not a date`, {
    hint: 'Write it like 2026-07-01 (UTC) or 2026-07-01T09:00:00Z.',
  });
}

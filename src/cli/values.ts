import { nearest, UserError } from '../model/index.ts';

/** The value if it is one of the choices; otherwise an error that suggests the nearest and lists all. */
export function choice<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UserError(`${option} '${value}': no such choice`, { hint: suggestion(value, choices) });
}

/** "Did you mean …?" where something is near, and what there is. */
export function suggestion(value: string, choices: readonly string[]): string {
  const near = nearest(value, choices);
  return `${near === undefined ? '' : `Did you mean '${near}'? `}Choices: ${choices.join(', ')}.`;
}

/** A whole number from 1. */
export function count(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new UserError(`${option} '${value}': not a whole number from 1`);
  }
  return Number(value);
}

/** A share from 0 to 1, typed as `2%` or `0.02`. */
export function share(option: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(value.trim());
  const amount = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (Number.isNaN(amount) || amount > 1) {
    throw new UserError(`${option} '${value}': not a share`, { hint: 'Write it like 2% or 0.02.' });
  }
  return amount;
}

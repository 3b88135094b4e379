import { nearest, UserError } from '../model/index.ts';

/** What a value of a limit is: a part of a whole from 0 to 1, picodollars, integer nanoseconds, or a number of things. */
type LimitUnit = 'share' | 'usd' | 'nanos' | 'count';

/** `waste > 10%`, understood. `value` is in the smallest unit; `text` is what was typed. */
export type Limit<Name extends string = string> = {
  readonly text: string;
  readonly name: Name;
  readonly operator: Operator;
  readonly value: number;
  readonly unit: LimitUnit;
};

const OPERATORS = ['>=', '<=', '>', '<'] as const;
type Operator = (typeof OPERATORS)[number];

/** The measures that a limit may name, and the units in which each may be limited; the first is that of a bare number. */
export type LimitNames<Name extends string = string> = Readonly<Record<Name, readonly LimitUnit[]>>;

/**
 * An expression such as `waste > 10%`, `waste >= $2`, `waste_time > 5m`. Throws a `UserError` that names what can be limited,
 * and in which units.
 */
export function parseLimit<Name extends string>(
  option: string,
  text: string,
  names: LimitNames<Name>,
): Limit<Name> {
  const match = /^\s*([^\s<>=!]+)\s*(>=|<=|>|<)\s*([^<>=\s][^<>=]*)$/.exec(text);
  if (match === null) {
    throw new UserError(`${option} '${text}': not an expression`, {
      hint: `Write it like '${EXAMPLES[Object.values<readonly LimitUnit[]>(names)[0]?.[0] ?? 'count'](Object.keys(names)[0] ?? '')}'. Operators: ${OPERATORS.join(', ')}.`,
    });
  }
  const [, name = '', operator = '', value = ''] = match;
  if (!Object.hasOwn(names, name)) {
    const near = nearest(name.slice(0, 100), Object.keys(names));
    throw new UserError(`${option} '${text}': there is no measure '${name}'`, {
      hint: `${near === undefined ? '' : `Did you mean '${near}'? `}Measures: ${Object.keys(names).join(', ')}.`,
    });
  }
  const known = name as Name;
  const units: readonly LimitUnit[] = names[known];
  const amount = amountOf(value.trim(), units);
  if (amount === undefined) {
    const examples = units.map((unit) => `'${EXAMPLES[unit](name)}'`).join(' or ');
    throw new UserError(`${option} '${text}': '${value.trim()}' is no limit for ${name}`, {
      hint: `Write it like ${examples}.`,
    });
  }
  return { text, name: known, operator: operator as Operator, ...amount };
}

const EXAMPLES: Readonly<Record<LimitUnit, (name: string) => string>> = {
  share: (name) => `${name} > 10%`,
  usd: (name) => `${name} > $2`,
  nanos: (name) => `${name} > 5m`,
  count: (name) => `${name} > 3`,
};

/** Whether a value compares with a limit as it says; both in the same unit. */
export function holds({ operator, value: limit }: Pick<Limit, 'operator' | 'value'>, value: number): boolean {
  if (operator === '>') return value > limit;
  if (operator === '<') return value < limit;
  return operator === '>=' ? value >= limit : value <= limit;
}

type Amount = Pick<Limit, 'value' | 'unit'>;

/** Nanoseconds. */
const TIMES: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

function amountOf(text: string, units: readonly LimitUnit[]): Amount | undefined {
  const match = /^(\$?)\s*(\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})\s*(%|[a-zA-Zµ]{0,4})$/.exec(text);
  if (match === null) return undefined;
  const [, dollar, digits, word = ''] = match;
  const amount = inUnit(Number(digits), dollar === '$', word, units);
  return amount !== undefined && units.includes(amount.unit) && Number.isFinite(amount.value)
    ? amount
    : undefined;
}

function inUnit(
  number: number,
  dollar: boolean,
  word: string,
  units: readonly LimitUnit[],
): Amount | undefined {
  if (dollar || word.toLowerCase() === 'usd')
    return dollar && word !== '' && word.toLowerCase() !== 'usd'
      ? undefined
      : { value: Math.round(number * 1e12), unit: 'usd' };
  if (word === '%') return { value: number / 100, unit: 'share' };
  if (Object.hasOwn(TIMES, word)) return { value: Math.round(number * TIMES[word]!), unit: 'nanos' };
  if (word !== '') return undefined;
  // A bare number: a share is written from 0 to 1, everything else as it is; seconds are what time is told in.
  const [unit] = units;
  if (unit === 'share') return number <= 1 ? { value: number, unit } : undefined;
  if (unit === 'usd') return { value: Math.round(number * 1e12), unit };
  if (unit === 'nanos') return { value: Math.round(number * 1e9), unit };
  return { value: number, unit: 'count' };
}

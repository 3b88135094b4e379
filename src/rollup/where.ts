import { FLAG, isUnpriced, nearest, UserError } from '../model/index.ts';
import { DIMENSIONS, findDimension, type Labels, type Measured } from './dimensions.ts';

/** One `--where` argument: `user=ana`, `duration>2s`, `cost>=0.10`, `attr:http.status_code=500`, `tool~^web`. */
export type Condition = {
  readonly key: string;
  readonly operator: '=' | '!=' | '~' | '>' | '>=' | '<' | '<=';
  readonly value: string;
};

const NUMERIC_KEYS: readonly string[] = ['duration', 'cost'];
/** Operators of other languages, and what is meant by them. A space before such a value keeps it as it is. */
const FOREIGN: Readonly<Record<string, string>> = {
  '==': '=',
  '===': '=',
  '!==': '!=',
  '=~': '~',
  '~=': '~',
};
const OPERATORS = '= equal, != not equal, ~ matches a regular expression, > >= < <=';
const NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};
/** Nanoseconds that 64 bits hold: 292 years. No recorded time lies further from another. */
const LONGEST = 2 ** 63;

/** Reads a condition; a key no answer knows is an error with a suggestion. Columns come from `attributeKeys`. */
export function parseCondition(text: string): Condition {
  const match = /^\s*([^=!~<>]+?)\s*(!=|>=|<=|=|~|>|<)\s*([\s\S]*?)\s*$/.exec(text);
  if (match === null) {
    throw new UserError(`--where '${text}': no condition`, {
      hint: `Write KEY OPERATOR VALUE, e.g. --where 'user=ana'.`,
    });
  }
  const [, key, operator, value] = match as unknown as [string, string, Condition['operator'], string];
  checkKey(key, text);
  checkOperator(key, operator, text);
  if (key === 'duration') parseDuration(value);
  if (key === 'cost') parseDollars(value);
  if (operator === '~') compileRegExp(value);
  return { key, operator, value };
}

/** Does the span at a position meet every condition? */
export function matcher(data: Measured, conditions: readonly Condition[]): (position: number) => boolean {
  const tests = conditions.map((condition) => test(data, condition));
  return (position) => tests.every((holds) => holds(position));
}

/** A length of time as typed by a person: `90m`, `2.5s`, `350ms`, `7d`. Nanoseconds. */
function parseDuration(text: string): number {
  const nanos = readDuration(text);
  if (nanos !== undefined) return nanos;
  throw new UserError(`'${text}' is no length of time`, {
    hint: 'Write a number and a unit: 350ms, 2s, 90m, 24h, 7d.',
  });
}

/** The same; undefined for what is not written like one. */
export function readDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return undefined;
  const nanos = Number(match[1]) * NANOS[match[2]!]!;
  if (nanos > LONGEST)
    throw new UserError(`'${text}' is too long`, { hint: 'The longest length of time is 292 years.' });
  return nanos;
}

function checkKey(key: string, text: string): void {
  const known = [...Object.keys(DIMENSIONS), 'name', ...NUMERIC_KEYS];
  if (known.includes(key) || findDimension(key) !== undefined) return;
  const meant = nearest(key, known);
  throw new UserError(`--where '${text}': unknown key '${key}'`, {
    hint: `${meant === undefined ? '' : `Did you mean '${meant}'? `}Keys: ${known.join(', ')}, attr:<key>, resource:<key>.`,
  });
}

function checkOperator(key: string, operator: Condition['operator'], text: string): void {
  const written = /[=!~<>]+/.exec(text)![0];
  const meant = FOREIGN[written];
  if (meant !== undefined) {
    throw new UserError(`--where '${text}': no operator '${written}'`, {
      hint: `Write '${meant}' (${OPERATORS}).`,
    });
  }
  if (operator === '~' && NUMERIC_KEYS.includes(key)) {
    throw new UserError(`--where '${text}': operator '~' does not go with ${key}, which is a number`, {
      hint: `Write = != > >= < or <=, e.g. --where '${key}>${key === 'cost' ? '0.10' : '2s'}'.`,
    });
  }
}

function parseDollars(text: string): bigint {
  const match = /^\$?(\d+)(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (match === null) {
    throw new UserError(`'${text}' is no amount of dollars`, { hint: 'Write it like 0.10 or 12.' });
  }
  return BigInt(match[1]!) * 1_000_000_000_000n + BigInt((match[2] ?? '').padEnd(12, '0'));
}

function compileRegExp(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (cause) {
    throw new UserError(`'${source}' is no regular expression: ${(cause as Error).message}`, { cause });
  }
}

function test(data: Measured, { key, operator, value }: Condition): (position: number) => boolean {
  const { forest, bill } = data;
  if (key === 'duration') {
    const limit = parseDuration(value);
    return (p) =>
      forest.table.has(forest.row[p]!, FLAG.hasEnd) && compares(forest.duration(p), operator, limit);
  }
  if (key === 'cost') {
    const limit = Number(parseDollars(value));
    // What a call without a price costs is not known: neither 0 nor anything else.
    const isKnown = (p: number): boolean => bill.isCall(p) && !isUnpriced(bill.status(p));
    return (p) => isKnown(p) && compares(bill.cost(p), operator, limit);
  }
  const { idOf, textOf, absent } = labelsOf(data, key);
  const holds = textTest(operator, value);
  // Neighbours mostly have the same label.
  let known = Number.NaN;
  let held = false;
  return (p) => {
    const id = idOf(p);
    if (id === known) return held;
    held = holds(textOf(id) ?? absent);
    known = id;
    return held;
  };
}

function textTest(operator: Condition['operator'], value: string): (text: string) => boolean {
  if (operator === '~') {
    const pattern = compileRegExp(value);
    return (text) => pattern.test(text);
  }
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  return (text) => {
    const own = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(own) || Number.isNaN(number)) return compares(text, operator, value);
    return compares(own, operator, number);
  };
}

function labelsOf(data: Measured, key: string): Labels & { readonly absent: string } {
  const { table, row } = data.forest;
  if (key === 'name') {
    const idOf = (p: number): number => table.profiles.nameIdOf(table.profileOf(row[p]!));
    return { idOf, textOf: (id) => table.strings.text(id), absent: '' };
  }
  const found = findDimension(key);
  if (found === undefined) throw new UserError(`--where: unknown key '${key}'`);
  return { ...found.labels(data), absent: found.absent };
}

function compares<T extends number | string>(a: T, operator: Condition['operator'], b: T): boolean {
  switch (operator) {
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '!=':
      return a !== b;
    default:
      return a === b;
  }
}

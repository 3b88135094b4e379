import { quoted } from '../../promql/index.ts';
import { exponential, fixed, general } from './numbers.ts';
import { isMap, isSample, isSamples, Moment, Root, typeName, type Value } from './values.ts';

/** A value as an action of a template prints it: as `%v` does, but that it looks behind a pointer, which a sample is. */
export function actionText(value: Value): string {
  const text = shown(value);
  return value !== undefined && isSample(value) ? text.slice(1) : text;
}

/** A value as `%v` prints it. */
export function shown(value: Value): string {
  if (value === undefined) return '<nil>';
  if (typeof value === 'number') return general(value, undefined);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Moment) return momentText(value.at);
  if (value instanceof Root) return `{${[...value.fields.values()].map(shown).join(' ')}}`;
  if (isSamples(value)) return `[${value.map(shown).join(' ')}]`;
  if (isSample(value)) return `&{${shown(value.labels)} ${shown(value.value)}}`;
  const pairs = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([key, one]) => `${key}:${shown(one)}`).join(' ')}]`;
}

/** `1970-01-01 00:00:00 +0000 UTC`, as Go prints a time. */
export function momentText(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return 'invalid time';
  const text = date.toISOString();
  const fraction = text.slice(19, 23).replace(/\.?0+$/, '');
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction} +0000 UTC`;
}

type Flags = {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly precision: number | undefined;
};

const VERB = /%(?<flags>[+\-# 0]*)(?<width>\*|[0-9]*)(?:\.(?<precision>\*|[0-9]*))?(?<verb>.)?/gsu;
/** What Go takes for a width or a precision. */
const WIDEST = 1_000_000;

/** Go's `fmt.Sprintf` for the values of templates. */
export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0;
  const star = (): number | undefined => {
    const arg = args[next];
    next += 1;
    return typeof arg === 'bigint' ? Number(arg) : undefined;
  };
  let text = format.replace(VERB, (_all, ...match) => {
    const groups = match.at(-1) as Readonly<Record<string, string | undefined>>;
    const { flags = '', verb } = groups;
    let width = groups['width'] === '*' ? star() : Number(groups['width']);
    const digits = groups['precision'];
    const precision = digits === undefined ? undefined : digits === '*' ? star() : Number(digits);
    if (verb === undefined) return '%!(NOVERB)';
    if (verb === '%') return '%';
    if (width === undefined) return '%!(BADWIDTH)';
    const isLeft = flags.includes('-') || width < 0;
    width = Math.min(WIDEST, Math.abs(width));
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const arg = args[next];
    next += 1;
    return one(verb, arg, {
      plus: flags.includes('+'),
      minus: isLeft,
      sharp: flags.includes('#'),
      space: flags.includes(' '),
      zero: flags.includes('0') && !isLeft,
      width,
      precision: precision === undefined ? undefined : Math.min(WIDEST, precision),
    });
  });
  if (next < args.length) {
    const extra = args
      .slice(next)
      .map((arg) => (arg === undefined ? '<nil>' : `${typeName(arg)}=${shown(arg)}`));
    text += `%!(EXTRA ${extra.join(', ')})`;
  }
  return text;
}

function one(verb: string, arg: Value, flags: Flags): string {
  if (verb === 'T') return padded(typeName(arg), flags, false);
  if (arg === undefined) return verb === 'v' ? padded('<nil>', flags, false) : `%!${verb}(<nil>)`;
  const text = formatted(verb, arg, flags);
  if (text !== undefined) return text;
  return `%!${verb}(${typeName(arg)}=${formatted('v', arg, flags) ?? shown(arg)})`;
}

function formatted(verb: string, arg: Exclude<Value, undefined>, flags: Flags): string | undefined {
  if (typeof arg === 'number') return float(verb, arg, flags);
  if (typeof arg === 'bigint') return integer(verb, arg, flags);
  if (typeof arg === 'boolean') return 'tv'.includes(verb) ? padded(String(arg), flags, false) : undefined;
  if (typeof arg === 'string') return string(verb, arg, flags);
  if (isMap(arg) && verb === 'q') {
    const pairs = [...arg].sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${pairs.map(([key, value]) => `${quoted(key)}:${one('q', value, flags)}`).join(' ')}]`;
  }
  return 'vs'.includes(verb) ? padded(shown(arg), flags, false) : undefined;
}

function float(verb: string, value: number, flags: Flags): string | undefined {
  const { precision } = flags;
  let text: string;
  if (verb === 'f' || verb === 'F') text = fixed(value, precision ?? 6);
  else if (verb === 'e' || verb === 'E') text = exponential(value, precision ?? 6);
  else if (verb === 'g' || verb === 'G' || verb === 'v') text = general(value, precision);
  else return undefined;
  if (verb === 'E' || verb === 'G') text = text.toUpperCase().replace('NAN', 'NaN').replace('INF', 'Inf');
  const signed = signs(text.replace(/^\+/, ''), flags);
  const all = value === Number.POSITIVE_INFINITY && !flags.space ? '+Inf' : signed;
  return padded(all, Number.isFinite(value) ? flags : { ...flags, zero: false }, true);
}

function integer(verb: string, value: bigint, flags: Flags): string | undefined {
  const base = { d: 10, v: 10, b: 2, o: 8, x: 16, X: 16 }[verb];
  if (verb === 'c') return padded(String.fromCodePoint(Number(value)), flags, false);
  if (base === undefined) return undefined;
  const size = value < 0n ? -value : value;
  const digits = size.toString(base).padStart(flags.precision ?? 0, '0');
  const prefix = flags.sharp ? ({ x: '0x', X: '0X', o: '0', b: '0b' }[verb] ?? '') : '';
  const text = prefix + (verb === 'X' ? digits.toUpperCase() : digits);
  return padded(signs(value < 0n ? `-${text}` : text, flags), flags, flags.precision === undefined);
}

function string(verb: string, value: string, flags: Flags): string | undefined {
  const cut = flags.precision === undefined ? value : [...value].slice(0, flags.precision).join('');
  if (verb === 'v' || verb === 's') return padded(cut, flags, false);
  if (verb === 'q') {
    const canRaw = flags.sharp && !/[`\p{Cc}]/u.test(cut);
    return padded(canRaw ? `\`${cut}\`` : quoted(cut), flags, false);
  }
  if (verb !== 'x' && verb !== 'X') return undefined;
  const hex = Buffer.from(value).subarray(0, flags.precision).toString('hex');
  return padded(verb === 'X' ? hex.toUpperCase() : hex, flags, false);
}

function signs(text: string, { plus, space }: Flags): string {
  if (text.startsWith('-')) return text;
  return plus ? `+${text}` : space ? ` ${text}` : text;
}

function padded(text: string, { width, minus, zero }: Flags, isNumber: boolean): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  if (!zero) return ' '.repeat(missing) + text;
  const sign = isNumber ? (/^[+\- ]/.exec(text)?.[0] ?? '') : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

import { RE2JS } from 're2js';
import { parseDuration, quoted } from '../../promql/index.ts';
import { equal, less } from './comparisons.ts';
import { shown, sprintf } from './format.ts';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
  momentOf,
} from './humanize.ts';
import {
  isMap,
  isSample,
  isSamples,
  isTrue,
  Moment,
  type QuerySample,
  TemplateFailure,
  typeName,
  type Value,
} from './values.ts';

/** What functions know besides their arguments. */
export type FunctionContext = {
  readonly externalUrl: string;
  readonly query: (text: string) => readonly QuerySample[];
};

type Parameter = 'any' | 'string' | 'sample' | 'samples';
type TemplateFunction = {
  readonly parameters: readonly Parameter[];
  /** The type of any number of further arguments. */
  readonly rest?: Parameter;
  readonly of: (args: readonly Value[], context: FunctionContext) => Value;
};

/** Every function of a rule's template; `and` and `or` are evaluated by who calls them, since they may not look at all. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['query', { parameters: ['string'], of: ([text], { query }) => query(text as string) }],
  ['first', { parameters: ['samples'], of: ([samples]) => first(samples as readonly QuerySample[]) }],
  ['label', { parameters: ['string', 'sample'], of: ([name, one]) => labelOf(one, name as string) }],
  ['value', { parameters: ['sample'], of: ([one]) => (one as QuerySample).value }],
  ['strvalue', { parameters: ['sample'], of: ([one]) => labelOf(one, '__value__') }],
  ['args', { parameters: [], rest: 'any', of: (args) => new Map(args.map((arg, i) => [`arg${i}`, arg])) }],
  ['sortByLabel', { parameters: ['string', 'samples'], of: ([name, samples]) => sorted(name, samples) }],
  text('title', (one) =>
    one.replace(/(^|[^\p{L}\p{Nd}_'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  ),
  text('toUpper', (one) => one.toUpperCase()),
  text('toLower', (one) => one.toLowerCase()),
  text('safeHtml', (one) => one),
  text('stripPort', stripPort),
  text('stripDomain', stripDomain),
  text('graphLink', (expr) => `/graph?g0.expr=${encoded(expr)}&g0.tab=0`),
  text('tableLink', (expr) => `/graph?g0.expr=${encoded(expr)}&g0.tab=1`),
  [
    'match',
    {
      parameters: ['string', 'string'],
      of: ([pattern, one]) =>
        regex(pattern)
          .matcher(one as string)
          .find(),
    },
  ],
  [
    'reReplaceAll',
    {
      parameters: ['string', 'string', 'string'],
      of: ([pattern, by, one]) => replaced(regex(pattern), by as string, one as string),
    },
  ],
  number('humanize', humanize),
  number('humanize1024', humanize1024),
  number('humanizeDuration', humanizeDuration),
  number('humanizePercentage', humanizePercentage),
  number('humanizeTimestamp', humanizeTimestamp),
  number('toTime', (seconds) => new Moment(momentOf(seconds))),
  ['parseDuration', { parameters: ['string'], of: ([one]) => duration(one as string) }],
  ['externalURL', { parameters: [], of: (_args, { externalUrl }) => externalUrl }],
  ['pathPrefix', { parameters: [], of: (_args, { externalUrl }) => pathOf(externalUrl) }],
  [
    'and',
    {
      parameters: ['any'],
      rest: 'any',
      of: (args) => args[args.findIndex((arg) => !isTrue(arg))] ?? args.at(-1),
    },
  ],
  ['or', { parameters: ['any'], rest: 'any', of: (args) => args.find(isTrue) ?? args.at(-1) }],
  ['not', { parameters: ['any'], of: ([one]) => !isTrue(one) }],
  ['eq', { parameters: ['any'], rest: 'any', of: ([one, ...others]) => equal(one, ...others) }],
  ['ne', { parameters: ['any', 'any'], of: ([one, other]) => !equal(one, other) }],
  ['lt', { parameters: ['any', 'any'], of: ([one, other]) => less(one, other) }],
  ['le', { parameters: ['any', 'any'], of: ([one, other]) => less(one, other) || equal(one, other) }],
  [
    'gt',
    // Not `le`, so that NaN is greater than everything, as in Go.
    { parameters: ['any', 'any'], of: ([one, other]) => !(less(one, other) || equal(one, other)) },
  ],
  ['ge', { parameters: ['any', 'any'], of: ([one, other]) => !less(one, other) }],
  ['len', { parameters: ['any'], of: ([one]) => lengthOf(one) }],
  ['index', { parameters: ['any'], rest: 'any', of: ([one, ...keys]) => keys.reduce(item, one) }],
  ['slice', { parameters: ['any'], rest: 'any', of: ([one, ...ends]) => sliced(one, ends) }],
  ['print', { parameters: [], rest: 'any', of: (args) => printed(args) }],
  [
    'printf',
    { parameters: ['string'], rest: 'any', of: ([format, ...args]) => sprintf(format as string, args) },
  ],
  ['println', { parameters: [], rest: 'any', of: (args) => `${args.map(shown).join(' ')}\n` }],
  ['html', { parameters: [], rest: 'any', of: (args) => escapedHtml(printed(args)) }],
  ['js', { parameters: [], rest: 'any', of: (args) => escapedJs(printed(args)) }],
  ['urlquery', { parameters: [], rest: 'any', of: (args) => encoded(printed(args)) }],
]);

function text(name: string, of: (one: string) => Value): readonly [string, TemplateFunction] {
  return [name, { parameters: ['string'], of: ([one]) => of(one as string) }];
}

function number(name: string, of: (one: number) => Value): readonly [string, TemplateFunction] {
  return [name, { parameters: ['any'], of: ([one]) => of(toFloat(one)) }];
}

function toFloat(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') throw new TemplateFailure(`can't convert ${typeName(value)} to float`);
  if (/^[+-]?(?:inf|infinity)$/i.test(value)) return value.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(value)) return Number.NaN;
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(value)) {
    const read = Number(value);
    if (Number.isFinite(read)) return read;
    throw new TemplateFailure(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: value out of range`);
  }
  throw new TemplateFailure(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
}

function first(samples: readonly QuerySample[]): QuerySample {
  if (samples.length > 0) return samples[0]!;
  throw new TemplateFailure('first() called on vector with no elements');
}

function labelOf(sample: Value, name: string): string {
  return (sample as QuerySample).labels.get(name) ?? '';
}

function sorted(name: Value, samples: Value): readonly QuerySample[] {
  const of = ({ labels }: QuerySample): string => labels.get(name as string) ?? '';
  return [...(samples as readonly QuerySample[])].sort((a, b) =>
    of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0,
  );
}

/** `host:port` without its port; anything else as it is. */
function stripPort(hostPort: string): string {
  const split = /^(?:\[(?<six>[^\]]*)\]|(?<host>[^:[\]]*)):(?<port>[^:]*)$/.exec(hostPort)?.groups;
  return split?.['six'] ?? split?.['host'] ?? hostPort;
}

/** The first part of a host's name, with its port; addresses as they are. */
function stripDomain(hostPort: string): string {
  const host = stripPort(hostPort);
  if (/^[0-9.]+$/.test(host) || host.includes(':')) return hostPort;
  const port = host === hostPort ? '' : hostPort.slice(hostPort.lastIndexOf(':'));
  return host.split('.', 1)[0]! + port;
}

function encoded(one: string): string {
  const percent = (character: string): string =>
    `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return encodeURIComponent(Buffer.from(one).toString())
    .replaceAll(/[!'()*]/g, percent)
    .replaceAll('%20', '+');
}

function pathOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(?<path>[^?#]*)/i.exec(url)?.groups?.['path'] ?? '';
}

function regex(pattern: Value): RE2JS {
  try {
    return RE2JS.compile(pattern as string);
  } catch (cause) {
    const shape = (pattern as string).includes('`') ? quoted(pattern as string) : `\`${pattern}\``;
    throw new TemplateFailure(`regexp: Compile(${shape}): ${(cause as Error).message}`, { cause });
  }
}

/** Go's `ReplaceAllString`: `$1` and `${name}` stand for groups, a name is as long as it can be, unknown groups are empty. */
function replaced(pattern: RE2JS, by: string, one: string): string {
  const matcher = pattern.matcher(one);
  const names = pattern.namedGroups();
  let [result, last] = ['', 0];
  while (matcher.find()) {
    const group = (name: string): string => {
      const index = /^[0-9]+$/.test(name) ? Number(name) : (names as Readonly<Record<string, number>>)[name];
      if (index === undefined || index > matcher.groupCount()) return '';
      return matcher.group(index) ?? '';
    };
    result += one.slice(last, matcher.start());
    result += by.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced, bare) =>
      all === '$$' ? '$' : group((braced ?? bare) as string),
    );
    last = matcher.end();
  }
  return result + one.slice(last);
}

function duration(one: string): number {
  try {
    return parseDuration(one) / 1000;
  } catch (cause) {
    throw new TemplateFailure((cause as Error).message, { cause });
  }
}

function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (isSamples(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(value.size);
  if (value === undefined) throw new TemplateFailure('len of nil pointer');
  throw new TemplateFailure(`len of type ${typeName(value)}`);
}

function item(value: Value, key: Value): Value {
  if (value === undefined) throw new TemplateFailure('index of untyped nil');
  if (isMap(value)) {
    if (typeof key !== 'string') {
      throw new TemplateFailure(`value has type ${typeName(key)}; should be string`);
    }
    return value.get(key) ?? (typeName(value) === 'map[string]string' ? '' : undefined);
  }
  if (!isSamples(value) && typeof value !== 'string') {
    throw new TemplateFailure(`can't index item of type ${typeName(value)}`);
  }
  if (typeof key !== 'bigint') {
    throw new TemplateFailure(`cannot index slice/array with type ${typeName(key)}`);
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : undefined;
  const length = bytes?.length ?? (value as readonly QuerySample[]).length;
  if (key < 0n || key >= BigInt(length)) throw new TemplateFailure(`index out of range: ${key}`);
  return bytes === undefined ? (value as readonly QuerySample[])[Number(key)] : BigInt(bytes[Number(key)]!);
}

function sliced(value: Value, ends: readonly Value[]): Value {
  if (typeof value !== 'string' && !isSamples(value)) {
    throw new TemplateFailure(`can't slice item of type ${typeName(value)}`);
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const [from, to] = [ends[0] ?? 0n, ends[1] ?? BigInt(bytes.length)];
  for (const end of [from, to]) {
    if (typeof end !== 'bigint') {
      throw new TemplateFailure(`cannot index slice/array with type ${typeName(end)}`);
    }
    if (end < 0n || end > BigInt(bytes.length)) throw new TemplateFailure(`index out of range: ${end}`);
  }
  if (from > to) throw new TemplateFailure(`invalid slice index: ${shown(from)} > ${shown(to)}`);
  const part = bytes.slice(Number(from), Number(to));
  return typeof value === 'string' ? (part as Buffer).toString() : (part as readonly QuerySample[]);
}

/** `fmt.Sprint`: a space stands between two values of which neither is a text. */
function printed(args: readonly Value[]): string {
  let result = '';
  for (const [index, arg] of args.entries()) {
    if (index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string') result += ' ';
    result += shown(arg);
  }
  return result;
}

function escapedHtml(one: string): string {
  const names: Readonly<Record<string, string>> = {
    '<': '&lt;',
    '>': '&gt;',
    '&': '&amp;',
    "'": '&#39;',
    '"': '&#34;',
  };
  return one.replaceAll(/[<>&'"]/g, (character) => names[character]!);
}

function escapedJs(one: string): string {
  return one.replaceAll(/[\\'"<>&=\p{Cc}]/gu, (character) => {
    if ('\\\'"'.includes(character)) return `\\${character}`;
    return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Whether an argument may be given for a parameter. */
export function accepts(parameter: Parameter, value: Value): boolean {
  if (parameter === 'string') return typeof value === 'string';
  if (parameter === 'samples') return isSamples(value);
  return parameter === 'sample' ? isSample(value) : true;
}

export const PARAMETER_TYPES: Readonly<Record<Parameter, string>> = {
  any: 'interface {}',
  string: 'string',
  sample: '*template.sample',
  samples: 'template.queryResult',
};

import type { RowKey, RowPlan } from '../src/model/index.ts';
import { list, type Member, type Node, object, quoted } from './json-text.ts';
import type { Odd } from './oddities.ts';
import type { Random } from './random.ts';

/** Pieces of text: what telemetry looks like, escapes, characters of every length, control characters. */
const PIECES = [
  ...['a', 'b c', '"', '\\', '\\"', '\n', '\r\n', '\t', '\u0000', '\u001f', '\u007f', ' ', '/'],
  ...['é', '日本', '🙂', '\u2028', '\ufeff', '\ud800', '\udc00x'],
  ...['{"key":"user.id","value":{"stringValue":"x"}}', '{"traceId":"', ']}', '"}}', ']}]}]}', ','],
  ...['gen_ai.usage.cost', 'null', 'None', '0', '-1', '\\u0041', '{', '[', '}'],
];
/** Numbers that are easily read wrong: halfway between doubles, at the ends of their range, written long. */
const NUMBERS = [
  ...[
    '0',
    '-0',
    '-0.0',
    '0.0',
    '0e0',
    '1',
    '-1',
    '7',
    '1.0',
    '1e0',
    '1E5',
    '1e+5',
    '1E-5',
    '-1.5e3',
    '12e-1',
  ],
  ...['0.1', '0.2', '0.30000000000000004', '0.000012345678', '3.141592653589793238', '1e-7', '123456.789'],
  ...['999999999999999', '1000000000000000', '123456789012345.6', '9007199254740991', '9007199254740992'],
  ...[
    '9007199254740993',
    '9007199254740993.0',
    '-9007199254740993',
    '123456789012345678',
    '18446744073709551616',
  ],
  ...[
    '1e15',
    '1e16',
    '1e22',
    '1e23',
    '8.5e22',
    '9e22',
    '1e-22',
    '1e-23',
    '123456789012345e22',
    '123456789012345e-22',
  ],
  ...[
    '7205759403792793e1',
    '6.02214076e23',
    '179769313486231580793e289',
    '0.1e-6',
    '10000000000000000000000',
  ],
  ...['5e-324', '4.9e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '2.2250738585072011e-308'],
  ...[
    '2.2250738585072012e-308',
    '1.7976931348623157e308',
    '1.7976931348623159e308',
    '1e308',
    '1e309',
    '-1e400',
  ],
  ...[
    '1.00000000000000011102230246251565404236316680908203125',
    '0.500000000000000166533453693773481063544750213623046875',
  ],
  ...[
    '9214843084008499',
    '30078505129381147446200',
    '1777820000000000000001',
    '0.000000000000000000000000000000000001',
  ],
  ...['358416272e-33', '104110013277974872254e-225', '6.631236846766476e-316', '4.4501477170144023e-308'],
];
const KEY_NAMES = ['user.id', 'model', 'a', 'gen_ai.request.model', 'clé', 'x'.repeat(70)];

export const text = (random: Random, most = 6): string =>
  random.many(random.below(most), () => random.pick(PIECES)).join('');

export function number(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return random.pick(NUMBERS);
    case 1:
      return String(random.fraction() * 10 ** (random.below(40) - 20));
    case 2:
      return `${random.below(10)}.${random.digits(1 + random.below(20))}`;
    case 3:
      return `${1 + random.below(9)}${random.digits(random.below(19))}${random.pick(['', '', 'e5', 'E-12', 'e22'])}`;
    default:
      return String(random.below(10 ** random.below(10)));
  }
}

/** Any AnyValue, now and then something else. */
export function anyValue(random: Random, depth = 0): Node {
  switch (random.below(depth > 3 ? 9 : 13)) {
    case 0:
    case 1:
    case 2:
      return object(['stringValue', quoted(text(random))]);
    case 3:
      return object(['intValue', quoted(wholeText(random))]);
    case 4:
      return object(['intValue', number(random)]);
    case 5:
    case 6:
      return object(['doubleValue', number(random)]);
    case 7:
      return object(['boolValue', random.pick(['true', 'false'])]);
    case 8:
      return random.pick(ODD_VALUES);
    case 9:
    case 10:
      return object(['arrayValue', nested(random, () => anyValue(random, depth + 1))]);
    default:
      return object([
        'kvlistValue',
        nested(random, () => attribute(random.pick(KEY_NAMES), anyValue(random, depth + 1))),
      ]);
  }
}

const nested = (random: Random, make: () => Node): Node =>
  random.chance(0.1)
    ? random.pick([
        object(),
        list(),
        'null',
        object(['values', 'null']),
        object(['values', list()], ['x', '1']),
      ])
    : object(['values', list(...random.many(random.below(3), make))]);

const ODD_VALUES: readonly Node[] = [
  object(),
  'null',
  '1',
  '"text"',
  list(),
  object(['stringValue', '1']),
  object(['stringValue', 'null']),
  object(['stringValue', '"a"'], ['stringValue', '"b"']),
  object(['intValue', '"1"'], ['stringValue', '"a"']),
  object(['string_value', '"snake"']),
  object(['bytesValue', '"aGk="']),
  object(['boolValue', '"true"']),
  object(['boolValue', '1']),
  object(['intValue', 'true']),
  object(['doubleValue', '"NaN"']),
  object(['doubleValue', '"1.5"']),
  object(['doubleValue', '"Infinity"']),
  object(['unknownValue', '1']),
];

const wholeText = (random: Random): string =>
  random.chance(0.7)
    ? String(random.below(10 ** random.below(9)))
    : random.pick([
        '',
        '-',
        '-0',
        '-1',
        '+1',
        '007',
        '1.5',
        '1e3',
        ' 1',
        '1 ',
        '0x10',
        'abc',
        '9'.repeat(15),
        '9'.repeat(16),
        '9'.repeat(45),
      ]);

export function attribute(key: string, value: Node): Node {
  return object(['key', quoted(key)], ['value', value]);
}

/** A value of the kind that the plan expects for a key, from few that come again, often at the edge of what is expected. */
export function plannedValue({ use }: RowKey, plan: RowPlan, random: Random): Node {
  switch (use) {
    case 'presence':
      return random.chance(0.1) ? anyValue(random) : random.pick(PRESENT);
    case 'constant':
      return random.pick(random.chance(0.7) ? CONSTANTS : SIMILAR_CONSTANTS);
    case 'text':
      if (random.chance(0.1)) return random.pick(CONSTANTS);
      if (random.chance(0.1)) return object(['doubleValue', number(random)]);
      return object(['stringValue', quoted(plannedText(plan, random))]);
    case 'count': {
      const count = String(random.below(1e6));
      return object(['intValue', random.chance(0.8) ? quoted(count) : count]);
    }
    case 'amount':
      return object(['doubleValue', random.chance(0.8) ? String(random.fraction()) : number(random)]);
    case 'passage':
      return object(['stringValue', quoted(random.chance(0.5) ? text(random, 12) : random.pick(PASSAGES))]);
    case 'answer':
      return object(['stringValue', quoted(`resp_${random.digits(11 + random.below(20))}`)]);
  }
}

const PRESENT: readonly Node[] = [
  object(['stringValue', quoted('a "quoted" é\n[{')]),
  object(['intValue', '"-12"']),
  object(['doubleValue', '0.1e-5']),
  object(['boolValue', 'false']),
  object(['arrayValue', object(['values', list(object(['stringValue', '"}]"']), object())])]),
  object(['kvlistValue', object(['values', list(attribute('x', object(['intValue', '1'])))])]),
];

const PASSAGES = ['', ' no ', 'a "quoted" é\n[{', 'p'.repeat(3000), '\\'];

const CONSTANTS: readonly Node[] = [
  ...['chat', 'openai', 'execute_tool', 'gpt-4o', 'x', '', 'a"b', 'ü', 'c'.repeat(2048)].map((value) =>
    object(['stringValue', quoted(value)]),
  ),
  object(['boolValue', 'false']),
];
/** The same bytes in another form are another value, or are not. */
const SIMILAR_CONSTANTS: readonly Node[] = [
  object(['stringValue', '"5"']),
  object(['intValue', '"5"']),
  object(['intValue', '5']),
  object(['doubleValue', '5.0']),
  object(['stringValue', '"true"']),
  object(['boolValue', 'true']),
];

function plannedText(plan: RowPlan, random: Random): string {
  if (random.chance(0.1) && plan.blanks.length > 0) return random.pick(plan.blanks);
  return random.chance(0.1)
    ? random.pick(['a"\\é\n日本z', 't'.repeat(1024), 'x', 'C:\\Users\\me', '\\u0041b'])
    : `user-${random.below(30)}`;
}

/** Values that look much like those expected. */
function oddValue({ use }: RowKey, plan: RowPlan, random: Random): Node {
  switch (use) {
    case 'count':
    case 'amount':
      return object([random.pick(['intValue', 'doubleValue']), number(random)]);
    case 'text':
      return object(['stringValue', oddText(plan, random)]);
    case 'constant':
      return object(['stringValue', quoted('c'.repeat(2046 + random.below(5)))]);
    case 'answer':
      return object([
        'stringValue',
        quoted(random.chance(0.5) ? text(random, 12) : 'r'.repeat(random.pick([15, 16, 1024, 1025]))),
      ]);
    default:
      return anyValue(random);
  }
}

/** Texts that begin or end as they should not, are too long, or turn out to be blank. */
function oddText({ blanks }: RowPlan, random: Random): Node {
  const edge = () => random.pick(['"', '\\', ' ', 'é', '\n', '\u007f']);
  const escapes = blanks
    .filter((blank) => blank.length > 2)
    .map((blank) => {
      const code = blank.charCodeAt(1).toString(16).padStart(4, '0');
      return `"${blank[0]}\\u${code}${blank.slice(2)}"`;
    });
  const texts = [`${edge()}mid`, `mid${edge()}`, text(random), 't'.repeat(1023 + random.below(4)), ...blanks];
  return random.pick([...texts.map(quoted), '"a\\u0020"', '"\\u0061b"', ...escapes]);
}

/** A list of attributes, in which one may be other than expected, or there twice. */
export function attributes(plan: RowPlan, random: Random, odd: Odd): Node {
  const found: Node[] = [];
  for (const planned of plan.keys.filter(({ of }) => of === undefined)) {
    if (!random.chance(0.6)) continue;
    const make = odd() ? random.pick([oddValue, oddValue, anyValueFor]) : plannedValue;
    found.push(attribute(planned.key, make(planned, plan, random)));
  }
  if (odd() && found.length > 0) found.push(random.pick(found));
  for (let more = random.below(4); more > 0; more--)
    found.push(attribute(random.pick(OTHER_KEYS), anyValue(random)));
  if (odd()) found.push(random.pick(ODD_ATTRIBUTES));
  return list(...(random.chance(0.3) ? random.shuffled(found) : found));
}

const anyValueFor = (_: RowKey, __: RowPlan, random: Random): Node => anyValue(random);

const OTHER_KEYS = [
  'other',
  '',
  'ключ',
  'a"b',
  'gen_ai.prompt',
  '__proto__',
  'key',
  'value',
  'k'.repeat(300),
];
const ODD_ATTRIBUTES: readonly Node[] = [
  'null',
  '1',
  object(),
  list(),
  object(['key', '"x"']),
  object(['value', object(['stringValue', '"x"'])]),
  object(['key', '1'], ['value', object(['stringValue', '"x"'])]),
  object(['key', '"x"'], ['value', object()], ['more', '1']),
  object(['key', '"x"'], ['key', '"y"'], ['value', object()]),
  object(['key', '"x"'], ['value', object()], ['value', object(['intValue', '1'])]),
  object(['key', 'null'], ['value', 'null']),
];

export const ODD_MEMBERS: readonly Member[] = [
  ['flags', '257'],
  ['traceState', '"a=b"'],
  ['droppedAttributesCount', '3'],
  ['unknown', object(['a', list('1', 'null', object())])],
];

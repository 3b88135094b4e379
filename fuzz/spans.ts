import type { RowPlan } from '../src/model/index.ts';
import { list, type Member, type Node, object, quoted } from './json-text.ts';
import { type Odd, oddities } from './oddities.ts';
import type { Random } from './random.ts';
import { anyValue, attribute, attributes, number, ODD_MEMBERS, plannedValue, text } from './values.ts';

const HEX = '0123456789abcdef';
const START = 1_790_000_000_000_000_000n;
/** Near the end of what 32 bits of seconds can hold. */
const LATEST = 2n ** 32n * 1_000_000_000n - 1_500_000_000n;

/** A span of OTLP JSON, and now and then another that differs from it in one field or attribute. */
export function randomSpans(plan: RowPlan, random: Random): Node[] {
  const members = randomMembers(plan, random);
  const spans = [members];
  while (random.chance(0.5))
    spans.push(random.chance(0.6) ? varied(members, plan, random) : renewed(members, random));
  return spans.map((all) => object(...all));
}

function randomMembers(plan: RowPlan, random: Random): Member[] {
  const odd = oddities(random);
  const start = random.chance(0.02) ? LATEST : START + BigInt(random.below(1e9)) * 1000n;
  const end = start + BigInt(random.below(random.pick([1e9, 3e9])));
  const members: Member[] = [];
  const field = (key: string, usual: () => Node, others: readonly Node[], present = 1) => {
    const chosen = odd()
      ? random.pick([undefined, 'null', '1', '"x"', object(), list(), ...others])
      : usual();
    if (chosen !== undefined && random.chance(present)) members.push([key, chosen]);
  };
  field('traceId', () => id(32, random), oddIds(32, random));
  field('spanId', () => id(16, random), oddIds(16, random));
  field('parentSpanId', () => (random.chance(0.3) ? quoted('') : id(16, random)), oddIds(16, random), 0.7);
  field('name', () => random.pick(NAMES), [quoted(text(random)), quoted('n'.repeat(1020 + random.below(8)))]);
  field('kind', () => random.pick(KINDS), oddKinds(random), 0.9);
  field('startTimeUnixNano', () => time(start, random), oddTimes(start));
  field('endTimeUnixNano', () => time(end, random), oddTimes(start));
  field('attributes', () => attributes(plan, random, odd), [object(['user.id', '"x"'])], 0.95);
  field('status', () => random.pick(STATUSES), ODD_STATUSES, 0.7);
  field('events', () => events(plan, random, odd), [list('null')], 0.4);
  field('links', () => list(link(random)), [list('1')], 0.2);
  if (random.chance(0.3)) members.push(random.pick(ODD_MEMBERS));
  if (odd()) members.push([random.pick(OTHER_SPELLINGS), quoted(random.digits(16, HEX))]);
  if (odd()) members.push(random.pick(members));
  return members;
}

/** The same but for one field, or for one attribute. */
function varied(members: readonly Member[], plan: RowPlan, random: Random): Member[] {
  const other = randomMembers(plan, random);
  const found = members.find(([name]) => name === 'attributes');
  const [key, value] = found !== undefined && random.chance(0.6) ? found : random.pick(members);
  if (key !== 'attributes' || typeof value === 'string' || !('items' in value)) {
    const replacement = other.find(([name]) => name === key);
    return members.flatMap((member) => (member[0] !== key ? [member] : replacement ? [replacement] : []));
  }
  const present = new Set(value.items.map(keyOf));
  const usable = plan.keys.filter(({ key: name }) => present.has(JSON.stringify(name)));
  const planned = random.pick(usable.length > 0 ? usable : plan.keys);
  const changed = attribute(planned.key, plannedValue(planned, plan, random));
  const items = value.items.map((item) => (keyOf(item) === JSON.stringify(planned.key) ? changed : item));
  return members.map((member) => (member[0] === key ? [key, { items }] : member));
}

/** Another span of the same pattern, where it has one. */
function renewed(members: readonly Member[], random: Random): Member[] {
  return members.map((member) => (member[0] === 'spanId' ? ['spanId', id(16, random)] : member));
}

const keyOf = (item: Node): Node | undefined =>
  typeof item === 'string' || !('members' in item)
    ? undefined
    : item.members.find(([name]) => name === 'key')?.[1];

const NAMES = ['chat', 'run', 'tool é', '', 'a b'].map(quoted);
const KINDS = ['1', '2', '3', '"SPAN_KIND_CLIENT"'];

const oddKinds = (random: Random): readonly Node[] => [
  ...['0', '5', '6', '-1', '1.0', '1e0', '10E-1', 'true', '"1"', '"client"', '"SpanKind.SERVER"'],
  quoted('K'.repeat(30 + random.below(6))),
  quoted(text(random)),
];

/** Of few, so that spans have parents and ids come again. */
function id(digits: number, random: Random): Node {
  const letters = random.chance(0.05) ? HEX.toUpperCase() : HEX;
  if (random.chance(0.5))
    return quoted(`${random.pick(['0', 'a', 'f'])}${'0'.repeat(digits - 2)}${1 + random.below(9)}`);
  return quoted(random.digits(digits, letters));
}

const oddIds = (digits: number, random: Random): readonly Node[] => [
  quoted('0'.repeat(digits)),
  quoted('0'.repeat(48 - digits)),
  quoted(random.digits(48 - digits, HEX)),
  quoted(random.digits(digits - 1, HEX)),
  quoted(random.digits(digits + 1, HEX)),
  quoted(`${random.digits(digits - 1, HEX)}g`),
  quoted(`0x${random.digits(digits, HEX)}`),
  quoted(Buffer.from(random.digits(digits, HEX), 'hex').toString('base64')),
  quoted('550e8400-e29b-41d4-a716-446655440000'),
  random.digits(18).replace(/^0+/, '') || '1',
];

function time(nanos: bigint, random: Random): Node {
  return random.chance(0.85) ? quoted(String(nanos)) : String(nanos);
}

const oddTimes = (start: bigint): readonly Node[] => [
  ...['0', '"0"', '""', '1', '"1"', '-1', '"-1"', '1.5e18', '1790000000000000000.5', '"1.79e18"', '"abc"'],
  quoted(`000${String(start).slice(3)}`),
  quoted(`0${start}`),
  quoted(String(start + 9_007_199_254_740_991n)),
  quoted(String(start + 9_007_199_254_740_992n)),
  quoted(String(start - 1n)),
  quoted(String(2n ** 32n * 1_000_000_000n - 1n)),
  quoted(String(2n ** 32n * 1_000_000_000n)),
  '"9999999999999999999"',
  '"18446744073709551615"',
  '"2026-09-21T14:13:20Z"',
  list('1790000000', '0'),
];

const STATUSES: readonly Node[] = [
  object(),
  object(['code', '0']),
  object(['code', '1']),
  object(['code', '1'], ['message', '""']),
  object(['code', '"STATUS_CODE_OK"']),
  object(['code', '"STATUS_CODE_UNSET"']),
  object(['code', '2'], ['message', quoted('no "way"\n')]),
  object(['code', '2'], ['message', '"no"']),
  object(['message', '"words"'], ['code', '"STATUS_CODE_ERROR"']),
];
const ODD_STATUSES: readonly Node[] = [
  object(['code', '2'], ['message', '2']),
  object(['message', '"a"'], ['message', '"b"']),
  object(['code', '3']),
  object(['code', '1.0']),
  object(['code', '-0']),
  object(['code', '10']),
  object(['code', '"1"']),
  object(['code', '"OK"']),
  object(['code', '"STATUS_CODE_ERRER"']),
  object(['code', 'null']),
  object(['code', '1'], ['code', '2']),
  object(['message', '"words"']),
  object(['message', 'null']),
  object(['code', '1'], ['more', '1']),
];

const events = (plan: RowPlan, random: Random, odd: Odd): Node =>
  list(...random.many(random.below(3), () => event(plan, random, odd)));

function event(plan: RowPlan, random: Random, odd: Odd): Node {
  if (odd()) return random.pick(['1', 'null', list(), object(['name', '"a"'], ['name', '"exception"'])]);
  const names = random.chance(0.2) ? [...plan.events, 'log'] : ['log', 'other', 'other', 'exception'];
  const name = odd() ? random.pick(['1', 'null', quoted(text(random))]) : quoted(random.pick(names));
  const asked = plan.keys.filter(({ of }) => of === 'exception');
  const found = asked
    .filter(() => random.chance(0.7))
    .map((planned) => attribute(planned.key, plannedValue(planned, plan, random)));
  if (odd()) found.push(attribute('exception.type', anyValue(random)));
  const members: Member[] = [
    ['timeUnixNano', quoted(String(START))],
    ['name', name],
    ['attributes', odd() ? random.pick(['null', object(), '1']) : list(...found)],
  ];
  const kept = members.filter(() => random.chance(0.9));
  return object(...(random.chance(0.3) ? random.shuffled(kept) : kept));
}

function link(random: Random): Node {
  return object(
    ['traceId', quoted(random.digits(32, HEX))],
    ['spanId', quoted(random.digits(16, HEX))],
    ['attributes', list()],
  );
}

const OTHER_SPELLINGS = [
  ...['trace_id', 'span_id', 'parent_span_id', 'start_time_unix_nano', 'end_time_unix_nano', 'startTime'],
] as const;

/** A number for a place where no JSON number may stand so. */
export const badToken = (random: Random): Node =>
  random.pick([
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '-',
    '1e+',
    'NaN',
    'Infinity',
    'tru',
    'nul',
    "'x'",
    '0x1',
    '1_0',
    `${number(random)}f`,
    '"\\x"',
    '"\\u12g4"',
    '"\t"',
    '"\u0001"',
    'undefined',
    '',
  ]);

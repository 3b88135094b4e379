import { inspect } from 'node:util';
import type { RowPlan } from '../src/model/index.ts';
import { flatAttributes } from './flat.ts';
import { type Node, object, type Style, written } from './json-text.ts';
import { mutated } from './mutations.ts';
import type { Random } from './random.ts';
import { randomSpans } from './spans.ts';

/** Spans as OpenTelemetry JS prints them. Those that are not `ordinary` have other things among and in them, and damage. */
export function nodeInput(plan: RowPlan, random: Random, ordinary: boolean): Buffer {
  const odd = (probability: number) => !ordinary && random.chance(probability);
  const pieces: string[] = [];
  for (let count = 1 + random.below(5); count > 0; count--) {
    if (random.chance(0.2)) pieces.push('2026-01-01T00:00:00Z INFO a line of a log');
    if (odd(0.15)) pieces.push(random.pick(BETWEEN));
    const around = { resource: random.pick(RESOURCES), instrumentationScope: random.pick(SCOPES) };
    for (const span of randomSpans(plan, random)) {
      const members: [string, unknown][] = Object.entries({ ...around, ...nodeMembers(span, random) });
      if (odd(0.1)) members.push(random.pick(ODD_MEMBERS));
      if (odd(0.05)) random.pick(members)[1] = random.pick(ODD_VALUES);
      if (odd(0.05)) members.splice(random.below(members.length), 1);
      const shuffled = odd(0.05) ? random.shuffled(members) : members;
      const layout = odd(0.05) ? { compact: random.pick([true, false, 1]) } : {};
      const text = inspect(Object.fromEntries(shuffled), { depth: 3, breakLength: 80, ...layout });
      pieces.push(odd(0.05) ? text.replace(/^ +/m, '') : text);
    }
  }
  const separator = odd(0.03) ? random.pick(['', ' ', ',', ',\n']) : '\n';
  const text = `${pieces.join(separator)}${random.pick(['\n', '\n', '', ' ', '\n\n '])}`;
  const input = Buffer.from(random.chance(0.1) ? text.replaceAll('\n', '\r\n') : text);
  return odd(0.4) ? mutated(input, random) : input;
}

const PLAIN: Style = { blanks: 0, breaks: false, shuffle: 0, escapedKeys: 0, escapedTexts: 0, indent: 0 };

/** The same span as its members stand in a printed one. */
function nodeMembers(span: Node, random: Random): { [key: string]: unknown } {
  const found = new Map(typeof span === 'string' || !('members' in span) ? [] : span.members);
  const told = (key: string) => parsed(found.get(key) ?? 'null', random);
  const [traceId, parentId] = [told('traceId'), told('parentSpanId') || undefined];
  const caller = random.chance(0.5)
    ? { parentSpanContext: parentId && { traceId, spanId: parentId, traceFlags: 1, traceState: undefined } }
    : { parentId };
  const start = Number(told('startTimeUnixNano')) / 1000;
  const length = Number(told('endTimeUnixNano')) / 1000 - start;
  return {
    traceId,
    ...caller,
    traceState: undefined,
    name: told('name'),
    id: told('spanId'),
    kind: random.below(6),
    timestamp: random.chance(0.9) ? Math.round(start) : start,
    duration: random.chance(0.5)
      ? Math.round(length * 1000) / 1000
      : random.below(1e6) + random.below(1e6) / 7e5,
    attributes: parsed(flatAttributes(found.get('attributes') ?? object(), random), random),
    status: random.pick(STATUSES),
    events: random.chance(0.1) ? [{ name: 'exception', attributes: {}, time: [1, 2] }] : [],
    links: random.chance(0.1) ? [{ context: { traceId, spanId: '00f067aa0ba902b7' }, attributes: {} }] : [],
  };
}

function parsed(node: Node, random: Random): unknown {
  try {
    return JSON.parse(written(node, PLAIN, random));
  } catch (error) {
    if (error instanceof SyntaxError) return random.pick(ODD_VALUES);
    throw error;
  }
}

const STATUSES = [
  ...[
    { code: 0 },
    { code: 1 },
    { code: 0 },
    { code: 2 },
    { code: 2, message: 'no' },
    { code: 1, message: '' },
  ],
  ...[{}, { code: '0' }, { code: 10 }, { message: 'no' }],
];
const RESOURCES = [
  { attributes: { 'service.name': 'shop', 'process.command_args': ['node', 'x y'] } },
  { attributes: { 'service.name': 'shop' } },
  { attributes: { 'service.name': 'café\'s "x"' } },
  {},
];
const SCOPES = [
  { name: 'lib', version: '1.0', schemaUrl: undefined },
  { name: 'lib', version: undefined, schemaUrl: undefined },
  { name: 'it\'s\n"b"', version: '' },
];
const ODD_VALUES = [
  ...[undefined, null, true, 7, -0, 1e21, 2 ** 60, 12345678901234567890n, Number.NaN, -5.5, '', 'x'],
  ...[
    "it's",
    'a"b',
    `'"\``,
    'one\ntwo\nthree and so on, until it is long enough to be broken up',
    '\x1b[0m',
    [],
  ],
  ...[{}, new Date(0), new Map([['a', 1]]), [1, [2, [3, [4]]]], { a: { b: { c: { d: 1 } } } }, () => 1],
];
const ODD_MEMBERS: readonly [string, unknown][] = [
  ['message', 'words'],
  ['level', 'info'],
  ['spanContext', {}],
  ['droppedAttributesCount', 0],
  ['a-b', 1],
  ['__proto__x', 1],
];

const WHOLE = `{
  resource: { attributes: {} },
  instrumentationScope: { name: 'lib', version: undefined, schemaUrl: undefined },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  name: 'n',
  id: 'b7ad6b7169203331',
  timestamp: 1790000000000000,
  duration: 5
}`;
const BETWEEN = [
  ...['{', '}', '{}', '[]', '[', ']', '\u0000', '{ level: 30 }', '{\n  resource: {', '{\n  resource: {\n'],
  `${WHOLE} x`,
  `${WHOLE},`,
  `[${WHOLE}]`,
  ` ${WHOLE}`,
  WHOLE.replaceAll('\n', ''),
  WHOLE.replaceAll(/^/gm, '  '),
  WHOLE.replace('duration: 5', 'duration: 5, // no'),
  WHOLE.replace("'n'", "'n' + 'm'"),
  WHOLE.replace("'n'", "'n' +\n    'm'"),
  WHOLE.replace('timestamp', "'timestamp'"),
  WHOLE.replace(/\}$/, '  ... 2 more items\n}'),
  WHOLE.slice(0, 80),
  '{"resourceSpans":[]}',
  '{"resourceSpans":[{"scopeSpans":[{"spans":[',
  '{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","name":"n","start_time_unix_nano":1790000000000000000,"end_time_unix_nano":1790000001000000000}',
];

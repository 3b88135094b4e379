import type { RowPlan } from '../src/model/index.ts';
import { flatAttributes } from './flat.ts';
import {
  list,
  type Member,
  type Node,
  object,
  quoted,
  randomStyle,
  type Style,
  written,
} from './json-text.ts';
import { mutated } from './mutations.ts';
import type { Random } from './random.ts';
import { randomSpans } from './spans.ts';

/** Spans as OpenTelemetry Python prints them. Those that are not `ordinary` have other things among and in them, and damage. */
export function pythonInput(plan: RowPlan, random: Random, ordinary: boolean): Buffer {
  const odd = (probability: number) => !ordinary && random.chance(probability);
  const style: Style = {
    ...randomStyle(random),
    blanks: odd(0.1) ? 0.1 : 0,
    shuffle: odd(0.1) ? 0.3 : 0,
    indent: random.pick([4, 4, 4, 2, 0]),
  };
  const pieces: string[] = [];
  for (let count = 1 + random.below(5); count > 0; count--) {
    if (random.chance(0.2)) pieces.push('2026-01-01T00:00:00Z INFO a line of a log');
    if (odd(0.15)) pieces.push(random.pick(BETWEEN));
    const resource = random.pick(RESOURCES);
    for (const span of randomSpans(plan, random)) {
      const members = pythonMembers(span, odd(0.1) ? random.pick(ODD_RESOURCES) : resource, random);
      if (odd(0.1)) members.push(random.pick(ODD_MEMBERS));
      if (odd(0.05)) members.push([random.pick(members)[0], 'null']);
      if (odd(0.03)) members.push(random.pick(members));
      if (odd(0.05)) members.splice(random.below(members.length), 1);
      const escapedKeys = odd(0.3) ? style.escapedKeys : 0;
      const text = written(object(...members), { ...style, escapedKeys }, random);
      pieces.push(odd(0.05) ? foreignIn(text, random) : text);
    }
  }
  const separator = odd(0.03) ? random.pick(['', ' ', ',', ',\n']) : '\n';
  const text = `${pieces.join(separator)}${random.pick(['\n', '\n', '', ' ', '\n\n '])}`;
  const input = Buffer.from(random.chance(0.1) ? text.replaceAll('\n', '\r\n') : text);
  return odd(0.4) ? mutated(input, random) : input;
}

/** Another process writes in between, or the margin is gone. */
function foreignIn(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  if (random.chance(0.5)) lines.splice(at, 0, random.pick(['', '   ', 'INFO words', '}', '{', '\t']));
  else lines[at] = lines[at]!.trimStart();
  return lines.join('\n');
}

/** The same span as its members stand in a printed one. */
function pythonMembers(span: Node, resource: Node, random: Random): Member[] {
  if (typeof span === 'string' || !('members' in span)) return [];
  const found = new Map(span.members);
  const id = (key: string) => {
    const value = found.get(key);
    return typeof value === 'string' ? value.replace(/^"(?=[0-9a-fA-F]{8})/, '"0x') : (value ?? 'null');
  };
  return [
    ['name', found.get('name') ?? '"n"'],
    [
      'context',
      object(
        ['trace_id', id('traceId')],
        ['span_id', id('spanId')],
        ...(random.chance(0.9) ? [['trace_state', '"[]"'] as const] : []),
      ),
    ],
    ['kind', random.chance(0.9) ? random.pick(KINDS) : (found.get('kind') ?? 'null')],
    ['parent_id', found.get('parentSpanId') === '""' ? 'null' : id('parentSpanId')],
    ['start_time', time(found.get('startTimeUnixNano'), random)],
    ['end_time', time(found.get('endTimeUnixNano'), random)],
    ['status', random.pick(STATUSES)],
    ['attributes', flatAttributes(found.get('attributes') ?? object(), random)],
    ['events', list(...random.many(random.below(2), () => event(random)))],
    ['links', list(...(random.chance(0.1) ? [object(['context', object()])] : []))],
    ['resource', resource],
  ];
}

const KINDS = ['"SpanKind.INTERNAL"', '"SpanKind.CLIENT"', '"SpanKind.SERVER"'];

/** Nanoseconds as ISO 8601, mostly the way Python writes it. */
function time(value: Node | undefined, random: Random): Node {
  const nanos = typeof value === 'string' ? /^"?(\d{19})"?$/.exec(value)?.[1] : undefined;
  if (nanos === undefined) return random.pick([value ?? 'null', ...ODD_TIMES]);
  const date = new Date(Number(BigInt(nanos) / 1_000_000n)).toISOString().slice(0, 19);
  const digits = random.chance(0.9) ? 6 : random.below(11);
  return quoted(`${date}${digits === 0 ? '' : '.'}${`${nanos.slice(10)}0`.slice(0, digits)}Z`);
}

const ODD_TIMES = [
  '"1970-01-01T00:00:00.000000Z"',
  '"2024-02-29T23:59:59.999999Z"',
  '"2026-02-31T00:00:00.000000Z"',
  '"2026-13-01T00:00:00.000000Z"',
  '"2026-01-01T24:00:00.000000Z"',
  '"2026-01-01T00:00:60.000000Z"',
  '"2026-01-01T00:00:00.Z"',
  '"2026-01-01T00:00:00,5Z"',
  '"2026-01-01T00:00:00+02:00"',
  '"2026-01-01 00:00:00Z"',
  '"2100-01-01T00:00:00Z"',
  '"0001-01-01T00:00:00Z"',
];

const STATUSES: readonly Node[] = [
  ...['UNSET', 'OK', 'UNSET', 'OK', 'ERROR', 'StatusCode.OK', ''].map((code) =>
    object(['status_code', quoted(code)]),
  ),
  object(['status_code', '"ERROR"'], ['description', '"no"']),
  object(['description', '"no"']),
  object(['status_code', '1']),
  object(),
  'null',
  '"OK"',
];

const event = (random: Random): Node =>
  random.chance(0.05)
    ? random.pick(['1', 'null'])
    : object(
        ['name', random.pick(['"log"', '"exception"', '"other"'])],
        ['timestamp', '"2026-09-21T14:13:20.000001Z"'],
        ['attributes', object(['exception.type', '"x"'])],
      );

const resourceOf = (name: string): Node =>
  object(['attributes', object(['service.name', name], ['process.pid', '7'])], ['schema_url', '""']);
const RESOURCES = ['"shop"', '"shop"', '"caf\\u00e9"', '"a\\"b"'].map(resourceOf);
const ODD_RESOURCES: readonly Node[] = [
  ...['null', "\"BoundedAttributes({'service.name': 'x'}, maxlen=None)\"", '7', list()],
  object(),
  object(['service.name', '"old"']),
  object(['attributes', 'null']),
];

const ODD_MEMBERS: readonly Member[] = [
  ['instrumentation_scope', object(['name', '"lib"'])],
  ['span_kind', '"LLM"'],
  ['parent', object(['span_id', '"0x00000000000000ff"'])],
  ['message', '"words"'],
  ['trace_id', '"0x0af7651916cd43dd8448eb211c80319c"'],
  ['spans', list()],
  ['__proto__', object()],
];

const IDS = '"trace_id": "0x0af7651916cd43dd8448eb211c80319c", "span_id": "0xb7ad6b7169203331"';
const REST = '"start_time": "2026-01-01T00:00:00.000000Z", "end_time": "2026-01-01T00:00:01.000000Z"';
const WHOLE = `"name": "n", "context": {${IDS}}, ${REST}, "resource": {}`;
const BETWEEN = [
  ...['{', '}', '{}', '[]', '[', ']', '\u0000', '{\n    "body": "words",\n    "severity_number": "9"\n}'],
  `{${WHOLE}}`,
  `{${WHOLE}} x`,
  `{${WHOLE}},`,
  ` {${WHOLE}}`,
  `[{${WHOLE}}]`,
  `{\n${WHOLE}\n}`,
  `  {\n    ${WHOLE}\n  }`,
  `{\n    ${WHOLE}\n  }`,
  `{\n    ${WHOLE}}`,
  `{ \n    ${WHOLE}\n}`,
  `{\n    ${WHOLE}\n} x`,
  `{\n    ${WHOLE}\n},`,
  `{\n    "name": "n",\n    "context": {${IDS}`,
  `{"name": "n", "context": {}, ${REST}, "resource": {}}`,
  '{"resourceSpans":[]}',
  '{"resourceSpans":[{"scopeSpans":[{"spans":[',
  `{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","name":"n","start_time_unix_nano":1790000000000000000,"end_time_unix_nano":1790000001000000000}`,
];

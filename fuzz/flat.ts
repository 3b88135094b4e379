import type { RowPlan } from '../src/model/index.ts';
import { list, type Member, type Node, object, randomStyle, written } from './json-text.ts';
import { mutated } from './mutations.ts';
import type { Random } from './random.ts';
import { randomSpans } from './spans.ts';
import { number } from './values.ts';

/** Lines that are flat spans. Those that are not `ordinary` have other things among and in them, and damage. */
export function flatInput(plan: RowPlan, random: Random, ordinary: boolean): Buffer {
  const odd = (probability: number) => !ordinary && random.chance(probability);
  const style = { ...randomStyle(random), breaks: odd(0.1), indent: odd(0.05) ? 2 : 0 };
  const lines: string[] = [];
  for (let count = 1 + random.below(6); count > 0; count--) {
    if (odd(0.15)) lines.push(random.pick(BETWEEN));
    if (random.chance(0.1)) lines.push(random.pick(['', ' ', '\t']));
    const service = random.pick(SERVICES);
    for (const span of randomSpans(plan, random)) {
      const members = flatMembers(span, random);
      if (service !== undefined && random.chance(0.9)) members.push(['service', service]);
      if (odd(0.1)) members.push(random.pick(ODD_MEMBERS));
      if (odd(0.05)) members.push([random.pick(members)[0], 'null']);
      if (odd(0.03)) members.push(random.pick(members));
      const escapedKeys = odd(0.3) ? style.escapedKeys : 0;
      const edge = random.chance(0.05) ? ' ' : '';
      lines.push(`${edge}${written(object(...members), { ...style, escapedKeys }, random)}`);
    }
  }
  const feed = random.chance(0.1) ? '\r\n' : '\n';
  const separator = odd(0.03) ? random.pick(['', ' ', ',', ',\n']) : feed;
  const input = Buffer.from(`${lines.join(separator)}${random.pick([feed, feed, '', ' ', '\n\n '])}`);
  return odd(0.4) ? mutated(input, random) : input;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['traceId', 'trace_id'],
  ['spanId', 'span_id'],
  ['parentSpanId', 'parent_span_id'],
  ['startTimeUnixNano', 'start_time_unix_nano'],
  ['endTimeUnixNano', 'end_time_unix_nano'],
]);
/** Members of OTLP that stay under their name; others are seldom kept. */
const SAME: ReadonlySet<string> = new Set(['name', 'kind', 'status', 'attributes']);

const SERVICES: readonly (Node | undefined)[] = [
  ...['"shop"', '"shop"', '"caf\\u00e9"', '"café"', '""', '"a\\"b"', 'null', '7', '{"name":"x"}', '[]'],
  undefined,
];
const STATUSES = ['0', '1', '2', '0', '"OK"', '"ERROR"', '"unset"', '"success"', '7', '""', 'true', '2.0'];

/** The same span as its members stand in a flat record. */
function flatMembers(span: Node, random: Random): Member[] {
  if (typeof span === 'string' || !('members' in span)) return [];
  return span.members.flatMap(([key, value]): Member[] => {
    const name = NAMES.get(key);
    if (name?.endsWith('_nano') && typeof value === 'string' && random.chance(0.8))
      return [[name, value.replace(/^"(\d+)"$/, '$1')]];
    if (name !== undefined) return [[name, value]];
    if (!SAME.has(key)) return random.chance(0.03) ? [[key, value]] : [];
    if (key === 'status') return [[key, random.chance(0.9) ? random.pick(STATUSES) : value]];
    return [[key, key === 'attributes' ? flatAttributes(value, random) : value]];
  });
}

/** Attributes of OTLP as the members of a record. */
export function flatAttributes(attributes: Node, random: Random): Node {
  if (typeof attributes === 'string' || !('items' in attributes)) return attributes;
  const members = attributes.items.flatMap((item): Member[] => {
    if (typeof item === 'string' || !('members' in item)) return [];
    const [first, second] = item.members;
    if (first?.[0] !== 'key' || second?.[0] !== 'value' || !String(first[1]).startsWith('"')) return [];
    return [[JSON.parse(String(first[1])), random.chance(0.03) ? 'null' : plain(second[1], random)]];
  });
  if (random.chance(0.01)) members.push([random.pick(['mlflow.spanType', 'mlflow.other', 'mlflow.']), '"x"']);
  return object(...members);
}

/** What an AnyValue holds, as it is. */
function plain(value: Node, random: Random): Node {
  if (typeof value === 'string') return value;
  const [member, more] = 'members' in value ? value.members : [];
  if (member === undefined || more !== undefined) return random.chance(0.5) ? number(random) : value;
  const [form, content] = member;
  if (form === 'intValue' && typeof content === 'string' && random.chance(0.95))
    return content.replace(/^"(0|-?[1-9]\d*)"$/, '$1');
  return content;
}

const ODD_MEMBERS: readonly Member[] = [
  ['events', list()],
  ['links', list()],
  ['error', '"no"'],
  ['status_message', '"no"'],
  ['level', '"info"'],
  ['message', '"words"'],
  ['resource', object(['a', '"b"'])],
  ['resource.x', '1'],
  ['scope_name', '"lib"'],
  ['service_name', '"other"'],
  ['traceId', '"0af7651916cd43dd8448eb211c80319c"'],
  ['id', '"a1"'],
  ['user.id', '"u"'],
  ['kind', '"3"'],
  ['duration', '5'],
  ['timestamp', '1790000000000000000'],
  ['end_time_unix_nano', 'null'],
  ['name', 'null'],
  ['__proto__', object()],
  ['context', object(['trace_id', '"0x1"'])],
];

const SPAN =
  '"span_id":"b7ad6b7169203331","name":"n","start_time_unix_nano":1790000000000000000,"end_time_unix_nano":1790000001000000000';
const BETWEEN = [
  ...[
    'a line of a log',
    '{"level":"info","trace_id":"0af7651916cd43dd8448eb211c80319c"}',
    '{',
    '}',
    '{}',
    '[]',
  ],
  `{"trace_id":"0af7651916cd43dd8448eb211c80319c",${SPAN}},`,
  `{"trace_id":"0af7651916cd43dd8448eb211c80319c",${SPAN}} x`,
  `{"trace_id":"1-5759e988-bd862e3fe1be46a994272793",${SPAN}}`,
  `[{"trace_id":"0af7651916cd43dd8448eb211c80319c",${SPAN}}]`,
  `{"trace_id":"0af7651916cd43dd8448eb211c80319c",\n${SPAN}\n}`,
  `{\n  "trace_id":"0af7651916cd43dd8448eb211c80319c",\n  ${SPAN.replaceAll(',', ',\n  ')}\n}`,
  '{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad',
  '{"resourceSpans":[]}',
  '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203332","name":"o","startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000001000000000"}]}]}]}',
  '{"resourceSpans":[{"scopeSpans":[{"spans":[',
  '{"resourceSpans":\n[]}',
  '\u0000',
  `{"trace_id":"0af7651916cd43dd8448eb211c80319c",${SPAN}}\u0000`,
];

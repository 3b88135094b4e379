import type { RowPlan } from '../src/model/index.ts';
import { list, type Member, type Node, object, quoted, randomStyle, written } from './json-text.ts';
import { mutated } from './mutations.ts';
import type { Random } from './random.ts';
import { badToken, randomSpans } from './spans.ts';
import { anyValue, attribute } from './values.ts';

/** What an input is made with; `odd` says whether this time something is to be as it should not. */
type Draft = {
  readonly plan: RowPlan;
  readonly random: Random;
  readonly odd: (probability: number) => boolean;
};

/** Documents, one after another. Those that are not `ordinary` have other things among and in them, and damage. */
export function randomInput(plan: RowPlan, random: Random, ordinary: boolean): Buffer {
  const odd = (probability: number) => !ordinary && random.chance(probability);
  const draft = { plan, random, odd };
  const pieces: string[] = [];
  for (let count = 1 + random.below(4); count > 0; count--) {
    if (odd(0.15)) pieces.push(random.pick(BETWEEN));
    if (random.chance(0.1)) pieces.push(random.pick(['', ' ', '\t']));
    pieces.push(`${random.chance(0.1) ? random.pick([' ', '\t ']) : ''}${document(draft)}`);
  }
  const feed = random.chance(0.1) ? '\r\n' : '\n';
  const separator = odd(0.04) ? random.pick(['', ' ', ',', ',\n']) : feed;
  const mark = odd(0.02) ? '\ufeff' : '';
  const input = Buffer.from(`${mark}${pieces.join(separator)}${random.pick([feed, feed, '', ' ', '\n\n '])}`);
  return odd(0.5) ? mutated(input, random) : input;
}

const BETWEEN = [
  ...['a line of a log', '2026-01-01 INFO {"resourceSpans":[]}', '{"level":"info"}', '{}', '[]', '{', '}'],
  ...[
    '{"resourceSpans":{}}',
    '{"resourceSpans":null}',
    '{"resourceSpans":[]}',
    ' { "resourceSpans" : [ ] } ',
  ],
  ...['{"resourceSpans":[{}]}', '{"resourceSpans":[{"scopeSpans":[{}]}]}', '{"resourceSpans":[null]}'],
  ...['{"resourceSpans":[]} x', '{"resourceSpans":[]},', '{"resourceSpans":[]}{"resourceSpans":[]}'],
  ...['{"resourceLogs":[]}', '{"resourceSpans":[],"resourceLogs":[]}', '{"resourceSpans":['],
  ...[
    '\u0000',
    '{"resourceSpans":[]}\u0000',
    '\r',
    '\r {"resourceSpans":[]}',
    '\f',
    '{"resource\\u0053pans":[]}',
  ],
];

function document(draft: Draft): string {
  const { random, odd } = draft;
  const style = randomStyle(random);
  const requests = random.many(random.pick([0, 1, 1, 1, 1, 2, 3]), () => resourceSpans(draft));
  if (odd(0.02)) requests.push(random.pick(['null', '1', list(), object()]));
  const members: Member[] = [['resourceSpans', list(...requests)]];
  if (odd(0.02))
    members.push(
      random.pick([
        ['resourceLogs', list()],
        ['x', '1'],
        ['resourceSpans', list()],
      ]),
    );
  const escapedKeys = odd(0.3) ? style.escapedKeys : 0;
  return written(object(...members), { ...style, escapedKeys }, random);
}

function resourceSpans(draft: Draft): Node {
  const { random, odd } = draft;
  const members: Member[] = [];
  if (random.chance(0.9)) members.push(['resource', resource(draft)]);
  const scopes = random.many(random.pick([0, 1, 1, 1, 2]), () => scopeSpans(draft));
  if (odd(0.01)) scopes.push('null');
  if (random.chance(0.98)) members.push(['scopeSpans', list(...scopes)]);
  if (random.chance(0.1)) members.push(['schemaUrl', quoted('https://example.org/1.0')]);
  return owner(members, draft);
}

function scopeSpans(draft: Draft): Node {
  const { plan, random, odd } = draft;
  const members: Member[] = [];
  if (random.chance(0.8)) members.push(['scope', scope(draft)]);
  const spans = random.many(random.below(random.pick([2, 3, 5])), () => randomSpans(plan, random)).flat();
  if (odd(0.02)) spans.push(random.pick(['null', '1', list(), badToken(random)]));
  if (random.chance(0.98)) members.push(['spans', list(...spans)]);
  if (random.chance(0.1)) members.push(['schemaUrl', random.pick(['""', 'null', '1'])]);
  return owner(members, draft);
}

/** What describes the spans may stand behind them; twice, or with company, is odd. */
function owner(members: Member[], { random, odd }: Draft): Node {
  if (odd(0.01) && members.length > 0) members.push(random.pick(members));
  if (odd(0.01)) members.push(random.pick(COMPANY));
  return object(...(random.chance(0.1) ? members.reverse() : members));
}

const COMPANY: readonly Member[] = [
  ['x', '1'],
  ['deprecatedScopeSpans', list()],
  ['instrumentationLibrary', object()],
  ['spans', 'null'],
  ['resource', 'null'],
];

function resource({ random, odd }: Draft): Node {
  if (odd(0.03)) return random.pick(['null', list(), '"x"']);
  if (random.chance(0.05)) return random.pick(UNUSUAL_RESOURCES);
  const name = random.pick(['shop', 'café', 'a"b']);
  const attributes = [attribute('service.name', object(['stringValue', quoted(name)]))];
  if (random.chance(0.3)) attributes.push(attribute(random.pick(['host', 'user.id', '']), anyValue(random)));
  if (random.chance(0.1))
    attributes.push(attribute('process.id', object(['intValue', `1${random.digits(17)}`])));
  return object(['attributes', list(...attributes)]);
}

const UNUSUAL_RESOURCES: readonly Node[] = [
  object(),
  object(['attributes', object(['a', '1'])]),
  object(['attributes', 'null']),
  object(['attributes', list()], ['attributes', list('1')]),
];

function scope({ random, odd }: Draft): Node {
  if (odd(0.03)) return random.pick(['null', list(), '"lib"']);
  return random.chance(0.05)
    ? random.pick([object(), object(['name', '1']), object(['version', '"1"'])])
    : object(['name', quoted(random.pick(['lib', 'ü', '']))], ['version', quoted('1.0')]);
}

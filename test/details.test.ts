import { describe, expect, it } from 'vitest';
import { type DetailOptions, spanDetails } from '../src/details.ts';
import {
  type Attributes,
  type LogRecord,
  NO_RESOURCE,
  type Place,
  type Span,
  type SpanSource,
  SpanTable,
} from '../src/model/index.ts';
import { createNormalizer } from '../src/normalize/index.ts';
import { assemble } from '../src/trace/index.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const id = (n: number): string => n.toString(16).padStart(16, '0');

type Told = Partial<Span> & { readonly said?: string };

function span(n: number, parent: number | undefined, { said, ...told }: Told = {}): Span {
  const attributes: Attributes = new Map(said === undefined ? [] : [['said', said]]);
  return {
    traceId: TRACE,
    spanId: id(n),
    parentSpanId: parent === undefined ? undefined : id(parent),
    name: `step ${n}`,
    kind: undefined,
    start: BigInt(n) as Span['start'],
    end: 100n as Span['end'],
    status: 'unset',
    statusMessage: undefined,
    attributes,
    events: [{ name: `event of ${n}`, time: undefined, attributes }],
    links: [],
    resource: NO_RESOURCE,
    scope: undefined,
    ...told,
  };
}

const log = (n: number, body: string): LogRecord => ({
  traceId: TRACE,
  spanId: id(n),
  time: undefined,
  severity: undefined,
  eventName: undefined,
  body,
  attributes: new Map(),
  resource: NO_RESOURCE,
  scope: undefined,
});

/** A file that is read line by line, and whose spans can be found again. Notes what was asked of it. */
function file(spans: readonly Span[], logs: readonly LogRecord[] = []) {
  const asked: (readonly number[] | 'everything')[] = [];
  const at = (row: number): Place => ({ source: 'run.jsonl', line: row + 1 });
  const read: SpanSource['read'] = async (sink) => {
    asked.push('everything');
    spans.forEach((one, row) => void sink.span(one, at(row)));
    for (const one of logs) sink.log(one, at(0));
    return [];
  };
  const reread: SpanSource['reread'] = async (rows, sink) => {
    asked.push(rows);
    for (const row of rows) sink.span(spans[row]!, at(row));
    return true;
  };
  return { asked, source: { read, reread } };
}

function forestOf(spans: readonly Span[]) {
  const table = new SpanTable();
  const normalizer = createNormalizer();
  for (const one of spans) table.push(normalizer.normalize(one));
  return assemble(table);
}

const ATTRIBUTES: DetailOptions = { attributes: true, logs: false };
const EVENTS: DetailOptions = { attributes: false, logs: false };

describe('a second read', () => {
  // The second span was reported three times; the last report is the one that says most.
  const spans = [
    span(1, undefined, { said: 'root' }),
    span(2, 1, { end: undefined }),
    span(3, 1, { events: [] }),
    span(2, 1, { end: undefined, said: 'still at it' }),
    span(4, 2, { said: 'leaf' }),
    span(2, 1, { said: 'done' }),
  ];
  const forest = forestOf(spans);
  const positions = Array.from({ length: forest.length }, (_, p) => p);
  const idOf = (p: number) => forest.table.spanIdOf(forest.row[p]!);

  it('finds spans and all their reports where they stood, without reading the rest', async () => {
    const { asked, source } = file(spans);
    const second = positions.find((p) => idOf(p) === id(2))!;
    const found = await spanDetails(source, forest, [second], ATTRIBUTES);
    expect(asked).toEqual([[1, 3, 5]]);
    expect([...found.keys()]).toEqual([second]);
    const { at, reports, attributes, events } = found.get(second)!;
    expect(attributes.get('said')).toBe('done');
    expect(events.map(({ name }) => name)).toEqual(['event of 2']);
    expect(at.line).toBe(6);
    expect(reports.map(({ line }) => line)).toEqual([2, 4, 6]);
  });

  it.each([ATTRIBUTES, EVENTS])('finds what reading everything finds: %j', async (options) => {
    const { asked, source } = file(spans);
    const found = await spanDetails(source, forest, positions, options);
    const whole = await spanDetails({ read: source.read }, forest, positions, options);
    expect(found.size).toBe(options.attributes ? 4 : 3);
    for (const [position, details] of whole) expect(found.get(position)).toEqual(details);
    expect(found.size).toBe(whole.size);
    expect(asked[0]).not.toBe('everything');
    expect(asked.slice(1)).toEqual(['everything']);
  });

  it('does not begin where there is nothing to find', async () => {
    const { asked, source } = file(spans);
    const third = positions.filter((p) => idOf(p) === id(3));
    expect((await spanDetails(source, forest, third, EVENTS)).size).toBe(0);
    expect((await spanDetails(source, forest, [], ATTRIBUTES)).size).toBe(0);
    expect(asked).toEqual([]);
  });

  it('reads everything for logs, which may be anywhere', async () => {
    const { asked, source } = file(spans, [log(4, 'here'), log(99, 'somewhere')]);
    const found = await spanDetails(source, forest, positions, { attributes: false, logs: true });
    expect(asked).toEqual(['everything']);
    const bodies = [...found].map(([p, { logs }]) => [idOf(p), logs.map(({ body }) => body)]);
    expect(bodies).toContainEqual([id(4), ['here']]);
    expect(bodies).toContainEqual([id(1), ['somewhere']]);
  });

  it('reads everything for the halves of a call, which share an id', async () => {
    const halves = [
      span(1, undefined),
      span(2, 1, { kind: 'client', half: 'owner', said: 'asked' }),
      span(2, 1, { kind: 'server', half: 'shared', said: 'answered' }),
    ];
    const both = forestOf(halves);
    const { asked, source } = file(halves);
    const found = await spanDetails(source, both, [0, 1, 2], ATTRIBUTES);
    expect(asked).toEqual(['everything']);
    expect([...found.values()].map(({ attributes }) => attributes.get('said')).sort()).toEqual([
      'answered',
      'asked',
      undefined,
    ]);
  });
});

describe('an input that is not what it was', () => {
  const spans = [span(1, undefined, { said: 'root' }), span(2, 1, { said: 'leaf' })];
  const forest = forestOf(spans);
  const said = async (source: SpanSource) =>
    [...(await spanDetails(source, forest, [0, 1], ATTRIBUTES)).values()].map(({ attributes }) =>
      attributes.get('said'),
    );

  it.each<[string, SpanSource['reread']]>([
    ['cannot be found again', async () => false],
    [
      'is found in part',
      async (_, sink) => {
        sink.span(span(1, undefined, { said: 'old' }), { source: 'run.jsonl', line: 1 });
        return false;
      },
    ],
    [
      'is shorter',
      async (_, sink) => {
        sink.span(spans[0]!, { source: 'run.jsonl', line: 1 });
        return true;
      },
    ],
    [
      'has other spans in their places',
      async (rows, sink) => {
        for (const row of rows)
          sink.span(span(7 + row, undefined, { said: 'other' }), { source: 'run.jsonl', line: 1 });
        return true;
      },
    ],
  ])('is read as a whole where it %s', async (_, reread) => {
    const { asked, source } = file(spans);
    expect(await said({ read: source.read, ...(reread && { reread }) })).toEqual(['root', 'leaf']);
    expect(asked).toEqual(['everything']);
  });

  it('may have grown before the spans: the report that is most like the one that was read stands for it', async () => {
    const grown = [
      span(9, undefined),
      span(8, undefined),
      span(2, 1, { name: 'another', said: 'wrong' }),
      ...spans,
    ];
    const { read } = file(grown).source;
    expect(await said({ read, reread: async () => false })).toEqual(['leaf', 'root']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SplitOptions, Splitter } from '../../src/input/split.ts';
import { otlp, otlpSpan } from './reading.ts';

function split(text: string, chunk = 1 << 20, options: Partial<SplitOptions> = {}) {
  const pieces: { value: unknown; line: number }[] = [];
  const splitter = new Splitter({
    line: 1,
    batch: 0,
    openAt: 0,
    emit: (piece, line) => pieces.push({ value: JSON.parse(piece), line }),
    ...options,
  });
  const bytes = Buffer.from(text);
  const memory = Buffer.alloc(Math.min(chunk, bytes.length));
  for (let from = 0; from < bytes.length; from += chunk) {
    const length = bytes.copy(memory, 0, from, from + chunk);
    splitter.push(memory.subarray(0, length));
  }
  return { pieces, values: pieces.map(({ value }) => value), end: splitter.end() };
}

/** What is handed on for one span of `otlp(…)`. */
const scoped = (name: string, id: number) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [{ scope: { name: 'lib' }, spans: [otlpSpan(name, id)] }],
    },
  ],
});

describe('a document that is read piecewise', () => {
  it('gives one document per span, with the resource and scope that go with it', () => {
    const { values, end } = split(JSON.stringify(otlp('a', 'b')), 7);
    expect(values).toEqual([scoped('a', 1), scoped('b', 2)]);
    expect(end).toMatchObject({ cut: undefined, tooLarge: 0 });
  });

  it('holds spans back until a resource that comes after them is known', () => {
    const resource = { attributes: [] };
    const spans = [otlpSpan('a'), otlpSpan('b')];
    const text = JSON.stringify({
      resource_spans: [{ scope_spans: [{ spans, scope: { name: 's' } }], schema_url: 'x', resource }],
    });
    const scope = { name: 's' };
    expect(split(text, 1).values).toEqual([
      { resource_spans: [{ resource, scope_spans: [{ scope, spans }] }] },
    ]);
  });

  it.each([
    ['an array of documents', [otlp('a'), otlp('b')]],
    ['arrays in an array', [[{ traceId: 'x', id: '1' }], [{ traceId: 'y', id: '2' }]]],
    ['a bare resource', (otlp('a') as { resourceSpans: unknown[] }).resourceSpans[0]],
    ['a cover', { trace: otlp('a'), metrics: {} }],
    [
      'old scope names',
      { batches: [{ resource: {}, instrumentationLibrarySpans: [{ spans: [otlpSpan('a')] }] }] },
    ],
    ['an unknown document', { name: 'package', scripts: { a: 'b' }, list: [1, 'x', null] }],
    ['a value of each kind', [1, -2.5e3, 'x"\\', true, null, { a: [] }, []]],
    ['an empty list', { resourceSpans: [] }],
    ['keys with escapes', { 'a"\\b': { 'c\u2028': '漢字\\' } }],
  ])('keeps everything of %s', (_, value) => {
    for (const chunk of [1, 5, 1 << 20]) {
      const { values, end } = split(JSON.stringify(value), chunk, { batch: 1 << 20 });
      expect(end.cut).toBeUndefined();
      expect(leaves(values).sort()).toEqual(leaves(value).sort());
    }
  });

  it('keeps Jaeger spans together with the processes that they name', () => {
    const processes = { p1: { serviceName: 'shop' } };
    const spans = ['a', 'b'].map((spanID) => ({ traceID: '1', spanID, processID: 'p1' }));
    const data = [{ traceID: '1', spans, processes }];
    expect(split(JSON.stringify({ data }), 9, { batch: 100 }).values).toEqual([{ data }]);
    const first = [{ traceID: '1', processes, spans }];
    expect(split(JSON.stringify({ data: first }), 9).values).toEqual(
      spans.map((span) => ({ data: [{ traceID: '1', processes, spans: [span] }] })),
    );
  });

  it('does not repeat log records of the same document', () => {
    const document = { ...otlp('a', 'b'), resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: {} }] }] }] };
    const logs = split(JSON.stringify(document)).values.filter(
      (value) => 'resourceLogs' in (value as object),
    );
    expect(logs).toHaveLength(1);
  });

  it('gives the spans that are whole of a document that ends early, and the place of the one that is not', () => {
    const text = JSON.stringify(otlp('a', 'b', 'c'), null, 2);
    const cut = text.slice(0, text.indexOf('"name": "c"'));
    const { values, end } = split(cut, 11);
    expect(values).toEqual([scoped('a', 1), scoped('b', 2)]);
    expect(end.cut).toBe(cut.slice(0, cut.lastIndexOf('{')).split('\n').length);
  });

  it('does not take a record that was cut for a whole one', () => {
    expect(split('{"name":"x","context":{"trace_id":"1"},"start_time":"2').values).toEqual([]);
  });

  it('names the line of every piece', () => {
    const { pieces } = split(JSON.stringify({ data: [{ a: 1 }, { b: 2 }] }, null, 1), 3);
    expect(pieces.map(({ line }) => line)).toEqual([3, 6]);
  });

  it('drops what is too large to hold, and goes on', () => {
    const spans = [otlpSpan('a'), { ...otlpSpan('b'), attributes: ['x'.repeat(5000)] }, otlpSpan('c')];
    const { values, end } = split(JSON.stringify({ spans }), 100, { hold: 2000 });
    expect(values).toEqual([{ spans: [otlpSpan('a')] }, { spans: [otlpSpan('c')] }]);
    expect(end).toMatchObject({ tooLarge: 1, tooLargeAt: 1 });
  });

  it('goes through arrays that nest without end in linear time', { timeout: 30_000 }, () => {
    expect(split('['.repeat(200_000)).values).toEqual([]);
  });

  it('gives every span with its resource and scope, however the bytes are cut', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 40 }), fc.nat(200), (text, chunk, batch) => {
        const whole = spansIn(JSON.parse(text));
        expect(
          split(text, chunk, { batch })
            .values.flatMap((value) => spansIn(value))
            .sort(),
        ).toEqual(whole.sort());
      }),
    );
  });

  it('gives the same spans of a document that ends early, however the bytes are cut', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 40 }), fc.nat(400), (text, chunk, cut) => {
        const part = text.slice(0, Math.max(1, text.length - cut));
        const ids = (size: number) =>
          split(part, size).values.flatMap((value) => spansIn(value).map((span) => span.split(' ')[0]));
        const whole = spansIn(JSON.parse(text)).map((span) => span.split(' ')[0]);
        expect(ids(chunk).sort()).toEqual(ids(1).sort());
        expect(whole).toEqual(expect.arrayContaining(ids(1)));
      }),
    );
  });

  it('survives any text', () => {
    const part = fc.constantFrom(...'{}[]:,"\\ \n1a', '"spans":[', '"resourceSpans":[', '"x":');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (parts, chunk) => {
        const splitter = split(parts.join(''), chunk, { emit: () => undefined });
        expect(splitter.end.tooLarge).toBe(0);
      }),
    );
  });
});

/** Every scalar of a value with the keys directly above it, wherever it stands. */
function leaves(value: unknown, key = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${key}=${JSON.stringify(value)}`];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, key));
  return Object.entries(value).flatMap(([inner, item]) => leaves(item, inner));
}

/** Requests whose keys stand in any order, some of them missing, some unknown. Every span has a number of its own. */
const requests: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      resource: fc.option(fc.nat(9)),
      last: fc.boolean(),
      scopes: fc.array(
        fc.record({ scope: fc.option(fc.nat(9)), last: fc.boolean(), spans: fc.integer({ min: 0, max: 4 }) }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  )
  .map((resources) => {
    let number = 0;
    const ordered = (last: boolean, head: object, list: object) => ({
      ...(last ? list : head),
      ...(last ? head : list),
      x: '{"\\',
    });
    const resourceSpans = resources.map(({ resource, last, scopes }) => {
      const scopeSpans = scopes.map((scope) => {
        const spans = Array.from({ length: scope.spans }, () => ({ name: `"]${number}`, number: number++ }));
        return ordered(scope.last, scope.scope === null ? {} : { scope: { name: scope.scope } }, { spans });
      });
      return ordered(last, resource === null ? {} : { resource: { id: resource } }, { scopeSpans });
    });
    return JSON.stringify({ a: [1], resourceSpans, b: {} });
  });

/** `number resource scope` of every span in a request. */
function spansIn(value: unknown): string[] {
  type Request = {
    resourceSpans?: {
      resource?: { id: number };
      scopeSpans?: { scope?: { name: number }; spans?: { number: number }[] }[];
    }[];
  };
  return ((value as Request).resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans = [] }) =>
      spans.map(({ number }) => `${number} ${resource?.id} ${scope?.name}`),
    ),
  );
}

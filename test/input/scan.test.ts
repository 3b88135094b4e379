import { describe, expect, it } from 'vitest';
import { drive } from '../../fuzz/drive.ts';
import { SCANNERS } from '../../fuzz/scanners.ts';
import type { Scanner } from '../../src/input/scan/scanner.ts';
import { hash64, ROW, ROW_WORDS } from '../../src/model/index.ts';
import { ALIKE, document, INPUTS, PLAN, SPANS, span, UNLIKE, VALUES } from './scan-cases.ts';

const whole = (text: string) => () => Math.max(1, Buffer.byteLength(text));

function rowsOf(scanner: Scanner, text: string, sizes = whole(text)) {
  return drive(scanner, Buffer.from(text), sizes).flatMap(({ rows }) => rows);
}

const patternsOf = (scanner: Scanner, spans: readonly string[]): number[] =>
  rowsOf(scanner, document(...spans)).map(({ words }) => words[ROW.pattern]!);

describe.each(SCANNERS)('the scanner $name', ({ create }) => {
  const shared = create(PLAN);

  it.each(SPANS)('%s: %s', (_, as, text) => {
    expect(patternsOf(shared, [text])).toEqual([as === 'row' ? expect.toSatisfy((n) => n > 0) : 0]);
  });

  it.each(ALIKE)('gives one pattern for %s', (_, ...spans) => {
    const patterns = patternsOf(shared, spans);
    expect(patterns[0]).toBeGreaterThan(0);
    expect(new Set(patterns).size).toBe(1);
  });

  it.each(UNLIKE)('tells apart %s', (_, ...spans) => {
    const patterns = patternsOf(shared, spans);
    expect(patterns).not.toContain(0);
    expect(new Set(patterns).size).toBe(spans.length);
  });

  it('hands out ids, times and places', () => {
    const scanner = create(PLAN);
    const text = `\n${document(`\n ${span()}`, '{}')}`;
    const [row, object] = rowsOf(scanner, text);
    expect(text.slice(row!.offset, row!.offset + row!.length)).toBe(span());
    expect([row!.words[ROW.line], object!.words[ROW.line]]).toEqual([3, 3]);
    expect([...row!.words.subarray(ROW.traceId, ROW.traceId + 4)]).toEqual([
      0x01234567, 0x89abcdef, 0x01234567, 0x89abcdef,
    ]);
    expect([...row!.words.subarray(ROW.spanId, ROW.parentId + 2)]).toEqual([0, 0xa1, 0, 0xa0]);
    expect([row!.words[ROW.startSecond], row!.words[ROW.startNano]]).toEqual([1_790_000_000, 123_456_789]);
    expect(row!.doubles[ROW.duration / 2]).toBe(1e9);
  });

  it.each(VALUES)('hands out the values of %s', (text, values) => {
    const bytes = Buffer.from(document(text));
    const [row] = rowsOf(shared, document(text));
    const slots = shared.slotsOf(row!.words[ROW.pattern]!);
    const found = slots.map((slot, i) => {
      const at = ROW.values + 2 * i;
      const { key, use } = PLAN.keys[slot]!;
      if (use === 'passage') {
        const from = row!.offset + row!.words[at]!;
        return [key, bytes.toString('utf8', from, from + row!.words[at + 1]!)];
      }
      if (use === 'answer') return [key, [row!.words[at], row!.words[at + 1]]];
      return [key, use === 'text' ? shared.text(row!.doubles[at / 2]!) : row!.doubles[at / 2]];
    });
    const expected = { ...values, ...('id' in values && { id: hash64(String(values['id'])) }) };
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it.each(INPUTS.map(([what, text, spans, lines = []]) => [what, text, spans, lines] as const))(
    'reads %s',
    (_, text, spans, refused) => {
      for (const sizes of [whole(text), () => 1, () => 7]) {
        const stretches = drive(shared, Buffer.from(text), sizes);
        expect(stretches.flatMap(({ rows }) => rows)).toHaveLength(spans);
        const lines = stretches
          .filter(({ foreign }) => foreign)
          .map(({ end }) => Buffer.from(text).toString('latin1', 0, end).split('\n').length);
        expect(lines).toEqual(refused);
      }
    },
  );

  it('has one number for texts, contexts and patterns that come again', () => {
    const scanner = create(PLAN);
    const user = span({ attributes: '[{"key":"user","value":{"stringValue":"u1"}}]' });
    const again = rowsOf(scanner, `${document(user)}\n${document(user)}`);
    const later = rowsOf(scanner, document(user));
    for (const at of [ROW.pattern, ROW.context, ROW.values, ROW.values + 1])
      expect(new Set([...again, ...later].map(({ words }) => words[at])).size).toBe(1);
  });

  it('shares a resource between contexts', () => {
    const scanner = create(PLAN);
    const from = (resource: string, scope: string) =>
      `{"resourceSpans":[{"resource":${resource},"scopeSpans":[{"scope":${scope},"spans":[${span()}]}]}]}`;
    const shop = '{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}';
    const text = [from(shop, '{"name":"a"}'), from(shop, '{"name":"b"}'), from(` ${shop}`, '{"name":"a"}')];
    const found = rowsOf(scanner, text.join('\n')).map(({ words }) => words[ROW.context]!);
    const [a, b, c] = found.map((context) => scanner.context(context));
    expect(found[0]).toBe(found[2]);
    expect(a!.resource).toBe(b!.resource);
    expect([a!.scope?.name, b!.scope?.name, c!.scope?.name]).toEqual(['a', 'b', 'a']);
    expect([...a!.resource.attributes]).toEqual([['service.name', 'shop']]);
  });

  it('has one context for what is written in another order or another way', () => {
    const scanner = create(PLAN);
    const of = (...attributes: readonly string[]) =>
      `{"resourceSpans":[{"resource":{"attributes":[${attributes.join()}]},"scopeSpans":[{"spans":[${span()}]}]}]}`;
    const [name, version] = [
      '{"key":"a","value":{"intValue":"1"}}',
      '{"value":{"stringValue":"1"},"key":"b"}',
    ];
    const text = [
      of(name, version),
      of(version, name),
      of(name, version.replace('"1"', '"\\u0031"')),
      of(name, version.replace('stringValue', 'intValue')),
      of(name),
    ];
    const found = rowsOf(scanner, text.join('\n')).map(({ words }) => words[ROW.context]!);
    expect(found.map((context) => found.indexOf(context))).toEqual([0, 0, 0, 3, 4]);
    // More than is remembered as it was written.
    const long = Array.from({ length: 30 }, (_, i) =>
      of(name, version.replace('b"', `b"${' '.repeat(2e5 + i)}`)),
    );
    const again = rowsOf(scanner, [...long, ...text].join('\n')).map(({ words }) => words[ROW.context]!);
    expect(new Set(again)).toEqual(new Set(found));
  });

  it('passes lines that are indented', () => {
    const scanner = create(PLAN);
    const text = ` a\n\t}${'x'.repeat(40)}\n  \n${' y\n'.repeat(30)} \r\n\n ]\n}\n z\n  w`;
    const window = scanner.window(text.length + 20);
    for (let from = 0; from < text.length; from++) {
      window.fill(' ').write(text.slice(from), 7);
      const rest = text.slice(from).split('\n');
      for (let size = 1; from + size <= text.length; size++) {
        const whole = text.slice(from, from + size).split('\n').length - 1;
        const edge = rest.findIndex((found, index) => index > 0 && !/^[ \t]/.test(found));
        const lines = edge < 0 ? whole : Math.min(edge, whole);
        const at = 7 + rest.slice(0, lines).join('\n').length + (lines > 0 ? 1 : 0);
        expect(scanner.passIndented(7, 7 + size)).toEqual({ at, lines });
      }
    }
  });

  it('has the same rows wherever the bytes are cut in two', () => {
    const scanner = create(PLAN);
    const owned = (key: string, members: readonly string[]) => `"${key}":[{${members.join(',')}}]`;
    const scopes = (...names: readonly string[]) =>
      names.map((name) => `{"spans":[${span()},${span()}]${name}}`).join();
    const text = Buffer.from(
      `{"resourceSpans":[{"resource":{},"scopeSpans":[${scopes('', ',"scope":{"name":"a"}', '')}]},` +
        // Where a number ends is only known behind it.
        `{"schemaUrl":51,"scopeSpans":[{"schemaUrl":-2.5e1,"spans":[]}]},` +
        `{${owned('scopeSpans', ['"scope":{"name":"b"}', owned('spans', [span().slice(1, -1)])])},` +
        `"resource":{"attributes":[{"key":"k","value":{"stringValue":"v"}}]}},{"scopeSpans":[${scopes('')}]}]}`,
    );
    const contexts = (first: number) => {
      // A margin, and how much more comes.
      const sizes = [0, first, 0, text.length];
      return drive(scanner, text, () => sizes.shift() ?? text.length).map(({ rows }) =>
        rows.map(({ offset, words }) => [offset, scanner.context(words[ROW.context]!)]),
      );
    };
    const whole = contexts(text.length);
    expect(whole[0]).toHaveLength(9);
    for (let cut = 1; cut < text.length; cut++) expect(contexts(cut)).toEqual(whole);
  });

  it('stops when it has no room for more rows, and goes on', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) =>
      span({ spanId: `"${(i + 1).toString(16).padStart(16, '0')}"` }),
    );
    const rows = rowsOf(create(PLAN), document(...spans));
    expect(rows.map(({ words }) => words[ROW.spanId + 1])).toEqual(spans.map((_, i) => i + 1));
  });

  it('leaves a span to others that has more values than a row has room for', () => {
    const keys = Array.from({ length: 24 }, (_, i) => ({ key: `k${i}`, use: 'count' as const }));
    const having = (count: number) =>
      span({
        attributes: `[${keys
          .slice(0, count)
          .map(({ key }) => `{"key":"${key}","value":{"intValue":"${key.slice(1)}"}}`)
          .join()}]`,
      });
    const scanner = create({ ...PLAN, keys });
    const [most, more] = rowsOf(scanner, document(having(23), having(24)));
    expect(scanner.slotsOf(most!.words[ROW.pattern]!)).toHaveLength(23);
    expect(most!.doubles[ROW_WORDS / 2 - 1]).toBe(22);
    expect(more!.words[ROW.pattern]).toBe(0);
  });

  it('leaves spans to others when there are too many different names', () => {
    const spans = Array.from({ length: 4100 }, (_, i) => span({ name: `"n${i}"` }));
    const patterns = patternsOf(create(PLAN), [...spans, span({ name: '"n0"' })]);
    expect(patterns.filter((pattern) => pattern === 0)).toHaveLength(4);
    expect(patterns.at(-1)).toBe(patterns[0]);
  });

  it('leaves spans to others when constants would take more than 8 MB', () => {
    const keys = ['a', 'b', 'c'].map((key) => ({ key, use: 'constant' as const }));
    const having = (i: number) =>
      span({
        attributes: `[${keys
          .map(({ key }) => `{"key":"${key}","value":{"stringValue":"${`${i}`.padStart(2048, key)}"}}`)
          .join()}]`,
      });
    const spans = Array.from({ length: 1400 }, (_, i) => having(i));
    const patterns = patternsOf(create({ ...PLAN, keys }), [...spans, having(0)]);
    expect(patterns.indexOf(0)).toBe(Math.floor((8 << 20) / (3 * 2048)));
    expect(patterns.at(-1)).toBe(patterns[0]);
  });

  it('forgets an unfinished document when it begins again', () => {
    const scanner = create(PLAN);
    const text = Buffer.from(document(span(), span()));
    const window = scanner.window(text.length);
    text.copy(window);
    scanner.begin(5);
    const cut = scanner.scan(0, text.length - 5, 100, false);
    expect(cut).toMatchObject({ why: 'more', document: 100, line: 5, handedOut: 0 });
    expect(scanner.rows().count).toBe(2);
    scanner.begin(9);
    const stop = scanner.scan(0, text.length, 700, true);
    expect(stop).toMatchObject({ why: 'more', at: text.length, document: 700 + text.length, line: 9 });
    expect(scanner.rows().count).toBe(2);
  });

  it('tells of rows handed out earlier when a document turns out to be damaged', () => {
    const scanner = create(PLAN);
    const good = `${document(span())}\n`;
    const text = Buffer.from(`${good}${document(span(), span(), 'x')}`);
    text.copy(scanner.window(text.length));
    scanner.begin(1);
    const first = scanner.scan(0, good.length + document(span()).length, 0, false);
    expect(first).toMatchObject({ why: 'more', document: good.length, line: 2, handedOut: 0 });
    expect(scanner.rows().count).toBe(2);
    const second = scanner.scan(first.at, text.length, first.at, true);
    expect(second).toMatchObject({ why: 'foreign', document: good.length, line: 2, handedOut: 1 });
    expect(scanner.rows().count).toBe(0);
  });
});

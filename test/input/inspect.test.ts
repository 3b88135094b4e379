import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInspect } from '../../src/input/inspect.ts';

describe('parseInspect', () => {
  it('reads every kind of literal', () => {
    const value = {
      word: 1,
      'a-b': 'x',
      'with \'single\' and "double"': 'y',
      negativeZero: -0,
      big: 1e21,
      small: 1e-9,
      nan: Number.NaN,
      infinite: Number.NEGATIVE_INFINITY,
      bigint: -12345678901234567890n,
      nothing: null,
      missing: undefined,
      yes: true,
      empty: {},
      none: [],
    };
    expect(parseInspect(inspect(value))).toEqual(value);
  });

  it('reads strings in every quote and with every escape', () => {
    const strings = [
      "it's",
      'it\'s "it"',
      'it\'s "it" and `it`',
      'line\nbreak\ttab\r\b\f\v\\ back',
      '\x1b[31mred\x1b[0m \x00 \x7f \x9f',
      '\ud83d lone \udc00',
      '日本語 🚀 \u202e \u2028',
    ];
    for (const text of strings) expect(parseInspect(inspect(text))).toBe(text);
    expect(parseInspect(inspect(strings))).toEqual(strings);
  });

  it('reads arrays laid out in columns and says nothing of the items that were left out', () => {
    const numbers = Array.from({ length: 120 }, (_, index) => index);
    expect(parseInspect(inspect(numbers))).toEqual(numbers.slice(0, 100));
  });

  it('keeps the note of a cut string', () => {
    expect(parseInspect(inspect('x'.repeat(15_000)))).toBe(`${'x'.repeat(10_000)}... 5000 more characters`);
  });

  it('joins strings printed in pieces', () => {
    const text = `first line of a longer text\n${'second '.repeat(20)}\nthird`;
    expect(inspect({ text })).toContain(' +\n');
    expect(parseInspect(inspect({ text, after: 1 }))).toEqual({ text, after: 1 });
    expect(parseInspect("{ a: 'one\\n' +\n     'two' +\n     \"it's\", b: [ 'x' + 'y' ] }")).toEqual({
      a: "one\ntwoit's",
      b: ['xy'],
    });
  });

  it('leaves what has no literal as the text that was printed', () => {
    class Point {
      x = 1;
    }
    const circular: { self?: unknown; list: unknown[] } = { list: [] };
    circular.self = circular;
    circular.list.push(circular);
    expect(parseInspect(inspect(circular))).toEqual({ list: ['[Circular *1]'], self: '[Circular *1]' });
    expect(parseInspect(inspect({ a: { b: { c: { d: 1 }, e: [1] } } }, { depth: 1 }))).toEqual({
      a: { b: '[Object]' },
    });
    expect(parseInspect(inspect({ a: [[[[1]]]] }, { depth: 1 }))).toEqual({ a: ['[Array]'] });
    const odd = {
      point: new Point(),
      map: new Map<unknown, unknown>([
        ['k', { v: 1 }],
        [1, 2],
      ]),
      set: new Set(['a', 1]),
      bytes: new Uint8Array([1, 2]),
      buffer: Buffer.from([1, 255]),
      date: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)),
      fn: function named() {},
      cls: Point,
      symbol: Symbol('s p'),
      [Symbol('key')]: 1,
      regexp: /x+/g,
      bare: Object.create(null),
      promise: Promise.resolve(3),
      // biome-ignore lint/suspicious/noSparseArray: the way Node prints holes is what is read here
      holes: [1, , 3],
      boxed: new String('b'),
      ['__proto__']: 'own',
    };
    expect(parseInspect(inspect(odd))).toEqual({
      point: { x: 1 },
      map: { k: { v: 1 }, 1: 2 },
      set: ['a', 1],
      bytes: [1, 2],
      buffer: '<Buffer 01 ff>',
      date: '2026-01-02T03:04:05.006Z',
      fn: '[Function: named]',
      cls: '[class Point]',
      symbol: 'Symbol(s p)',
      'Symbol(key)': 1,
      regexp: '/x+/g',
      bare: {},
      promise: [3],
      holes: [1, '<1 empty item>', 3],
      boxed: "[String: 'b']",
      ['__proto__']: 'own',
    });
  });

  it('reads JSON with undefined in it, as the documentation of the console exporter shows', () => {
    expect(
      parseInspect('{"traceId": "ab", "parentId": undefined, "time": [1, 2], "ok": [true,null]}'),
    ).toEqual({
      traceId: 'ab',
      parentId: undefined,
      time: [1, 2],
      ok: [true, null],
    });
  });

  it('refuses what is no value', () => {
    for (const text of [
      '',
      '{',
      '{ a: }',
      '{ a 1 }',
      "'open",
      '{ a: 1 } b',
      '[ 1 2 ]',
      '}',
      '[Object',
      '1.2n',
    ]) {
      expect(() => parseInspect(text), text).toThrow(SyntaxError);
    }
    expect(() => parseInspect('['.repeat(100_000))).toThrow(SyntaxError);
    expect(() => parseInspect('{a:'.repeat(100_000))).toThrow(SyntaxError);
  });

  const data = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', '\n', '{', '}', '[', ']', ',', ':', ' ', '$') }),
      fc.double(),
      fc.bigInt(),
      fc.constantFrom(null, undefined, true, false),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.array(tie('value'), { maxLength: 30 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { noNullPrototype: true }),
    ),
  }));

  it('is the inverse of util.inspect for plain data in every layout', () => {
    const layout = fc.record({
      breakLength: fc.constantFrom(1, 40, 80, 120, Number.POSITIVE_INFINITY),
      compact: fc.constantFrom<boolean | number>(true, false, 0, 1, 3, 10),
    });
    fc.assert(
      fc.property(data.value, layout, (value, { breakLength, compact }) => {
        const options = { breakLength, compact, depth: null, maxArrayLength: null, maxStringLength: null };
        expect(parseInspect(inspect(value, options))).toEqual(value);
      }),
      { numRuns: 1500 },
    );
  });

  it('reads any depth without an error, and any text at most with a SyntaxError', () => {
    fc.assert(
      fc.property(data.value, fc.nat(4), (value, depth) => {
        parseInspect(inspect(value, { depth }));
      }),
    );
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '<',
      '>',
      '(',
      "'",
      '"',
      ',',
      ':',
      '=>',
      ' ',
      'a',
      '1',
      '-',
      '...',
      '+',
      '\\',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 200 }), (parts) => {
        try {
          parseInspect(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

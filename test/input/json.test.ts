import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, parseRecord } from '../../src/input/json.ts';

const parsedValue = (text: string) => {
  const parsed = parseJson(text);
  return 'failure' in parsed ? parsed.failure : parsed.value;
};

describe('JSON', () => {
  it('keeps every digit of integers that a double cannot hold', () => {
    expect(
      parsedValue('{"trace_id": 100927429609276267646756448943279827607,"n":[-9223372036854775808]}'),
    ).toEqual({
      trace_id: '100927429609276267646756448943279827607',
      n: ['-9223372036854775808'],
    });
    expect(parsedValue('[9007199254740992,9007199254740991]')).toEqual([
      '9007199254740992',
      9007199254740991,
    ]);
  });

  it('leaves other numbers, and digits in strings, as they are', () => {
    expect(parsedValue('{"t":1795228817730000,"f":1.79e+18,"g":0.1234567890123456}')).toEqual({
      t: 1795228817730000,
      f: 1.79e18,
      g: 0.1234567890123456,
    });
    const text = JSON.stringify({ s: 'a: 12345678901234567890, \\" 1', n: 1 });
    expect(parsedValue(text)).toEqual(JSON.parse(text));
  });

  it('takes what Python writes for floats without a JSON word', () => {
    expect(
      parsedValue('{"a": NaN, "b": [Infinity,-Infinity], "c": "NaN", "d": 17900000000000001234}'),
    ).toEqual({
      a: 'NaN',
      b: ['Infinity', '-Infinity'],
      c: 'NaN',
      d: '17900000000000001234',
    });
  });

  it('is refused when it is nested too deeply', () => {
    expect(parsedValue(`${'['.repeat(20_000)}1${']'.repeat(20_000)}`)).toBe('too_deep');
    expect(parsedValue(`{"resourceSpans":${'['.repeat(600)}1${']'.repeat(600)}}`)).toBe('too_deep');
    expect(parsedValue(`${'['.repeat(400)}"${'['.repeat(400)}"${']'.repeat(400)}`)).not.toBe('too_deep');
  });

  it('is told apart from what util.inspect prints', () => {
    expect(parseRecord('{"a":1}')).toMatchObject({ syntax: 'json' });
    expect(parseRecord("{ a: 'x', b: undefined }")).toMatchObject({ syntax: 'inspect', value: { a: 'x' } });
    expect(parseRecord('{ "a": undefined }')).toMatchObject({ syntax: 'inspect' });
    expect(parseRecord('{not json}')).toEqual({ failure: 'invalid_json' });
  });

  it('is what JSON.parse says, for any value that doubles can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parsedValue(text);
        const exact = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/.test(text);
        if (!exact) expect(parsed).toEqual(JSON.parse(text));
      }),
    );
  });
});

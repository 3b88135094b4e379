import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  labelsText,
  metricText,
  ParseError,
  parse,
  parseDuration,
  parseMetric,
  parseSelector,
  parseSeries,
  quoted,
  selectorsOf,
} from '../../src/promql/index.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('durations', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['5m', 5 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1y2w3d4h5m6s7ms', 365 * DAY + 17 * DAY + 4 * HOUR + 5 * MINUTE + 6 * SECOND + 7],
    ['90m', 90 * MINUTE],
    ['0000000000000000000000000000000000000000005m', 5 * MINUTE],
    ['292y', 292 * 365 * DAY],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    ['', 'empty duration string'],
    ['5', 'not a valid duration string: "5"'],
    ['-5m', 'not a valid duration string: "-5m"'],
    ['1.5h', 'not a valid duration string: "1.5h"'],
    ['30m1h', 'not a valid duration string: "30m1h"'],
    ['5 m', 'not a valid duration string: "5 m"'],
    ['293y', 'duration out of range'],
    [`${'9'.repeat(400)}ms`, 'duration out of range'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseDuration(text)).toThrow(new Error(reason));
  });

  it.each([
    [0, '0s'],
    [90 * MINUTE, '1h30m'],
    [DAY, '1d'],
    [14 * DAY, '2w'],
    [9 * DAY, '9d'],
    [DAY + HOUR, '25h'],
    [365 * DAY, '1y'],
    [366 * DAY, '366d'],
    [1500, '1s500ms'],
    [-90 * SECOND, '-1m30s'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('texts', () => {
  it.each([
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\0\x7f\u0085\u00a0\u200b\u{e0001}', '"\\x00\\x7f\\u0085\\u00a0\\u200b\\U000e0001"'],
    ['é 日本 🙂', '"é 日本 🙂"'],
  ])('%j is printed as %s', (text, printed) => {
    expect(quoted(text)).toBe(printed);
  });

  it('reads back what it prints', () => {
    for (let code = 0; code < 0x3000; code += 1) {
      const text = `a${String.fromCodePoint(code)}b`;
      expect(parse(quoted(text), { version: 3 })).toMatchObject({ type: 'string', value: text });
    }
  });

  it('takes bytes together to characters', () => {
    const expr = parse('"\\xe2\\202\\xac \\xff\\x41"', { version: 3 });
    expect(expr).toMatchObject({ value: '€ \ufffdA' });
  });
});

describe('labels', () => {
  const labels = new Map([
    ['b', 'x"y'],
    ['__name__', 'm'],
    ['a.c', 'z'],
  ]);

  it('are printed in the order of their names', () => {
    expect(labelsText(labels)).toBe('{__name__="m", "a.c"="z", b="x\\"y"}');
    expect(metricText(labels)).toBe('m{"a.c"="z", b="x\\"y"}');
    expect(labelsText(new Map())).toBe('{}');
    expect(metricText(new Map())).toBe('{}');
    expect(metricText(new Map([['__name__', 'm']]))).toBe('m');
    expect(metricText(new Map([['__name__', 'm.n']]))).toBe('{"m.n"}');
  });
});

describe('matchers', () => {
  function fits(matcher: string, value: string, version: 2 | 3 = 3): boolean {
    return parseSelector(`m{a${matcher}}`, { version }).matchers[0]!.matches(value);
  }

  it.each([
    ['="b"', ['b'], ['', 'bb']],
    ['!="b"', ['', 'bb'], ['b']],
    ['=~"b"', ['b'], ['', 'ab', 'bb']],
    ['=~"b|cd"', ['b', 'cd'], ['', 'bd', 'b|cd']],
    ['=~"b||c"', ['', 'b', 'c'], ['d']],
    ['=~""', [''], ['b']],
    ['!~"b|c"', ['', 'd'], ['b', 'c']],
    ['=~"gpt-4.*"', ['gpt-4', 'gpt-4o'], ['gpt-3', 'a gpt-4']],
    ['=~".*"', ['', 'a'], []],
    ['=~"a.+"', ['ab', 'a.'], ['', 'a', 'ba']],
    ['!~".+"', [''], ['a']],
    ['=~"ab*"', ['a', 'abb'], ['', 'b', 'ac']],
    ['=~"🙂?"', ['', '🙂'], ['🙂🙂']],
    ['=~"a|b.*"', ['a', 'bcd'], ['ab']],
    ['=~"(?i)GPT-(?P<v>[[:digit:]]+)"', ['gpt-4'], ['gpt-x']],
    ['=~"a\\\\.b"', ['a.b'], ['axb']],
    ['=~"^a$"', ['a'], ['aa']],
    ['=~"5{2}"', ['55'], ['5', '5{2}']],
  ])('a%s', (matcher, fitting, others) => {
    for (const version of [2, 3] as const) {
      expect(fitting.filter((value) => !fits(matcher, value, version))).toEqual([]);
      expect(others.filter((value) => fits(matcher, value, version))).toEqual([]);
    }
  });

  it('takes a line feed for any character in Prometheus 3 alone', () => {
    for (const matcher of ['=~"a.b"', '=~"a.*"', '=~"a.+"', '=~".*b"']) {
      expect([fits(matcher, 'a\nb', 2), fits(matcher, 'a\nb', 3)]).toEqual([false, true]);
    }
  });

  it('says the same again', () => {
    const { matches } = parseSelector('m{a=~"b.+"}', { version: 3 }).matchers[0]!;
    expect([matches('bc'), matches('bc'), matches('b'), matches('b')]).toEqual([true, true, false, false]);
  });

  it('does not backtrack', () => {
    expect(fits('=~"(a+)+"', `${'a'.repeat(1e5)}b`)).toBe(false);
  });

  it('are all that a selector is', () => {
    expect(() => parseSelector('m[5m]', { version: 3 })).toThrow(ParseError);
    expect(() => parseSelector('m offset 5m', { version: 3 })).toThrow(ParseError);
  });
});

describe('selectorsOf', () => {
  function reach(text: string): (readonly [string | undefined, number, number | undefined])[] {
    return selectorsOf(parse(text, { version: 3 })).map(
      ({ selector, range, before }) => [selector.name, range / MINUTE, before && before / MINUTE] as const,
    );
  }

  it('finds every selector and how far back it looks', () => {
    expect(reach('1')).toEqual([]);
    expect(reach('a')).toEqual([['a', 0, 0]]);
    expect(reach('a offset 5m / -b')).toEqual([
      ['a', 0, 5],
      ['b', 0, 0],
    ]);
    expect(reach('rate(a[5m] offset 1m)')).toEqual([['a', 5, 6]]);
    expect(reach('max_over_time(rate(a[5m])[1h:1m] offset 10m)')).toEqual([['a', 5, 75]]);
    expect(reach('topk(scalar(k), a @ 5) + b offset -5m')).toEqual([
      ['k', 0, 0],
      ['a', 0, undefined],
      ['b', 0, -5],
    ]);
    expect(reach('sum_over_time(a[5m:] @ end())')).toEqual([['a', 0, undefined]]);
  });
});

describe('series of unit tests', () => {
  const series = (text: string, version: 2 | 3 = 2): string => {
    const { labels, values } = parseSeries(text, { version });
    return `${labelsText(labels)} ${values.map((value) => value ?? '_').join(' ')}`;
  };

  it.each([
    ['x 1', '{__name__="x"} 1'],
    ['x{a="b", c=\'d\',} 1+2x3 _ stale -5', '{__name__="x", a="b", c="d"} 1 3 5 7 _ stale -5'],
    ['{__name__="x"} -1-1x2', '{__name__="x"} -1 -2 -3'],
    ['sum{a=""} 0x5', '{__name__="sum"} 0 0 0 0 0 0'],
    ['x _x2 +7  .5x1 _x0', '{__name__="x"} _ _ 7 0.5 0.5'],
    ['x 0.1+0.1x2', '{__name__="x"} 0.1 0.2 0.30000000000000004'],
    ['x 1e2x1 Inf -inf NaN', '{__name__="x"} 100 100 Infinity -Infinity NaN'],
    ['x{} ', '{__name__="x"} '],
    ['x', '{__name__="x"} '],
  ])('%s', (text, read) => {
    expect(series(text)).toBe(read);
  });

  it('may have names in quotes in Prometheus 3', () => {
    expect(series('{"a.b", "c d"="e"} 1', 3)).toBe('{__name__="a.b", "c d"="e"} 1');
  });

  it.each([
    ['x 1+2', '1:6: parse error: unexpected end of input in series values'],
    ['x abc', '1:3: parse error: unexpected identifier "abc" in series values, expected number or "stale"'],
    ['x 1 + 2x3', '1:6: parse error: unexpected " " in series values'],
    ['x x3', '1:3: parse error: unexpected "x"'],
    ['x 1,2', "1:4: parse error: unexpected character in series sequence: ','"],
    [
      'x 1x2.5',
      '1:5: parse error: invalid repetition in series values: strconv.ParseUint: parsing "2.5": invalid syntax',
    ],
    ['x 1_0', '1:3: parse error: bad number syntax: "1"'],
    ['x 1\n2', '2:1: parse error: unexpected number "2" in series values'],
    ['x 1x99999999', '1:5: parse error: more than 10000000 samples in series values'],
    ['x {{sum:1}}', '1:3: parse error: native histograms are not supported in series values'],
    ['x{a=~"b"} 1', '1:4: parse error: unexpected <op:=~> in label set, expected "="'],
    ['x{a="b" c="d"} 1', '1:9: parse error: unexpected identifier "c" in label set, expected "," or "}"'],
    ['on 1', '1:1: parse error: unexpected <on> in series values'],
  ])('refuses %s', (text, message) => {
    expect(() => parseSeries(text, { version: 2 })).toThrow(message);
  });

  it('are labels alone where results are expected', () => {
    expect(labelsText(parseMetric(' x{a="b"} ', { version: 2 }))).toBe('{__name__="x", a="b"}');
    expect(labelsText(parseMetric('{}', { version: 2 }))).toBe('{}');
    expect(() => parseMetric('x{a="b"} 1', { version: 2 })).toThrow('unexpected number "1"');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, type Expr, ParseError, parse, print, typeOf } from '../../src/promql/index.ts';
import { anyExpression } from './expressions.ts';
import '../seed.ts';

function parsed(text: string, version: 2 | 3 = 3): Expr {
  return parse(text, { version });
}

function faultOf(text: string, version: 2 | 3 = 3): ParseError {
  try {
    parse(text, { version });
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error(`${text} is accepted`);
}

/** What an expression says, without places, in which matchers have no order. */
function meaning(expr: Expr): string {
  return JSON.stringify(expr, (key, value) => {
    if (key === 'start' || key === 'end') return undefined;
    if (key === 'matchers') return value.map((matcher: unknown) => JSON.stringify(matcher)).sort();
    return typeof value === 'number' ? String(Object.is(value, -0) ? '-0' : value) : value;
  });
}

/** An expression with parentheses around every operator. */
function inParentheses(expr: Expr): string {
  if (expr.type === 'binary') return `(${inParentheses(expr.left)} ${expr.op} ${inParentheses(expr.right)})`;
  return expr.type === 'unary' ? `(${expr.op}${inParentheses(expr.expr)})` : print(expr);
}

describe('parse, in both versions', () => {
  it.each([
    ['1', '1'],
    ['+Inf', '+Inf'],
    ['-inf', '-Inf'],
    ['NaN', 'NaN'],
    ['1e3', '1000'],
    ['2.', '2'],
    ['.5', '0.5'],
    ['1e-7', '0.0000001'],
    ['-1.5e21', '-1500000000000000000000'],
    ['0x1F', '31'],
    ['010', '8'],
    ['08', '8'],
    ['- -1', '1'],
    ['-0', '-0'],
    ['"a\\n\\x41\\u00e9\\101\\"" ', '"a\\nAéA\\""'],
    ["'it\\'s'", '"it\'s"'],
    ['`raw\\n`', '"raw\\\\n"'],
    ['"\\xc3\\xa9"', '"é"'],
    ['foo', 'foo'],
    ['foo{}', 'foo'],
    ['foo { b != "c", a = \'d\', }', 'foo{a="d",b!="c"}'],
    ['{__name__=~"a.+"}', '{__name__=~"a.+"}'],
    ['job:rate5m:sum', 'job:rate5m:sum'],
    ['sum + by + offset + start + and', 'sum + by + offset + start + and'],
    ['foo{on="a", sum="b", bool="c"}', 'foo{bool="c",on="a",sum="b"}'],
    ['foo[5m]', 'foo[5m]'],
    ['foo[ 1h30m ] offset 1w2d', 'foo[1h30m] offset 9d'],
    ['foo offset -5m', 'foo offset -5m'],
    ['foo @ 1.5', 'foo @ 1.500'],
    ['foo @ -1e3', 'foo @ -1000.000'],
    ['foo @ end() offset 90s', 'foo @ end() offset 1m30s'],
    ['foo offset 1y @ start()', 'foo @ start() offset 1y'],
    ['foo[1d:]', 'foo[1d:]'],
    ['rate(foo[5m])[1h:1m] @ 5 offset 1m', 'rate(foo[5m])[1h:1m] @ 5.000 offset 1m'],
    ['1+2*3', '1 + 2 * 3'],
    ['(1+2)*3', '(1 + 2) * 3'],
    ['a atan2 b', 'a atan2 b'],
    ['a AND b Or c UNLESS d', 'a and b or c unless d'],
    ['1 == bool 2', '1 == bool 2'],
    ['a > bool on ( x , y , ) group_left ( z ) b', 'a > bool on (x, y) group_left (z) b'],
    ['a * ignoring(x) group_right b', 'a * ignoring (x) group_right () b'],
    ['a + on() b', 'a + on () b'],
    ['a + ignoring() b', 'a + b'],
    ['SUM(a)', 'sum(a)'],
    ['sum(a) by (b)', 'sum by (b) (a)'],
    ['sum by () (a)', 'sum(a)'],
    ['sum without () (a)', 'sum without () (a)'],
    ['avg without(on, bool, sum) (a)', 'avg without (on, bool, sum) (a)'],
    ['topk(3, a)', 'topk(3, a)'],
    ['quantile by (a) (0.9, b)', 'quantile by (a) (0.9, b)'],
    ['count_values("v", a)', 'count_values("v", a)'],
    [
      'histogram_quantile(0.9, sum by(le)(rate(a_bucket[5m])))',
      'histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))',
    ],
    ['label_replace(a, "b", "$1", "c", "(.*)")', 'label_replace(a, "b", "$1", "c", "(.*)")'],
    ['time()', 'time()'],
    ['hour()', 'hour()'],
    ['foo # the rest is a comment [\n + bar', 'foo + bar'],
  ])('%s', (text, printed) => {
    expect(print(parsed(text, 2))).toBe(printed);
    expect(print(parsed(text, 3))).toBe(printed);
  });

  it.each([
    ['', 'unknown position: parse error: no expression found in input'],
    ['# only a comment', '1:1: parse error: no expression found in input'],
    [
      'sum(rate(foo)) > 1',
      '1:10: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['nosuch(foo)', '1:1: parse error: unknown function with name "nosuch"'],
    ['1 == 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['1 + bool 2', '1:3: parse error: bool modifier can only be used on comparison operators'],
    [
      'a + on(x) group_left(x) b',
      '1:3: parse error: label "x" must not occur in ON and GROUP clause at once',
    ],
    ['a and on(x) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
    ['a or 1', '1:1: parse error: set operator "or" not allowed in binary scalar expression'],
    ['a + on(x) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    ['{a=""}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['foo{__name__="bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
    ['foo{a=~"*"}', '1:5: parse error: error parsing regexp: missing argument to repetition operator: `*`'],
    ['foo{a="b" c}', '1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
    ['foo{a=~"b)(c"}', '1:5: parse error: error parsing regexp: unexpected ): `b)(c`'],
    ['foo{a=~"b)"}', '1:5: parse error: error parsing regexp: unexpected ): `^(?:b))$`'],
    ['foo[5m', '1:7: parse error: unclosed left bracket'],
    ['foo offset', '1:11: parse error: unexpected end of input in offset, expected duration'],
    ['foo offset 1m offset 1m', '1:1: parse error: offset may not be set multiple times'],
    [
      'foo @ 1e300',
      /^1:1: parse error: timestamp out of bounds for @ modifier: 10000000000000000525.*0\.000000$/,
    ],
    ['sum(foo bar)', '1:9: parse error: unexpected identifier "bar" in aggregation'],
    ['sum by (1) (a)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
    [
      'topk(foo)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['rate(foo[5m],)', '1:13: parse error: trailing commas not allowed in function call args'],
    ['round(a, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    ['(foo)[5m]', '1:6: parse error: ranges only allowed for vector selectors'],
    [
      '-foo[5m]',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['"é" + $', "1:8: parse error: unexpected character: '$'"],
    ['a +\n  (b', '2:5: parse error: unclosed left parenthesis'],
    ['"a\\x"', "1:1: parse error: illegal character U+0022 '\"' in escape sequence"],
    ["'\\q'", "1:1: parse error: unknown escape sequence U+0071 'q'"],
    ['a "0123456789"', '1:3: parse error: unexpected string "\\"012345678"...'],
    [
      '1e999',
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e999": value out of range',
    ],
    ['foo[30m1h]', '1:5: parse error: not a valid duration string: "30m1h"'],
    ['foo[293y]', '1:5: parse error: duration out of range'],
  ])('refuses %s', (text, message) => {
    for (const version of [2, 3] as const) {
      const said = faultOf(text, version).message;
      if (typeof message === 'string') expect(said).toBe(message);
      else expect(said).toMatch(message);
    }
  });

  it('counts places in bytes', () => {
    expect(faultOf('"é" + $')).toMatchObject({ at: 7, reason: "unexpected character: '$'" });
    const sum = { start: 0, end: 13, left: { start: 0, end: 9 }, right: { start: 12, end: 13 } };
    expect(parsed('a{b="é"} + c')).toMatchObject(sum);
  });

  it('gives every part its place', () => {
    const text = 'sum by (a) (rate(foo{b="c"}[5m] offset 1m)) / -bar @ 7 > bool (1)';
    const said = (expr: Expr): string[] => [
      text.slice(expr.start, expr.end),
      ...childrenOf(expr).flatMap(said),
    ];
    expect(said(parsed(text))).toEqual([
      text,
      'sum by (a) (rate(foo{b="c"}[5m] offset 1m)) / -bar @ 7',
      'sum by (a) (rate(foo{b="c"}[5m] offset 1m))',
      'rate(foo{b="c"}[5m] offset 1m)',
      'foo{b="c"}[5m] offset 1m',
      'foo{b="c"}',
      '-bar @ 7',
      'bar @ 7',
      '(1)',
      '1',
    ]);
  });

  it.each([
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-2 ^ 2', '(-(2 ^ 2))'],
    ['-a * b', '((-a) * b)'],
    ['-a @ 5 + b offset 5m', '((-a @ 5.000) + b offset 5m)'],
    ['a or b and c == d + e * f ^ g', '(a or (b and (c == (d + (e * (f ^ g))))))'],
    ['a unless b and c', '((a unless b) and c)'],
    ['a % b atan2 c', '((a % b) atan2 c)'],
  ])('binds %s as %s', (text, bound) => {
    expect(inParentheses(parsed(text))).toBe(bound);
  });

  it.each([
    ['1 + 2', 'scalar'],
    ['-(1)', 'scalar'],
    ['scalar(a) * time()', 'scalar'],
    ['1 + a', 'vector'],
    ['sum(a)', 'vector'],
    ['abs(a)', 'vector'],
    ['a[5m]', 'matrix'],
    ['a[5m:]', 'matrix'],
    ['"a"', 'string'],
  ])('%s is a %s', (text, type) => {
    expect(typeOf(parsed(text))).toBe(type);
  });
});

describe('parse, where the versions differ', () => {
  it.each([
    ['1_000', '1000'],
    ['0x_ff', '255'],
    ['foo[300]', 'foo[5m]'],
    ['foo[.5:60]', 'foo[500ms:1m]'],
    ['foo offset 50', 'foo offset 50s'],
    ['foo offset -1.5', 'foo offset -1s500ms'],
    ['foo offset 0s', 'foo'],
    ['foo @ 5m', 'foo @ 300.000'],
    ['foo > 5m', 'foo > 5m'],
    ['{"a.b", "c d"="e"}', '{"c d"="e",__name__="a.b"}'],
    ['sum by ("a.b", c) (d)', 'sum by ("a.b", c) (d)'],
    ['a / on ("b.c") d', 'a / on ("b.c") d'],
    ['histogram_fraction(0, 1, a)', 'histogram_fraction(0, 1, a)'],
  ])('%s is of Prometheus 3', (text, printed) => {
    expect(print(parsed(text, 3))).toBe(printed);
    expect(faultOf(text, 2)).toBeInstanceOf(ParseError);
  });

  it.each([
    ['holt_winters(a[5m], 0.5, 0.5)', 'double_exponential_smoothing'],
    ['foo[5m x]', "unexpected character: 'x', expected ':'"],
  ])('%s is of Prometheus 2', (text, reason) => {
    expect(print(parsed(text, 2))).not.toBe('');
    expect(faultOf(text, 3).message).toContain(reason);
  });

  it.each([
    ['limitk(3, a)', 'limitk() is experimental in Prometheus and not supported. Choose by value with topk()'],
    ['limit_ratio by (b) (0.5, a)', 'limit_ratio() is experimental'],
    ['info(a)', 'function "info" is not enabled'],
    ['a + fill(0) b', '1:5: parse error: fill() is experimental'],
    ['rate(a[5m] smoothed)', '1:12: parse error: the smoothed modifier is experimental'],
    ['a[5m * 2]', '1:6: parse error: arithmetic with durations is experimental'],
    ['histogram_count(a)', 'function "histogram_count" needs native histograms'],
  ])('refuses %s and says what to do', (text, reason) => {
    expect(faultOf(text, 3).message).toContain(reason);
  });

  it('takes experimental words for names of metrics and labels', () => {
    expect(print(parsed('limitk + fill + anchored{smoothed="a"}'))).toBe(
      'limitk + fill + anchored{smoothed="a"}',
    );
  });
});

describe('parse, of strangers', () => {
  it.each([
    ['parentheses', `${'('.repeat(1e6)}1`],
    ['signs', `${'-'.repeat(1e6)}1`],
    ['powers', `1${'^1'.repeat(5e5)}`],
    ['calls', 'abs('.repeat(2e5)],
    ['subqueries', `a${'[1m:]'.repeat(2e5)}`],
    ['sums to the right', `a${'+(a'.repeat(2e5)}`],
  ])('refuses a megabyte of %s', (_name, text) => {
    expect(faultOf(text).reason).toBe('expression is nested too deeply');
  });

  it.each([
    ['sums', `a${'+a'.repeat(1e5)}`],
    ['sums in parentheses', `${'('.repeat(400)}a${'+a)'.repeat(400)}${'+a'.repeat(900)}`],
    ['parentheses', `${'('.repeat(450)}a${')'.repeat(450)}`],
    ['a long name', 'a'.repeat(1e6)],
    ['a long string', `{a="${'\\n'.repeat(5e5)}"}`],
    ['many matchers', `a{${'b="c",'.repeat(1.5e5)}}`],
    ['many labels', `sum by (${'b,'.repeat(5e5)}) (a)`],
    ['many alternatives', `a{b=~"${'c|'.repeat(5e5)}"}`],
    ['many arguments', `label_join(a, "b", ","${', "c"'.repeat(2e5)})`],
    ['a long comment', `a # ${'['.repeat(1e6)}`],
  ])('reads %s', (_name, text) => {
    expect(typeOf(parsed(text))).toBe('vector');
  });

  it.each([
    ['digits', '9'.repeat(1e6)],
    ['underscores', `0x${'a'.repeat(1e6)}_`],
    ['digits of a duration', `a[${'9'.repeat(1e6)}m]`],
    ['zeros', `${'0'.repeat(1e6)}9x`],
    ['points', '1.'.repeat(5e5)],
  ])('refuses many %s', (_name, text) => {
    expect(faultOf(text)).toBeInstanceOf(ParseError);
  });

  it('reads any text as an expression or says why not', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), anyExpression), (text) => {
        for (const version of [2, 3] as const) {
          let expr: Expr;
          try {
            expr = parse(text, { version });
          } catch (error) {
            expect(error).toBeInstanceOf(ParseError);
            continue;
          }
          expect(meaning(parse(print(expr), { version }))).toBe(meaning(expr));
        }
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { holdsInSilence, worstIsLowest } from '../../src/alerts/check/silence.ts';
import {
  type Binary,
  chainOf,
  type Expr,
  parse,
  print,
  selectorsOf,
  typeOf,
} from '../../src/promql/index.ts';
import { depthOf } from '../../src/promql/tree.ts';
import { instant } from './instant.ts';

const SERIES = 'm{a="1"} 1x5\nm{a="2"} 2x5\nother{a="3"} 5x5';
const parsed = (text: string): Expr => parse(text, { version: 3 });

/** `first` and as many operators behind it as make `operands` operands. */
const chain = (first: string, link: string, operands: number): string =>
  `${first}${` ${link}`.repeat(operands - 1)}`;

/** What a chain, with something behind it, comes to for the series with `a="1"`, that with `a="2"` and the scalar, if there are any. */
type Chain = [
  name: string,
  first: string,
  link: string,
  expected: (operands: number) => Record<string, number>,
  last: string,
];

const CHAINS: Chain[] = [
  ['sums', 'm', '+ m', (n: number) => ({ '{a="1"}': n, '{a="2"}': 2 * n }), ''],
  ['sums with numbers', 'm', '+ 1', (n: number) => ({ '{a="1"}': n, '{a="2"}': n + 1 }), ''],
  ['unions', 'm', 'or other', () => ({ 'm{a="1"}': 1, 'm{a="2"}': 2, 'other{a="3"}': 5 }), ''],
  ['intersections', 'm', 'and m{a="2"}', () => ({ 'm{a="2"}': 2 }), ''],
  ['exclusions', 'm', 'unless m{a="2"}', () => ({ 'm{a="1"}': 1 }), ''],
  ['comparisons with numbers', 'm', '> 1', () => ({ 'm{a="2"}': 2 }), ''],
  ['comparisons', 'm', '>= m', () => ({ 'm{a="1"}': 1, 'm{a="2"}': 2 }), ''],
  ['comparisons that say 0 or 1', 'm', '== bool 1', () => ({ '{a="1"}': 1, '{a="2"}': 0 }), ''],
  ['sums of numbers', '1', '+ 1', (n: number) => ({ scalar: n }), ''],
  ['comparisons of numbers', '0', '== bool 0', (n: number) => ({ scalar: (n + 1) % 2 }), ''],
  ['numbers before a vector', '1', '+ 1', (n: number) => ({ '{a="1"}': n + 1, '{a="2"}': n + 2 }), ' + m'],
  ['products in sums', 'm', '+ 2 * m', (n: number) => ({ '{a="1"}': 2 * n - 1, '{a="2"}': 4 * n - 2 }), ''],
  ['all kinds at once', 'm', '* 1 + 0 > 0 and m or m', () => ({ '{a="1"}': 1, '{a="2"}': 2 }), ' * 1'],
];

describe('chains of operators', () => {
  describe.each(CHAINS)('%s', (_name, first, link, expected, last) => {
    it.each([5000, 20_000])('of %i operands come to what they say', (operands) => {
      const text = chain(first, link, operands) + last;
      expect(instant(text, SERIES)).toEqual(expected(operands));
    });

    it('are printed as they were read, and are no deeper than one operator', () => {
      const [long, short] = [20_000, 3].map((operands) => parsed(chain(first, link, operands) + last));
      expect(print(long!)).toBe(chain(first, link, 20_000) + last);
      expect(depthOf(long!)).toBe(depthOf(short!));
      expect(typeOf(long!)).toBe(typeOf(short!));
      expect(holdsInSilence(long!)).toBe(holdsInSilence(short!));
      expect(worstIsLowest(long!)).toBe(worstIsLowest(short!));
    });
  });

  it('have all their selectors, in order', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `m${at}`);
    const uses = selectorsOf(parsed(names.join(' or ')));
    expect(uses.map(({ selector }) => selector.name)).toEqual(names);
  });

  it('are handed out from the innermost operator outwards', () => {
    const expr = parsed('a + b * c - d') as Binary;
    expect(chainOf(expr).map(print)).toEqual(['a + b * c', 'a + b * c - d']);
  });

  it('may be held still in part', () => {
    // `m` is 1 and 2 at all times; the first half of the chain is looked up once.
    const still = chain('m @ 0', '+ m @ 0', 5000);
    expect(instant(`sum_over_time((${still}${' + m'.repeat(5000)})[3m:1m])`, SERIES)).toEqual({
      '{a="1"}': 30_000,
      '{a="2"}': 60_000,
    });
  });

  it.each([
    ['+ "text"', 'binary expression must contain only scalar and instant vector types', 2],
    ['+ on (a) rate(m)', 'expected type range vector in call to function "rate", got instant vector', 14],
    ['+ (1 and 1)', 'set operator "and" not allowed in binary scalar expression', 3],
    ['+ bool m', 'bool modifier can only be used on comparison operators', 0],
    ['+ )', 'unexpected right parenthesis', 3],
  ])('say where the fault is: %s', (fault, reason, at) => {
    const before = chain('m', '+ m', 10_000);
    const text = `${before} ${fault} ${'+ m '.repeat(10_000)}`;
    const message = `1:${before.length + 2 + at}: parse error: ${reason}`;
    expect(() => parsed(text)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });
});

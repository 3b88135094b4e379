import { describe, expect, it } from 'vitest';
import { type AttributeValue, instant } from '../../src/model/index.ts';
import { createNormalizer } from '../../src/normalize/index.ts';
import { lengthOf, NUMBER_OF, since } from '../../src/normalize/observed-values.ts';
import { spanOf } from './plain.ts';

describe('a share', () => {
  it.each<readonly [AttributeValue, number | undefined]>([
    [0, 0],
    [1, 1],
    [0.7, 0.7],
    ['0.7', 0.7],
    [87, 0.87],
    ['87%', 0.87],
    ['0.5 %', 0.005],
    [true, 1],
    ['No', 0],
    [100, 1],
    [101, undefined],
    [-0.1, undefined],
    [Number.NaN, undefined],
    ['high', undefined],
    ['0x1', undefined],
    ['', undefined],
    [[1], undefined],
  ])('of %j is %j', (value, expected) => {
    expect(NUMBER_OF.confidence(value)).toBe(expected);
  });
});

describe('a look-up in a cache', () => {
  it.each<readonly [AttributeValue, number | undefined]>([
    [true, 1],
    [false, 0],
    ['HIT', 1],
    ['Miss', 0],
    ['true', 1],
    [3, 1],
    [0, 0],
    [-1, undefined],
    ['bypass', undefined],
  ])('that says %j is %j', (value, expected) => {
    expect(NUMBER_OF.cacheHit(value)).toBe(expected);
  });
});

describe('a moment', () => {
  const start = instant(BigInt(Date.parse('2026-11-21T02:42:07.059Z')) * 1_000_000n + 400n);
  it.each<readonly [AttributeValue, number | undefined]>([
    ['2026-11-21T02:42:07.459Z', 399_999_600],
    ['"2026-11-21T02:42:07.459123456Z"', 400_123_056],
    ['2026-11-21T03:42:07.459+01:00', 399_999_600],
    ['2026-11-21 02:42:07.459', 399_999_600],
    // To the millisecond it is the start.
    ['2026-11-21T02:42:07.059Z', 0],
    ['2026-11-21T02:42:07.058Z', undefined],
    ['2026-13-45T99:99:99Z', undefined],
    ['soon', undefined],
    [1763692927, undefined],
  ])('%j', (value, expected) => {
    expect(since(start, value)).toBe(expected);
    expect(since(undefined, value)).toBeUndefined();
  });
});

describe('a list', () => {
  it.each<readonly [AttributeValue, number | undefined]>([
    [['a', 'b'], 2],
    ['[{"id":1},{"id":2},{"id":3}]', 3],
    ['[]', 0],
    ['[1,', undefined],
    ['{"a":[1]}', undefined],
    [2, undefined],
  ])('%j has a length of %j', (value, expected) => {
    expect(lengthOf(value)).toBe(expected);
  });
});

describe('whatever stands under a key', () => {
  it('makes numbers that are finite, or none', () => {
    const normalizer = createNormalizer({ observations: true });
    const odd: readonly AttributeValue[] = [
      ...[Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 10n ** 30n, true],
      ...['', '1e999', '%', '__proto__', 'constructor', '['.repeat(2_000), '{"a":', '9'.repeat(400)],
      ...[[], [1], {}],
    ];
    for (const key of normalizer.reads) {
      for (const value of odd) {
        const span = spanOf({ name: 'x', start: '2026-01-01T00:00:00Z', attributes: { [key]: value } });
        const numbers = Object.values(normalizer.normalize(span).observed?.numbers ?? {});
        expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
      }
    }
  });
});

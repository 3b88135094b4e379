import { describe, expect, it } from 'vitest';
import { instant, only } from './instant.ts';

/** Buckets of one histogram with a constant count each. */
function buckets(counts: Readonly<Record<string, number | string>>, labels = ''): string {
  return Object.entries(counts)
    .map(([le, count]) => `b{le="${le}"${labels}} ${count}x10`)
    .join('\n');
}
const quantile = (q: number | string, counts: Record<string, number | string>, version: 2 | 3 = 3) =>
  only(`histogram_quantile(${q}, b)`, buckets(counts), { version });

const usual = { '+Inf': 10, 1: 2, 10: 8, 2: 4 };

describe('histogram_quantile', () => {
  it('goes straight through the bucket it falls into, in the order of the bounds as numbers', () => {
    expect(quantile(0.1, usual)).toBe(0.5);
    expect(quantile(0.3, usual)).toBe(1.5);
    expect(quantile(0.6, usual)).toBe(6);
    expect(quantile(0, usual)).toBe(0);
  });

  it('answers the highest finite bound for all above it', () => {
    expect(quantile(0.9, usual)).toBe(10);
    expect(quantile(1, usual)).toBe(10);
  });

  it('answers infinities outside of 0 and 1, and NaN for NaN', () => {
    expect(quantile(-0.1, usual)).toBe(-Infinity);
    expect(quantile(1.1, usual)).toBe(Infinity);
    expect(quantile('NaN', usual)).toBeNaN();
  });

  it('is NaN without an infinite bucket, another one, or observations', () => {
    expect(quantile(0.5, { 1: 1, 2: 2 })).toBeNaN();
    expect(quantile(0.5, { '+Inf': 2 })).toBeNaN();
    expect(quantile(0.5, { 1: 0, '+Inf': 0 })).toBeNaN();
    expect(quantile(0, { 1: 0, 2: 1, '+Inf': 1 })).toBeNaN();
    expect(quantile(0.5, { 1: 1, '+Inf': 2, NaN: 1 })).toBeNaN();
  });

  it('answers a first bound that is not above zero as it is', () => {
    expect(quantile(0.1, { '-2': 4, 0: 5, '+Inf': 5 })).toBe(-2);
    expect(quantile(0.9, { '-2': 4, 0: 5, '+Inf': 5 })).toBe(-1);
  });

  it('adds up buckets of one bound, however it is spelled, and leaves out what is no bound', () => {
    expect(quantile(0.5, { 1: 1, '1.0': 1, '1e1': 4, '+Inf': 4, x: 99, '1e400': 99 })).toBe(1);
    expect(quantile(0.75, { 1: 1, '0x1p0': 1, '+10': 4, Inf: 4 })).toBe(5.5);
    expect(instant('histogram_quantile(0.5, b)', 'b{le="x"} 1x10\nb 1x10')).toEqual({});
  });

  it('lifts counts that fall', () => {
    // 6 5 10 counts as 6 6 10: the eighth is half way from 2 to 4.
    expect(quantile(0.8, { 1: 6, 2: 5, 4: 10, '+Inf': 10 }, 2)).toBe(3);
    expect(quantile(0.8, { 1: 6, 2: 5, 4: 10, '+Inf': 10 }, 3)).toBe(3);
  });

  it('takes a difference of rounding for none in version 3', () => {
    const counts = { 1: 10, 2: '10.000000000001', '+Inf': '10.000000000001' };
    expect(quantile(1, counts, 3)).toBe(1);
    expect(quantile(1, counts, 2)).toBe(2);
  });

  it('answers for each set of the other labels, and refuses names that only the name tells apart', () => {
    const two = `${buckets(usual, ', a="x"')}\n${buckets({ 1: 1, '+Inf': 1 }, ', a="y"')}`;
    expect(instant('histogram_quantile(0.3, b)', two)).toEqual({ '{a="x"}': 1.5, '{a="y"}': 0.3 });
    const named = `${buckets(usual)}\n${buckets(usual).replaceAll('b{', 'c{')}`;
    expect(() => instant('histogram_quantile(0.3, {__name__=~"b|c"})', named)).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});

describe('histogram_fraction', () => {
  const fraction = (bounds: string, counts: Record<string, number> = usual) =>
    only(`histogram_fraction(${bounds}, b)`, buckets(counts));

  it('is the part of the observations between two values', () => {
    expect(fraction('0, 1')).toBe(0.2);
    expect(fraction('1, 2')).toBe(0.2);
    expect(fraction('0.5, 1.5')).toBe(0.2);
    expect(fraction('2, 6')).toBe(0.2);
    expect(fraction('-Inf, 10')).toBe(0.8);
    expect(fraction('10, Inf')).toBe(0.2);
    expect(fraction('-Inf, Inf')).toBe(1);
  });

  it('knows nothing of what lies above the highest bound but that it is there', () => {
    expect(fraction('10, 1000')).toBe(0);
    expect(fraction('1000, Inf')).toBeCloseTo(0.2, 12);
  });

  it('has nothing below zero where the first bound is above it, and puts all of a first bucket below it at its end', () => {
    expect(fraction('-5, 0')).toBe(0);
    expect(fraction('-5, 1')).toBe(0.2);
    expect(fraction('-3, 0', { '-2': 4, 0: 6, '+Inf': 10 })).toBe(0.2);
    expect(fraction('-Inf, -2', { '-2': 4, 0: 6, '+Inf': 10 })).toBe(0.4);
  });

  it('is 0 for bounds that are the wrong way round, NaN without observations or the infinite bucket', () => {
    expect(fraction('2, 1')).toBe(0);
    expect(fraction('NaN, 1')).toBeNaN();
    expect(fraction('0, 1', { 1: 0, '+Inf': 0 })).toBeNaN();
    expect(fraction('0, 1', { 1: 1, 2: 1 })).toBeNaN();
  });

  it('is for native histograms alone in version 2', () => {
    expect(() => only('histogram_fraction(0, 1, b)', buckets(usual), { version: 2 })).toThrow(
      'native histograms',
    );
  });
});

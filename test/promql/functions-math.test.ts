import { describe, expect, it } from 'vitest';
import { instant, only } from './instant.ts';

const value = (query: string, at = 300) => only(query, '', { at });

describe('functions of a number', () => {
  it('round halves up, also below zero, to any multiple', () => {
    expect(value('round(vector(2.5))')).toBe(3);
    expect(value('round(vector(-2.5))')).toBe(-2);
    expect(value('round(vector(7.3), 2)')).toBe(8);
    expect(value('round(vector(0.26), 0.1)')).toBeCloseTo(0.3, 14);
    expect(value('round(vector(5), 0)')).toBeNaN();
    expect(value('1 / round(vector(-0.4))')).toBe(Infinity);
  });

  it('clamp, and have no answer where the bounds are the wrong way round', () => {
    expect(value('clamp(vector(7), 1, 5)')).toBe(5);
    expect(value('clamp(vector(-7), 1, 5)')).toBe(1);
    expect(value('clamp(vector(7), 5, 1)')).toBeUndefined();
    expect(value('clamp(vector(7), 1, NaN)')).toBeNaN();
    expect(value('clamp_max(vector(7), 5)')).toBe(5);
    expect(value('clamp_min(vector(7), 9)')).toBe(9);
  });

  it('compare with infinity as Go does: NaN is not above it', () => {
    expect(value('clamp_min(vector(NaN), Inf)')).toBe(Infinity);
    expect(value('clamp_max(vector(NaN), -Inf)')).toBe(-Infinity);
    expect(value('clamp_min(vector(NaN), 1)')).toBeNaN();
  });

  it('keep the sign of zero', () => {
    for (const call of ['sgn(vector(-0))', 'ceil(vector(-0.5))', 'sqrt(vector(-0))', 'floor(vector(-0))'])
      expect(value(`1 / ${call}`)).toBe(-Infinity);
    expect(value('1 / abs(vector(-0))')).toBe(Infinity);
  });

  it('have the edges of their curves', () => {
    expect(value('ln(vector(0))')).toBe(-Infinity);
    expect(value('ln(vector(-1))')).toBeNaN();
    expect(value('sqrt(vector(-1))')).toBeNaN();
    expect(value('exp(vector(1000))')).toBe(Infinity);
    expect(value('acosh(vector(0.5))')).toBeNaN();
    expect(value('atanh(vector(1))')).toBe(Infinity);
    expect(value('asin(vector(2))')).toBeNaN();
    expect(value('sgn(vector(NaN))')).toBeNaN();
    expect(value('deg(vector(pi()))')).toBe(180);
    expect(value('rad(vector(180))')).toBe(Math.PI);
  });

  it('take logarithms as Go does, to the last digit', () => {
    expect(value('log2(vector(8))')).toBe(3);
    expect(value('log2(vector(2 ^ -1074))')).toBe(-1074);
    expect(value('log10(vector(1000))')).toBe(3);
    expect(value('log10(vector(1e15))')).toBe(14.999999999999998);
    expect(value('log2(vector(0))')).toBe(-Infinity);
    expect(value('log2(vector(Inf))')).toBe(Infinity);
  });

  it('drop the name', () => {
    expect(instant('abs(g)', 'g{a="b"} -1x10')).toEqual({ '{a="b"}': 1 });
    expect(() => instant('abs({__name__=~"g|h"})', 'g 1x10\nh 1x10')).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });
});

describe('dates', () => {
  /** Year, month, day of the month, of the week, of the year, days in the month, hour, minute. */
  const parts = (seconds: string) =>
    ['year', 'month', 'day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute'].map(
      (name) => value(`${name}(vector(${seconds}))`),
    );

  it('are those of the time in UTC', () => {
    expect(parts('0')).toEqual([1970, 1, 1, 4, 1, 31, 0, 0]);
    expect(parts('1709251199')).toEqual([2024, 2, 29, 4, 60, 29, 23, 59]);
    expect(parts('978307199')).toEqual([2000, 12, 31, 0, 366, 31, 23, 59]);
    expect(parts('4107542400')).toEqual([2100, 3, 1, 1, 60, 31, 0, 0]);
  });

  it('reach before the epoch and before the year 1', () => {
    expect(parts('-1')).toEqual([1969, 12, 31, 3, 365, 31, 23, 59]);
    expect(parts('-0.9')).toEqual([1970, 1, 1, 4, 1, 31, 0, 0]);
    expect(parts('-62135596800')).toEqual([1, 1, 1, 1, 1, 31, 0, 0]);
    expect(parts('-62135596801')).toEqual([0, 12, 31, 0, 366, 31, 23, 59]);
  });

  it('wrap around where Go runs out of bits', () => {
    expect(value('year(vector(NaN))')).toBe(292277026596);
    expect(value('year(vector(9e18))')).toBe(285198648531);
  });

  it('are of the time of evaluation without an argument', () => {
    expect(value('hour()', 3 * 3600 + 1)).toBe(3);
    expect(instant('minute()', '', { at: 125 })).toEqual({ '{}': 2 });
  });
});

describe('between scalars and vectors', () => {
  it('make a scalar of the only sample, and NaN of none or several', () => {
    expect(value('scalar(vector(3))')).toBe(3);
    expect(value('scalar(nothing)')).toBeNaN();
    expect(only('scalar(g)', 'g{a="1"} 1x10\ng{a="2"} 1x10')).toBeNaN();
  });

  it('know the time', () => {
    expect(value('time()')).toBe(300);
    expect(value('vector(time())', 1.5)).toBe(1.5);
    expect(only('timestamp(g)', 'g 1 2 3', { at: 170 })).toBe(120);
    expect(only('timestamp((g offset 1m))', 'g 1 2 3', { at: 170 })).toBe(60);
    expect(only('timestamp(-g)', 'g 1 2 3', { at: 170 })).toBe(170);
  });

  it('sort by value, NaN last either way', () => {
    const series = 'g{a="1"} NaN\ng{a="2"} 3\ng{a="3"} -Inf\ng{a="4"} 5';
    const order = (query: string) =>
      Object.keys(instant(query, series, { at: 0 })).map((labels) => /\d/.exec(labels)?.[0]);
    expect(order('sort(g)')).toEqual(['3', '2', '4', '1']);
    expect(order('sort_desc(g)')).toEqual(['4', '2', '3', '1']);
  });
});

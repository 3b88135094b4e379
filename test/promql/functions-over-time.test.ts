import { describe, expect, it } from 'vitest';
import { instant, only } from './instant.ts';

const series = 'g 1 4 2 8 NaN 5';
const infinite = 'g 1 Inf 2 3 4 5';

describe('functions over time', () => {
  it('leave the left edge of the window out in version 3', () => {
    expect(only('count_over_time(g[5m])', series, { version: 2 })).toBe(6);
    expect(only('count_over_time(g[5m])', series, { version: 3 })).toBe(5);
    expect(only('sum_over_time(g[4m])', 'g 1 2 4 8 16 32', { version: 2 })).toBe(62);
    expect(only('sum_over_time(g[4m])', 'g 1 2 4 8 16 32', { version: 3 })).toBe(60);
  });

  it('prefer any number to NaN as the least and the most', () => {
    expect(only('max_over_time(g[5m])', series)).toBe(8);
    expect(only('min_over_time(g[5m])', series)).toBe(2);
    expect(only('max_over_time(g[1m])', 'g NaN NaN NaN NaN NaN NaN')).toBeNaN();
  });

  it('keep the name for the last sample and for nothing else', () => {
    expect(instant('last_over_time(g{a="b"}[5m])', 'g{a="b"} 1 2 3')).toEqual({ 'g{a="b"}': 3 });
    expect(instant('count_over_time(g{a="b"}[5m])', 'g{a="b"} 1 2 3')).toEqual({ '{a="b"}': 2 });
  });

  it('carry what rounding would lose of a sum', () => {
    expect(only('sum_over_time(g[5m])', 'g 0 1 1e100 1 -1e100 0')).toBe(2);
    expect(only('avg_over_time(g[4m])', 'g 0 0 1 1e100 1 -1e100', { at: 300 })).toBe(0.5);
    expect(only('sum_over_time(g[1m5s])', 'g 0 0 0 0 1e308 1e308', { at: 300 })).toBe(Infinity);
  });

  it('average what overflows as a sum', () => {
    for (const version of [2, 3] as const)
      expect(only('avg_over_time(g[2m5s])', 'g 0 0 0 1e308 1e308 1e308', { version })).toBeCloseTo(
        1e308,
        -300,
      );
  });

  it('let infinity win over numbers, and NaN over both', () => {
    for (const version of [2, 3] as const) {
      expect(only('avg_over_time(g[4m30s])', infinite, { version })).toBe(Infinity);
      expect(only('sum_over_time(g[4m30s])', infinite, { version })).toBe(Infinity);
      expect(only('sum_over_time(g[4m30s])', 'g 0 Inf -Inf 1 1 1', { version })).toBeNaN();
      expect(only('avg_over_time(g[4m30s])', series, { version })).toBeNaN();
    }
  });

  it('take deviations of the whole population', () => {
    // 2 4 4 4 5 5 7 9: mean 5, squares 32 / 8.
    const eight = 'g 2 4 4 4 5 5 7 9';
    expect(only('stdvar_over_time(g[8m])', eight, { at: 420 })).toBe(4);
    expect(only('stddev_over_time(g[8m])', eight, { at: 420 })).toBe(2);
  });

  it('take quantiles between two samples by their distance, NaN below all', () => {
    expect(only('quantile_over_time(0.5, g[4m])', 'g 0 0 4 1 3 2')).toBe(2.5);
    expect(only('quantile_over_time(0.75, g[4m])', 'g 0 0 4 1 3 2')).toBe(3.25);
    expect(only('quantile_over_time(0, g[5m])', series)).toBeNaN();
    expect(only('quantile_over_time(1, g[5m])', series)).toBe(8);
    expect(only('quantile_over_time(-0.1, g[5m])', series)).toBe(-Infinity);
    expect(only('quantile_over_time(1.1, g[5m])', series)).toBe(Infinity);
    expect(only('quantile_over_time(NaN, g[5m])', series)).toBeNaN();
  });

  it('pass over stale markers', () => {
    expect(only('count_over_time(g[5m])', 'g 0 1 stale 3 4 stale')).toBe(3);
    expect(only('last_over_time(g[5m])', 'g 0 1 stale 3 4 stale')).toBe(4);
  });
});

describe('absent and absent_over_time', () => {
  it('have the labels that are asked for once, with =', () => {
    expect(instant('absent(x{a="1", b=~"2", c!="3", d="4"})')).toEqual({ '{a="1", d="4"}': 1 });
    expect(instant('absent(x{a="1", a="2", b="3"})')).toEqual({ '{b="3"}': 1 });
    expect(instant('absent(x{a="1", a=~"2"})')).toEqual({ '{}': 1 });
    expect(instant('absent((x{a="1"}))')).toEqual({ '{a="1"}': 1 });
    expect(instant('absent(sum(x{a="1"}))')).toEqual({ '{}': 1 });
    expect(instant('absent_over_time(x{a="1"}[5m] offset 1m)')).toEqual({ '{a="1"}': 1 });
    expect(instant('absent_over_time(x{a="1"}[5m:1m])')).toEqual({ '{}': 1 });
  });

  it('are empty where anything is there', () => {
    expect(instant('absent(g)', series)).toEqual({});
    expect(instant('absent_over_time(g[1m])', 'g _ _ _ _ _ 1\nh 1')).toEqual({});
    expect(instant('absent_over_time({__name__=~"g|h"}[5m])', 'g{a="1"} 1x5\nh{a="1"} 1x5')).toEqual({});
  });
});

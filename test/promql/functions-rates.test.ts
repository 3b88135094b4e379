import { describe, expect, it } from 'vitest';
import { only } from './instant.ts';

// A sample every 60 s from 0 on. A window of 5m at 300 s begins at 0: its first sample belongs to it in version 2 alone.

describe('rate, increase and delta', () => {
  it('reach to both edges of the window where samples lie on them (2), and half way there otherwise (3)', () => {
    const series = 'c 0+6x10';
    expect(only('increase(c[5m])', series, { version: 2 })).toBe(30);
    expect(only('rate(c[5m])', series, { version: 2 })).toBe(30 / 300);
    // (0, 300] holds 6 to 30, 240 s apart; 60 s to the start are within 1.1 * 60, and zero is 6 / 24 * 240 = 60 s away.
    expect(only('increase(c[5m])', series, { version: 3 })).toBe(30);
    // 130 s begin 10 s before the sample at 180; at 330, there are 40 s before the one at 240 and 30 s behind the last.
    expect(only('increase(c[2m10s])', series, { version: 3 })).toBeCloseTo(12 * (130 / 120), 12);
    expect(only('increase(c[2m10s])', series, { at: 330, version: 3 })).toBeCloseTo(
      (6 * (60 + 40 + 30)) / 60,
      12,
    );
  });

  it('take a fall for a start from zero, and not for gauges', () => {
    const series = 'c 10 20 5 15 0 10';
    // 10 -> 20 -> (20+)5 -> 15 -> (15+)0 -> 10: up by 35. Zero is 10 / 35 * 300 = 85.7 s before the first sample.
    expect(only('increase(c[5m])', series, { version: 2 })).toBe(35);
    expect(only('delta(c[5m])', series, { version: 2 })).toBe(0);
    expect(only('resets(c[5m])', series, { version: 2 })).toBe(2);
  });

  it('look at the zero crossing before the threshold in 2.42 and behind it in 3', () => {
    // 50 s to the start are near, 10 s to zero are nearer.
    expect(only('increase(c[110s])', 'c _ _ 1 7', { at: 180, version: 2 })).toBeCloseTo(
      (6 * (60 + 10 + 0)) / 60,
      12,
    );
    // 80 s to the start are more than 1.1 * 60, and so are the 70 s to zero that 2.42 puts in their place.
    expect(only('increase(c[2m20s])', 'c _ 7 13', { at: 120, version: 2 })).toBeCloseTo(
      (6 * (60 + 30)) / 60,
      12,
    );
    // 80 s to the start; zero is 40 s away: near in 2.42, while 3 has halved the interval before it looks.
    const series = 'c _ 4 10';
    expect(only('increase(c[2m20s])', series, { at: 120, version: 2 })).toBeCloseTo((6 * (60 + 40)) / 60, 12);
    expect(only('increase(c[2m20s])', series, { at: 120, version: 3 })).toBeCloseTo((6 * (60 + 30)) / 60, 12);
  });

  it('fall silent with fewer than two samples', () => {
    for (const name of ['rate', 'increase', 'delta', 'irate', 'idelta', 'deriv'])
      expect(only(`${name}(c[1m])`, 'c 0+6x10', { version: 3 })).toBeUndefined();
    expect(only('predict_linear(c[1m], 60)', 'c 0+6x10', { version: 3 })).toBeUndefined();
  });

  it('measure the window by whole seconds and the rest, as Go does', () => {
    expect(only('rate(c[120s250ms])', 'c 0+6x10', { version: 3 })).toBe((12 * (120.25 / 120)) / 120.25);
  });
});

describe('irate and idelta', () => {
  it('look at the last two samples alone', () => {
    expect(only('irate(c[5m])', 'c 0 100 0 5 6 12')).toBe(0.1);
    expect(only('idelta(c[5m])', 'c 0 100 0 5 6 12')).toBe(6);
    expect(only('irate(c[5m])', 'c 0 100 0 5 6 3')).toBe(3 / 60);
    expect(only('idelta(c[5m])', 'c 0 100 0 5 6 3')).toBe(-3);
  });
});

describe('changes', () => {
  it('count NaN after NaN as the same', () => {
    expect(only('changes(c[5m])', 'c 1 1 2 NaN NaN 2', { version: 2 })).toBe(3);
    expect(only('changes(c[5m])', 'c 1 1 2 NaN NaN 2', { version: 3 })).toBe(3);
    expect(only('changes(c[1m])', 'c 1 1 2 NaN NaN 2', { version: 3 })).toBe(0);
  });
});

describe('deriv and predict_linear', () => {
  it('draw a line through the samples', () => {
    expect(only('deriv(c[5m])', 'c 0+6x10')).toBeCloseTo(0.1, 14);
    expect(only('predict_linear(c[5m], 600)', 'c 0+6x10')).toBeCloseTo(90, 12);
    // From the time of evaluation on, whatever the offset of the window is.
    expect(only('predict_linear(c[2m] offset 2m, 0)', 'c 0 6 12 18 0 0')).toBeCloseTo(30, 12);
  });

  it('know a constant exactly, but for one that is infinite', () => {
    expect(only('deriv(c[5m])', 'c 0.1x10')).toBe(0);
    expect(only('predict_linear(c[5m], 1e9)', 'c 0.1x10')).toBe(0.1);
    expect(only('deriv(c[5m])', 'c Inf Inf Inf Inf Inf Inf')).toBeNaN();
  });
});

describe('holt_winters', () => {
  const series = 'c 1 2 4 8 16 32';

  it('smooths level and slope', () => {
    // Level 1, slope 1: 0.5 * 2 + 0.5 * (1 + 1) = 2; slope 0.5 * 1 + 0.5 * 1 = 1: 0.5 * 4 + 0.5 * 3 = 3.5.
    expect(only('holt_winters(c[2m], 0.5, 0.5)', series, { at: 120, version: 2 })).toBe(3.5);
  });

  it('refuses factors outside of 0 and 1', () => {
    const asked = (factors: string) => () => only(`holt_winters(c[5m], ${factors})`, series, { version: 2 });
    expect(asked('0, 0.5')).toThrow('invalid smoothing factor. Expected: 0 < sf < 1, got: 0.000000');
    expect(asked('0.5, 1')).toThrow('invalid trend factor. Expected: 0 < tf < 1, got: 1.000000');
    expect(asked('Inf, 1')).toThrow('invalid smoothing factor. Expected: 0 < sf < 1, got: +Inf');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usd } from '../../src/model/index.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatMoney,
  formatShare,
  formatTime,
  formatTokens,
  formatUsd,
} from '../../src/render/format.ts';

const US = 1e3;
const MS = 1e6;
const S = 1e9;

describe('durations', () => {
  it.each([
    [undefined, '–'],
    [0, '0ms'],
    [1, '1ns'],
    [999, '999ns'],
    [1000, '1µs'],
    [2500, '2.5µs'],
    [9940, '9.9µs'],
    [9960, '10µs'],
    [850 * US, '850µs'],
    [999_499, '999µs'],
    [999_500, '1ms'],
    [1.5 * MS, '1.5ms'],
    [350 * MS, '350ms'],
    [999.4 * MS, '999ms'],
    [999.6 * MS, '1.0s'],
    [2.1 * S, '2.1s'],
    [45.2 * S, '45.2s'],
    [59.94 * S, '59.9s'],
    [59.96 * S, '1m 00s'],
    [72 * S, '1m 12s'],
    [3599.4 * S, '59m 59s'],
    [3599.6 * S, '1h 00m'],
    [7500 * S, '2h 05m'],
    [86_369 * S, '23h 59m'],
    [86_370 * S, '1d 00h'],
    [100 * 3600 * S, '4d 04h'],
    [-350 * MS, '-350ms'],
  ])('%s ns is %s', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });

  it('never say 60 seconds, 60 minutes or 24 hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e15 }), (nanos) => {
        expect(formatDuration(nanos)).toMatch(
          /^(\d(\.\d)?|\d{2,3})(ns|µs|ms)$|^[1-5]?\d\.\ds$|^[1-5]?\d(m [0-5]\ds)$|^(1?\d|2[0-3])h [0-5]\dm$|^\d+d (0\d|1\d|2[0-3])h$/,
        );
      }),
    );
  });
});

describe('money', () => {
  it.each([
    ['0', '$0', '$0'],
    ['0.000000000001', '$0.000000000001', '$0.000000000001'],
    ['0.0000025', '$0.0000025', '$0.0000025'],
    ['0.000003', '$0.000003', '$0.000003'],
    ['0.00044', '$0.00044', '$0.00044'],
    ['0.0044', '$0.0044', '$0.0044'],
    ['0.00448', '$0.0045', '$0.0045'],
    ['0.005', '$0.0050', '$0.005'],
    ['0.00996', '$0.0100', '$0.01'],
    ['0.01', '$0.0100', '$0.01'],
    ['0.0165', '$0.0165', '$0.02'],
    ['0.4812', '$0.4812', '$0.48'],
    ['12.836', '$12.8360', '$12.84'],
    ['99.99999', '$100.0000', '$100.00'],
    ['123.456', '$123.46', '$123.46'],
    ['1234567.891', '$1,234,567.89', '$1,234,567.89'],
    ['-0.0044', '-$0.0044', '-$0.0044'],
  ])('%s USD is %s for a call, %s in total', (dollars, call, total) => {
    expect(formatUsd(pico(dollars), 'call')).toBe(call);
    expect(formatUsd(pico(dollars), 'total')).toBe(total);
  });

  it('never reads as nothing when something was spent', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        fc.constantFrom('call', 'total'),
        (amount, style) => {
          expect(formatUsd(amount, style as 'call')).toMatch(/[1-9]/);
        },
      ),
    );
  });

  it('says what is unknown, and what is at least so much', () => {
    expect(formatMoney(usd(undefined), 'call')).toBe('n/a (unpriced)');
    expect(formatMoney(usd(1_240_000_000_000n, true), 'total')).toBe('≥ $1.24');
    expect(formatMoney(usd(16_500_000_000n), 'call')).toBe('$0.0165');
  });
});

/** Dollars as text to picodollars, digit by digit. */
function pico(dollars: string): bigint {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(dollars)!;
  return BigInt(`${sign}${whole}${fraction.padEnd(12, '0')}`);
}

describe('counts, tokens and shares', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('%d reads %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it.each([
    [0, '0'],
    [800, '800'],
    [999, '999'],
    [1000, '1k'],
    [1500, '1.5k'],
    [12_345, '12.3k'],
    [99_949, '99.9k'],
    [99_950, '100k'],
    [128_000, '128k'],
    [999_499, '999k'],
    [999_500, '1M'],
    [2_400_000, '2.4M'],
    [8_580_000_000, '8.6G'],
  ])('%d tokens read %s', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });

  it.each([
    [0, '0%'],
    [0.0001, '<0.1%'],
    [0.001, '0.1%'],
    [0.042, '4.2%'],
    [0.05, '5%'],
    [0.0994, '9.9%'],
    [0.0996, '10%'],
    [0.404, '40%'],
    [0.994, '99%'],
    [0.9999, '>99%'],
    [1, '100%'],
    [1.25, '125%'],
  ])('%d reads %s', (fraction, text) => {
    expect(formatShare(fraction)).toBe(text);
  });
});

describe('instants', () => {
  const at = 1_770_199_923_204_567_890n;

  it.each([
    ['UTC', '2026-02-04 10:12:03Z', '10:12:03.204'],
    ['Europe/Berlin', '2026-02-04 11:12:03+01:00', '11:12:03.204'],
    ['Asia/Kolkata', '2026-02-04 15:42:03+05:30', '15:42:03.204'],
    ['America/New_York', '2026-02-04 05:12:03-05:00', '05:12:03.204'],
    ['Africa/Abidjan', '2026-02-04 10:12:03+00:00', '10:12:03.204'],
  ])('in %s', (zone, time, clock) => {
    expect(formatTime(at, zone)).toBe(time);
    expect(formatClock(at, zone)).toBe(clock);
  });

  it('before 1970, at midnight, and not at all', () => {
    expect(formatTime(-1n)).toBe('1969-12-31 23:59:59Z');
    expect(formatClock(-1n)).toBe('23:59:59.999');
    expect(formatTime(1_770_159_600_000_000_000n, 'Europe/Berlin')).toBe('2026-02-04 00:00:00+01:00');
    expect(formatTime(undefined)).toBe('–');
    expect(formatTime(2n ** 100n)).toBe('–');
    expect(formatClock(-(2n ** 80n), 'Asia/Tokyo')).toBe('–');
  });
});

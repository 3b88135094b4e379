import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  durationText,
  epochTime,
  hrTime,
  isoTime,
  scaled,
  timeOf,
  unitOf,
  unixNanos,
} from '../../src/input/time.ts';

const second = 1_000_000_000n;

describe('instants', () => {
  it('read ISO 8601 with any zone and every digit of a fraction', () => {
    const base = BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) * 1_000_000n;
    expect(isoTime('2026-01-02T03:04:05Z')).toBe(base);
    expect(isoTime('2026-01-02T03:04:05')).toBe(base);
    expect(isoTime('2026-01-02 03:04:05 UTC')).toBe(base);
    expect(isoTime('2026-01-02T05:34:05.123456789+02:30')).toBe(base + 123_456_789n);
    expect(isoTime('2026-01-01T22:04:05,5-0500')).toBe(base + 500_000_000n);
    expect(isoTime('2026-01-02T03:04:05.1234567899Z')).toBe(base + 123_456_789n);
    expect(isoTime('2026-01-02T03:04Z')).toBe(base - 5n * second);
    expect(isoTime('0001-01-01T00:00:00Z')).toBeUndefined();
    for (const text of [
      '',
      'soon',
      '2026-13-02T03:04:05Z',
      '2026-01-02',
      '1969-12-31T23:59:59Z',
      '9999-01-01T00:00:00Z',
    ])
      expect(isoTime(text), text).toBe('bad');
  });

  it('agree with Date where Date can tell', () => {
    const date = fc.date({ min: new Date(0), max: new Date('2106-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (at) => {
        expect(isoTime(at.toISOString())).toBe(BigInt(at.getTime()) * 1_000_000n);
      }),
    );
  });

  it('know the unit of a number by its magnitude', () => {
    const at = 1_760_000_000n * second;
    for (const value of [
      1_760_000_000,
      1_760_000_000_000,
      1_760_000_000_000_000,
      1.76e18,
      '1760000000000000000',
      at,
    ])
      expect(timeOf(value), String(value)).toBe(at);
    expect(timeOf(1_760_000_000.25)).toBe(at + 250_000_000n);
    expect(timeOf([1_760_000_000, 1])).toBe(at + 1n);
    expect(unitOf('x')).toBeUndefined();
  });

  it('tell "not set" from "cannot be"', () => {
    for (const value of [undefined, null, '', 0, '0', 0n]) expect(unixNanos(value)).toBeUndefined();
    for (const value of ['soon', -1, '18446744073709551615', Number.NaN, {}, [], true, '1e99', '0x10'])
      expect(unixNanos(value), String(value)).toBe('bad');
    expect(epochTime(0, 'us')).toBe(0n);
    expect(hrTime([0, 0])).toBeUndefined();
    expect(hrTime(['x', 0])).toBe('bad');
  });
});

describe('quantities', () => {
  it('keep every digit, and round what is finer than asked for', () => {
    expect(scaled(34750.017, 3)).toBe(34_750_017n);
    expect(scaled(1249500.7889999999, 3)).toBe(1_249_500_789n);
    expect(scaled('0.5', 0)).toBe(1n);
    expect(scaled('-1.25e3', 1)).toBe(-12_500n);
    expect(scaled(9_007_199_254_740_993n, 0)).toBe(9_007_199_254_740_993n);
    for (const value of ['', '.', 'e5', '1.2.3', 'NaN', Number.POSITIVE_INFINITY, 1e300, null, {}])
      expect(scaled(value, 3), String(value)).toBeUndefined();
  });

  it('are the same from a number and from its text', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.nat(9), (value, digits) => {
        expect(scaled(value, digits)).toBe(scaled(String(value), digits));
      }),
    );
  });

  it('read durations with their units', () => {
    const texts: readonly [string, bigint | undefined][] = [
      ['1.5s', 1_500_000_000n],
      ['230ms', 230_000_000n],
      ['5µs', 5_000n],
      ['7 ns', 7n],
      ['1h2m3.5s', 3_723_500_000_000n],
      ['PT0.5S', 500_000_000n],
      ['P1DT1H', 90_000n * second],
      ['00:01:02.0000001', 62_000_000_100n],
      ['1.00:00:01', 86_401n * second],
      ['P', undefined],
      ['', undefined],
      ['12', undefined],
      ['1 fortnight', undefined],
      ['1s and more', undefined],
    ];
    for (const [text, nanos] of texts) expect(durationText(text), text).toBe(nanos);
  });
});

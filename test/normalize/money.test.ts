import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { picoOf } from '../../src/normalize/money.ts';

describe('an amount in dollars', () => {
  it.each([
    [0.0165, 16_500_000_000],
    ['0.0165', 16_500_000_000],
    ['.5', 500_000_000_000],
    ['1.', 1_000_000_000_000],
    ['+2', 2_000_000_000_000],
    [3n, 3_000_000_000_000],
    [1e-12, 1],
    ['1E-12', 1],
    [2.45e-5, 24_500_000],
    [3.6599999999999995e-5, 36_600_000],
    [0.1 + 0.2, 300_000_000_000],
    [0, 0],
    [-0, 0],
    ['0.000', 0],
    ['1e-40', 0],
    // Half a picodollar goes to the even neighbour.
    ['0.0000000000005', 0],
    ['0.0000000000015', 2],
    ['0.0000000000025', 2],
    ['0.00000000000250000001', 3],
    ['9007.199254740991', Number.MAX_SAFE_INTEGER],
    ['9007.1992547409914', Number.MAX_SAFE_INTEGER],
  ])('%s is %d picodollars', (written, pico) => {
    expect(picoOf(written)).toBe(pico);
  });

  it.each([
    [-1],
    [-0.01],
    [Number.NaN],
    [Infinity],
    ['NaN'],
    ['free'],
    ['$1'],
    ['1,5'],
    ['0x10'],
    [''],
    ['.'],
    [true],
    [null],
    [[1]],
    [{}],
    ['1e400'],
    ['1e99'],
    ['9'.repeat(40)],
    ['9007.199254740992'],
    ['9007.1992547409915'],
    [9_999],
    ['1e4'],
    [12_345_678_901_234n],
    [undefined],
  ])('%s is none', (written) => {
    expect(picoOf(written)).toBeUndefined();
  });

  it('in micro-dollars moves the point', () => {
    expect(picoOf(16_500, -6)).toBe(16_500_000_000);
    expect(picoOf('0.0000005', -6)).toBe(0);
    expect(picoOf('0.0000015', -6)).toBe(2);
  });

  it('is what was written, as a number or as a text', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_999 }), fc.bigInt({ min: 0n, max: 999_999_999_999n }), (dollars, below) => {
        const text = `${dollars}.${String(below).padStart(12, '0')}`;
        const pico = BigInt(dollars) * 1_000_000_000_000n + below;
        expect(BigInt(picoOf(text)!)).toBe(pico);
        // Fifteen digits survive the way through a double.
        if (text.replace('.', '').replace(/^0+/, '').length <= 15)
          expect(picoOf(Number(text))).toBe(Number(pico));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads the same as a number and as that number written out', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5_000, noNaN: true }), (dollars) => {
        expect(picoOf(dollars)).toBe(picoOf(String(dollars)));
      }),
      { numRuns: 2_000 },
    );
  });
});

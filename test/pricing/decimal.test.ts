import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaled, scaleHalfEven } from '../../src/pricing/decimal.ts';
import { globMatches, globsOverlap } from '../../src/pricing/globs.ts';

test('decimals are scaled by their digits', () => {
  expect(scaled(0.0375, 6)).toBe(37_500);
  expect(scaled(0.003625, 6)).toBe(3625);
  expect(scaled(1e-6, 6)).toBe(1);
  expect(scaled('18.75', 6)).toBe(18_750_000);
  expect(scaled(1e21, 6)).toBeUndefined();
  expect(scaled(1e-7, 6)).toBeUndefined();
  expect(scaled(-1, 6)).toBeUndefined();
  expect(scaled(Number.NaN, 6)).toBeUndefined();
  expect(scaled(Number.POSITIVE_INFINITY, 6)).toBeUndefined();
});

test('every price of up to six decimals is exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (pico) => {
      expect(scaled(`${Math.floor(pico / 1e6)}.${String(pico % 1e6).padStart(6, '0')}`, 6)).toBe(pico);
    }),
  );
});

test('rounding is to the nearest, ties to even, at any size', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 1000 }), (value, part) => {
      const amount = Math.abs(value);
      const rounded = BigInt(scaleHalfEven(amount, part, 1000));
      const error = BigInt(amount) * BigInt(part) - rounded * 1000n;
      const size = error < 0n ? -error : error;
      expect(size < 500n || (size === 500n && rounded % 2n === 0n)).toBe(true);
    }),
  );
});

test('two globs overlap exactly when some text fits both', () => {
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 5 });
  const texts = ['', 'a', 'b'].flatMap((x) =>
    ['', 'a', 'b'].flatMap((y) => ['', 'a', 'b'].map((z) => x + y + z)),
  );
  fc.assert(
    fc.property(glob, glob, (a, b) => {
      const witness = texts.some((text) => globMatches(a, text) && globMatches(b, text));
      if (witness) expect(globsOverlap(a, b)).toBe(true);
      expect(globsOverlap(a, b)).toBe(globsOverlap(b, a));
      expect(globsOverlap(a, a)).toBe(true);
    }),
  );
  expect(globsOverlap('openai/*-mini', 'openai/gpt-*')).toBe(true);
  expect(globsOverlap('openai/gpt-4*', 'openai/gpt-5*')).toBe(false);
  expect(globsOverlap('*x', '*y')).toBe(false);
});

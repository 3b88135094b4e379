import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXACT_VALUES, QUANTILE_ERROR, Quantiles } from '../../src/rollup/index.ts';

const FRACTIONS = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

describe('quantiles of few values', () => {
  it('are interpolated between the closest ranks', () => {
    expect(told([10, 20, 30, 40]).at(0.5)).toBe(25);
    expect(told([4, 1, 3, 2]).at(0.95)).toBeCloseTo(3.85, 12);
    expect(told([7]).at(0.99)).toBe(7);
    expect(told([]).at(0.5)).toBeUndefined();
  });

  it('equal what sorting gives', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        expect(told(all).at(q)).toBe(slow(all, q));
      }),
    );
  });

  it('count no value that is no number', () => {
    const quantiles = told([1, Number.NaN, Number.POSITIVE_INFINITY, 3]);
    expect([quantiles.count, quantiles.at(1)]).toEqual([2, 3]);
  });

  it('may be asked for between two values', () => {
    const quantiles = told([5, 1]);
    expect(quantiles.at(0.5)).toBe(3);
    quantiles.add(0);
    expect(quantiles.at(0.5)).toBe(1);
  });

  it('stay exact up to the stated number of values', () => {
    const quantiles = told(numbers(EXACT_VALUES, (i) => i));
    expect([quantiles.exact, quantiles.at(0.5)]).toEqual([true, (EXACT_VALUES - 1) / 2]);
    quantiles.add(0);
    expect([quantiles.exact, quantiles.count]).toEqual([false, EXACT_VALUES + 1]);
  });
});

describe('quantiles of many values', () => {
  const shapes: Readonly<Record<string, (i: number) => number>> = {
    'durations of every size': (i) => 10 ** (3 + 9 * wobble(i)),
    'mostly zero': (i) => (i % 10 === 0 ? 1e9 * wobble(i) : 0),
    'one value': () => 12_345,
    'both signs': (i) => (wobble(i) - 0.3) * 1e6,
    'the largest and the smallest numbers': (i) => (i % 2 === 0 ? 1.7e308 : 1e-300) * (1 - wobble(i) / 2),
  };
  for (const [name, of] of Object.entries(shapes)) {
    it(`are off by the stated error at most: ${name}`, () => {
      const values = numbers(EXACT_VALUES + 20_000, of);
      const quantiles = told(values);
      const sorted = Float64Array.from(values).sort();
      expect(quantiles.exact).toBe(false);
      for (const q of FRACTIONS) {
        const rank = q * (sorted.length - 1);
        const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
        const found = quantiles.at(q)!;
        const slack = QUANTILE_ERROR * (1 + 1e-9);
        expect(found).toBeGreaterThanOrEqual(low - Math.abs(low) * slack);
        expect(found).toBeLessThanOrEqual(high + Math.abs(high) * slack);
      }
    });
  }

  it('know the least and the most', () => {
    const quantiles = told(numbers(EXACT_VALUES + 1, (i) => 3 + i));
    expect([quantiles.at(0), quantiles.at(1)]).toEqual([3, 3 + EXACT_VALUES]);
  });
});

describe('merged quantiles', () => {
  it('are those of all values, whoever had them and whatever came first', () => {
    const few = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 30 });
    const crowd = fc.constantFrom(0, EXACT_VALUES - 20, EXACT_VALUES + 5);
    fc.assert(
      fc.property(few, few, crowd, crowd, (a, b, manyA, manyB) => {
        const [left, right] = [
          [...a, ...numbers(manyA, wobble)],
          [...b, ...numbers(manyB, (i) => -wobble(i))],
        ];
        const all = told([...left, ...right]);
        for (const [first, second] of [
          [left, right],
          [right, left],
        ] as const) {
          const merged = told(first);
          const other = told(second);
          merged.merge(other);
          expect(merged.count).toBe(all.count);
          expect(merged.exact).toBe(all.exact);
          expect(FRACTIONS.map((q) => merged.at(q))).toEqual(FRACTIONS.map((q) => all.at(q)));
          expect(other.count).toBe(second.length);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('may be merged with themselves', () => {
    const small = told([1, 2]);
    small.merge(small);
    expect([small.count, small.at(0.5)]).toEqual([4, 1.5]);
    const large = told(numbers(EXACT_VALUES + 1, () => 2));
    large.merge(large);
    expect([large.count, large.at(0.5)]).toEqual([2 * EXACT_VALUES + 2, 2]);
  });
});

function told(values: readonly number[]): Quantiles {
  const quantiles = new Quantiles();
  for (const value of values) quantiles.add(value);
  return quantiles;
}

const numbers = (count: number, of: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => of(i));

/** From 0 to 1, the same every time and in no order. */
const wobble = (i: number): number => ((i * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;

function slow(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  const high = sorted[Math.ceil(rank)]!;
  const part = rank - Math.floor(rank);
  if (low === high || part === 0) return low;
  return Number.isFinite(high - low) ? low + (high - low) * part : low * (1 - part) + high * part;
}

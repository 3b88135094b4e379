import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapRatio, detectable, holm, type Samples, STATISTICS } from '../../src/analyses/bootstrap.ts';
import { randomOf, sampleOf } from '../../src/analyses/random.ts';

const few = { resamples: 400 };
const ratioOf = (samples: Samples, statistic: 'mean' | 'median', limit = 1.1, seed = 1) =>
  bootstrapRatio(samples, statistic, { limit, seed: [seed], ...few });

/** Figures with spread and skew, of a seed. */
function skewed(seed: number, count: number, scale = 1): number[] {
  const random = randomOf('skewed', seed);
  const uniform = (): number => (random.below(1e9) + 0.5) / 1e9;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => scale * Math.exp(0.5 * normal()));
}

describe('random numbers', () => {
  it('are the same for a seed, and others for another', () => {
    const drawn = (...seed: (string | number)[]) => {
      const random = randomOf(...seed);
      return Array.from({ length: 20 }, () => random.below(1000));
    };
    expect(drawn(1, 'a')).toEqual(drawn(1, 'a'));
    expect(drawn(1, 'a')).not.toEqual(drawn(2, 'a'));
    expect(drawn(1, 'a')).not.toEqual(drawn(1, 'b'));
    expect(drawn('1,2')).not.toEqual(drawn('1', '2'));
  });

  it('fall on every number alike', () => {
    const random = randomOf('even');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[random.below(10)]!++;
    // Nine degrees of freedom: 27.9 is exceeded once in a thousand.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquared).toBeLessThan(27.9);
  });

  it('one by one are those of a list', () => {
    const [one, list] = [randomOf('both'), new Int32Array(50)];
    randomOf('both').fill(list, 77);
    expect(Array.from(list, () => one.below(77))).toEqual([...list]);
  });

  it('choose as many as there are to be, each of them once, in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat({ max: 30 }), (items, count) => {
        const chosen = sampleOf(items, count, randomOf('sample'));
        expect(chosen).toHaveLength(Math.min(items.length, count));
        expect(items.filter((item) => chosen.includes(item))).toEqual(chosen);
      }),
    );
  });
});

describe('a bootstrapped ratio', () => {
  const before = skewed(1, 40);
  const after = skewed(2, 40, 1.5);

  it.each(STATISTICS)('of the %s lies in its interval', (statistic) => {
    for (const paired of [true, false]) {
      const { ratio, low, high } = ratioOf({ before, after, paired }, statistic);
      expect(low).toBeLessThan(ratio);
      expect(high).toBeGreaterThan(ratio);
    }
  });

  it('of means is the ratio of the means, of pairs and of sides', () => {
    const mean = (figures: readonly number[]) => figures.reduce((sum, one) => sum + one, 0) / figures.length;
    for (const paired of [true, false])
      expect(ratioOf({ before, after, paired }, 'mean').ratio).toBeCloseTo(mean(after) / mean(before), 10);
  });

  it('of the median of pairs is the median of their ratios', () => {
    const pairs = {
      before: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      after: [3, 2, 4, 8, 32, 64, 64, 256, 9],
      paired: true,
    };
    expect(ratioOf(pairs, 'median').ratio).toBe(1);
  });

  it('is the same for a seed, and for every order of the runs', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...STATISTICS), (seed, statistic) => {
        const shuffled = [...before].sort(() => (randomOf(seed).below(2) === 0 ? 1 : -1)).reverse();
        const once = ratioOf({ before, after, paired: false }, statistic, 1.1, seed);
        expect(ratioOf({ before: shuffled, after, paired: false }, statistic, 1.1, seed)).toEqual(once);
        const turned = { before: before.toReversed(), after: after.toReversed(), paired: true };
        expect(ratioOf(turned, statistic)).toEqual(ratioOf({ before, after, paired: true }, statistic));
      }),
      { numRuns: 10 },
    );
  });

  it('does not depend on the unit', () => {
    const cents = (figures: readonly number[]) => figures.map((one) => one * 100);
    const whole = ratioOf({ before, after, paired: false }, 'mean');
    const scaled = ratioOf({ before: cents(before), after: cents(after), paired: false }, 'mean');
    expect(scaled.low).toBeCloseTo(whole.low, 9);
    expect(scaled.pAbove).toBe(whole.pAbove);
  });

  it('is narrower of pairs that have much in common', () => {
    const grown = before.map((one, i) => one * (1.2 + (i % 3) / 100));
    const width = (paired: boolean) => {
      const { low, high } = ratioOf({ before, after: grown, paired }, 'mean');
      return high - low;
    };
    expect(width(true)).toBeLessThan(width(false) / 5);
  });

  it('of figures without spread is a point', () => {
    const [five, six] = [new Array<number>(10).fill(5), new Array<number>(10).fill(6)];
    for (const paired of [true, false]) {
      for (const statistic of STATISTICS) {
        const { ratio, low, high, pAbove, pBelow } = ratioOf({ before: five, after: six, paired }, statistic);
        expect([ratio, low, high].map((one) => one.toFixed(6))).toEqual(['1.200000', '1.200000', '1.200000']);
        expect(pAbove).toBeLessThan(0.01);
        expect(pBelow).toBe(1);
      }
    }
  });

  it('of nothing against nothing is 1, of something against nothing has no bound', () => {
    const zeros = new Array<number>(10).fill(0);
    const rare = [...new Array<number>(30).fill(0), 1];
    expect(ratioOf({ before: zeros, after: zeros, paired: false }, 'mean')).toMatchObject({
      ratio: 1,
      low: 1,
      high: 1,
    });
    const fresh = ratioOf(
      { before: zeros, after: [...zeros, ...new Array<number>(20).fill(1)], paired: false },
      'mean',
    );
    expect(fresh.ratio).toBe(Number.POSITIVE_INFINITY);
    expect(fresh.pAbove).toBeLessThan(0.01);
    // One failure in 31 runs may be chance.
    expect(ratioOf({ before: zeros, after: rare, paired: false }, 'mean').pAbove).toBeGreaterThan(0.2);
  });

  it('says yes about as often as it may where the truth is the limit', () => {
    let [alarms, rounds] = [0, 400];
    for (let i = 0; i < rounds; i++) {
      const samples = { before: skewed(2 * i, 20), after: skewed(2 * i + 1, 20, 1.1), paired: false };
      if (bootstrapRatio(samples, 'mean', { limit: 1.1, seed: [i], resamples: 199 }).pAbove < 0.05) alarms++;
    }
    // Nominal are 20; four standard deviations to each side.
    expect(alarms).toBeGreaterThan(3);
    expect(alarms).toBeLessThan(38);
  });
});

describe("Holm's correction", () => {
  it('multiplies each p-value with how many are not smaller, and keeps their order', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('is never below the p-value, nor above what Bonferroni says', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        const adjusted = holm(values);
        for (const [i, value] of values.entries()) {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]!).toBeLessThanOrEqual(Math.min(1, value * values.length));
        }
      }),
    );
  });
});

it('what can be detected is the limit and 2.49 standard errors, more where there are more comparisons', () => {
  // 1.6449 for 95 % and 0.8416 for 80 %.
  expect(detectable({ error: 0.1 }, 1.1, 1)).toBeCloseTo(1.1 * Math.exp(0.24865), 3);
  expect(detectable({ error: 0.1 }, 1.1, 5)).toBeCloseTo(1.1 * Math.exp(0.1 * (2.3263 + 0.8416)), 3);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormalizer, indexTables } from '../../src/normalize/normalizer.ts';
import { anySpan } from './any-span.ts';
import { plainOf } from './plain.ts';

const index = indexTables();

/** As the program is built with: through the text that the build writes. */
const written = JSON.parse(JSON.stringify(index)) as typeof index;

describe('the index of the tables', () => {
  it.each([false, true])('asks the same of the same keys, with observations: %s', (observations) => {
    const [compiled, indexed] = [
      createNormalizer({ observations, index: undefined }),
      createNormalizer({ observations, index: written }),
    ];
    const asked = ({ asks }: typeof compiled) => new Map(asks.asked);
    expect(asked(indexed)).toEqual(asked(compiled));
    expect(indexed.asks.events).toEqual(compiled.asks.events);
    expect(indexed.asks.ofResource).toEqual(compiled.asks.ofResource);
    expect(indexed.reads).toEqual(compiled.reads);
  });

  it('asks for no key that it does not know', () => {
    const { asks, normalize } = createNormalizer({ index: written });
    fc.assert(
      fc.property(anySpan, (any) => {
        normalize(any);
      }),
      { numRuns: 300 },
    );
    expect(asks.asked).toEqual(index.keys.map((key, slot) => [key, index.asks[slot]]));
  });

  it('changes nothing of what spans mean and why', () => {
    const [compiled, indexed] = [
      createNormalizer({ observations: true, index: undefined }),
      createNormalizer({ observations: true, index: written }),
    ];
    fc.assert(
      fc.property(anySpan, (any) => {
        expect(plainOf(indexed.normalize(any))).toEqual(plainOf(compiled.normalize(any)));
        expect(indexed.explain(any)).toEqual(compiled.explain(any));
      }),
      { numRuns: 600 },
    );
  });
});

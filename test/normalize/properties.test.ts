import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormalizer } from '../../src/normalize/index.ts';
import { anySpan, known } from './any-span.ts';
import { plainOf, spanOf } from './plain.ts';

const normalizer = createNormalizer({ observations: true });
describe('whatever a span holds', () => {
  it('it is understood without an exception, and no bucket is negative or broken', () => {
    fc.assert(
      fc.property(anySpan, (any) => {
        const { usage, recordedCost } = normalizer.normalize(any);
        if (recordedCost !== undefined) {
          expect(Number.isInteger(recordedCost.amount)).toBe(true);
          expect(recordedCost.amount).toBeGreaterThanOrEqual(0);
        }
        if (usage === undefined || usage === 'invalid') return;
        for (const count of Object.values(usage)) {
          expect(Number.isInteger(count)).toBe(true);
          expect(count).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('neither the order of its attributes nor spans seen before change what it means', () => {
    fc.assert(
      fc.property(anySpan, (any) => {
        const reversed = { ...any, attributes: new Map([...any.attributes].reverse()) };
        const fresh = plainOf(createNormalizer({ observations: true }).normalize(any));
        expect(plainOf(normalizer.normalize(any))).toEqual(fresh);
        expect(plainOf(normalizer.normalize(reversed))).toEqual(fresh);
      }),
      { numRuns: 40 },
    );
  });

  it('more sets of keys than are remembered change nothing', () => {
    const tired = createNormalizer({ observations: true });
    const often = known.filter((_, index) => index % 9 === 0);
    for (let round = 0; round < 5_000; round++) {
      const attributes = new Map(
        often.filter((_, index) => (round >> (index % 13)) & 1).map((k) => [k, 'x']),
      );
      tired.normalize({ ...spanOf({ name: 'any' }), attributes });
    }
    fc.assert(
      fc.property(anySpan, (any) => {
        expect(plainOf(tired.normalize(any))).toEqual(plainOf(normalizer.normalize(any)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('prompt parts', () => {
  const count = fc.nat({ max: 100_000 });
  const counts = fc.record(
    {
      input: count,
      output: count,
      total: count,
      read: count,
      write: count,
      oneHour: count,
      reasoning: count,
    },
    { requiredKeys: ['input', 'output'] },
  );
  const spellings = {
    input: 'gen_ai.usage.input_tokens',
    output: 'gen_ai.usage.output_tokens',
    total: 'gen_ai.usage.total_tokens',
    read: 'gen_ai.usage.cache_read.input_tokens',
    write: 'gen_ai.usage.cache_creation.input_tokens',
    oneHour: 'gen_ai.usage.cache_creation.1h_input_tokens',
    reasoning: 'gen_ai.usage.reasoning.output_tokens',
  } as const;

  it('add up to what was reported, or to that and the cache', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(undefined, 'strands', 'langsmith'), (reported, scopeName) => {
        const attributes = Object.fromEntries(
          Object.entries(reported).map(([part, tokens]) => [
            spellings[part as keyof typeof spellings],
            tokens,
          ]),
        );
        const plain = { name: 'chat', attributes, ...(scopeName === undefined ? {} : { scope: scopeName }) };
        const { usage } = normalizer.normalize(spanOf(plain));
        if (usage === undefined || usage === 'invalid') throw new Error('usage was reported');
        const cached = usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
        const prompt = usage.uncachedInput + cached;
        expect([reported.input, reported.input + cached]).toContain(prompt);
        expect(usage.reportedInput).toBe(reported.input);
        expect([reported.output, reported.output + usage.reasoning]).toContain(usage.output);
        expect(usage.output).toBeGreaterThanOrEqual(usage.reasoning);
      }),
      { numRuns: 600 },
    );
  });
});

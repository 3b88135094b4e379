import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../src/normalize/patterns.ts';

const PATTERNS = [
  /^codex-rollout$/,
  /^codex(?:$|[_-](?:cli|exec))/,
  /^sos(?:[-_.]|$)/,
  /^ab?c/,
  /^ab*c/,
  /^ab{0,1}c/,
  /^ab+c/,
  /^ab|c/,
  /^a(?:b)|c/,
  /^a(?:b|c)(?:\.|$)/,
  /^a\.(?:b|c)?\|/,
  /^a(b)?|c$/,
  /^\$ab/,
  /^a\.b/,
  /^a\db/,
  /^Ab/i,
  /ab/,
  /^/,
];

describe('matches', () => {
  it('is what the pattern itself says', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abcABC$.1-_ |'), maxLength: 6 }),
      fc.constantFrom('codex', 'codex-rollout', 'codex_cli', 'codex-rollouts', 'sos', 'sos.', 'sosa'),
    );
    fc.assert(
      fc.property(text, (name) => {
        for (const pattern of PATTERNS) expect(matches(pattern, name)).toBe(pattern.test(name));
      }),
      { numRuns: 1000 },
    );
  });
});

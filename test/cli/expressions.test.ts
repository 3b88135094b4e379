import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, parseLimit } from '../../src/cli/expressions.ts';
import { UserError } from '../../src/model/index.ts';

const NAMES = {
  waste: ['share', 'usd'],
  waste_time: ['nanos', 'share'],
  findings: ['count'],
  cost: ['usd'],
} as const;
const parse = (text: string) => {
  const { name, operator, value, unit } = parseLimit('--fail-on', text, NAMES);
  return [name, operator, value, unit];
};

describe('a limit', () => {
  it.each([
    ['waste > 10%', ['waste', '>', 0.1, 'share']],
    ['waste>=2.5%', ['waste', '>=', 0.025, 'share']],
    [' waste < 0.1 ', ['waste', '<', 0.1, 'share']],
    ['waste > $2', ['waste', '>', 2e12, 'usd']],
    ['waste <= 0.05 USD', ['waste', '<=', 5e10, 'usd']],
    ['waste_time > 5m', ['waste_time', '>', 300e9, 'nanos']],
    ['waste_time > 1.5s', ['waste_time', '>', 1.5e9, 'nanos']],
    ['waste_time > 250ms', ['waste_time', '>', 250e6, 'nanos']],
    ['waste_time > 90', ['waste_time', '>', 90e9, 'nanos']],
    ['waste_time > 5%', ['waste_time', '>', 0.05, 'share']],
    ['findings > 0', ['findings', '>', 0, 'count']],
    ['cost >= .5', ['cost', '>=', 5e11, 'usd']],
  ] as const)('%s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['', "'waste > 10%'"],
    ['waste', "'waste > 10%'"],
    ['waste = 10%', 'Operators: >=, <=, >, <.'],
    ['wast > 10%', "Did you mean 'waste'?"],
    ['time > 10%', 'Measures: waste, waste_time, findings, cost.'],
    ['constructor > 1', 'Measures: '],
    ['waste > 5m', "'waste > 10%' or 'waste > $2'"],
    ['waste > 10', "'waste > 10%' or 'waste > $2'"],
    ['waste > $5%', "'waste > 10%' or 'waste > $2'"],
    ['findings > 5m', "'findings > 3'"],
    ['cost > 5%', "'cost > $2'"],
    ['waste > -1%', "'waste > 10%'"],
  ])('%s is none', (text, hint) => {
    try {
      parse(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain(hint);
    }
  });

  it('of any text is understood or complained about', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `waste > ${text}`),
        ),
        (text) => {
          try {
            expect(Number.isFinite(parseLimit('--fail-on', text, NAMES).value)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        },
      ),
    );
  });

  it('holds or does not', () => {
    const limit = { operator: '>', value: 1 } as const;
    expect([0.5, 1, 1.5].map((value) => holds(limit, value))).toEqual([false, false, true]);
    expect([0.5, 1, 1.5].map((value) => holds({ ...limit, operator: '>=' }, value))).toEqual([
      false,
      true,
      true,
    ]);
    expect([0.5, 1, 1.5].map((value) => holds({ ...limit, operator: '<' }, value))).toEqual([
      true,
      false,
      false,
    ]);
    expect([0.5, 1, 1.5].map((value) => holds({ ...limit, operator: '<=' }, value))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

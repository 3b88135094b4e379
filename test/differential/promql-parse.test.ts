import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/promql/index.ts';
import { anyExpression } from '../promql/expressions.ts';
import { faultsByPromtool, hasPromtool } from './promtool.ts';
import '../seed.ts';

const EXPRESSIONS = Number(process.env['EXPRESSIONS'] ?? 1500);

function faultOf(expression: string): string | undefined {
  try {
    parse(expression, { version: 2 });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.skipIf(!hasPromtool)('expressions, against promtool (skipped where it is not installed)', () => {
  it('accepts what promtool accepts, and says of the rest what promtool says', () => {
    const seed = fc.readConfigureGlobal().seed;
    const expressions = fc
      .sample(anyExpression, { numRuns: EXPRESSIONS, ...(seed === undefined ? {} : { seed }) })
      .filter((expression) => expression !== '');
    const expected = faultsByPromtool(expressions);
    expect(expected.filter((fault) => fault === undefined).length).toBeGreaterThan(EXPRESSIONS / 10);
    const differences = expressions.flatMap((expression, index) => {
      const ours = faultOf(expression);
      return ours === expected[index] ? [] : [{ expression, promtool: expected[index], agentobs: ours }];
    });
    expect(differences).toEqual([]);
  });

  it('says the same of faults in the middle of long chains', () => {
    const faults = [
      '+ m',
      '+ "text"',
      '+ rate(m)',
      '+ bool m',
      '== 1',
      '+ (1 == 2)',
      '+ (1 and 1)',
      '+ )',
      '+ {}',
    ];
    const middle = '+ m '.repeat(3000);
    const expressions = faults.map((fault) => `m ${middle}${fault} ${middle}`);
    const [fine, ...expected] = faultsByPromtool(expressions);
    expect([fine, ...expected]).toEqual(expressions.map(faultOf));
    expect(fine).toBeUndefined();
    expect(expected.filter((fault) => fault !== undefined).length).toBeGreaterThan(5);
  });
});

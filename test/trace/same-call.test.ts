import { describe, expect, it } from 'vitest';
import type { Price } from '../../src/model/index.ts';
import { assemble, bill } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from './table.ts';

// Calls that stand in several traces: sessions that were resumed or forked copy what was said before.

const free: Price = {
  status: 'free',
  match: { layer: 'catalogue', row: 'test', kind: 'exact', assumptions: [] },
};

/** Ids of the spans that are calls, and the rule and originals of all others. */
function judged(sketches: readonly Sketch[]) {
  const forest = assemble(tableOf(sketches));
  const result = bill(forest, { priceOf: () => free }, 'auto');
  const idOf = (p: number): string => forest.table.spanIdOf(forest.row[p]!).replace(/^0+/, '');
  const positions = Array.from({ length: forest.length }, (_, p) => p);
  return {
    calls: positions
      .filter((p) => result.isCall(p))
      .map(idOf)
      .sort(),
    others: Object.fromEntries(
      positions
        .filter((p) => !result.isCall(p))
        .map((p) => {
          const { rule, of } = result.verdict(p);
          return [idOf(p), [rule, ...of.map(idOf)]];
        }),
    ),
  };
}

const report = (id: string, trace: string, more: Partial<Sketch> = {}): Sketch => ({
  id,
  trace,
  kind: 'llm',
  tokens: [100, 10],
  text: { model: 'm' },
  answer: 'msg_1',
  ...more,
});
const call = (id: string, trace: string, more: Partial<Sketch> = {}): Sketch =>
  report(id, trace, { from: 0, to: 10, ...more });

describe('one call in several traces', () => {
  it('is counted in the one that ended first, whatever the order of reading', () => {
    const copies = [
      call('1', 'a'),
      call('2', 'a', { from: 50, to: 60, answer: 'msg_2' }),
      call('3', 'b'),
      call('4', 'c'),
      call('5', 'c', { from: 20, to: 30, answer: 'msg_3' }),
    ];
    const expected = {
      calls: ['2', '3', '5'],
      others: { '1': ['duplicate_response_id', '3'], '4': ['duplicate_response_id', '3'] },
    };
    expect(judged(copies)).toEqual(expected);
    expect(judged([...copies].reverse())).toEqual(expected);
  });

  it.each([
    ['another start', { from: 1 }],
    ['another model', { text: { model: 'other' } }],
    ['another answer', { answer: 'msg_2' }],
  ])('is two calls with %s', (_, more) => {
    expect(judged([call('1', 'a'), call('2', 'b', more)]).calls).toEqual(['1', '2']);
  });

  it('is two calls where nobody tells the answer', () => {
    const { answer: _, ...untold } = call('1', 'a');
    expect(judged([untold, { ...untold, id: '2', trace: 'b' }]).calls).toEqual(['1', '2']);
  });

  it('gives way to the report that has a time, if the usage is the same', () => {
    const own = call('4', 'b', { answer: 'msg_2', from: -5 });
    expect(judged([report('1', 'b'), own, call('2', 'c'), report('3', 'a', { tokens: [100, 11] })])).toEqual({
      calls: ['2', '3', '4'],
      others: { '1': ['duplicate_response_id', '2'] },
    });
    expect(judged([report('1', 'a'), report('2', 'b'), report('3', 'c')]).calls).toHaveLength(1);
  });

  it('is looked for in time that grows with the calls, also where every answer has the same id', () => {
    const many = (answer: (i: number) => string) =>
      Array.from({ length: 10_000 }, (_, i) =>
        call(i.toString(16), (i % 500).toString(16).padStart(3, '0'), {
          from: i * 20,
          to: i * 20 + 10,
          answer: answer(i),
        }),
      );
    expect(judged(many(String)).calls).toHaveLength(10_000);
    expect(judged(many(() => 'chatcmpl-mock')).calls).toHaveLength(10_000);
  });
});

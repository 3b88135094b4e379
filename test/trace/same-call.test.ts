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
  it('is found among more calls than are compared at once', () => {
    const calls = Array.from({ length: 160_000 }, (_, i) => call((i + 1).toString(16), 'a'));
    const forest = assemble(
      tableOf(
        calls.map((one, i) => ({
          ...one,
          ...{
            trace: `t${i >> 4}`,
            from: 20 * (i & 15),
            to: 20 * (i & 15) + 10,
            answer: `msg_${i % 159_984}`,
          },
        })),
      ),
    );
    const result = bill(forest, { priceOf: () => free }, 'auto');
    const repeated = Array.from({ length: forest.length }, (_, p) => p).filter((p) => !result.isCall(p));
    const numberOf = (p: number): number => Number.parseInt(forest.table.spanIdOf(forest.row[p]!), 16) - 1;
    const pairs = repeated.map((p) =>
      [numberOf(p), ...result.verdict(p).of.map(numberOf)].sort((a, b) => a - b),
    );
    expect(pairs).toHaveLength(16);
    for (const [first, second] of pairs) expect(second! - first!).toBe(159_984);
  });

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

describe('an answer id in one trace', () => {
  const calls = (...sketches: Sketch[]) => judged(sketches).calls;

  it('is a mock server\u2019s where one call begins when another ends', () => {
    expect(calls(call('1', 'a'), call('2', 'a', { from: 10, to: 20 }))).toEqual(['1', '2']);
    const written = call('2', 'a', { from: 10, to: 10, dialect: 'log' });
    expect(calls(call('1', 'a'), written)).toEqual(['1']);
  });

  it('is a mock server\u2019s where one library tells of two prompts and two outputs at once', () => {
    const other = call('2', 'a', { from: 2, tokens: [200, 20] });
    expect(calls(call('1', 'a'), other)).toEqual(['1', '2']);
    expect(calls(call('1', 'a'), { ...other, dialect: 'wrapper' })).toEqual(['2']);
    expect(calls(call('1', 'a'), { ...other, tokens: [100, 20] })).toEqual(['2']);
    const [twice, again] = ['1', '2'].map((id) => ({ parent: id, dialect: 'wrapper' }));
    const nested = [
      call('1', 'a'),
      call('3', 'a', twice),
      other,
      call('4', 'a', { ...other, ...again, id: '4' }),
    ];
    expect(calls(...nested)).toEqual(['3', '4']);
  });
});

describe('a log event of a call', () => {
  const session = { model: 'm', session: 's' };
  const { answer: _, ...untold } = call('1', 'a', { text: session });
  const span: Sketch = untold;
  const event: Sketch = { ...span, id: '2', trace: 'b', from: 1, to: 9, fromEvent: true };

  it('is the call of the span that its session or its trace has at that time', () => {
    const one = { calls: ['1'], others: { '2': ['duplicate_overlap', '1'] } };
    expect(judged([span, event])).toEqual(one);
    expect(judged([event, span])).toEqual(one);
    expect(
      judged([
        { ...span, text: { model: 'm' } },
        { ...event, trace: 'a', text: { model: 'm' } },
      ]),
    ).toEqual(one);
    expect(judged([span, { ...event, from: 10, to: 10 }])).toEqual(one);
  });

  it('belongs to a session that a span above names', () => {
    const turn: Sketch = { id: 'f', trace: 'a', kind: 'agent', from: 0, to: 20, text: { session: 's' } };
    const inside: Sketch = { ...span, parent: 'f', text: { model: 'm' } };
    expect(judged([turn, inside, event]).calls).toEqual(['1']);
  });

  it('stands for the call where it tells more', () => {
    const parts = {
      reportedInput: 100,
      reportedOutput: 10,
      uncachedInput: 60,
      cacheRead: 40,
      output: 15,
      reasoning: 5,
    };
    const { tokens: __, ...counted } = event;
    expect(judged([span, { ...counted, usage: parts }])).toEqual({
      calls: ['2'],
      others: { '1': ['duplicate_overlap', '2'] },
    });
  });

  it('finds the span that reports no usage, and the one that failed with it', () => {
    const { tokens: __, ...silent } = span;
    const whole = { ...event, from: 0, to: 10 };
    const { tokens: ___, ...mute } = whole;
    expect(judged([silent, whole]).calls).toEqual(['2']);
    expect(
      judged([
        { ...silent, failed: true },
        { ...mute, failed: true },
      ]).calls,
    ).toEqual(['1']);
    expect(judged([{ ...silent, failed: true }, whole]).calls).toEqual(['1', '2']);
    expect(judged([silent, { ...whole, from: 5 }]).calls).toEqual(['1', '2']);
  });

  it('is one span\u2019s: of equal calls side by side each has its own', () => {
    const spans = ['1', '3', '5'].map((id) => ({ ...span, id }));
    const events = ['2', '4'].map((id) => ({ ...event, id }));
    expect(judged([...spans, ...events]).calls).toEqual(['1', '3', '5']);
    expect(judged([span, ...events]).calls).toHaveLength(2);
  });

  it.each([
    ['another session', { text: { model: 'm', session: 'other' } }],
    ['another model', { text: { model: 'n', session: 's' } }],
    ['other counts', { tokens: [100, 11] as const }],
    ['another time', { from: 12, to: 20 }],
  ])('is a call of its own with %s', (_, more) => {
    expect(judged([span, { ...event, ...more }]).calls).toEqual(['1', '2']);
  });

  it('is looked for in time that grows with the calls', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      ...(i % 2 === 0 ? span : event),
      id: i.toString(16),
      from: i - (i % 2),
      to: i - (i % 2) + 10,
    }));
    expect(judged(many).calls).toHaveLength(10_000);
  });
});

describe('a session file beside the spans of the same session', () => {
  it('tells the same calls by the same answer ids, begun at other times', () => {
    const told = { text: { model: 'm', session: 's' } };
    const span = call('1', 'a', { ...told, from: 6, dialect: 'spans' });
    const line = call('2', 'b', { ...told, dialect: 'session' });
    expect(judged([span, line]).calls).toHaveLength(1);
    expect(judged([span, { ...line, text: { model: 'm' } }]).calls).toHaveLength(2);
    expect(judged([span, { ...line, from: 30, to: 40 }]).calls).toHaveLength(2);
  });

  it('is needed less where two libraries export one run: the same answer, counts and time are enough', () => {
    const span = call('1', 'a', { dialect: 'spans', from: 0.5 });
    const exported = call('2', 'b', { dialect: 'export' });
    expect(judged([span, exported]).calls).toHaveLength(1);
    for (const other of [
      { dialect: 'spans' },
      { from: 5 },
      { tokens: [100, 11] as const },
      { answer: 'msg_2' },
    ])
      expect(judged([span, { ...exported, ...other }]).calls).toHaveLength(2);
  });
});

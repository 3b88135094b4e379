import { describe, expect, it } from 'vitest';
import type { Pico, Price, PriceBook, PricedCall } from '../../src/model/index.ts';
import { assemble, bill, type CostMode } from '../../src/trace/index.ts';
import { type Sketch, spanId, tableOf } from './table.ts';

/** A dollar a million input tokens, two for output; `m-unknown` has no price, `m-free` costs nothing. */
function priceOf({ model, usage }: PricedCall): Price {
  const match = { layer: 'catalogue', row: `test/${model}`, kind: 'exact', assumptions: [] } as const;
  if (model === 'm-unknown') return { status: 'unpriced', reason: 'unknown_model', hint: 'no such model' };
  if (model === 'm-free') return { status: 'free', match };
  const layer = model === 'm-own' ? 'config' : 'catalogue';
  const amount = ((usage.uncachedInput + usage.cacheRead) * 1e6 + usage.output * 2e6) as Pico;
  return { status: 'computed', amount, lines: [], match: { ...match, layer } };
}

/** A cent a search. */
const toolPrice: PriceBook['toolPrice'] = (name) =>
  name === 'search' ? { perCall: 10_000_000_000 as Pico, row: 'search', layer: 'config' } : undefined;

/** Status and dollars by span id, and the whole bill's numbers. */
function billed(sketches: readonly Sketch[], mode: CostMode = 'auto') {
  const forest = assemble(tableOf(sketches));
  const result = bill(forest, { priceOf, toolPrice }, mode);
  const spans = new Map<string, string>();
  let total = 0;
  let calls = 0;
  for (let p = 0; p < forest.length; p++) {
    const id = forest.table.spanIdOf(forest.row[p]!);
    spans.set(id.replace(/^0+/, ''), `${result.status(p)} ${result.cost(p) / 1e12}`);
    total += result.cost(p);
    if (result.isCall(p)) calls++;
  }
  return { spans: Object.fromEntries(spans), total: total / 1e12, calls, bill: result, forest };
}

/** The verdict on a span, by ids. */
function judged(sketches: readonly Sketch[]) {
  const { bill, forest } = billed(sketches);
  const idOf = (p: number): string => forest.table.spanIdOf(forest.row[p]!).replace(/^0+/, '');
  const verdictOf = (id: string): [string, string[]] => {
    const { rule, of } = bill.verdict(Array.from(forest.row, (_, p) => p).find((p) => idOf(p) === id)!);
    return [rule, of.map(idOf).sort()];
  };
  return { verdictOf };
}

const llm = (
  id: string,
  parent: string,
  tokens: readonly [number, number],
  more: Partial<Sketch> = {},
): Sketch => ({
  id,
  parent,
  kind: 'llm',
  from: 1,
  to: 2,
  tokens,
  text: { model: 'm' },
  ...more,
});

describe('bill', () => {
  it('does not count a parent that repeats its children, whatever it is called', () => {
    const { spans, total, calls, bill } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300], recorded: 0.5, text: { model: 'm' } },
      llm('1', 'a', [1000, 100]),
      llm('2', 'a', [2000, 200]),
    ]);
    expect(spans).toEqual({ a: 'rollup 0', 1: 'computed 0.0012', 2: 'computed 0.0024' });
    expect(total).toBe(0.0036);
    expect(calls).toBe(2);
    expect(bill.excluded()).toEqual({
      rollups: { spans: 1, cost: 500_000_000_000n },
      duplicates: { spans: 0 },
    });
  });

  it('tells how many reports it left out because the span was reported before', () => {
    const { calls, bill } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      llm('1', 'a', [1000, 100]),
      llm('1', 'a', [1000, 100]),
      llm('1', 'a', [1000, 100]),
    ]);
    expect(calls).toBe(1);
    expect(bill.excluded().duplicates.spans).toBe(2);
  });

  it('sees through nested roll-ups', () => {
    const { total, bill } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300] },
      { id: 'b', parent: 'a', kind: 'agent', from: 0, to: 9, tokens: [2000, 200] },
      llm('1', 'a', [1000, 100]),
      llm('2', 'b', [2000, 200]),
    ]);
    expect(total).toBe(0.0036);
    expect(bill.excluded().rollups.spans).toBe(2);
  });

  it('counts usage that only the parent knows, once', () => {
    const { spans, calls } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [1000, 100], text: { model: 'm' } },
      { id: 'b', parent: 'a', kind: 'tool', from: 1, to: 2 },
    ]);
    expect(spans['a']).toBe('computed 0.0012');
    expect(calls).toBe(1);
  });

  it('keeps a call of its own whose tool calls another model', () => {
    const { total, calls } = billed([
      llm('1', 'a', [5000, 500], { from: 0, to: 9 }),
      { id: '2', parent: '1', kind: 'tool', from: 1, to: 3 },
      llm('3', '2', [1000, 100]),
    ]);
    expect(calls).toBe(2);
    expect(total).toBeCloseTo(0.0072, 12);
  });

  it('merges a call that two layers report: equal usage below, or the same answer id', () => {
    const nested = billed([llm('1', 'a', [1000, 100]), llm('2', '1', [1000, 100])]);
    expect(nested.spans).toEqual({ 1: 'duplicate 0', 2: 'computed 0.0012' });
    const answer = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      llm('1', 'a', [1000, 100], { answer: 'resp-1', recorded: 0.7, authority: 'billed' }),
      llm('2', 'a', [1000, 100], { answer: 'resp-1', usage: { uncachedInput: 600, cacheRead: 400 } }),
    ]);
    expect(answer.calls).toBe(1);
    expect(answer.spans['2']).toBe('recorded 0.7');
  });

  it('keeps calls apart that only happen to use as many tokens', () => {
    const tool: Sketch = { id: '2', parent: '1', kind: 'tool', from: 1, to: 3 };
    const calls = (...sketches: readonly Sketch[]) => billed(sketches).calls;
    expect(calls(llm('1', 'a', [1000, 100], { from: 0, to: 9 }), tool, llm('3', '2', [1000, 100]))).toBe(2);
    expect(calls(llm('1', 'a', [1000, 100]), llm('2', '1', [1000, 100], { text: { model: 'm-mini' } }))).toBe(
      2,
    );
    expect(calls(llm('1', 'a', [9, 9], { answer: 'A' }), llm('2', '1', [9, 9], { answer: 'B' }))).toBe(2);
    expect(calls(llm('1', 'a', [2, 2]), llm('2', '1', [1, 1]))).toBe(2);
    const mock = (id: string, from: number) => llm(id, 'a', [9, 9], { answer: 'mock', from, to: from + 1 });
    expect(calls({ id: 'a', kind: 'agent', from: 0, to: 99 }, mock('1', 1), mock('2', 50))).toBe(2);
    const dated = { text: { model: 'vendor/m-2026-01-02' } };
    expect(calls(llm('1', 'a', [1000, 100]), llm('2', '1', [1000, 100], dated))).toBe(1);
  });

  it('takes from every report of a call what the others do not say', () => {
    const cached = { usage: { uncachedInput: 100, cacheRead: 900 } };
    const richer = billed([llm('1', 'a', [1000, 10], cached), llm('2', '1', [1000, 10])]);
    expect(richer.spans).toEqual({ 1: 'computed 0.00102', 2: 'duplicate 0' });
    const unnamed = billed([llm('1', 'a', [1000, 100]), llm('2', '1', [1000, 100], { text: {} })]);
    expect(unnamed.spans).toEqual({ 1: 'duplicate 0', 2: 'computed 0.0012' });
    const priced = billed([
      { id: '1', parent: 'a', kind: 'llm', from: 1, to: 2, recorded: 0.5 },
      llm('2', '1', [1000, 100]),
    ]);
    expect(priced.spans).toEqual({ 1: 'duplicate 0', 2: 'recorded 0.5' });
    const partial = { answer: 'x', from: 1, to: 2 };
    for (const [first, second] of [
      [1, 500],
      [500, 1],
    ] as const) {
      const { total } = billed([
        { id: 'a', kind: 'agent', from: 0, to: 9 },
        llm('1', 'a', [100, first], partial),
        llm('2', 'a', [100, second], partial),
      ]);
      expect(total).toBe(0.0011);
    }
    const layers = billed([
      { id: '1', parent: 'a', kind: 'llm', from: 1, to: 2, recorded: 0.5 },
      llm('2', '1', [1000, 100], { answer: 'x' }),
      llm('3', '1', [1000, 100], { answer: 'x', ...cached }),
    ]);
    expect(layers.total).toBe(0.5);
  });

  it('counts nothing again that a report of the same call elsewhere stands for', () => {
    const same = { answer: 'x', from: 1, to: 2 };
    const { spans, calls } = billed([
      { id: 'r', kind: 'workflow', from: 0, to: 9 },
      llm('1', 'r', [1000, 100], { ...same, usage: { uncachedInput: 100, cacheRead: 900 } }),
      { id: 'a', parent: 'r', kind: 'agent', from: 0, to: 9, tokens: [1000, 100] },
      llm('2', 'a', [1000, 100], same),
      llm('3', '2', [1000, 100]),
      llm('4', 'r', [1000, 100], { answer: 'y', usage: { uncachedInput: 100, cacheRead: 900 } }),
      { id: '5', parent: 'r', kind: 'llm', from: 1, to: 2, text: { model: 'm' } },
      llm('6', '5', [1000, 100], { answer: 'y' }),
      llm('7', 'r', [1000, 100], { from: 5, to: 8 }),
      llm('8', '7', [1000, 100], { answer: 'x', from: 1, to: 2 }),
    ]);
    expect(calls).toBe(2);
    expect(spans).toMatchObject({
      a: 'rollup 0',
      2: 'duplicate 0',
      3: 'duplicate 0',
      5: 'rollup 0',
      7: 'duplicate 0',
    });
  });

  it('finds the layer of a call beside other calls inside it', () => {
    const { spans } = billed([
      llm('1', 'a', [1000, 100], { from: 0, to: 9 }),
      llm('2', '1', [50, 5]),
      llm('3', '1', [1000, 100]),
    ]);
    expect(spans).toEqual({ 1: 'duplicate 0', 2: 'computed 0.00006', 3: 'computed 0.0012' });
  });

  it('goes through 30,000 layers around one call without looking at each from each', () => {
    const layers = Array.from({ length: 30_000 }, (_, i) =>
      llm((i + 1).toString(16), i === 0 ? 'ffffff' : i.toString(16), [1000, 100]),
    );
    expect(billed(layers).calls).toBe(1);
  });

  it('merges overlapping siblings of two instrumentations, but not two equal calls of one', () => {
    const root: Sketch = { id: 'a', kind: 'agent', from: 0, to: 9, dialect: 'z' };
    const two = (dialect: string) =>
      billed([root, llm('1', 'a', [1000, 100], { dialect: 'x' }), llm('2', 'a', [1000, 100], { dialect })])
        .calls;
    expect(two('y')).toBe(1);
    expect(two('x')).toBe(2);
    const orphan = (id: string, dialect: string) => llm(id, 'dead', [1000, 100], { dialect });
    expect(billed([orphan('1', 'x'), orphan('2', 'y')]).calls).toBe(1);
    for (const dialects of ['xyxy', 'xxyy', 'xyyx']) {
      const parallel = [...dialects].map((dialect, i) => llm(`${i + 1}`, 'a', [1000, 100], { dialect }));
      expect(billed([root, ...parallel]).calls).toBe(2);
    }
  });

  it('never prices a wrapper or a client span of a call as a call of its own', () => {
    const wrapper = billed([
      llm('1', 'a', [0, 0], { tokens: undefined as never }),
      llm('2', '1', [1000, 100]),
    ]);
    expect(wrapper.spans['1']).toBe('rollup 0');
    const client = billed([
      llm('1', 'a', [1000, 100]),
      { id: '2', parent: '1', kind: 'llm', from: 1, to: 2 },
    ]);
    expect(client.spans).toEqual({ 1: 'computed 0.0012', 2: 'duplicate 0' });
  });

  it('lists calls without usage, with usage that cannot be, and without a price; none is $0', () => {
    const { spans, bill, forest } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      { id: '1', parent: 'a', kind: 'llm', from: 1, to: 2, failed: true, text: { model: 'm' } },
      { id: '2', parent: 'a', kind: 'llm', from: 1, to: 2, usage: 'invalid', text: { model: 'm' } },
      llm('3', 'a', [1, 1], { text: { model: 'm-unknown' } }),
      llm('4', 'a', [1, 1], { text: { model: 'm-free' } }),
    ]);
    expect(spans).toEqual({
      a: 'none 0',
      1: 'unpriced:no_usage 0',
      2: 'unpriced:invalid_usage 0',
      3: 'unpriced:unknown_model 0',
      4: 'free 0',
    });
    expect(bill.unpriced().map(({ reason, hint }) => [reason, hint])).toEqual([
      ['invalid_usage', undefined],
      ['no_usage', undefined],
      ['unknown_model', 'no such model'],
    ]);
    expect(bill.subtree(0)).toEqual({ cost: 0n, calls: 4, unpricedCalls: 3 });
    expect(forest.table.spanIdOf(forest.row[0]!)).toBe(spanId('a'));
  });

  it('decides between recorded and computed cost', () => {
    const one = (more: Partial<Sketch>, mode: CostMode = 'auto'): string | undefined =>
      billed([llm('1', 'x', [1000, 100], more)], mode).spans['1'];
    expect(one({ recorded: 0.5 })).toBe('recorded 0.5');
    expect(one({ recorded: 0 })).toBe('computed 0.0012');
    expect(one({ recorded: 0, text: { model: 'm-free' } })).toBe('recorded 0');
    expect(one({ recorded: 0.5, text: { model: 'm-own' } })).toBe('computed 0.0012');
    expect(one({ recorded: 0.5, authority: 'billed', text: { model: 'm-own' } })).toBe('recorded 0.5');
    expect(one({ recorded: 0.5, authority: 'not_billed' })).toBe('not_billed 0');
    expect(one({ recorded: 0.5 }, 'computed')).toBe('computed 0.0012');
    expect(one({}, 'recorded')).toBe('unpriced:no_recorded_cost 0');
  });

  it('tells where recorded and computed costs differ, and what only a parent knows', () => {
    const { bill } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9 },
      llm('1', 'a', [1000, 100], { recorded: 0.5 }),
      llm('2', 'a', [1000, 100], { recorded: 0.001201 }),
      { id: '3', parent: 'a', kind: 'tool', from: 1, to: 2, recorded: 0.25 },
    ]);
    expect(bill.conflicts()).toEqual({ calls: 1, recorded: 500_000_000_000n, computed: 1_200_000_000n });
    expect([0, 1, 2, 3].map((p) => bill.isAggregateOnly(p))).toEqual([false, false, false, true]);
  });

  it('lets calls that report nothing account for a surplus of the LLM span right above them', () => {
    const gap: Sketch = { id: '2', parent: '9', kind: 'llm', from: 1, to: 2, text: { model: 'm' } };
    const { spans, bill } = billed([
      llm('9', 'a', [3000, 300], { from: 0, to: 9 }),
      llm('1', '9', [1000, 100]),
      gap,
    ]);
    expect(spans).toEqual({ 9: 'rollup 0', 1: 'computed 0.0012', 2: 'unpriced:no_usage 0' });
    expect(bill.rule(0)).toBe('rollup_sum');
    // Behind a tool it is another conversation: the outer call is one of its own.
    const tool: Sketch = { id: '3', parent: '9', kind: 'tool', from: 1, to: 3 };
    const nested = billed([
      llm('9', 'a', [3000, 300], { from: 0, to: 9 }),
      tool,
      llm('1', '3', [1000, 100]),
      { ...gap, parent: '3' },
    ]);
    expect(nested.spans['9']).toBe('computed 0.0036');
    // Less than its calls together is no sum of them.
    const less = billed([llm('9', 'a', [500, 50]), llm('1', '9', [1000, 100]), gap]);
    expect(less.spans['9']).toBe('computed 0.0006');
  });

  it('sees that an LLM span repeats its own calls beside an agent in a tool', () => {
    const { spans } = billed([
      llm('9', 'a', [3000, 300], { from: 0, to: 9 }),
      llm('1', '9', [1000, 100]),
      llm('2', '9', [2000, 200]),
      { id: 'b', parent: '9', kind: 'tool', from: 2, to: 5 },
      llm('3', 'b', [700, 70]),
    ]);
    expect(spans['9']).toBe('rollup 0');
    expect(spans['3']).toBe('computed 0.00084');
  });

  it('counts what only an agent knows beside an embedding and a fee below it', () => {
    const agent: Sketch = {
      id: 'a',
      kind: 'agent',
      from: 0,
      to: 9,
      tokens: [5000, 500],
      text: { model: 'm' },
    };
    const embedding: Sketch = { id: '1', parent: 'a', kind: 'embedding', from: 1, to: 2, tokens: [100, 0] };
    const { spans } = billed([
      agent,
      { ...embedding, text: { model: 'm' } },
      { id: 'b', parent: 'a', kind: 'tool', from: 2, to: 3, recorded: 0.25 },
    ]);
    expect(spans).toEqual({ a: 'computed 0.006', 1: 'computed 0.0001', b: 'recorded 0.25' });
    const step = billed([
      { id: 'a', kind: 'step', from: 0, to: 9, tokens: [100, 0] },
      { ...embedding, text: { model: 'm' } },
    ]);
    expect(step.spans['a']).toBe('rollup 0');
  });

  it('sees one call through the name that a gateway gives the model', () => {
    const service = (name: string): Partial<Sketch> => ({ text: { model: name, service: name } });
    const through = (inner: readonly [number, number], more: Partial<Sketch> = {}) =>
      billed([
        llm('1', 'a', [1000, 100], { from: 0, to: 9, ...service('m-unknown') }),
        llm('2', '1', inner, { from: 1, to: 8, ...service('m'), ...more }),
      ]);
    expect(through([1000, 100]).spans).toEqual({ 1: 'duplicate 0', 2: 'computed 0.0012' });
    expect(through([1001, 100]).calls).toBe(2);
    expect(through([1000, 100], { to: 12 }).calls).toBe(2);
    // The outer report knows the cache and stands for the call; the inner one knows what the model is called.
    const richer = billed([
      llm('1', 'a', [1000, 100], {
        ...service('m-unknown'),
        from: 0,
        to: 9,
        usage: { uncachedInput: 100, cacheRead: 900 },
      }),
      llm('2', '1', [1000, 100], { from: 1, to: 8, ...service('m') }),
    ]);
    expect(richer.spans).toEqual({ 1: 'computed 0.0012', 2: 'duplicate 0' });
  });

  it('counts one fee for a use that a span, a log event and a session file tell, or two libraries', () => {
    const used = (id: string, trace: string, more: Partial<Sketch> = {}): Sketch => ({
      ...{ id, trace, kind: 'tool', from: 1, to: 9, text: { tool: 'search', session: 's' } },
      ...more,
    });
    const event = used('2', 'b', { from: 2, fromEvent: true });
    const line = used('3', 'c', { from: 0, dialect: 'session' });
    const uses = (...sketches: Sketch[]) => billed(sketches).calls;
    expect(uses(event, line, used('1', 'a'))).toBe(1);
    expect(uses(used('1', 'a'), { ...event, text: { tool: 'search' } })).toBe(2);
    expect(uses(used('1', 'a'), { ...event, from: 10, to: 12 })).toBe(2);
    expect(uses(used('1', 'a'), used('4', 'a'), event, { ...event, id: '5' }, { ...event, id: '6' })).toBe(3);
    const other = { dialect: 'wrapper', parent: 'f' };
    const agent: Sketch = { id: 'f', trace: 'a', kind: 'agent', from: 0, to: 20 };
    expect(uses(agent, used('1', 'a', { parent: 'f' }), used('4', 'a', other))).toBe(1);
    expect(uses(agent, used('1', 'a', { parent: 'f' }), used('4', 'a', { ...other, from: 4 }))).toBe(2);
  });

  it('counts the fee of a tool beside the calls below it, once for each use', () => {
    const tool = (id: string, parent: string, more: Partial<Sketch> = {}): Sketch => ({
      ...{ id, parent, kind: 'tool', from: 1, to: 5, text: { tool: 'search' } },
      ...more,
    });
    const { spans, bill } = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [1000, 100] },
      tool('b', 'a'),
      { id: 'c', parent: 'b', kind: 'http', from: 1, to: 5 },
      tool('d', 'c'),
      llm('1', 'd', [1000, 100]),
      tool('e', '1'),
      tool('f', 'a', { text: { tool: 'other' } }),
    ]);
    expect(spans).toEqual({
      ...{ a: 'rollup 0', b: 'computed 0.01', c: 'none 0', d: 'duplicate 0' },
      ...{ 1: 'computed 0.0012', e: 'computed 0.01', f: 'none 0' },
    });
    expect(bill.rule(1)).toBe('tool_price');
    expect(bill.reckon(1)?.price).toMatchObject({ match: { layer: 'config', row: 'search' } });
    const recorded = (more: Partial<Sketch>, mode?: CostMode) =>
      billed([tool('b', 'a', more)], mode).spans['b'];
    expect(recorded({ recorded: 0.5 })).toBe('computed 0.01');
    expect(recorded({ recorded: 0.5, authority: 'billed' })).toBe('recorded 0.5');
    expect(recorded({ recorded: 0.5 }, 'recorded')).toBe('recorded 0.5');
    expect(recorded({}, 'recorded')).toBe('none 0');
    // A fee is nothing that an agent's own numbers could repeat.
    const alone = billed([
      { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [1000, 100], text: { model: 'm' } },
      tool('b', 'a'),
    ]);
    expect(alone.spans['a']).toBe('computed 0.0012');
  });

  it('tells the rule behind every span, and the spans it was decided by', () => {
    const root: Sketch = { id: 'a', kind: 'agent', from: 0, to: 9, tokens: [3000, 300], dialect: 'z' };
    const { verdictOf } = judged([
      root,
      { id: '1', parent: 'a', kind: 'llm', from: 1, to: 2 },
      llm('2', '1', [1000, 100]),
      llm('3', 'a', [2000, 200], { dialect: 'x' }),
      llm('4', 'a', [2000, 200], { dialect: 'y' }),
      { id: '5', parent: '4', kind: 'llm', from: 1, to: 2 },
      llm('6', 'a', [7, 7], { answer: 'A' }),
      llm('7', 'a', [7, 7], { answer: 'A' }),
      llm('8', 'a', [5, 5]),
      llm('9', '8', [5, 5]),
      { id: 'b', parent: 'a', kind: 'tool', from: 1, to: 2, recorded: 0.1 },
    ]);
    expect(verdictOf('a')).toEqual(['rollup_of_reports', ['2', '4', '6', '9', 'b']]);
    expect(verdictOf('1')).toEqual(['rollup_without_usage', ['2']]);
    expect(verdictOf('2')).toEqual(['call', []]);
    // The one that has something below it stands for the call.
    expect(verdictOf('4')).toEqual(['call', ['3', '5']]);
    expect(verdictOf('3')).toEqual(['duplicate_overlap', ['4']]);
    expect(verdictOf('5')).toEqual(['duplicate_without_usage', ['4']]);
    expect(verdictOf('7')).toEqual(['duplicate_response_id', ['6']]);
    expect(verdictOf('8')).toEqual(['duplicate_layer', ['9']]);
    expect(verdictOf('b')).toEqual(['aggregate_only', []]);
  });

  it('reckons a counted span again, with what did not count and why', () => {
    const reckoned = (more: Partial<Sketch>, mode: CostMode = 'auto') => {
      const { bill } = billed([llm('1', 'x', [1000, 100], more)], mode);
      const { recorded, ignored, price, counted, amount, conflict } = bill.reckon(0)!;
      return [recorded?.amount, ignored, price?.status, counted, amount, conflict];
    };
    expect(reckoned({ recorded: 0.5 })).toEqual([5e11, undefined, 'computed', 'recorded', 5e11, true]);
    expect(reckoned({ recorded: 0 })).toEqual([0, 'zero_with_usage', 'computed', 'computed', 1.2e9, false]);
    expect(reckoned({ recorded: 0.5, text: { model: 'm-own' } })[1]).toBe('own_price');
    expect(reckoned({ recorded: 0.5 }, 'computed')[1]).toBe('cost_mode');
    expect(reckoned({}, 'recorded')).toEqual([undefined, undefined, undefined, undefined, 0, false]);
    const { bill } = billed([{ id: 'a', kind: 'agent', from: 0, to: 9 }]);
    expect(bill.reckon(0)).toBeUndefined();
  });

  it('counts one use of a tool that two libraries tell at the top of a trace, one of them below a missing parent', () => {
    const use = { kind: 'tool', from: 1, to: 5, text: { tool: 'search' } } as const;
    const { bill, calls } = billed([
      { ...use, id: 'a', dialect: 'one' },
      { ...use, id: 'b', parent: 'dead', dialect: 'two' },
    ]);
    expect([calls, bill.rule(0), bill.rule(1)]).toEqual([1, 'tool_price', 'duplicate_overlap']);
  });

  it('adds up subtrees exactly beyond what a double holds', () => {
    const big = Array.from({ length: 300 }, (_, i) =>
      llm((i + 1).toString(16), 'aaaa', [1, 1], { recorded: 8999.25 }),
    );
    const { bill } = billed([{ id: 'aaaa', kind: 'agent', from: 0, to: 9 }, ...big]);
    expect(bill.subtree(0).cost).toBe(300n * BigInt(Math.round(8999.25 * 1e12)));
  });
});

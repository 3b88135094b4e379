import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/analyses/dataset.ts';
import { traceDiff } from '../../src/analyses/trace-diff.ts';
import type { Pico, Price, PricedCall, TraceDiff } from '../../src/model/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from '../trace/table.ts';

const NOBODY = { user: [], organization: [], workspace: [], session: [], workflow: [] };
const PRICES = { source: 'test', version: '1', as_of: '2026-01-01', overrides: 0 };

/** A dollar a million tokens in, two out, of every model but one. */
const priceOf = ({ model, usage }: PricedCall): Price => {
  if (model === 'unknown') return { status: 'unpriced', reason: 'unknown_model', hint: undefined };
  const lines = [
    { bucket: 'input', tokens: usage.uncachedInput, rate: 1e6, amount: (usage.uncachedInput * 1e6) as Pico },
    { bucket: 'output', tokens: usage.output, rate: 2e6, amount: (usage.output * 2e6) as Pico },
  ].filter(({ tokens }) => tokens > 0);
  const amount = lines.reduce((sum, line) => sum + line.amount, 0) as Pico;
  const match = { layer: 'catalogue', row: `test/${model}`, kind: 'exact', assumptions: [] } as const;
  return { status: 'computed', amount, lines, match };
};

function dataOf(sketches: readonly Sketch[]): Dataset {
  const forest = assemble(tableOf(sketches));
  return { forest, attribution: attribute(forest, NOBODY), bill: bill(forest, { priceOf }, 'auto') };
}

function diff(
  a: readonly Sketch[],
  b: readonly Sketch[],
  options: { readonly all?: boolean; readonly limit?: number; readonly tolerance?: number } = {},
): TraceDiff {
  const side = (data: Dataset) => ({ data, traces: Array.from({ length: data.forest.traces }, (_, t) => t) });
  const report = traceDiff(side(dataOf(a)), side(dataOf(b)), {
    names: ['a', 'b'],
    prices: PRICES,
    ...options,
  });
  return report.body as TraceDiff;
}

/** Every changed step as one text: `repeated root › tool x: calls`. */
const changes = (found: TraceDiff): string[] =>
  found.steps.map(({ change, changes: what, place, step_was: was, moved_from: from }) =>
    [
      `${change} ${place}`,
      ...(was === null ? [] : [`was ${was}`]),
      ...(from === null ? [] : [`from ${from.join(' › ')}`]),
      ...(what.length === 0 ? [] : [what.join(' ')]),
    ].join(', '),
  );

const root = (more: Partial<Sketch> = {}): Sketch => ({
  ...{ id: '1', name: 'root', kind: 'agent', from: 0, to: 1000 },
  ...more,
});
const tool = (id: string, name: string, from = 0, to = from + 10, more: Partial<Sketch> = {}): Sketch => ({
  ...{ id, parent: '1', name: `execute ${name}`, kind: 'tool', from, to, text: { tool: name } },
  ...more,
});
const llm = (id: string, model: string, from = 0, more: Partial<Sketch> = {}): Sketch => ({
  ...{ id, parent: '1', name: `chat ${model}`, kind: 'llm', from, to: from + 10, tokens: [100, 10] },
  ...{ text: { requestModel: model, model } },
  ...more,
});

describe('steps are matched', () => {
  it('by name below matched steps, whatever their ids and times', () => {
    const a = [root(), tool('2', 'x', 10), tool('3', 'y', 30)];
    const b = [
      root({ id: 'b1', trace: 'e', from: 5000, to: 6000 }),
      tool('b2', 'x', 5010, 5020, { parent: 'b1', trace: 'e' }),
      tool('b3', 'y', 5030, 5040, { parent: 'b1', trace: 'e' }),
    ];
    const found = diff(a, b);
    expect(changes(found)).toEqual([]);
    expect(found.summary.same).toBe(3);
    expect(found.matched).toEqual({ spans: 6, of: 6, share: 1, time_share: 1 });
  });

  it('and told as added, removed and repeated', () => {
    const a = [root(), tool('2', 'x', 10), tool('3', 'y', 30)];
    const b = [root(), tool('2', 'x', 10), tool('4', 'x', 20), tool('5', 'z', 30)];
    const found = diff(a, b);
    expect(changes(found)).toEqual([
      'repeated agent root › tool x, calls',
      'removed agent root › tool y',
      'added agent root › tool z',
    ]);
    expect(found.matched).toMatchObject({ spans: 5, of: 7 });
  });

  it('though their model is another one', () => {
    expect(changes(diff([root(), llm('2', 'small')], [root(), llm('2', 'large')]))).toEqual([
      'changed agent root › llm large, was llm small, model',
    ]);
  });

  it('in order, where several models changed', () => {
    const a = [root(), llm('2', 'p', 10), tool('3', 'x', 30), llm('4', 'q', 50)];
    const b = [root(), llm('2', 'r', 10), tool('3', 'x', 30), llm('4', 's', 50)];
    expect(changes(diff(a, b))).toEqual([
      'changed agent root › llm r, was llm p, model',
      'changed agent root › llm s, was llm q, model',
    ]);
  });

  it('though the run begins with another name, or a name has an id', () => {
    const a = [root({ name: 'old' }), tool('2', 'task-00f067aa0ba902b7')];
    const b = [root({ name: 'new' }), tool('2', 'task-4bf92f3577b34da6')];
    expect(changes(diff(a, b))).toEqual(['changed agent new, was agent old, name']);
  });

  it('below another step, if there is one of the name on both sides', () => {
    const a = [root(), tool('2', 'x', 10), tool('3', 'y', 12, 18, { parent: '2' })];
    const b = [
      root(),
      { ...root(), id: '2', parent: '1', name: 'sub' },
      tool('3', 'x', 10, 20, { parent: '2' }),
      tool('4', 'y', 12, 18, { parent: '3' }),
    ];
    expect(changes(diff(a, b))).toEqual([
      'added agent root › agent sub',
      'moved agent root › agent sub › tool x, from agent root › tool x, place',
    ]);
  });

  it('two steps of one model by the names of their spans', () => {
    const named = (id: string, name: string, from: number, model = 'm') => llm(id, model, from, { name });
    const a = [root(), named('2', 'plan', 10), named('3', 'write', 30)];
    const b = [root(), named('2', 'plan', 10), named('3', 'write', 30), named('4', 'write', 50)];
    expect(changes(diff(a, b))).toEqual(['repeated agent root › llm m (write), calls cost']);
  });
});

describe('figures of a step', () => {
  it('differ beyond a share and a least amount', () => {
    const a = [root(), tool('2', 'x', 0, 100), tool('3', 'y', 200, 200.5)];
    const b = [root(), tool('2', 'x', 0, 119), tool('3', 'y', 200, 201.4)];
    expect(changes(diff(a, b))).toEqual([]);
    expect(changes(diff(a, b, { tolerance: 0.1 }))).toEqual(['changed agent root › tool x, duration']);
  });

  it('tell new and mended failures', () => {
    const fails = { failed: true };
    const a = [root(), tool('2', 'x'), tool('3', 'y', 20, 30, fails)];
    const b = [root(), tool('2', 'x', 0, 10, fails), tool('3', 'y', 20)];
    const found = diff(a, b);
    expect(changes(found)).toEqual([
      'changed agent root › tool x, errors',
      'changed agent root › tool y, errors',
    ]);
    expect(found.summary.largest.fails?.path).toEqual(['agent root', 'tool x']);
    expect(found.summary.largest.recovers?.path).toEqual(['agent root', 'tool y']);
  });

  it('of sets are compared by the run', () => {
    const run = (trace: string, count: number): Sketch[] => [
      root({ trace }),
      ...Array.from({ length: count }, (_, i) => tool(`${trace}${i}`, 'x', 20 * i, 20 * i + 10, { trace })),
    ];
    const found = diff([...run('a', 2), ...run('b', 2)], [...run('c', 2), ...run('d', 2), ...run('e', 4)]);
    expect(changes(found)).toEqual(['repeated agent root › tool x, calls']);
    expect(found.steps[0]).toMatchObject({
      a: { runs: 2, calls: 4, calls_per_run: 2, duration_ms: { nanos: 20e6 } },
      b: {
        runs: 3,
        calls: 8,
        calls_per_run: 2.666667,
        duration_ms: { nanos: 20e6 },
        call_ms: { nanos: 10e6 },
      },
    });
  });

  it('say of a cost that part of it is not known', () => {
    const found = diff([root(), llm('2', 'm')], [root(), llm('2', 'm'), llm('3', 'unknown', 30)]);
    expect(found.cost_change.total_usd.pico).toBe(0n);
    expect(found.cost_change.unpriced_calls).toEqual({ a: 0, b: 1 });
    expect(found.b.cost_usd).toMatchObject({ lowerBound: true });
    expect(changes(found)).toEqual(['added agent root › llm unknown']);
  });

  it('say nothing of a cost where none of it is known', () => {
    const found = diff([root(), llm('2', 'm')], [root(), llm('2', 'unknown'), llm('3', 'unknown', 30)]);
    expect(found.b.cost_usd.pico).toBeUndefined();
    const { total_usd: total, terms, unpriced_calls: unpriced } = found.cost_change;
    expect(new Set([total, ...terms.map(({ usd }) => usd)].map(({ pico }) => pico))).toEqual(
      new Set([undefined]),
    );
    expect(unpriced).toEqual({ a: 0, b: 2 });
    expect(found.steps.map(({ cost_change_usd: change }) => change.pico)).toEqual([undefined]);
    expect(found.summary.largest).toMatchObject({ term: null, cost: null });
  });

  it('say nothing of times where a side tells none', () => {
    const timeless = { from: undefined, to: undefined } as unknown as Partial<Sketch>;
    const found = diff([root(timeless)], [root()], { all: true });
    expect(found.matched.time_share).toBeNull();
    const { a, b } = found.steps[0]!;
    expect([a, b].map((side) => [side?.self_ms.nanos, side?.critical_ms.nanos])).toEqual([
      [undefined, undefined],
      [1000e6, 1000e6],
    ]);
  });

  it('on the critical path add up to what the runs take', () => {
    const a = [root(), tool('2', 'x', 10, 400), tool('3', 'y', 400, 900)];
    const b = [root({ to: 1500 }), tool('2', 'x', 10, 400), tool('3', 'y', 400, 1400)];
    const found = diff(a, b, { all: true });
    const sum = (side: 'a' | 'b') =>
      found.steps.reduce((all, step) => all + (step[side]?.critical_ms.nanos ?? 0), 0);
    expect([sum('a'), sum('b')]).toEqual([1000e6, 1500e6]);
    expect(found.summary.largest.time).toMatchObject({ path: ['agent root', 'tool y'] });
  });
});

it('a retry is what follows a failed call of the same step, if that was billed', () => {
  const fails = { failed: true };
  const terms = (b: readonly Sketch[]) =>
    diff([root(), llm('2', 'm')], b).cost_change.terms.flatMap(({ name, usd }) =>
      usd.pico === 0n ? [] : [name],
    );
  expect(terms([root(), llm('2', 'm', 0, fails), llm('3', 'm', 20)])).toEqual(['retries']);
  expect(terms([root(), llm('2', 'm', 0), llm('3', 'm', 20)])).toEqual(['calls']);
  const unbilled = { failed: true, usage: undefined, tokens: undefined } as unknown as Partial<Sketch>;
  expect(terms([root(), llm('2', 'm', 0, unbilled), llm('3', 'm', 20)])).toEqual([]);
});

it('a limit keeps what changed most, in the order of the tree', () => {
  const a = [root(), tool('2', 'x', 0, 100), tool('3', 'y', 200, 300), tool('4', 'z', 400, 500)];
  const b = [root(), tool('2', 'x', 0, 190), tool('3', 'y', 200, 230), tool('4', 'z', 400, 620)];
  expect(changes(diff(a, b, { limit: 2 }))).toEqual([
    'changed agent root › tool x, duration',
    'changed agent root › tool z, duration',
  ]);
});

describe('however large a trace is', () => {
  it('tens of thousands of children, and as many spans below each other, are compared at once', () => {
    const wide = (shift: number): Sketch[] => [
      root({ to: 200_000 }),
      ...Array.from({ length: 10_000 }, (_, i) =>
        tool((i + 16).toString(16), `t${'abc'[i % 3]}${i + shift}x`, i, i + 1),
      ),
    ];
    const deep = Array.from(
      { length: 10_000 },
      (_, i): Sketch => ({
        ...{ id: (i + 1).toString(16), name: `s${i % 7}`, from: i, to: 90_000 - i },
        ...(i === 0 ? {} : { parent: i.toString(16) }),
      }),
    );
    expect(diff(wide(0), wide(1)).matched.of).toBe(20_002);
    expect(diff(deep, deep).summary).toMatchObject({ added: 0, removed: 0, changed: 0, repeated: 0 });
  }, 60_000);
});

import { describe, expect, it } from 'vitest';
import { attemptsOf } from '../../src/analyses/attempts.ts';
import { spanId } from '../trace/table.ts';
import { datasetOf, type Scene } from './dataset.ts';

/** Retries and outcomes by the short id of the span that tells them. */
function attempts(scenes: readonly Scene[]) {
  const data = datasetOf(scenes);
  const { table, row } = data.forest;
  const { retries, outcomes } = attemptsOf(data);
  const named = <T>(map: ReadonlyMap<number, T>): Record<string, T> =>
    Object.fromEntries(
      scenes.flatMap(({ id }) => {
        const p = row.findIndex((r) => table.spanIdOf(r) === spanId(id));
        return map.has(p) ? [[id, map.get(p)!] as const] : [];
      }),
    );
  return { retries: named(retries), outcomes: named(outcomes) };
}

const root: Scene = { id: '1', kind: 'agent', from: 0, to: 100 };
const tool = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: '1',
  kind: 'tool',
  name: 'execute',
  from,
  to: from + 5,
  text: { tool: 'search' },
  ...more,
});
const llm = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: '1',
  kind: 'llm',
  name: 'chat',
  from,
  to: from + 5,
  text: { requestModel: 'm' },
  ...more,
});
const failed = { failed: true } as const;
const NONE = { retries: {}, outcomes: {} };

describe('attempts by repeated siblings', () => {
  it('are the same step right after a failed one', () => {
    const spans = [root, tool('a', 0, failed), tool('b', 10, failed), tool('c', 20)];
    expect(attempts(spans)).toEqual({ retries: { b: 1, c: 1 }, outcomes: { c: true } });
  });

  it('are none after a success, nor beside the failed one', () => {
    expect(attempts([root, tool('a', 0), tool('b', 10)])).toEqual(NONE);
    expect(attempts([root, tool('a', 0, failed), tool('b', 3)])).toEqual(NONE);
  });

  it('may have a model call between them, but no other step', () => {
    const between = (one: Scene) => attempts([root, tool('a', 0, failed), one, tool('c', 20)]);
    expect(between(llm('b', 10))).toEqual({ retries: { c: 1 }, outcomes: { c: true } });
    expect(between(tool('b', 10, { text: { tool: 'other' } }))).toEqual(NONE);
  });

  it('of a model call follow one another, whatever model answers', () => {
    const again = llm('c', 20, { text: { requestModel: 'm', model: 'm-2026' } });
    expect(attempts([root, llm('a', 0, failed), again])).toEqual({
      retries: { c: 1 },
      outcomes: { c: true },
    });
    expect(attempts([root, llm('a', 0, failed), tool('b', 10), again])).toEqual(NONE);
  });

  it('are of one parent', () => {
    const other: Scene = { id: '2', parent: '1', kind: 'step', from: 50, to: 90 };
    expect(attempts([root, other, tool('a', 0, failed), tool('b', 60, { parent: '2' })])).toEqual(NONE);
  });

  it('at the top of a trace are runs that were started again', () => {
    const run = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
      id,
      name: 'run',
      from,
      to: from + 5,
      ...more,
    });
    const { retries } = attempts([run('a', 0, failed), run('b', 10)]);
    expect(retries).toEqual({ b: 1 });
    expect(attempts([run('a', 0, failed), run('b', 10, { trace: 'e' })])).toEqual(NONE);
  });
});

describe('attempts by their number', () => {
  it('are told by spans one by one', () => {
    const spans = [
      root,
      tool('a', 0, { ...failed, attempt: 1 }),
      tool('b', 10, { ...failed, attempt: 2 }),
      tool('c', 20, { ...failed, attempt: 3 }),
    ];
    expect(attempts(spans)).toEqual({ retries: { b: 1, c: 1 }, outcomes: { c: false } });
  });

  it('are told by the last one alone', () => {
    const spans = [root, tool('a', 0, { attempt: 3 })];
    expect(attempts(spans)).toEqual({ retries: { a: 2 }, outcomes: { a: true } });
  });

  it('begin anew with a first attempt', () => {
    const spans = [root, tool('a', 0, { ...failed, attempt: 1 }), tool('b', 10, { attempt: 1 })];
    expect(attempts(spans)).toEqual(NONE);
  });

  it('belong together although another call is tried between them', () => {
    const other = { text: { tool: 'other' } };
    const spans = [
      root,
      tool('a', 0, { ...failed, attempt: 1 }),
      tool('b', 1, { ...failed, ...other, attempt: 1 }),
      tool('c', 20, { attempt: 2 }),
      tool('d', 21, { ...failed, ...other, attempt: 2 }),
    ];
    expect(attempts(spans)).toEqual({ retries: { c: 1, d: 1 }, outcomes: { c: true, d: false } });
  });

  it('count once where the spans below show them, too', () => {
    const node: Scene = { id: '2', parent: '1', kind: 'step', from: 0, to: 50, attempt: 3 };
    const below = (id: string, from: number, more: Partial<Scene> = {}): Scene =>
      llm(id, from, { parent: '2', ...more });
    const spans = [root, node, below('a', 0, failed), below('b', 10, failed), below('c', 20)];
    expect(attempts(spans)).toEqual({ retries: { b: 1, c: 1 }, outcomes: { c: true } });
    expect(attempts([root, node, below('a', 0, failed), below('b', 10)]).retries).toEqual({ 2: 1, b: 1 });
  });
});

describe('attempts by call id', () => {
  const call = (id: string, from: number, callId: string, more: Partial<Scene> = {}): Scene =>
    tool(id, from, { observed: { numbers: {}, texts: { callId } }, ...more });

  it('belong together wherever they stand', () => {
    const turn: Scene = { id: '2', parent: '1', kind: 'step', from: 20, to: 60 };
    const other = tool('b', 10, { text: { tool: 'other' } });
    const spans = [root, turn, call('a', 0, 'x', failed), other, call('c', 30, 'x', { parent: '2' })];
    expect(attempts(spans)).toEqual({ retries: { c: 1 }, outcomes: { c: true } });
  });

  it('are none inside one another, and none after a success', () => {
    expect(
      attempts([root, call('a', 0, 'x', { ...failed, to: 50 }), call('b', 10, 'x', { parent: 'a' })]),
    ).toEqual(NONE);
    expect(attempts([root, call('a', 0, 'x'), call('b', 10, 'x')])).toEqual(NONE);
  });
});

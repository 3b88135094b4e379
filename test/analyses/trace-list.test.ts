import { describe, expect, it } from 'vitest';
import { traceList } from '../../src/analyses/trace-list.ts';
import type { TraceHead } from '../../src/model/index.ts';
import { spanId, traceId } from '../trace/table.ts';
import { datasetOf, type Scene } from './dataset.ts';

/** Three runs: `a` slow and cheap, `b` with an unpriced call, `c` costly and failing. */
const runs: readonly Scene[] = [
  {
    id: '1',
    trace: 'a',
    name: 'slow',
    kind: 'agent',
    from: 0,
    to: 9000,
    text: { user: 'ana', service: 'api' },
  },
  {
    id: '2',
    trace: 'a',
    parent: '1',
    kind: 'tool',
    name: 'search',
    from: 0,
    to: 6000,
    text: { tool: 'search' },
  },
  {
    id: '3',
    trace: 'a',
    parent: '1',
    kind: 'llm',
    from: 6000,
    to: 9000,
    text: { model: 'm' },
    tokens: [100, 10],
  },
  { id: '4', trace: 'b', name: 'mixed', from: 1000, to: 2000 },
  {
    id: '5',
    trace: 'b',
    parent: '4',
    kind: 'llm',
    from: 1000,
    to: 1500,
    text: { model: 'new' },
    tokens: [7, 3],
  },
  {
    id: '6',
    trace: 'b',
    parent: '4',
    kind: 'llm',
    from: 1500,
    to: 1900,
    text: { model: 'm' },
    tokens: [1000, 0],
  },
  {
    id: '7',
    trace: 'c',
    name: 'costly',
    kind: 'workflow',
    from: 2000,
    to: 3000,
    status: 'error',
    text: { session: 's' },
  },
  {
    id: '8',
    trace: 'c',
    parent: '7',
    kind: 'llm',
    from: 2000,
    to: 2900,
    text: { model: 'm' },
    tokens: [9000, 500],
    failed: true,
  },
];

type Options = Parameters<typeof traceList>[1];
const list = (options: Options = {}, spans = runs) => traceList(datasetOf(spans), options);
const heads = (report: ReturnType<typeof list>) => report.body['traces'] as unknown as TraceHead[];
const names = (options: Options) => heads(list(options)).map(({ root }) => root);

describe('trace list', () => {
  it('tells a run in one line', () => {
    expect(heads(list())[0]).toEqual({
      trace_id: traceId('a'),
      root: 'slow',
      service: 'api',
      workflow: null,
      user: 'ana',
      session: null,
      start: { unit: 'time', at: 1_790_000_000_000_000_000n },
      duration_ms: { unit: 'ms', nanos: 9e9 },
      spans: 3,
      errors: 0,
      llm_calls: 1,
      tool_calls: 1,
      input_tokens: 100,
      output_tokens: 10,
      cost_usd: { unit: 'usd', pico: 450_000_000n },
      unpriced_calls: 0,
      bottleneck: { span_id: spanId('2'), name: 'tool search', share: 6 / 9 },
    });
  });

  it('counts the normalised failures, and says how sure a cost is', () => {
    const [, mixed, costly] = heads(list());
    expect(mixed).toMatchObject({
      llm_calls: 2,
      unpriced_calls: 1,
      cost_usd: { pico: 3_000_000_000n, lowerBound: true },
      input_tokens: 1007,
    });
    expect(costly).toMatchObject({ errors: 2, workflow: 'costly', session: 's' });
  });

  it('has no cost where no call has a price, and a cost of 0 where there is no call', () => {
    const unpriced = heads(
      list({}, [{ id: '1', kind: 'llm', from: 0, to: 1, text: { model: 'new' }, tokens: [1, 1] }]),
    );
    expect(unpriced[0]!.cost_usd.pico).toBeUndefined();
    const silent = heads(list({}, [{ id: '1', from: 0, to: 1 }]));
    expect(silent[0]!.cost_usd).toEqual({ unit: 'usd', pico: 0n });
  });

  it.each<[Options, string[]]>([
    [{}, ['slow', 'mixed', 'costly']],
    [{ sort: 'start' }, ['slow', 'mixed', 'costly']],
    [{ sort: 'duration' }, ['slow', 'mixed', 'costly']],
    [{ sort: 'cost' }, ['costly', 'mixed', 'slow']],
    [{ sort: 'errors' }, ['costly', 'slow', 'mixed']],
    [{ sort: 'tokens' }, ['costly', 'mixed', 'slow']],
    [{ pick: 'slowest', limit: 1 }, ['slow']],
    [{ pick: 'costliest', limit: 2, sort: 'start' }, ['costly', 'mixed']],
    [{ limit: 2 }, ['slow', 'mixed']],
  ])('%j', (options, expected) => {
    expect(names(options)).toEqual(expected);
  });

  it('says what it leaves out', () => {
    expect(list({ limit: 2 }).notes).toEqual(['the first 2 of 3 traces; leave out --limit to see more']);
    expect(list({ pick: 'slowest', limit: 1 }).notes).toEqual([
      'the slowest 1 of 3 traces; raise --limit to see more',
    ]);
    expect(list({ limit: 3 }).notes).toEqual([]);
    const many = Array.from(
      { length: 12 },
      (_, i): Scene => ({ id: '1', trace: `${i + 1}`, from: i, to: i + 1 }),
    );
    expect(heads(list({ pick: 'slowest' }, many))).toHaveLength(10);
  });

  it('counts the chosen spans, of the runs that have some', () => {
    const data = datasetOf(runs);
    const { table, row } = data.forest;
    const report = traceList({ ...data, selected: (p) => table.kindOf(row[p]!) === 'tool' }, {});
    expect(heads(report)).toMatchObject([{ root: 'slow', spans: 1, llm_calls: 0, cost_usd: { pico: 0n } }]);
    expect(heads(report)[0]!.duration_ms.nanos).toBe(9e9);
    expect(report.notes).toEqual([
      'spans, errors, calls, tokens and cost count only the spans that meet the filters',
    ]);
    const whole = traceList({ ...data, selected: (p) => table.traceOf(row[p]!) === table.traceOf(0) }, {});
    expect(whole.notes).toEqual([]);
  });

  it('names the first root, else the earliest span', () => {
    const late: Scene[] = [
      { id: '1', parent: 'dead', name: 'orphan', from: 0, to: 5, text: { user: 'u' } },
      { id: '2', name: 'root', from: 1, to: 3 },
    ];
    expect(heads(list({}, late))[0]).toMatchObject({ root: 'root', user: 'u' });
    expect(heads(list({}, late.slice(0, 1)))[0]).toMatchObject({ root: 'orphan' });
  });

  it('knows neither start nor duration of a run without times', () => {
    const [head] = heads(list({}, [{ id: '1', name: 'r' }]));
    expect(head).toMatchObject({
      start: { at: undefined },
      duration_ms: { nanos: undefined },
      bottleneck: null,
    });
  });
});

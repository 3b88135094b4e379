import { describe, expect, it } from 'vitest';
import { shownPositions, type TraceShowOptions, traceShow } from '../../src/analyses/trace-show.ts';
import { instant, NO_RESOURCE, type SpanView, type TraceView } from '../../src/model/index.ts';
import { spanId } from '../trace/table.ts';
import { datasetOf, type Scene } from './dataset.ts';

const run: readonly Scene[] = [
  { id: '1', name: 'run', kind: 'agent', from: 0, to: 100, text: { user: 'ana' } },
  {
    id: '2',
    parent: '1',
    kind: 'llm',
    name: 'chat',
    from: 0,
    to: 30,
    text: { model: 'm', provider: 'p' },
    usage: {
      reportedInput: 50,
      uncachedInput: 20,
      cacheRead: 30,
      cacheWrite5m: 4,
      cacheWrite1h: 5,
      reportedOutput: 9,
      output: 9,
      reasoning: 6,
    },
  },
  {
    id: '3',
    parent: '1',
    kind: 'tool',
    name: 'search',
    from: 30,
    to: 90,
    text: { tool: 'search' },
    status: 'error',
    error: { type: 'E', message: 'no' },
    attempt: 2,
  },
  {
    id: '4',
    parent: '3',
    kind: 'llm',
    name: 'chat',
    from: 40,
    to: 60,
    text: { model: 'new' },
    usage: { totalOnly: 12 },
  },
  { id: '5', parent: '3', name: 'note', from: 60, to: 61 },
];

const show = (spans: readonly Scene[], options: TraceShowOptions = {}): readonly TraceView[] =>
  traceShow(datasetOf(spans), options).traces!;

const find = (views: readonly SpanView[], id: string): SpanView =>
  views.flatMap((view) => [view, ...view.children]).find((view) => view.span_id === spanId(id))!;

describe('trace show', () => {
  it('tells everything about a span', () => {
    const [trace] = show(run);
    expect(find(trace!.roots, '2')).toMatchObject({
      position: 1,
      span_id: spanId('2'),
      parent_span_id: spanId('1'),
      name: 'chat',
      step: 'llm m',
      kind: 'llm',
      dialect: null,
      status: 'unset',
      failed: false,
      error: null,
      start: { unit: 'time', at: 1_790_000_000_000_000_000n },
      duration_ms: { unit: 'ms', nanos: 30e6 },
      self_ms: { unit: 'ms', nanos: 30e6 },
      critical_ms: { unit: 'ms', nanos: 30e6 },
      user: 'ana',
      workflow: null,
      agent: null,
      tool: null,
      model: 'm',
      provider: 'p',
      input_tokens: 50,
      output_tokens: 9,
      cache_read_tokens: 30,
      cache_write_tokens: 9,
      reasoning_tokens: 6,
      cost_usd: { unit: 'usd', pico: 195_000_000n },
      cost_status: 'computed',
      subtree_cost_usd: { unit: 'usd', pico: 195_000_000n },
      attempt: null,
      events: [],
      logs: [],
      children: [],
      orphan: false,
      bottleneck: false,
      hidden: 0,
    });
  });

  it('tells failures, attempts, what is unknown, and sums of subtrees', () => {
    const [trace] = show(run);
    const search = find(trace!.roots, '3');
    expect(search).toMatchObject({
      failed: true,
      status: 'error',
      error: { type: 'E', message: 'no' },
      attempt: 2,
      self_ms: { nanos: 39e6 },
      critical_ms: { nanos: 39e6 },
      bottleneck: true,
      input_tokens: null,
      cost_status: 'none',
      cost_usd: { pico: 0n },
      subtree_cost_usd: { pico: undefined },
    });
    expect(search.children[0]).toMatchObject({
      tool: 'search',
      input_tokens: null,
      cost_status: 'unpriced:unknown_model',
      cost_usd: { pico: undefined },
    });
    expect(trace!.roots[0]!.subtree_cost_usd).toEqual({ unit: 'usd', pico: 195_000_000n, lowerBound: true });
  });

  it('follows the critical path, and says what the run would lose', () => {
    const [trace] = show(run);
    expect(
      [...trace!.critical_path].map(({ span_id, duration_ms }) => [span_id.at(-1), duration_ms.nanos! / 1e6]),
    ).toEqual([
      ['2', 30],
      ['3', 10],
      ['4', 20],
      ['5', 1],
      ['3', 29],
      ['1', 10],
    ]);
    expect([...trace!.critical_path][1]!.start.at).toBe(1_790_000_000_030_000_000n);
    expect(trace!.bottleneck).toEqual({ span_id: spanId('3'), name: 'tool search', share: 0.39 });
    expect(trace!.summary).toEqual({
      critical_ms: { unit: 'ms', nanos: 100e6 },
      async_ms: { unit: 'ms', nanos: 0 },
      idle_ms: { unit: 'ms', nanos: 0 },
      bottleneck_ms: { unit: 'ms', nanos: 39e6 },
      removable_ms: { unit: 'ms', nanos: 39e6 },
      uncertain_ms: { unit: 'ms', nanos: 0 },
      critical_cost_usd: { unit: 'usd', pico: 195_000_000n, lowerBound: true },
      other_cost_usd: { unit: 'usd', pico: 0n },
    });
  });

  it('adds what the second read found, whatever the keys are called', () => {
    const data = datasetOf(run);
    const attributes = new Map([
      ['__proto__', 'x'],
      ['k', 'v'],
    ]);
    const [trace] = traceShow(data, {
      details: (p) =>
        p !== 0
          ? undefined
          : {
              attributes,
              events: [{ name: 'e', time: instant(5n), attributes }],
              logs: [
                {
                  traceId: 't',
                  spanId: undefined,
                  time: undefined,
                  severity: 'INFO',
                  eventName: undefined,
                  body: 'b',
                  attributes,
                  resource: NO_RESOURCE,
                  scope: undefined,
                },
              ],
            },
    }).traces!;
    const { events, logs, attributes: shown } = trace!.roots[0]!;
    expect(Object.entries(shown!)).toEqual([...attributes]);
    expect(events).toMatchObject([{ name: 'e', time: { unit: 'time', at: 5n } }]);
    expect(Object.entries(events[0]!.attributes)).toEqual([...attributes]);
    expect(logs).toEqual([{ time: { unit: 'time', at: undefined }, severity: 'INFO', body: 'b' }]);
    expect(trace!.roots[0]!.children[0]!.attributes).toBeUndefined();
  });

  it('marks orphans, and spans that run on after their parent', () => {
    const [trace] = show([
      { id: '1', from: 0, to: 100 },
      { id: '2', parent: '1', from: 50, to: 300 },
      { id: '3', parent: 'dead', from: 10, to: 20 },
    ]);
    expect(trace!.roots.map(({ orphan }) => orphan)).toEqual([false, true]);
    expect(trace!.roots[0]!.children[0]!.overrun_ms).toEqual({ unit: 'ms', nanos: 200e6 });
  });
});

describe('which traces are shown', () => {
  const runs = (count: number): Scene[] =>
    Array.from({ length: count }, (_, i) => ({
      id: '1',
      trace: (i + 1).toString(16),
      name: `r${i}`,
      kind: 'llm',
      from: i * 10,
      to: i * 10 + (i === 2 ? 9 : 5),
      text: { model: 'm' },
      tokens: [i === 1 ? 99 : 1, 0],
      failed: i === 0 || i === 3,
    }));
  const roots = (count: number, options: TraceShowOptions) =>
    show(runs(count), options).map(({ root }) => root);

  it.each<[number, TraceShowOptions, string[]]>([
    [3, {}, ['r0', 'r1', 'r2']],
    [10, {}, Array.from({ length: 10 }, (_, i) => `r${i}`)],
    [11, {}, ['r10']],
    [5, { pick: 'all' }, ['r0', 'r1', 'r2', 'r3', 'r4']],
    [5, { pick: 'latest' }, ['r4']],
    [5, { pick: 'slowest' }, ['r2']],
    [5, { pick: 'costliest' }, ['r1']],
    [5, { pick: 'errors' }, ['r0', 'r3']],
  ])('of %d with %j', (count, options, expected) => {
    expect(roots(count, options)).toEqual(expected);
  });

  it('is said when it is not all of them', () => {
    const notes = (count: number, options: TraceShowOptions) =>
      traceShow(datasetOf(runs(count)), options).notes;
    expect(notes(10, {})).toEqual([]);
    expect(notes(11, {})).toEqual([
      'the latest of 11 traces; `agentobs trace list` lists them, --trace ID or --pick all shows them',
    ]);
    expect(notes(4, { pick: 'latest' })).toEqual([]);
    expect(traceShow(datasetOf(run.slice(0, 1)), { pick: 'errors' }).notes).toEqual([
      'no errors in this trace',
    ]);
  });

  it('does not take a run without times for the latest', () => {
    const timeless: Scene = { id: '1', trace: 'ff', name: 'timeless' };
    expect(show([...runs(11), timeless], {}).map(({ root }) => root)).toEqual(['r10']);
  });
});

describe('which spans are shown', () => {
  const ids = (options: TraceShowOptions, selected?: (name: string) => boolean): string[] => {
    const data = datasetOf(run);
    const { table, row } = data.forest;
    const chosen = selected && ((p: number) => selected(table.nameOf(row[p]!)));
    const { traces } = traceShow({ ...data, selected: chosen }, options);
    return [...shownPositions(traces)].map((p) => table.spanIdOf(row[p]!).at(-1)!);
  };

  it.each<[TraceShowOptions, string[]]>([
    [{}, ['1', '2', '3', '4', '5']],
    [{ depth: 0 }, ['1']],
    [{ depth: 1 }, ['1', '2', '3']],
    [{ minShare: 0.25 }, ['1', '2', '3']],
    [{ only: 'llm' }, ['1', '2', '3', '4']],
    [{ only: 'tools' }, ['1', '3']],
    [{ only: 'errors' }, ['1', '3']],
    [{ only: 'critical' }, ['1', '2', '3', '4', '5']],
    [{ only: 'llm', minShare: 0.25 }, ['1', '2']],
    [{ only: 'llm', depth: 0 }, ['1']],
  ])('%j', (options, expected) => {
    expect(ids(options)).toEqual(expected);
  });

  it('keeps what is above the spans that filters choose', () => {
    expect(ids({}, (name) => name === 'note')).toEqual(['1', '3', '5']);
    expect(ids({}, () => false)).toEqual([]);
  });

  it('counts what is hidden at the span above it', () => {
    const [trace] = show(run, { depth: 1 });
    expect(trace!.roots[0]!.hidden).toBe(0);
    expect(trace!.roots[0]!.children.map(({ hidden }) => hidden)).toEqual([0, 2]);
    expect(show(run, { only: 'tools' })[0]!.roots[0]!.hidden).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { stats } from '../../src/analyses/stats.ts';
import { DEFAULT_TARGETS } from '../../src/analyses/targets.ts';
import { dimensionsOf } from '../../src/rollup/index.ts';
import { inProcess } from '../answer.ts';
import { datasetOf, type Scene } from './dataset.ts';

type Row = {
  readonly key?: Readonly<Record<string, string>>;
  readonly calls: number;
  readonly [name: string]: unknown;
};
type Answer = { readonly counts: string; readonly rows: readonly Row[]; readonly total: Row };

async function ask(...args: readonly string[]): Promise<Answer> {
  const { stdout } = await inProcess([
    'stats',
    '-f',
    'json',
    '--no-config',
    ...args,
    'fixtures/stats/judged.jsonl',
  ]);
  return JSON.parse(stdout) as Answer;
}

/** Some figures of a row by its first key. */
async function figures(by: string, names: readonly string[]): Promise<Record<string, unknown[]>> {
  const { rows } = await ask('--by', by);
  return Object.fromEntries(rows.map((row) => [Object.values(row.key!)[0]!, names.map((name) => row[name])]));
}

describe('stats', () => {
  it('tells how calls end and how long they take', async () => {
    const names = ['calls', 'errors', 'success_rate', 'p50_ms', 'p95_ms', 'p99_ms'];
    expect(await figures('agent', names)).toEqual({
      helper: [3, 1, 2 / 3, 2600, 6560, 6912],
      forecaster: [3, 0, 1, 500, 590, 598],
    });
  });

  it('tells retries and how many of them helped', async () => {
    const names = ['calls', 'retries', 'retried_calls', 'retry_success_rate'];
    expect(await figures('tool', names)).toEqual({ search: [3, 1, 1, 1], book_room: [3, 2, 1, 0] });
    expect(await figures('model', names)).toEqual({ 'gpt-4o': [4, 1, 1, 1] });
    expect((await ask('--by', 'root')).total['retries']).toBe(4);
  });

  it('tells rates of what was judged, and nothing of what was not', async () => {
    const names = ['confidence_mean', 'hallucination_rate', 'cache_hit_rate', 'prediction_accuracy'];
    const told = await figures('agent', names);
    expect(told['helper']).toEqual([expect.closeTo(0.85, 12), 0.5, 1 / 3, null]);
    expect(told['forecaster']).toEqual([expect.closeTo(0.9, 12), 0, null, expect.closeTo(0.925, 12)]);
    expect(await figures('tool', names)).toEqual({
      search: [null, null, 1 / 3, null],
      book_room: [null, null, null, null],
    });
  });

  it('tells how far predictions were off, and of how many that is known', async () => {
    const names = ['mean_absolute_error', 'mean_percentage_error', 'prediction_coverage'];
    expect((await figures('agent', names))['forecaster']).toEqual([7.5, expect.closeTo(0.075, 12), 2 / 3]);
  });

  it('keeps the prompt cache apart, and tells how fast a model writes', async () => {
    const names = [
      'cached_input_share',
      'cache_hit_rate',
      'output_tokens_per_second',
      'ttft_p50_ms',
      'ttft_p95_ms',
    ];
    const [cached, hits, speed, ...ttft] = (await figures('model', names))['gpt-4o']!;
    expect([cached, hits, ...ttft]).toEqual([1400 / 4000, null, 250, 475]);
    expect(speed).toBeCloseTo(350 / 3.9, 9);
  });

  it('has columns for what only some spans have', async () => {
    const { rows } = await ask('--by', 'agent');
    const helper = rows.find(({ key }) => key?.['agent'] === 'helper')!;
    expect(helper['retrieval']).toEqual({
      spans: 2,
      errors: 0,
      sources_found_mean: 3,
      vector_stores: [{ name: 'pinecone', count: 2 }],
    });
    expect(helper['guardrails']).toEqual({
      spans: 2,
      errors: 0,
      names: [{ name: 'no-secrets', count: 2 }],
      outcomes: [
        { name: 'blocked', count: 1 },
        { name: 'passed', count: 1 },
      ],
    });
    expect([helper['memory'], helper['connectors']]).toEqual([null, null]);
  });

  it('names the errors, the most frequent first', async () => {
    expect((await ask('--by', 'kind')).total['error_types']).toEqual([
      { name: 'HTTPError', count: 3 },
      { name: 'RateLimitError', count: 1 },
      { name: 'TimeoutError', count: 1 },
      { name: 'ToolError', count: 1 },
    ]);
  });

  it('sorts the worst first, and what is not known last', async () => {
    const order = async (sort: string) =>
      (await ask('--by', 'kind', '--sort', sort)).rows.map(({ key }) => key!['kind']);
    expect(await order('success')).toEqual(['tool', 'llm', 'agent', 'guardrail', 'retrieval']);
    expect((await order('p95')).slice(0, 2)).toEqual(['agent', 'llm']);
    expect((await order('cache_hit_rate'))[0]).toBe('tool');
    expect(await order('key')).toEqual(['agent', 'guardrail', 'llm', 'retrieval', 'tool']);
  });

  it('says what there is instead where nothing is called', async () => {
    const { stdout, stderr, code } = await inProcess([
      'stats',
      '--by',
      'connector',
      'fixtures/stats/judged.jsonl',
    ]);
    expect([stdout, code]).toEqual(['', 0]);
    expect(stderr).toContain(
      'no connector spans here; try --by agent (6 agent spans), --by model (4 llm spans), --by tool (6 tool spans), --by root (runs)',
    );
  });
});

/** Two runs in a trace, one of them of two users; one trace without its root. */
const scenes: readonly Scene[] = [
  { id: '1', kind: 'workflow', name: 'w', from: 0, to: 100, text: { workflow: 'w', user: 'ana' } },
  { id: '2', parent: '1', kind: 'step', name: 's', from: 0, to: 90, text: { node: 'n' } },
  { id: '3', parent: '2', kind: 'agent', name: 'a', from: 0, to: 80, text: { agent: 'a', node: 'n' } },
  { id: '4', parent: '3', kind: 'tool', name: 't', from: 0, to: 40, text: { tool: 't' }, failed: true },
  { id: '5', parent: '4', kind: 'llm', name: 'l', from: 0, to: 30, text: { model: 'm' }, tokens: [5, 5] },
  { id: '6', parent: '3', kind: 'llm', name: 'l', from: 40, text: { model: 'm' }, tokens: [7, 7] },
  { id: '7', kind: 'http', name: 'GET /', from: 200, to: 300, text: { user: 'ben' }, failed: true },
  {
    id: '8',
    trace: 'e',
    parent: '9',
    kind: 'tool',
    name: 't',
    from: 10,
    to: 20,
    text: { tool: 't', user: 'ana' },
  },
];

function counted(by: readonly string[], selected?: (name: string) => boolean): Answer {
  const data = datasetOf(scenes);
  const { table, row } = data.forest;
  const among = selected && ((p: number) => selected(table.nameOf(row[p]!)));
  const options = { by, dimensions: dimensionsOf(by), targets: DEFAULT_TARGETS };
  return stats({ ...data, selected: among }, options).body as unknown as Answer;
}

const calls = (by: readonly string[], selected?: (name: string) => boolean) => {
  const { counts, rows } = counted(by, selected);
  return [counts, Object.fromEntries(rows.map(({ key, calls: n }) => [Object.values(key!).join(' '), n]))];
};

describe('calls', () => {
  it.each([
    ['tool', 'tool spans', { t: 2 }],
    ['model', 'LLM calls', { m: 2 }],
    ['agent', 'agent spans', { a: 1 }],
    ['workflow', 'workflow spans', { w: 1 }],
    ['node', 'steps', { n: 1 }],
    [
      'step',
      'spans',
      { 'workflow w': 1, 'step s': 1, 'agent a': 1, 'tool t': 2, 'llm m': 2, 'http GET /': 1 },
    ],
    ['kind', 'spans', { workflow: 1, step: 1, agent: 1, tool: 2, llm: 2, http: 1 }],
    ['status', 'spans', { success: 6, error: 2 }],
    ['user', 'runs', { ana: 2, ben: 1 }],
    ['root', 'runs', { w: 1, 'GET /': 1, t: 1 }],
  ])('by %s are %s', (by, counts, rows) => {
    expect(calls([by])).toEqual([counts, rows]);
  });

  it('by several dimensions are those of the most specific one', () => {
    expect(calls(['user', 'model'])).toEqual(['LLM calls', { 'ana m': 2 }]);
    expect(calls(['tool', 'model'])).toEqual(['LLM calls', { 't m': 1, '(agent loop) m': 1 }]);
    expect(calls(['agent', 'tool'])).toEqual(['tool spans', { 'a t': 1, '(unattributed) t': 1 }]);
    expect(calls(['user', 'status'])).toEqual(['runs', { 'ana success': 2, 'ben error': 1 }]);
    expect(calls(['tool', 'status'])).toEqual(['tool spans', { 't error': 1, 't success': 1 }]);
  });

  it('of runs count where any span of them is chosen, others only themselves', () => {
    expect(calls(['user'], (name) => name === 'l')).toEqual(['runs', { ana: 1 }]);
    expect(calls(['tool'], (name) => name === 'l')).toEqual(['tool spans', {}]);
  });

  it('that are open have no duration, and neither have runs without a root', () => {
    const { rows } = counted(['root']);
    const p50 = Object.fromEntries(rows.map((row) => [row.key!['root'], row['p50_ms']]));
    expect(p50['t']).toEqual({ unit: 'ms', nanos: undefined });
    expect(p50['w']).toEqual({ unit: 'ms', nanos: 100e6 });
    expect(counted(['model']).rows[0]!['p99_ms']).toEqual({ unit: 'ms', nanos: 30e6 });
  });
});

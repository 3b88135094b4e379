import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TraceJoin } from '../../src/input/formats/trace-join.ts';
import { EVERYTHING, type Span } from '../../src/model/index.ts';
import { ask, inProcess } from '../answer.ts';

// What platforms say in two records, they and their users save in two files: the answer is that of one.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-across-'));
afterAll(() => rmSync(folder, { recursive: true }));

const save = (name: string, ...records: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
};

const TRACE = '7d1f3c5b9a2e4f60817263544a5b6c7d';
const time = (second: number): string => `2026-03-02T10:00:0${second}.000Z`;

const post = {
  id: 'r-1',
  trace_id: 'r-1',
  name: 'ask',
  run_type: 'llm',
  start_time: time(0),
  end_time: null,
  extra: { metadata: { ls_model_name: 'gpt-4o', ls_provider: 'openai', user_id: 'ana', thread_id: 's-1' } },
};
const patch = {
  id: 'r-1',
  trace_id: 'r-1',
  end_time: time(2),
  outputs: { usage_metadata: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 } },
};
const observation = {
  id: 'o-1',
  trace_id: TRACE,
  type: 'GENERATION',
  parent_observation_id: null,
  start_time: time(0),
  end_time: time(2),
  name: 'ask',
  level: 'DEFAULT',
  provided_model_name: 'gpt-4o',
  usage_details: { input: 1000, output: 100, total: 1100 },
};
const row = {
  id: TRACE,
  timestamp: time(0),
  name: 'chat',
  user_id: 'ana',
  session_id: 's-1',
  release: null,
  public: false,
  bookmarked: false,
};
const span = {
  object: 'trace.span',
  id: 'span_1',
  trace_id: `trace_${TRACE}`,
  started_at: time(0),
  ended_at: time(2),
  span_data: { type: 'generation', model: 'gpt-4o', usage: { input_tokens: 1000, output_tokens: 100 } },
};
const turnTrace = {
  object: 'trace',
  id: `trace_${TRACE}`,
  workflow_name: 'chat',
  group_id: 's-1',
  metadata: { user_id: 'ana' },
};

describe.each([
  ['langsmith', { post: [post] }, { patch: [patch] }],
  ['langfuse', observation, row],
  ['openai-agents', span, turnTrace],
] as const)('records of %s that complete each other', (name, one, other) => {
  const files = [save(`${name}-1.jsonl`, one), save(`${name}-2.jsonl`, other)] as const;
  const both = save(`${name}-both.jsonl`, one, other);
  const answer = async (...inputs: readonly string[]) => {
    const { input, rows } = await ask(['cost', '--by', 'user,session,model', ...inputs]);
    return { rows, ...input, sources: input.sources.reduce((sum, { spans }) => sum + spans, 0) };
  };

  it.each([
    ['in the order of their names', files],
    ['in the other order', [files[1], files[0]]],
  ])('are one in two files %s', async (_, inputs) => {
    const found = await answer(...inputs);
    expect(found).toEqual(await answer(both));
    expect(found).toMatchObject({
      spans: 1,
      sources: 1,
      complete: true,
      rows: [{ key: { user: 'ana', session: 's-1', model: 'gpt-4o' }, calls: 1, cost_usd: '0.0035' }],
    });
  });
});

describe('traces of Langfuse without their observations', () => {
  it('are telemetry that is somewhere else', async () => {
    const { code, stderr } = await inProcess(['trace', 'list', save('rows.jsonl', row)]);
    expect(code).toBe(2);
    expect(stderr).toContain('no span could be read');
  });

  it('may have none at all', async () => {
    const { code, stderr } = await inProcess([
      'trace',
      'list',
      save('none.jsonl', { trace: row, observations: [] }),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('telemetry without a single span');
  });

  it('have none where others have', async () => {
    const input = save('some.jsonl', observation, row, { ...row, id: '8d1f3c5b9a2e4f60817263544a5b6c7d' });
    const { input: found } = await ask(['trace', 'list', input]);
    expect(found).toMatchObject({ spans: 1, complete: true, skipped: [{ reason: 'other_json', count: 1 }] });
  });
});

describe('spans that wait for their traces', () => {
  const span = (trace: number, id: number): Span & { attributes: Map<string, string> } => ({
    traceId: `t${trace}`,
    spanId: `s${id}`,
    parentSpanId: id === 0 ? undefined : 's0',
    name: `${id}`,
    kind: undefined,
    start: undefined,
    end: undefined,
    status: 'unset',
    statusMessage: undefined,
    attributes: new Map(),
    events: [],
    links: [],
    resource: { attributes: new Map() },
    scope: undefined,
  });

  it('are no more than one a trace when there are many, and that is the root', () => {
    const left: Span[] = [];
    const sink = { span: (one: Span) => left.push(one), log: () => 0, skip: () => 0, warn: () => 0 };
    const join = new TraceJoin();
    const context = {
      sink,
      projection: { ...EVERYTHING, attributes: new Set<string>() },
      at: { source: 'x', line: 1 },
    };
    const [traces, size] = [3000, 10];
    for (let trace = 0; trace < traces; trace++)
      for (let id = size - 1; id >= 0; id--) join.span(span(trace, id), context as never);
    expect(left.length).toBeGreaterThan(traces * (size - 1) - 10_000);
    for (let trace = 0; trace < traces; trace++) join.trace(`t${trace}`, new Map([['user.id', `u${trace}`]]));
    join.end();
    expect(left).toHaveLength(traces * size);
    const roots = left.filter(({ parentSpanId }) => parentSpanId === undefined);
    for (const root of roots) expect(root.attributes.get('user.id')).toBe(`u${root.traceId.slice(1)}`);
  });
});

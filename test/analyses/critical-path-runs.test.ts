import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bottleneck } from '../../src/analyses/bottleneck.ts';
import { criticalPath, criticalSegments } from '../../src/analyses/critical-path.ts';
import { spendOnPath } from '../../src/analyses/path-spend.ts';
import { traceShow } from '../../src/analyses/trace-show.ts';
import { assemble } from '../../src/trace/index.ts';
import { inProcess } from '../answer.ts';
import { type Sketch, tableOf } from '../trace/table.ts';
import { datasetOf, type Scene } from './dataset.ts';

const MILLI = 1_000_000;
const DEPLOY = 'fixtures/demo/deploy-parallel.jsonl';

describe('a deployment of 45.2 s', () => {
  it('is held up by its install step, and would take 26.9 s without it', async () => {
    const { stdout } = await inProcess(['trace', 'show', DEPLOY, '--no-config']);
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      '◆ critical path 45.2s   Bottleneck: install (18.3s, 40%); without it the run would take 26.9s',
      '  none of the $0.0165 was spent on the path',
    ]);
  });

  it('says the same to programs', async () => {
    const { stdout } = await inProcess(['trace', 'show', DEPLOY, '--no-config', '-f', 'json']);
    const [trace] = JSON.parse(stdout).traces;
    expect(trace.summary).toEqual({
      critical_ms: 45_200,
      async_ms: 0,
      idle_ms: 0,
      uncertain_ms: 0,
      bottleneck_ms: 18_300,
      removable_ms: 18_300,
      critical_cost_usd: '0',
      other_cost_usd: '0.0165',
    });
    expect(trace.critical_path.map((one: { duration_ms: number }) => one.duration_ms)).toEqual([
      5100, 18_300, 12_500, 9300,
    ]);
    expect([trace.async_tails, trace.detached, trace.skew]).toEqual([[], [], undefined]);
  });
});

describe('what other algorithms die of', () => {
  it('jaeger: a parent with 5,000 children one after the other', () => {
    const steps = Array.from({ length: 5000 }, (_, i): Sketch => {
      return { id: (i + 2).toString(16), parent: '1', from: i, to: i + 1 };
    });
    const forest = assemble(tableOf([{ id: '1', from: 0, to: 5000 }, ...steps]));
    const segments = criticalSegments(forest, criticalPath(forest, 0));
    expect(segments.length).toBe(5000);
    expect(
      segments.every(
        ({ position, from, to }, i) => position === i + 1 && from === i * MILLI && to - from === MILLI,
      ),
    ).toBe(true);
  });

  it('jaeger: a chain of 20,000', () => {
    const chain = Array.from({ length: 20_000 }, (_, i): Sketch => {
      const parent = i === 0 ? {} : { parent: i.toString(16) };
      return { id: (i + 1).toString(16), ...parent, from: i, to: 40_000 - i };
    });
    const forest = assemble(tableOf(chain));
    const path = criticalPath(forest, 0);
    expect(path.length).toBe(40_000 * MILLI);
    // Each has a tick before its child and one behind; the innermost has no child.
    expect([...path.own].every((own) => own === 2 * MILLI)).toBe(true);
  });
});

const call = (id: string, from: number, to: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: '1',
  kind: 'llm',
  from,
  to,
  text: { model: 'm' },
  tokens: [1_000_000, 0],
  ...more,
});

describe('money on the path', () => {
  const spend = (scenes: readonly Scene[]) => {
    const data = datasetOf(scenes);
    return spendOnPath(data, criticalPath(data.forest, 0));
  };

  it('is all that a call cost which has time on it, itself or below', () => {
    expect(
      spend([
        { id: '1', from: 0, to: 100, kind: 'agent' },
        call('2', 0, 40),
        { id: '3', parent: '2', from: 0, to: 40, kind: 'http' },
        call('4', 10, 30),
        call('5', 40, 90, { text: { model: 'new' } }),
        call('6', 50, 60, { text: { model: 'new' } }),
      ]),
    ).toEqual({
      on: { cost: 3_000_000_000_000n, calls: 2, unpricedCalls: 1 },
      off: { cost: 3_000_000_000_000n, calls: 2, unpricedCalls: 1 },
    });
  });

  it('adds up to the cost of the run, of the spans that were chosen', () => {
    const data = datasetOf([
      { id: '1', from: 0, to: 100, kind: 'agent' },
      call('2', 0, 40),
      call('3', 10, 30),
      call('4', 40, 100),
    ]);
    const selected = (p: number) => p !== 3;
    const [trace] = traceShow({ ...data, selected }, {}).traces;
    expect(trace!.cost_usd.pico).toBe(6_000_000_000_000n);
    expect(trace!.summary!.critical_cost_usd.pico).toBe(3_000_000_000_000n);
    expect(trace!.summary!.other_cost_usd.pico).toBe(3_000_000_000_000n);
  });
});

describe('what was not waited for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is told below the tree and to programs, links or not', async () => {
    const file = join(folder, 'run.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { stdout } = await inProcess(['trace', 'show', file, '--no-config']);
    expect(stdout.trimEnd().split('\n').slice(-4)).toEqual([
      '◆ critical path 10.0s   Bottleneck: search (6.0s, 38%); without it the run would take 10.0s',
      '  not on the path: 6.0s of spans that no root waited for',
      '  1 span outlived its parent: upload by 1.0s',
      '  2 spans were not waited for: 1 handed over, 1 began after the parent had ended',
    ]);
    const json = await inProcess(['trace', 'show', file, '--no-config', '-f', 'json']);
    const [trace] = JSON.parse(json.stdout).traces;
    expect(trace.async_tails).toEqual([
      { span_id: id(3), parent_span_id: id(1), name: 'tool upload', after_parent_ms: 1000 },
    ]);
    expect(trace.detached).toEqual([
      { span_id: id(5), parent_span_id: id(4), name: 'other take', reason: 'handed_over' },
      { span_id: id(6), parent_span_id: id(1), name: 'tool late', reason: 'after_parent' },
    ]);
    // A link makes nobody wait, and nobody not wait: `search` links to its own parent and is on the path.
    expect(trace.critical_path.map((one: { span_id: string }) => one.span_id)).toContain(id(2));
  });

  it('leaves a run without a path of its own where its root has no length', () => {
    const data = datasetOf([
      { id: '1', from: 0, to: 0 },
      { id: '2', parent: '1', from: 0, to: 10 },
    ]);
    const [trace] = traceShow(data, {}).traces;
    expect(bottleneck(data.forest, criticalPath(data.forest, 0))).toBeUndefined();
    expect(trace!.summary).toBeNull();
    expect([...trace!.detached]).toMatchObject([{ reason: 'after_parent' }]);
  });

  const id = (n: number): string => n.toString(16).padStart(16, '0');
  const TRACE = '5b8efff798038103d269b633813fc60c';
  const flat = (
    n: number,
    parent: number | undefined,
    name: string,
    from: number,
    to: number,
    more = {},
  ) => ({
    trace_id: TRACE,
    span_id: id(n),
    ...(parent === undefined ? {} : { parent_span_id: id(parent) }),
    name,
    start_time: new Date(1_790_000_000_000 + from * 1000).toISOString(),
    end_time: new Date(1_790_000_000_000 + to * 1000).toISOString(),
    ...more,
  });
  const tool = (name: string) => ({
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name },
  });
  const lines = [
    flat(1, undefined, 'run', 0, 10),
    flat(2, 1, 'search', 1, 7, { ...tool('search'), links: [{ trace_id: TRACE, span_id: id(1) }] }),
    flat(3, 1, 'upload', 8, 11, tool('upload')),
    flat(4, 1, 'send', 7, 8, { kind: 'PRODUCER' }),
    flat(5, 4, 'take', 7.5, 9, { kind: 'CONSUMER' }),
    flat(6, 1, 'late', 11, 16, tool('late')),
  ];
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CATALOGUE, exposition, type Metric, PROFILES } from '../../src/metrics/index.ts';
import { root } from '../agentobs.ts';
import type { Scene } from '../analyses/dataset.ts';
import { inProcess } from '../answer.ts';
import { familiesOf, hasPromtool, promtool } from './dataset.ts';

const SHOP = 'fixtures/demo/shop.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'agentobs-metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

const answer = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await inProcess(['metrics', '--no-config', ...args]);
  expect([code, stderr.includes('fault')]).toEqual([0, false]);
  return stdout;
};

const counter: Metric = {
  name: 'runs_total',
  help: 'A "help" with \\ and\nlines.',
  type: 'counter',
  spans: 'any',
  labels: [{ name: 'who', from: 'agent' }],
  value: 'one',
};
const histogram: Metric = {
  ...counter,
  name: 'run_seconds',
  help: 'Time.',
  type: 'histogram',
  unit: 'seconds',
  value: 'duration',
  buckets: [0.00001, 1, 2_500_000],
};
const run = (id: string, agent: string, to: number): Scene => ({
  id,
  trace: id,
  text: { agent },
  from: 0,
  to,
});

describe('text', () => {
  const families = familiesOf(
    [run('a', 'x "y"\\z\n', 500), run('b', 'x "y"\\z\n', 2000)],
    [counter, histogram],
  );
  const text = (format: 'prometheus' | 'openmetrics') => [...exposition(families, { format })].join('');

  it('is what Prometheus reads', () => {
    expect(text('prometheus')).toBe(String.raw`# HELP runs_total A "help" with \\ and\nlines.
# TYPE runs_total counter
runs_total{who="x \"y\"\\z\n"} 2
# HELP run_seconds Time.
# TYPE run_seconds histogram
run_seconds_bucket{who="x \"y\"\\z\n",le="1e-05"} 0
run_seconds_bucket{who="x \"y\"\\z\n",le="1"} 1
run_seconds_bucket{who="x \"y\"\\z\n",le="2.5e+06"} 2
run_seconds_bucket{who="x \"y\"\\z\n",le="+Inf"} 2
run_seconds_sum{who="x \"y\"\\z\n"} 2.5
run_seconds_count{who="x \"y\"\\z\n"} 2
`);
  });

  it('is OpenMetrics: a unit, canonical bounds, exemplars, an end', () => {
    const [a, b] = ['a', 'b'].map(
      (id) => `# {trace_id="${id.padStart(32, '0')}",span_id="${id.padStart(16, '0')}"}`,
    );
    expect(text('openmetrics')).toBe(String.raw`# TYPE runs counter
# HELP runs A \"help\" with \\ and\nlines.
runs_total{who="x \"y\"\\z\n"} 2 ${b} 1 1790000002
# TYPE run_seconds histogram
# UNIT run_seconds seconds
# HELP run_seconds Time.
run_seconds_bucket{who="x \"y\"\\z\n",le="1e-05"} 0
run_seconds_bucket{who="x \"y\"\\z\n",le="1.0"} 1 ${a} 0.5 1790000000.5
run_seconds_bucket{who="x \"y\"\\z\n",le="2.5e+06"} 2 ${b} 2 1790000002
run_seconds_bucket{who="x \"y\"\\z\n",le="+Inf"} 2
run_seconds_sum{who="x \"y\"\\z\n"} 2.5
run_seconds_count{who="x \"y\"\\z\n"} 2
# EOF
`);
  });

  it('leaves the span out of an exemplar that would be too long, then the exemplar', () => {
    const ids = (trace: string, id: string) => {
      const one = familiesOf([{ ...run(id, 'a', 1), trace }], [counter]);
      return [...exposition(one, { format: 'openmetrics' })].join('');
    };
    expect(ids('t'.repeat(100), 's'.repeat(40))).toContain(`# {trace_id="${'t'.repeat(100)}"} 1 `);
    expect(ids('t'.repeat(121), 's')).toContain('runs_total{who="a"} 1\n');
  });
});

describe('the catalogue', () => {
  it('tells the shop as it was counted by hand', async () => {
    expect(await answer(SHOP)).toBe(readFileSync(join(root, 'fixtures/metrics/shop.prom'), 'utf8'));
  });

  it('has the promised labels and buckets', () => {
    const promised = {
      agent_executions_total: ['agent_id,status'],
      agent_errors_total: ['agent_id,error_type'],
      agent_execution_duration_seconds: ['agent_id', '0.1 0.5 1 2 5 10 30 60'],
      tool_calls_total: ['tool_name,status'],
      tool_execution_duration_seconds: ['tool_name', '0.01 0.05 0.1 0.5 1 5 10'],
      tool_errors_total: ['tool_name,error_type'],
      llm_requests_total: ['provider,model,status'],
      llm_cost_total: ['provider,model'],
      llm_request_duration_seconds: ['provider,model', '0.5 1 2 5 10 30 60'],
      memory_operations_total: ['operation_type,memory_type,status'],
      memory_operation_duration_seconds: ['operation_type,memory_type', '0.001 0.01 0.05 0.1 0.5 1'],
      workflow_executions_total: ['workflow_id,status'],
      workflow_execution_duration_seconds: ['workflow_id', '1 5 10 30 60 300 600'],
      workflow_node_executions_total: ['workflow_id,node_id,status'],
    };
    const found = CATALOGUE.filter(({ name }) => Object.hasOwn(promised, name)).map(
      ({ name, labels, buckets }) => [
        name,
        [labels.map((label) => label.name).join(','), ...(buckets === undefined ? [] : [buckets.join(' ')])],
      ],
    );
    expect(Object.fromEntries(found)).toEqual(promised);
  });
});

const INPUTS = [SHOP, 'fixtures/demo/team.jsonl', 'fixtures/hostile/terminal-escapes.jsonl'];

describe.skipIf(!hasPromtool)('promtool', () => {
  it.each(Object.keys(PROFILES))('finds nothing to say of the profile %s', async (profile) => {
    for (const input of INPUTS) {
      const text = await answer('--profile', profile, '--label', 'job=tests', input);
      expect(promtool(['check', 'metrics'], text), input).toEqual({ code: 0, said: '' });
    }
  });

  it('reads whatever labels hold', () => {
    const values = ['', '\0', '\u{1f600}', '\ud800', '"', '\\', '\n', '\r', '\u2028', '{a="b"} 1', '# EOF'];
    const families = familiesOf(
      values.map((agent, i) => run(`${i}`, agent, 1)),
      [{ ...counter, help: 'Runs.' }],
    );
    const text = [...exposition(families, { format: 'prometheus' })].join('');
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, said: '' });
  });

  it.each(INPUTS)('makes blocks of every sample of %s', async (input) => {
    const text = await answer('--timestamps', '--scrape-interval', '5m', input);
    expect(blocksOf(text)).toBe(samplesOf(text));
  });

  it.each(Object.keys(PROFILES))('reads the exemplars of the profile %s', async (profile) => {
    const text = await answer('-f', 'openmetrics', '--profile', profile, SHOP);
    if (profile !== 'none') expect(text).toContain(' # {trace_id="');
    // It reads OpenMetrics from files with times alone: one is put behind every value.
    const timed = text.replace(/^([^#\n][^\n]*?) (\S+)(?= #|$)/gm, '$1 $2 1790000000');
    expect(blocksOf(timed)).toBe(samplesOf(text));
  });
});

const samplesOf = (text: string): number => text.split('\n').filter((line) => /^[^#]/.test(line)).length;

/** How many samples `promtool` has after it made blocks of a text. */
function blocksOf(text: string): number {
  const data = mkdtempSync(join(folder, 'data-'));
  const file = join(data, 'metrics.om');
  writeFileSync(file, text);
  const made = promtool(['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, join(data, 'tsdb')], '');
  expect(made.code, made.said).toBe(0);
  if (samplesOf(text) === 0) return 0;
  // A folder without a log of writes is not opened.
  mkdirSync(join(data, 'tsdb', 'wal'));
  return promtool(['tsdb', 'dump', join(data, 'tsdb')], '')
    .said.trimEnd()
    .split('\n').length;
}

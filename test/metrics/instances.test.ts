import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';
import { hasPromtool, promtool } from './dataset.ts';

// Spans of three processes in ten words (10:00:00 is 0 s):
//   pod-a     a run of an agent from 0 to 330 s, a search that ends at 10 s, another at 40 s
//   (no name) a search from 290 to 300 s, called by that run
//   pod-b     a search from 1210 to 1220 s that fails, another from 1240 to 1250 s
const DUMP = 'fixtures/metrics/processes.jsonl';
const T0 = 1_770_199_200;

const folder = mkdtempSync(join(tmpdir(), 'agentobs-instances-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function metrics(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess([
    'metrics',
    '--no-config',
    '--split-by',
    'resource',
    ...args,
  ]);
  expect(code, stderr).toBe(0);
  return stdout;
}

type Answer = { readonly result: { metric: Record<string, string>; values: [number, string][] }[] };

/** The samples of the last hours by the instance of the series, times in seconds after 10:00:00. */
async function samples(query: string, at: number, ...args: readonly string[]) {
  const text = await metrics('query', query, '--at', String(T0 + at), '-f', 'json', ...args, DUMP);
  const { result } = JSON.parse(text) as Answer;
  return new Map(
    result.map(({ metric, values }) => [
      metric['instance'],
      values.map(([time, value]) => [time - T0, Number(value)]),
    ]),
  );
}

async function value(query: string, at: number): Promise<Record<string, number>> {
  const text = await metrics('query', query, '--at', String(T0 + at), '-f', 'json', DUMP);
  const { result } = JSON.parse(text) as {
    result: { metric: Record<string, string>; value: [number, string] }[];
  };
  return Object.fromEntries(
    result.map(({ metric, value: [, number] }) => [metric['instance'] ?? '', Number(number)]),
  );
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A search of each process, one a second. */
const searches = (instances: readonly string[]): string =>
  instances
    .map((instance, i) => {
      const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
      const span = {
        traceId: String(i + 1).padStart(32, '0'),
        spanId: String(i + 1).padStart(16, '0'),
        name: 'execute_tool search',
        startTimeUnixNano: `${T0 + i}000000000`,
        endTimeUnixNano: `${T0 + i + 1}000000000`,
        attributes: [
          attribute('gen_ai.operation.name', 'execute_tool'),
          attribute('gen_ai.tool.name', 'search'),
        ],
      };
      const resource = { attributes: [attribute('service.instance.id', instance)] };
      return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    })
    .join('\n');

describe('--split-by resource', () => {
  it('labels series with the instance of the resource of their spans, not of those that called them', async () => {
    const text = await metrics(DUMP);
    expect(text.split('\n').filter((line) => /^(tool_calls|agent_executions)_total/.test(line))).toEqual([
      'agent_executions_total{agent_id="planner",status="success",instance="pod-a"} 1',
      'tool_calls_total{tool_name="search",status="error",instance="pod-b"} 1',
      'tool_calls_total{tool_name="search",status="success"} 1',
      'tool_calls_total{tool_name="search",status="success",instance="pod-a"} 2',
      'tool_calls_total{tool_name="search",status="success",instance="pod-b"} 1',
    ]);
    // Every family has it.
    expect(text).toContain('tool_execution_duration_seconds_count{tool_name="search",instance="pod-a"} 2');
    expect(text).toContain('agent_active_executions{agent_id="planner",instance="pod-a"} 0');
  });

  it('is not there unless asked for', async () => {
    const { stdout } = await inProcess(['metrics', '--no-config', DUMP]);
    expect(stdout).toContain('tool_calls_total{tool_name="search",status="success"} 4');
    expect(stdout).not.toContain('instance');
  });

  it.runIf(hasPromtool)('is text that Prometheus reads', async () => {
    for (const profile of ['default', 'opencell', 'otel']) {
      const { code, said } = promtool(['check', 'metrics'], await metrics('--profile', profile, DUMP));
      expect([code, said]).toEqual([0, '']);
    }
  });

  it('begins a series before the first span of its process, and keeps it to the end of all', async () => {
    // Scrapes of the last minute, those of the minute before pod-b began, and a day before it.
    const query = 'sum by (instance) (tool_calls_total)';
    expect(Object.fromEntries(await samples(`(${query})[1m:15s]`, 1260))).toEqual({
      undefined: [15, 30, 45, 60].map((after) => [1200 + after, 1]),
      'pod-a': [15, 30, 45, 60].map((after) => [1200 + after, 2]),
      'pod-b': [
        [1215, 0],
        [1230, 1],
        [1245, 1],
        [1260, 2],
      ],
    });
    expect(await value(query, 0)).toEqual({ '': 0, 'pod-a': 0, 'pod-b': 0 });
    const day = 86_400;
    // The first spans begin at 0, 290 and 1210 s: the scrape before, a day earlier.
    expect(await value(query, -day)).toEqual({ 'pod-a': 0 });
    expect(await value(query, 284 - day)).toEqual({ 'pod-a': 0 });
    expect(await value(query, 285 - day)).toEqual({ '': 0, 'pod-a': 0 });
    expect(await value(query, 1199 - day)).toEqual({ '': 0, 'pod-a': 0 });
    expect(await value(query, 1200 - day)).toEqual({ '': 0, 'pod-a': 0, 'pod-b': 0 });
    expect(await value(query, 1260 + 3600)).toEqual({ '': 1, 'pod-a': 2, 'pod-b': 2 });
  });

  it('makes windows full for a process that begins late', async () => {
    // (960, 1260]: 20 samples, from 0 to 2 at the last one. The zero of the first is where the window may be extended to.
    expect(await value('sum by (instance) (increase(tool_calls_total[5m]))', 1260)).toEqual({
      '': 0,
      'pod-a': 0,
      'pod-b': 2,
    });
  });

  it('has the sums of the whole, whatever it is split into', async () => {
    const sums = (text: string) => (JSON.parse(text) as Answer).result;
    for (const query of [
      'sum(tool_calls_total)',
      'sum(agent_active_executions)',
      'sum(tool_execution_duration_seconds_sum)',
    ]) {
      const args = ['metrics', 'query', '--no-config', '--range', query, '-f', 'json', DUMP];
      const [whole, split] = [await inProcess(args), await inProcess([...args, '--split-by', 'resource'])];
      expect(whole.code).toBe(0);
      expect(sums(whole.stdout)).toHaveLength(1);
      expect(sums(split.stdout)).toEqual(sums(whole.stdout));
    }
  });

  it('writes samples over time from the scrape before the first span of a process', async () => {
    const text = await metrics('--timestamps', DUMP);
    const of = (labels: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`tool_calls_total{${labels}} `))
        .map((line) => line.split(' ').slice(1).map(Number))
        .map(([count, time]) => [time! - T0, count]);
    expect(of('tool_name="search",status="error",instance="pod-b"')).toEqual([
      [1200, 0],
      [1215, 0],
      [1230, 1],
      [1245, 1],
      [1260, 1],
    ]);
    const nameless = of('tool_name="search",status="success"');
    expect([nameless[0], nameless.at(-1)]).toEqual([
      [285, 0],
      [1260, 1],
    ]);
    expect(of('tool_name="search",status="success",instance="pod-a"')[0]).toEqual([-15, 0]);
  });

  it('puts the rarest processes together where there are too many, from the beginning of the data on', async () => {
    const dump = written('many.jsonl', searches(['a', 'b', 'b', 'other', 'd', 'e']));
    const text = await metrics('--max-series', '2', dump);
    expect(text.split('\n').filter((line) => line.startsWith('tool_calls_total'))).toEqual([
      'tool_calls_total{tool_name="search",status="success",instance="b"} 2',
      'tool_calls_total{tool_name="search",status="success",instance="other"} 4',
    ]);
    const over = await metrics('--max-series', '2', '--timestamps', '--scrape-interval', '1s', dump);
    const first = (instance: string) =>
      over
        .split('\n')
        .find((line) => line.includes(`tool_calls_total{`) && line.includes(`instance="${instance}"`));
    expect(first('other')).toMatch(new RegExp(` 0 ${T0 - 1}$`));
    expect(first('b')).toMatch(new RegExp(` 0 ${T0}$`));
  });

  it('says that there is nothing to split', async () => {
    const { code, stdout, stderr } = await inProcess([
      ...['metrics', '--no-config', '--split-by', 'resource'],
      'fixtures/demo/shop.jsonl',
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('instance=');
    expect(stderr).toContain('no resource has a service.instance.id: --split-by resource splits nothing');
  });

  it('is named where a selector asks for an instance that nothing has', async () => {
    const asked = async (matcher: string, ...more: readonly string[]): Promise<string> => {
      const args = ['metrics', 'query', '--no-config', ...more, `tool_calls_total{${matcher}}`, DUMP];
      return (await inProcess(args)).stderr.trim();
    };
    const none = 'no series of tool_calls_total has a label instance';
    expect(await asked('instance="x"')).toBe(
      `${none}: --label instance=x adds it to all, --split-by resource tells processes apart`,
    );
    expect(await asked('instance=~"x.*"')).toBe(`${none}: --split-by resource tells processes apart`);
    expect(await asked('instance="x"', '--split-by', 'resource')).toBe(
      'no series of tool_calls_total has instance="x"; there is "pod-a", "pod-b"',
    );
  });

  it('does not share its label', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await inProcess(['metrics', '--split-by', ...args, DUMP]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('resource', '--no-config', '--label', 'instance=x')).toContain(
      '--label instance: --split-by resource gives every process its own',
    );
    expect(await refused('service', '--no-config')).toContain("--split-by 'service'");
    const own = (from: string) =>
      written(
        `${from.replace(':', '-')}.yaml`,
        `metrics:\n  define:\n    searches_total: { help: Searches., spans: tool, labels: { instance: ${from} } }\n`,
      );
    expect(await refused('resource', '--config', own('service'))).toContain(
      '--split-by resource: searches_total has a label "instance" of its own',
    );
    const same = await inProcess(['metrics', '--split-by', 'resource', '--config', own('instance'), DUMP]);
    expect(same.stdout).toContain('searches_total{instance="pod-b"} 2');
  });
});

describe('alerts of a process', () => {
  type Rule = {
    name: string;
    state: string;
    labels: Record<string, string>;
    active_at: string;
    traces: unknown[];
  };

  async function check(rule: Readonly<Record<string, unknown>>): Promise<Rule[]> {
    const rules = written(
      'rules.yml',
      JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', ...rule }] }] }),
    );
    const { stdout, stderr } = await inProcess([
      ...['alerts', 'check', '--no-config', '--split-by', 'resource'],
      ...['-f', 'json', '--rules', rules, DUMP],
    ]);
    expect(stdout, stderr).not.toBe('');
    return (JSON.parse(stdout) as { rules: Rule[] }).rules;
  }

  it('have its label, and the traces of it alone', async () => {
    const [alert, ...others] = await check({ expr: 'increase(tool_calls_total{status="error"}[5m]) > 0' });
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      state: 'firing',
      labels: { instance: 'pod-b', tool_name: 'search', status: 'error' },
      active_at: '2026-02-04T10:20:30.000Z',
      traces: [{ trace_id: 'b1'.padStart(32, '0') }],
    });
  });

  it('begin with its first span, and what silence makes true ends with its last', async () => {
    const idle = 'sum by (instance) (increase(tool_calls_total{instance!=""}[10m])) == 0';
    // pod-a: true at 0 s alone; pod-b: at 1200 and 1215 s. Neither is known before or after.
    expect((await check({ expr: idle, for: '30s' })).map(({ state }) => state)).toEqual(['inactive']);
    const told = await check({ expr: idle });
    expect(told.map(({ labels, active_at }) => [labels['instance'], active_at])).toEqual([
      ['pod-a', '2026-02-04T10:00:00.000Z'],
      ['pod-b', '2026-02-04T10:20:00.000Z'],
    ]);
  });

  it('are pending where the process was seen too shortly to tell', async () => {
    const rule = { expr: 'sum by (instance) (tool_calls_total) == 2', for: '6m' };
    // pod-a has two from 45 s to its end at 330 s, pod-b from 1260 s.
    expect((await check(rule)).map(({ state, labels }) => [state, labels['instance']])).toEqual([
      ['pending', 'pod-a'],
      ['pending', 'pod-b'],
    ]);
  });
});

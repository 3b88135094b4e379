import { describe, expect, it } from 'vitest';
import { numberText } from '../../src/cli/query-report.ts';
import { inProcess } from '../answer.ts';

const DUMP = 'fixtures/demo/deploy-app.log';
/** The first scrape that has seen everything of it: 2026-02-04T10:13:15Z. */
const END = 1_770_199_995;

type Answer = {
  readonly result_type: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number, string])[];
  }[];
};

async function ask(query: string, ...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await inProcess([
    'metrics',
    'query',
    '-f',
    'json',
    '--no-config',
    ...args,
    query,
    DUMP,
  ]);
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

/** What it says on stderr where it refuses. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { code, stderr } = await inProcess(['metrics', 'query', '--no-config', ...args]);
  expect(code).toBe(2);
  return stderr;
}

describe('metrics query', () => {
  it('answers at the end of the data, in the shape of the API of Prometheus', async () => {
    const answer = await ask('sum(tool_calls_total)');
    expect(answer.result_type).toBe('vector');
    expect(answer.result).toEqual([{ metric: {}, value: [END, '7'] }]);
  });

  it('has the name and all labels of a series that nothing was done to', async () => {
    const { result } = await ask('tool_calls_total{tool_name="clone"}', '--label', 'job=api');
    expect(result.map(({ metric }) => metric)).toEqual([
      { __name__: 'tool_calls_total', job: 'api', status: 'success', tool_name: 'clone' },
    ]);
  });

  it.each([
    ['2026-02-04T10:12:10Z', 1_770_199_930],
    ['1770199930.5', 1_770_199_930.5],
    ['1m', END - 60],
  ])('answers at %s', async (at, seconds) => {
    const { result } = await ask('vector(1)', '--at', at);
    expect(result).toEqual([{ metric: {}, value: [seconds, '1'] }]);
  });

  it('answers all along the data', async () => {
    const { result_type, result } = await ask('sum(tool_calls_total)', '--range');
    expect(result_type).toBe('matrix');
    expect(result[0]!.values).toEqual([
      [END - 75, '0'],
      [END - 60, '1'],
      [END - 45, '2'],
      [END - 30, '4'],
      [END - 15, '6'],
      [END, '7'],
    ]);
  });

  it('answers from a start to an end in steps', async () => {
    const { result } = await ask('time()', '--start', '30s', '--end', '10s', '--step', '10');
    expect(result).toEqual([
      {
        metric: {},
        values: [30, 20, 10].map((back) => [END - back, String(END - back)]),
      },
    ]);
    const one = await ask('vector(1)', '--start', '30s', '--end', '30s');
    expect(one.result).toEqual([{ metric: {}, values: [[END - 30, '1']] }]);
    expect(one.result_type).toBe('matrix');
  });

  it('has scalars, strings and range vectors', async () => {
    expect(await ask('1 / 0')).toMatchObject({ result_type: 'scalar', result: [END, '+Inf'] });
    expect(await ask('"text"')).toMatchObject({ result_type: 'string', result: [END, 'text'] });
    const { result_type, result } = await ask('tool_calls_total{tool_name="deploy"}[30s]');
    expect(result_type).toBe('matrix');
    expect(result[0]!.values!.at(-1)).toEqual([END, '1']);
  });

  it('answers as the version does: windows, and what it refuses', async () => {
    const points = async (version: string): Promise<number> =>
      (await ask('tool_calls_total{tool_name="clone"}[30s]', '--prometheus', version)).result[0]!.values!
        .length;
    expect([await points('3'), await points('2')]).toEqual([2, 3]);
  });

  it('replays as often as it is told, with names as they are told', async () => {
    const query = 'count_over_time(genxai_tool_calls_total{tool_name="clone"}[60s])';
    const counted = async (...args: string[]) =>
      (await ask(query, '--metric-prefix', 'genxai_', '--at', '2026-02-04T10:13:15Z', ...args)).result[0]!
        .value![1];
    expect([await counted(), await counted('--scrape-interval', '5s')]).toEqual(['4', '12']);
    expect((await ask('genxai_tool_calls_total', '--profile', 'genxai')).result.length).toBeGreaterThan(0);
    // The profile has the prefix already.
    const twice = await ask('genxai_tool_calls_total', '--profile', 'genxai', '--metric-prefix', 'genxai_');
    expect(twice.result.length).toBeGreaterThan(0);
    const other = await ask('a_genxai_tool_calls_total', '--profile', 'genxai', '--metric-prefix', 'a_');
    expect(other.result.length).toBeGreaterThan(0);
  });

  it('says where an expression is wrong, and points there', async () => {
    expect(await refusal('sum(rate(foo)) > 1', DUMP)).toBe(
      'agentobs: 1:10: parse error: expected type range vector in call to function "rate", got instant vector\n' +
        '  sum(rate(foo)) > 1\n           ^\n',
    );
    const lines = (await refusal('sum(\n  "ü" + foo )', DUMP)).split('\n');
    expect(lines[0]).toContain('2:3: parse error');
    expect(lines.slice(1, 3)).toEqual(['    "ü" + foo )', '    ^']);
  });

  it('says what is missing or out of place', async () => {
    expect(await refusal()).toContain('which expression is to be evaluated?');
    expect(await refusal(DUMP, 'up')).toContain('The expression stands before the inputs.');
    expect(await refusal('up', DUMP, '--at', 'noon')).toContain("--at 'noon' is no time");
    expect(await refusal('up', DUMP, '--at', '5m', '--range')).toContain('--at is one instant');
    expect(await refusal('up', DUMP, '--step', '0')).toContain("--step '0': not a length of time");
    expect(await refusal('up', DUMP, '--prometheus', '4')).toContain("--prometheus '4'");
    expect(await refusal('up', DUMP, '--start', '1m', '--end', '2m')).toContain('--end is before --start');
    expect(await refusal('up[5m]', DUMP, '--range')).toContain('a range vector has no course over time');
    expect(await refusal('up', DUMP, '--start', '1m', '--step', '1ms')).toContain(
      'exceeded maximum resolution',
    );
    expect(await refusal('tool_calls_total * on() tool_calls_total', DUMP)).toContain('many-to-many');
  });

  it('says why an answer is empty', async () => {
    const notes = async (...args: readonly string[]): Promise<string> =>
      (await inProcess(['metrics', 'query', '--no-config', ...args, DUMP])).stderr;
    expect(await notes('tool_cals_total')).toContain('the nearest is tool_calls_total');
    expect(await notes('tool_calls_total{job="api"}')).toContain('--label job=api adds it to all');
    expect(await notes('tool_calls_total', '--at', '2026-02-04T08:00:00Z')).toContain('all series are 0');
    expect(await notes('tool_calls_total', '--at', '2026-02-05')).toContain(
      'more than an hour after the data',
    );
    expect(await notes('rate(tool_calls_total[1h])')).toContain('a window of 1h means since it began');
    expect(await notes('tool_calls_total > 1000')).not.toContain('no metric');
    expect(await notes('tool_calls_total', '--where', 'user=nobody')).toContain(
      'no span with a time is among them',
    );
  });

  it('has a line for each point in CSV, and a line for each series in JSON lines', async () => {
    const lines = async (...args: readonly string[]): Promise<string[]> => {
      const { stdout } = await inProcess(['metrics', 'query', '--no-config', ...args, DUMP]);
      return stdout.trimEnd().split('\n');
    };
    const range = ['--range', '-f'];
    expect(await lines(...range, 'csv', 'sum by (status) (tool_calls_total{status="error"})')).toEqual([
      'status,time,value',
      ...['12:00', '12:15', '12:30', '12:45', '13:00', '13:15'].map((time) =>
        expect.stringMatching(`^error,2026-02-04T10:${time}.000Z,[01]$`),
      ),
    ]);
    expect(await lines(...range, 'jsonl', 'sum by (status) (tool_calls_total)')).toHaveLength(2);
    expect(await lines('-f', 'jsonl', '-1')).toEqual([`{"metric":{},"value":[${END},"-1"]}`]);
    expect(await lines('-f', 'csv', '-1')).toEqual(['time,value', '2026-02-04T10:13:15.000Z,-1']);
  });
});

describe('numbers', () => {
  // What a server of version 2.42 writes for vector(…).
  it.each([
    [1e21, '1e+21'],
    [123456789012345680000, '123456789012345680000'],
    [1e-6, '0.000001'],
    [1e-7, '1e-07'],
    [1.5e-10, '1.5e-10'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Inf'],
  ])('%d is written as Prometheus writes it', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('labels that no series has', () => {
  const said = async (...args: readonly string[]): Promise<string> =>
    (await inProcess(['metrics', 'query', '--no-config', ...args, DUMP])).stderr;

  it('are told where spans have them: otherwise all users would pass for one', async () => {
    expect(await said('sum by (user, model) (increase(llm_cost_total[1h])) > 0')).toContain(
      'by (user) makes one of all series: llm_cost_total has labels provider, model; with metrics.define',
    );
  });

  it.each([
    'sum by (model) (llm_cost_total)',
    'sum by (team) (llm_cost_total)',
    'sum by (instance) (llm_cost_total)',
    'sum without (user) (llm_cost_total)',
    'sum by (user) (label_replace(llm_cost_total, "user", "$1", "model", "(.*)"))',
    'sum by (user) (nothing_total)',
  ])('are not told of %s', async (expression) => {
    expect(await said(expression)).not.toContain('makes one of all');
  });
});

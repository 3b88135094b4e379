import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { agentobs, root } from '../agentobs.ts';
import { dumpOf, folderOf, T0, type ToolSpan } from '../alerts/dump.ts';
import { inProcess } from '../answer.ts';

type Rule = {
  readonly name: string;
  readonly state: string;
  readonly severity: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number | null;
  readonly active_at: string | null;
  readonly fired_at: string | null;
  readonly resolved_at: string | null;
  readonly traces: readonly { readonly trace_id: string; readonly share: number }[];
  readonly message: string;
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const every = (seconds: number, count: number, ok = false): ToolSpan[] =>
  Array.from({ length: count }, (_, index) => ({ end: (index + 1) * seconds, ok }));

function rulesOf(...rules: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ groups: [{ name: 'g', rules }] });
}

function folder(spans: readonly ToolSpan[], rules: string): string {
  const made = folderOf({ 'dump.jsonl': dumpOf(spans), 'rules.yml': rules });
  folders.push(made);
  return made;
}

async function check(spans: readonly ToolSpan[], rules: string, ...flags: readonly string[]) {
  const at = folder(spans, rules);
  const args = ['alerts', 'check', '--no-config', '--rules', join(at, 'rules.yml'), ...flags];
  const { code, stdout, stderr } = await inProcess([...args, '-f', 'json', join(at, 'dump.jsonl')]);
  const answer = stdout === '' ? undefined : JSON.parse(stdout);
  return { code, stderr, answer, rules: (answer?.rules ?? []) as Rule[] };
}

const sinceStart = (time: string | null): number => Date.parse(time ?? '') / 1000 - T0;
const ERRORS = 'rate(tool_errors_total[5m]) > 0.1';

describe('alerts check', () => {
  it('fires at 7m45s when 0.2 errors a second go on for ten minutes', async () => {
    const rules = rulesOf({ alert: 'Errors', expr: ERRORS, for: '5m', labels: { severity: 'critical' } });
    for (const version of ['2', '3']) {
      const { code, rules: told, answer } = await check(every(5, 120), rules, '--prometheus', version);
      expect(code).toBe(1);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({ name: 'Errors', state: 'firing', severity: 'critical' });
      expect(sinceStart(told[0]!.active_at)).toBe(165);
      expect(sinceStart(told[0]!.fired_at)).toBe(465);
      expect(sinceStart(told[0]!.resolved_at)).toBeGreaterThan(600);
      expect(told[0]!.traces).toHaveLength(10);
      expect(answer.summary).toEqual({ firing: 1, pending: 0, no_data: 0, error: 0, inactive: 0 });
    }
  });

  it('is pending where the data is shorter than `for`', async () => {
    const rules = rulesOf({ alert: 'Errors', expr: 'increase(tool_errors_total[5m]) > 3', for: '10m' });
    const { code, rules: told } = await check(every(1, 30), rules);
    expect(code).toBe(0);
    expect(told[0]?.state).toBe('pending');
    expect(told[0]?.message).toMatch(/^true for .* of the 10m required; the data is too short to tell$/);
    expect((await check(every(1, 30), rules, '--inconclusive', 'fail')).code).toBe(3);
    const fired = await check(every(1, 30), rules, '--ignore-for');
    expect([fired.code, fired.rules[0]?.state]).toEqual([1, 'firing']);
    expect(fired.rules[0]?.message).toContain('--ignore-for leaves out how long it must');
    const atOnce = rulesOf({ alert: 'Errors', expr: 'increase(tool_errors_total[5m]) > 3' });
    const same = await check(every(1, 30), atOnce, '--ignore-for');
    expect(same.rules[0]?.state).toBe('firing');
    expect(same.rules[0]?.message).not.toContain('--ignore-for');
  });

  it('says that it fires after the last span', async () => {
    const rules = rulesOf({ alert: 'Errors', expr: 'increase(tool_errors_total[5m]) > 3', for: '2m' });
    const { code, rules: told } = await check(every(1, 30), rules);
    expect([code, told[0]?.state]).toEqual([1, 'firing']);
    expect(told[0]?.message).toMatch(/^fires \w+ after the last span/);
    expect((await check(every(1, 30), rules, '--tail', '0')).rules[0]?.state).toBe('pending');
  });

  it('names the metric that is missing and the nearest one', async () => {
    const rules = rulesOf(
      { alert: 'Typo', expr: 'rate(tool_eror_total[5m]) > 0' },
      { alert: 'Prefix', expr: 'rate(genxai_tool_errors_total[5m]) > 0' },
      { alert: 'Job', expr: 'rate(tool_errors_total{job="api"}[5m]) > 0' },
    );
    const { code, rules: told } = await check(every(5, 10), rules);
    expect(code).toBe(0);
    expect(told.map(({ state }) => state)).toEqual(['no_data', 'no_data', 'no_data']);
    expect(told[0]?.message).toContain('tool_errors_total');
    expect(told[1]?.message).toContain('--metric-prefix genxai_');
    expect(told[2]?.message).toContain('--label job=api');
    expect((await check(every(5, 10), rules, '--label', 'job=api')).rules[0]?.name).toBe('Job');
  });

  it('does not judge what holds in silence after the end of the data', async () => {
    const rules = rulesOf({ alert: 'Quiet', expr: 'rate(tool_calls_total[1m]) == 0', for: '2m' });
    const { code, rules: told } = await check(every(10, 60, true), rules);
    expect([code, told[0]?.state]).toEqual([0, 'inactive']);
    expect(told[0]?.message).toContain("not evaluated after the data's end");
  });

  it('is inactive where it was over before it could fire', async () => {
    const spans = [...every(1, 30), ...every(60, 60, true)];
    const rules = rulesOf({ alert: 'Burst', expr: 'increase(tool_errors_total[1m]) > 3', for: '10m' });
    const { rules: told } = await check(spans, rules);
    expect(told[0]?.state).toBe('inactive');
    expect(told[0]?.message).toMatch(/^true for .* at most, and 10m are required/);
  });

  it('tells labels, annotations and what lies behind, through recording rules', async () => {
    const spans = [...every(5, 60), ...every(5, 60, true).map((span) => ({ ...span, tool: 'fine' }))];
    const rules = rulesOf(
      { record: 'errors:5m', expr: 'sum by (tool_name) (increase(tool_errors_total[5m]))' },
      {
        alert: 'Errors',
        expr: 'errors:5m > 10',
        labels: { severity: 'warning' },
        annotations: { summary: '{{ $labels.tool_name }}: {{ $value | printf "%.0f" }}' },
      },
    );
    const { rules: told } = await check(spans, rules);
    expect(told).toHaveLength(1);
    expect(told[0]?.labels).toEqual({ alertname: 'Errors', severity: 'warning', tool_name: 'search' });
    expect(told[0]?.annotations['summary']).toMatch(/^search: \d+$/);
    // The first sixty traces are the errors.
    expect(told[0]?.traces.every(({ trace_id }) => Number.parseInt(trace_id, 16) <= 60)).toBe(true);
  });

  it('fails on the severity that is named, and on alerts without one', async () => {
    const alert = (severity: string | undefined) =>
      rulesOf({
        alert: 'A',
        expr: 'tool_errors_total > 0',
        labels: severity === undefined ? {} : { severity },
      });
    const code = async (severity: string | undefined, ...flags: string[]) =>
      (await check(every(5, 3), alert(severity), ...flags)).code;
    expect(await code('info')).toBe(1);
    expect(await code('warning', '--fail-on', 'critical')).toBe(0);
    expect(await code('critical', '--fail-on', 'warning')).toBe(1);
    expect(await code(undefined, '--fail-on', 'critical')).toBe(1);
    expect(await code('odd', '--fail-on', 'odd')).toBe(1);
    expect(await code('warning', '--fail-on', 'critcal')).toBe(2);
  });

  it('ends with 2 where a rule cannot be evaluated, and says why', async () => {
    const rules = rulesOf({ alert: 'A', expr: 'tool_calls_total / on() tool_calls_total > 2' });
    const spans = [...every(5, 3), ...every(5, 3, true)];
    const { code, rules: told } = await check(spans, rules);
    expect([code, told[0]?.state]).toEqual([2, 'error']);
    expect(told[0]?.message).toMatch(/evaluations? failed: /);
  });

  it('ends with 2 also where another alert fires', async () => {
    const rules = rulesOf(
      { alert: 'A', expr: 'tool_calls_total / on() tool_calls_total > 2' },
      { alert: 'B', expr: 'tool_errors_total > 0' },
    );
    const { code, rules: told } = await check([...every(5, 3), ...every(5, 3, true)], rules);
    expect([code, ...told.map(({ state }) => state)]).toEqual([2, 'firing', 'error']);
  });

  it('ends with 2 where an alert fires too low to count, and evaluations failed besides', async () => {
    // The second tool comes later: then there are two on one side.
    const spans = [...every(5, 12), ...every(5, 12).map((span) => ({ end: span.end + 60, tool: 'late' }))];
    const expr = 'tool_calls_total * on() tool_errors_total{tool_name=~"search|late"} > 0';
    const rules = rulesOf({ alert: 'A', expr, labels: { severity: 'info' } });
    const at = folder(spans, rules);
    const args = [
      'alerts',
      'check',
      '--no-config',
      '--rules',
      join(at, 'rules.yml'),
      '--fail-on',
      'critical',
    ];
    const { code, stdout } = await inProcess([...args, '-f', 'junit', join(at, 'dump.jsonl')]);
    expect(code).toBe(2);
    expect(stdout).toContain('failures="1"');
  });

  it('does not fire where the group may not have so many alerts', async () => {
    const spans = [...every(5, 6), ...every(5, 6).map((span) => ({ ...span, tool: 'other' }))];
    const rules = JSON.stringify({
      groups: [{ name: 'g', limit: 1, rules: [{ alert: 'A', expr: 'tool_errors_total > 0' }] }],
    });
    const { code, rules: told } = await check(spans, rules);
    expect(code).toBe(2);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ state: 'error', fired_at: null, active_at: null });
    expect(told[0]?.message).toMatch(/failed: exceeded limit of 1 with 2 alerts$/);
  });

  it('begins with the first span, also where another rule looks back on what is recorded', async () => {
    const quiet = { alert: 'Quiet', expr: 'rate(tool_calls_total[5m]) == 0', for: '30m' };
    const back = [
      { record: 'errors:5m', expr: 'sum(increase(tool_calls_total[5m]))' },
      { alert: 'Back', expr: 'avg_over_time(errors:5m[1h]) > 1e9' },
    ];
    for (const rules of [rulesOf(quiet), rulesOf(quiet, ...back)]) {
      const { code, rules: told } = await check(every(10, 60, true), rules);
      expect([code, told.find(({ name }) => name === 'Quiet')?.state]).toEqual([0, 'inactive']);
    }
  });

  it('ends with 2 and every fault of the rules', async () => {
    const rules = rulesOf({ alert: 'A', expr: 'rate(foo) > 1' }, { expr: 'up' });
    const { code, stderr } = await check(every(5, 3), rules);
    expect(code).toBe(2);
    expect(stderr).toContain('group "g", rule 1, "A": could not parse expression: 1:6: parse error');
    expect(stderr).toContain(`one of 'record' or 'alert' must be set`);
    expect((await inProcess(['alerts', 'check', 'fixtures/demo/team.jsonl'])).code).toBe(2);
  });

  it('is written for CI systems', async () => {
    const at = folder(
      every(5, 30),
      rulesOf({ alert: 'A', expr: 'tool_errors_total > 0' }, { alert: 'B', expr: 'nothing > 0' }),
    );
    const args = ['alerts', 'eval', '--no-config', '--rules', join(at, 'rules.yml'), join(at, 'dump.jsonl')];
    const junit = await inProcess([...args, '-f', 'junit']);
    expect(junit.stdout).toContain('tests="2" failures="1" errors="0" skipped="1"');
    expect((await inProcess([...args, '-f', 'github'])).stdout).toContain('::error file=');
    expect((await inProcess([...args, '-f', 'markdown'])).stdout).toContain('| firing |');
    expect((await inProcess(args)).stdout).toContain('1 firing, 0 pending, 1 without data');
  });

  it.each([
    ['alerts-check.json', 'check'],
    ['alerts-backtest.json', 'backtest'],
  ])('is what %s says', async (name, command) => {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
    ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const schema = (file: string) => JSON.parse(readFileSync(join(root, 'docs/schema', file), 'utf8'));
    ajv.addSchema(schema('input.json'), 'input.json');
    const validate = ajv.compile(schema(name));
    const rules = rulesOf(
      { alert: 'A', expr: 'llm_requests_total > 0', labels: { severity: 'info' } },
      { alert: 'B', expr: 'nothing > 0' },
      { alert: 'C', expr: 'llm_cost_total > 1e9' },
      { alert: 'D', expr: 'rate(llm_requests_total[5m]) > 0', for: '1h' },
    );
    const at = folder([], rules);
    for (const input of ['fixtures/demo/team.jsonl', 'fixtures/hostile/time-trouble.jsonl']) {
      const args = ['alerts', command, '-f', 'json', '--rules', join(at, 'rules.yml'), input];
      const { stdout } = await inProcess(args);
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
    }
  });
});

describe('a label that no series has', () => {
  it('is named with its rule: all users are one alert', async () => {
    const rules = rulesOf({ alert: 'PerUser', expr: 'sum by (user) (tool_calls_total) > 0' });
    const at = folder(every(5, 12), rules);
    const args = ['alerts', 'check', '--no-config', '--rules', join(at, 'rules.yml')];
    const { stderr } = await inProcess([...args, join(at, 'dump.jsonl')]);
    expect(stderr).toContain('PerUser: by (user) makes one of all series: tool_calls_total has labels');
  });
});

describe('alerts backtest', () => {
  it('says in how many of the files each rule fires', async () => {
    const rules = rulesOf(
      { alert: 'Errors', expr: ERRORS, for: '5m' },
      { alert: 'Any', expr: 'tool_calls_total > 0' },
    );
    const at = folderOf({
      'bad.jsonl': dumpOf(every(5, 120)),
      'good.jsonl': dumpOf(every(5, 120, true)),
      'rules.yml': rules,
    });
    folders.push(at);
    const args = ['alerts', 'backtest', '--no-config', '--rules', join(at, 'rules.yml'), '-f', 'json'];
    const { code, stdout } = await inProcess([...args, join(at, '*.jsonl')]);
    expect(code).toBe(0);
    const { rules: told, summary } = JSON.parse(stdout);
    expect(summary).toEqual({ runs: 2, rules: 2 });
    expect(told[0]).toMatchObject({ name: 'Errors', runs: 2, firing: 1, share: 0.5, times_fired: 1 });
    expect(told[1]).toMatchObject({ name: 'Any', firing: 2, share: 1 });
  });

  const counting = rulesOf({ alert: 'Any', expr: 'tool_calls_total > 0' });

  it('takes standard input for -, beside files', async () => {
    const at = folder(every(5, 12), counting);
    const run = await agentobs(
      ['alerts', 'backtest', '-f', 'json', '--rules', 'rules.yml', '-', 'dump.jsonl'],
      { cwd: at, input: dumpOf(every(5, 24)) },
    );
    expect(run.code).toBe(0);
    const { files } = JSON.parse(run.stdout).rules[0];
    expect(files.map(({ name }: { name: string }) => name)).toEqual(['stdin', 'dump.jsonl']);
  });

  it('passes over files of a folder that hold no telemetry, and counts them', async () => {
    const at = folderOf({
      'runs/a.jsonl': dumpOf(every(5, 12)),
      'runs/b.jsonl': dumpOf(every(5, 12)),
      'runs/notes.txt': 'nothing that is known\n',
      'rules.yml': counting,
    });
    folders.push(at);
    const args = ['alerts', 'backtest', '--rules', join(at, 'rules.yml'), '-f', 'json'];
    const { code, stdout, stderr } = await inProcess([...args, join(at, 'runs')]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).summary.runs).toBe(2);
    expect(stderr).toContain('skipped 1: files in a folder that hold no telemetry');
    rmSync(join(at, 'runs/a.jsonl'));
    rmSync(join(at, 'runs/b.jsonl'));
    const none = await inProcess([...args, join(at, 'runs')]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
  });

  it('reads more files than a signal has listeners, without a word', async () => {
    const dump = dumpOf(every(5, 12));
    const dumps = Array.from({ length: 15 }, (_, i) => [`runs/${i}.jsonl`, dump]);
    const at = folderOf({ ...Object.fromEntries(dumps), 'rules.yml': counting });
    folders.push(at);
    const run = await agentobs(['alerts', 'backtest', '-f', 'json', '--rules', 'rules.yml', 'runs'], {
      cwd: at,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout).summary.runs).toBe(15);
  });
});

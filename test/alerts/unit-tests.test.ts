import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../answer.ts';

// `alerts test` on files of its own; test/differential/promtool-tests.test.ts compares verdicts with promtool.

const folder = mkdtempSync(join(tmpdir(), 'agentobs-alerts-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RULES = `groups:
  - name: first
    rules:
      - record: doubled
        expr: m * 2
      - alert: High
        expr: doubled > 10
        labels: {region: '{{ $externalLabels.region }}'}
        annotations: {at: '{{ $externalURL }}'}
  - name: second
    interval: 1h
    rules:
      - alert: High
        expr: m > 100
        labels: {which: second}
`;

type Case = {
  readonly group: string;
  readonly kind: string;
  readonly expr: string;
  readonly eval_time: string;
  readonly ok: boolean;
  readonly expected: unknown;
  readonly got: unknown;
  readonly error?: string;
};

async function tested(test: string, rules = RULES, ...more: string[]) {
  writeFileSync(join(folder, 'rules.yml'), rules);
  const path = join(folder, 'test.yml');
  writeFileSync(path, test);
  const { code, stdout, stderr } = await inProcess(['alerts', 'test', '-f', 'json', path, ...more]);
  const answer = code === 2 ? undefined : JSON.parse(stdout);
  const cases = (answer?.files[0].tests ?? []) as readonly Case[];
  return { code, stderr: stderr.replaceAll(folder, ''), cases, summary: answer?.summary };
}

const HEAD = 'rule_files: [rules.yml]\ntests:\n  - input_series: [{series: m, values: 0+1x10}]\n';

describe('alerts test', () => {
  it('answers in the shape of the contract', async () => {
    const { code, cases, summary } = await tested(`${HEAD}    name: counting
    external_labels: {region: eu}
    external_url: http://example.test
    alert_rule_test:
      - {eval_time: 6m, alertname: High, exp_alerts: [{exp_labels: {region: eu}, exp_annotations: {at: http://example.test}}]}
    promql_expr_test:
      - {expr: doubled, eval_time: 3m, exp_samples: [{labels: doubled, value: 6}]}
      - {expr: 'm / 4', eval_time: 6m, exp_samples: [{labels: 'm{a="b"}', value: 1.5}]}
`);
    expect(code).toBe(1);
    expect(summary).toEqual({ passed: 2, failed: 1 });
    expect(cases.map((one) => Object.keys(one))).toEqual(
      cases.map(() => ['group', 'kind', 'expr', 'eval_time', 'ok', 'expected', 'got']),
    );
    const alert = { labels: { alertname: 'High', region: 'eu' }, annotations: { at: 'http://example.test' } };
    expect(cases).toEqual([
      {
        group: 'counting',
        kind: 'alert',
        expr: 'High',
        eval_time: '6m',
        ok: true,
        expected: [alert],
        got: [alert],
      },
      {
        ...{ group: 'counting', kind: 'expr', expr: 'doubled', eval_time: '3m', ok: true },
        ...{ expected: [{ labels: 'doubled', value: '6' }], got: [{ labels: 'doubled', value: '6' }] },
      },
      {
        ...{ group: 'counting', kind: 'expr', expr: 'm / 4', eval_time: '6m', ok: false },
        ...{ expected: [{ labels: 'm{a="b"}', value: '1.5' }], got: [{ labels: '{}', value: '1.5' }] },
      },
    ]);
  });

  it('looks at the evaluation before the time, with no later sample', async () => {
    const { code } = await tested(`rule_files: [rules.yml]
tests:
  - interval: 30s
    input_series: [{series: m, values: 0 10 20 30}]
    promql_expr_test:
      - {expr: m, eval_time: 90s, exp_samples: [{labels: m, value: 20}]}
`);
    expect(code).toBe(0);
  });

  it('keeps alerts of one name in two groups apart by groupname, in version 3', async () => {
    const test = (group: string) => `${HEAD}    alert_rule_test:
      - {eval_time: 8m, alertname: High, groupname: ${group}, exp_alerts: []}
`;
    expect((await tested(test('second'))).code).toBe(0);
    expect((await tested(test('first'))).code).toBe(1);
    const old = await tested(test('second'), RULES, '--prometheus', '2');
    expect(old).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('only Prometheus 3 knows this key'),
    });
  });

  it('names keys that it does not know, and says what a rule file is for', async () => {
    expect((await tested('test: []\n')).stderr).toContain(':1: unknown key "test"; did you mean "tests"?');
    const { code, stderr } = await tested(RULES);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^agentobs: \S+:1: that is a rule file: agentobs alerts lint \S+ looks at it\n$/);
  });

  it('begins at start_timestamp', async () => {
    const { code } = await tested(`tests:
  - start_timestamp: 2026-07-01T09:30:00Z
    input_series: [{series: m, values: 0+1x10}]
    promql_expr_test:
      - {expr: hour() + minute() / 100 + m - m, eval_time: 5m}
      - {expr: hour(), eval_time: 30m, exp_samples: [{labels: '{}', value: 10}]}
      - {expr: m, eval_time: 5m, exp_samples: [{labels: m, value: 5}]}
`);
    expect(code).toBe(1);
  });

  it('takes neighbours for equal with fuzzy_compare', async () => {
    const test = (fuzzy: boolean, value: string) => `fuzzy_compare: ${fuzzy}
tests:
  - promql_expr_test: [{expr: 0.1 + 0.2, eval_time: 0, exp_samples: [{value: ${value}}]}]
`;
    expect((await tested(test(true, '0.3'))).code).toBe(0);
    expect((await tested(test(false, '0.3'))).code).toBe(1);
    expect((await tested(test(true, '0.30000001'))).code).toBe(1);
  });

  it('ends a test at a rule that fails, and says which', async () => {
    const rules = `groups: [{name: g, rules: [{alert: A, expr: m}, {record: broken, expr: m * on () m}]}]`;
    const { code, cases } = await tested(
      `rule_files: [rules.yml]
tests:
  - input_series: [{series: 'm{a="1"}', values: 1x9}, {series: 'm{a="2"}', values: _x2 1x9}]
    alert_rule_test:
      - {eval_time: 0m, alertname: A, exp_alerts: [{exp_labels: {a: 1}}]}
      - {eval_time: 5m, alertname: A}
    promql_expr_test: [{expr: m, eval_time: 0}]
`,
      rules,
    );
    expect(code).toBe(1);
    expect(cases.map(({ expr, ok }) => [expr, ok])).toEqual([
      ['m * on () m', false],
      ['A', true],
      ['A', false],
      ['m', false],
    ]);
    expect(cases[0]!.error).toMatch(
      /^rule broken \(.*rules\.yml:1\) fails: found duplicate series for the match group/,
    );
  });

  it('says that NaN equals nothing', async () => {
    const { cases } = await tested(
      'tests: [{promql_expr_test: [{expr: NaN, eval_time: 0, exp_samples: [{value: .nan}]}]}]',
    );
    expect(cases[0]).toMatchObject({ ok: false, error: expect.stringContaining('NaN equals nothing') });
  });

  it('tells every fault of every file at once, with lines', async () => {
    const { code, stdout, stderr } = await inProcess([
      ...['alerts', 'test', 'fixtures/rules/tests/faulty.yml', 'fixtures/rules/tests/nowhere.yml'],
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = [...stderr.matchAll(/faulty\.yml:(\d+): /g)].map(([, line]) => Number(line));
    expect(lines).toEqual([3, 6, 8, 9, 11, 13]);
    expect(stderr).toContain('did you mean "evaluation_interval"');
    expect(stderr).toContain('native histograms are not supported');
    expect(stderr).toContain('nowhere.yml: there is no such file');
  });

  it('tells faults of rule files with their lines, and patterns that match none', async () => {
    const broken = await tested(HEAD, 'groups:\n  - name: g\n    rules:\n      - {alert: A, expr: "1 +"}\n');
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('rules.yml:4: ') });
    const none = await tested('rule_files: ["no-*.yml"]\ntests: [{}]\n');
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('no rule file matches no-*.yml') });
  });

  it('does not evaluate for ever', async () => {
    const { cases } = await tested(
      'evaluation_interval: 1ms\ntests: [{promql_expr_test: [{expr: up, eval_time: 1y}]}]',
    );
    expect(cases[0]).toMatchObject({ ok: false, error: expect.stringContaining('is the time mistyped?') });
  });

  it.each(['table', 'markdown', 'csv', 'jsonl', 'junit', 'github'])(
    'prints every case as %s',
    async (format) => {
      const { code, stdout } = await inProcess([
        ...['alerts', 'test', '-f', format],
        ...['fixtures/rules/tests/golden.yml', 'fixtures/rules/tests/failing.yml'],
      ]);
      expect(code).toBe(1);
      // The case that is right is right everywhere.
      const shown = stdout.match(/AgentErrors?\b|agent_errors_total (?:>|&gt;|\\>)/g);
      expect(shown?.length).toBeGreaterThanOrEqual(6);
    },
  );
});

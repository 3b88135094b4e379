import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINTS } from '../../src/alerts/lint/index.ts';
import { parse } from '../../src/promql/index.ts';
import { root } from '../agentobs.ts';
import { inProcess } from '../answer.ts';

// Every file of fixtures/rules/lint is named for a lint: each rule of its group `fires` holds that mistake, none of its
// group `silent` does. Other lints may find something in them, too.

type Finding = {
  readonly id: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly group: string;
  readonly rule: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string | null;
};
type Answer = { readonly findings: readonly Finding[]; readonly summary: { readonly rules: number } };

const files = readdirSync(join(root, 'fixtures/rules/lint'));

async function findings(args: readonly string[]): Promise<readonly Finding[]> {
  const { stdout, stderr, code } = await inProcess([
    'alerts',
    'lint',
    '-q',
    '-f',
    'json',
    '--fail-on',
    'never',
    ...args,
  ]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return (JSON.parse(stdout) as Answer).findings;
}

/** What there is to write instead of the expression of an alert. */
async function fixOf(expr: string): Promise<readonly (string | null)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-lint-'));
  try {
    const path = join(folder, 'rules.yml');
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] }));
    return (await findings([path])).map(({ fix }) => fix);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('lints', () => {
  it('have a file of cases each', () => {
    // What data lacks needs data.
    const cases = [...files.map((name) => name.replace('.yml', '')), 'no_data', 'few_observations'];
    expect(cases.sort()).toEqual(LINTS.map(({ id }) => id).sort());
  });

  it.each(files)('%s', async (name) => {
    const id = name.replace('.yml', '');
    const path = `fixtures/rules/lint/${name}`;
    const found = (await findings([path])).filter((one) => one.id === id);
    const { stdout } = await inProcess(['alerts', 'lint', '-f', 'jsonl', '--fail-on', 'never', path]);
    expect(stdout).toContain(`"id":"${id}"`);
    expect(found.filter(({ group }) => group === 'silent').map(({ rule }) => rule)).toEqual([]);
    const fired = new Set(found.filter(({ group }) => group === 'fires').map(({ rule }) => rule));
    const asked = readFileSync(join(root, path), 'utf8');
    const rules = asked.slice(asked.indexOf('name: fires'), asked.indexOf('name: silent')).match(/Case\d+/g);
    expect([...fired].sort()).toEqual([...new Set(rules)].sort());
    for (const { what, why, line } of found) {
      expect(what.length).toBeGreaterThan(10);
      expect(why.length).toBeGreaterThan(10);
      expect(line).toBeGreaterThan(1);
    }
  });

  it('write fixes that are expressions', async () => {
    const all = (await Promise.all(files.map((name) => findings([`fixtures/rules/lint/${name}`])))).flat();
    const texts = new Set(['for_below_interval', 'value_in_label']);
    const fixes = all.filter(({ id, fix }) => fix !== null && !texts.has(id)).map(({ fix }) => fix!);
    expect(fixes.length).toBeGreaterThan(50);
    for (const fix of fixes) expect(() => parse(fix, { version: 3 }), fix).not.toThrow();
  });

  it.each([
    [
      'rate(agent_execution_duration_seconds_count[20s]) > 0.05',
      'rate(agent_execution_duration_seconds_count[1m]) > 0.05',
    ],
    ['agent_executions_total > 5 and up == 1', 'increase(agent_executions_total[1h]) > 5 and up == 1'],
    ['agent_executions_total offset 5m > 5', 'increase(agent_executions_total[1h] offset 5m) > 5'],
    ['up == 0 or agent_executions_total > 5', 'up == 0 or increase(agent_executions_total[1h]) > 5'],
    [
      'rate(agent_executions_total{agent="a"}[5m]) > 0.05',
      'rate(agent_executions_total{agent_id="a"}[5m]) > 0.05',
    ],
    [
      'sum by (agent) (rate(agent_executions_total[5m])) > 0.05',
      'sum by (agent_id) (rate(agent_executions_total[5m])) > 0.05',
    ],
    ['rate(agent_execution_total[5m]) > 0.05', 'rate(agent_executions_total[5m]) > 0.05'],
    [
      'rate(agent_executions_total{status="eror"}[5m]) > 0.05',
      'rate(agent_executions_total{status="error"}[5m]) > 0.05',
    ],
    ['a > 5 and a < 3 unless b', '(a < 3 or a > 5) unless b'],
  ])('write whole expressions: %s', async (expr, whole) => {
    expect(await fixOf(expr)).toContain(whole);
  });

  it('take chains of thousands of operators, and write only parts of them', async () => {
    const chain = `agent_executions_total${' / agent_executions_total'.repeat(3000)} > 1`;
    const fixes = await fixOf(chain);
    expect(fixes.length).toBe(100);
    expect(Math.max(...fixes.map((fix) => fix?.length ?? 0))).toBeLessThan(200);
  });

  it('find nothing in what they themselves wrote for the three classic mistakes', async () => {
    const three = await findings(['fixtures/rules/seeds.yml']);
    expect(three.map(({ id, rule, fix }) => ({ id, rule, fix }))).toEqual([
      {
        id: 'histogram_without_bucket',
        rule: 'SlowAgentExecution',
        fix: 'histogram_quantile(0.95, sum by (le) (rate(genxai_agent_execution_duration_seconds_bucket[5m]))) > 30',
      },
      {
        id: 'errors_per_second',
        rule: 'HighErrorRate',
        fix: 'sum by (agent_id) (rate(genxai_agent_errors_total[5m])) / (sum by (agent_id) (rate(genxai_agent_executions_total[5m])) > 0) > 0.1',
      },
      { id: 'cost_per_second', rule: 'HighLLMCost', fix: 'sum(increase(genxai_llm_cost_total[1h])) > 10' },
    ]);
    expect(await findings(['fixtures/rules/seeds-fixed.yml'])).toEqual([]);
  });

  it('say what data lacks', async () => {
    const found = await findings([
      'fixtures/rules/seeds-fixed.yml',
      '--profile',
      'genxai',
      'fixtures/demo/team.jsonl',
    ]);
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(['no_data', 'few_observations']));
    const unknown = await findings(['fixtures/rules/seeds-fixed.yml', 'fixtures/demo/team.jsonl']);
    expect(unknown[0]).toMatchObject({
      id: 'unknown_metric',
      why: expect.stringContaining('--metric-prefix genxai_'),
    });
  });

  it('fail on what --fail-on says', async () => {
    const code = async (...args: string[]) => (await inProcess(['alerts', 'lint', ...args])).code;
    expect(await code('fixtures/rules/seeds.yml')).toBe(1);
    expect(await code('fixtures/rules/seeds.yml', '--fail-on', 'never')).toBe(0);
    expect(await code('fixtures/rules/seeds-fixed.yml')).toBe(0);
    expect(await code('fixtures/rules/lint/absent_has_no_labels.yml')).toBe(0);
    expect(await code('fixtures/rules/lint/absent_has_no_labels.yml', '--fail-on', 'info')).toBe(1);
    expect(await code('fixtures/rules/lint/rate_on_gauge.yml', '--fail-on', 'error')).toBe(0);
    expect(await code('fixtures/rules/nowhere.yml')).toBe(2);
    expect(await code()).toBe(2);
  });
});

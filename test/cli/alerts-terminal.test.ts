import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { cellWidth } from '../../src/render/text.ts';
import { dumpOf } from '../alerts/dump.ts';
import { fakeSession } from './fake-session.ts';

const TEAM = 'fixtures/demo/team.jsonl';
const RULES = 'fixtures/alerts/rules.yml';
const COLORS = /\x1b\[\d+m/g;
const folder = mkdtempSync(join(tmpdir(), 'agentobs-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(args: readonly string[], { columns = 80, terminal = true, cwd = '' } = {}) {
  const { session, stdout, stderr } = fakeSession({ columns, terminal });
  const code = await runProgram(
    [...args, '--no-config'],
    cwd === '' ? session : { ...session, cwd },
    () => 'test',
  );
  await new Promise(setImmediate);
  return { code, stdout: stdout().replace(COLORS, ''), raw: stdout(), stderr: stderr() };
}

const widest = (text: string): number => Math.max(...text.split('\n').map(cellWidth));
/** Wrapped lines as one again. */
const joined = (text: string): string => text.replace(/\n +/g, ' ');

describe('alerts check on a terminal', () => {
  const check = ['alerts', 'check', '--rules', RULES, '--tz', 'UTC', TEAM];

  it.each([60, 80])('tells every reason whole below the table at %d columns', async (columns) => {
    const { stdout } = await run(check, { columns });
    expect(widest(stdout)).toBeLessThanOrEqual(columns);
    expect(stdout).not.toMatch(/WHY/);
    const told = joined(stdout);
    expect(told).toContain(
      'ModelCostHigh model=gpt-4o fires at 2026-02-03T11:00:15Z, at worst 0.205; resolved after 59m45s ' +
        'summary: gpt-4o costs $0.20 an hour trace a1b2c3d4e5f60718293a4b5c6d7e8f03',
    );
    expect(told).toContain(
      'AgentSlow agent_id=coder: pending true for 4m30s of the 5m required; the data is too short to tell',
    );
    expect(told).toContain(
      'RunFailed: no_data no series of agent_executions_total has status="error"; there is "success"',
    );
  });

  it('has the reason beside the alert where there is room', async () => {
    const { stdout } = await run(check, { columns: 300 });
    expect(stdout).toMatch(/^pending .*AgentSlow .* the data is too short to tell$/m);
    expect(stdout).not.toContain('AgentSlow agent_id=coder: pending');
  });

  it('tells a small part of what moved as what it is', async () => {
    const rules = join(folder, 'errors.json');
    writeFileSync(
      rules,
      JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'tool_errors_total > 0' }] }] }),
    );
    const dump = join(folder, 'errors.jsonl');
    writeFileSync(dump, dumpOf(Array.from({ length: 400 }, (_, index) => ({ end: index / 10 }))));
    const { stdout } = await run(['alerts', 'check', '--rules', rules, dump], { columns: 200 });
    expect(stdout).toMatch(/ {2}trace 0{29}\w+ {2}0\.3% {2}span/);
  });

  it('says how many alerts it does not tell of', async () => {
    const rules = Array.from({ length: 12 }, (_, i) => ({
      alert: `A${i}`,
      expr: 'sum(llm_requests_total) > 0',
    }));
    const path = join(folder, 'many.yml');
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'g', rules }] }));
    for (const terminal of [true, false]) {
      const { stdout } = await run(['alerts', 'check', '--rules', path, TEAM], { terminal });
      expect(stdout).toMatch(/^12 firing, /m);
      expect(stdout).toContain('\n\n… and 2 more alerts (--format json has all)\n');
    }
  });

  it('tells times in the zone of the reader, and programs in UTC', async () => {
    const args = ['alerts', 'check', '--rules', RULES, '--tz', 'Europe/Berlin', TEAM];
    expect((await run(args)).stdout).toContain('fires at 2026-02-03T12:00:15+01:00');
    expect((await run([...args, '-f', 'json'])).stdout).toContain('fires at 2026-02-03T11:00:15Z');
  });
});

it('metrics query tells times in the zone of the reader', async () => {
  const args = ['metrics', 'query', '--tz', 'Asia/Tokyo', 'sum(llm_requests_total)', TEAM];
  expect((await run([...args, '--at', '2026-02-03T11:00:00.5Z'])).stdout).toMatch(
    /^at 2026-02-03T20:00:00\.500\+09:00$/m,
  );
  expect((await run([...args, '--range'])).stdout).toMatch(/^from \S+\+09:00 to \S+\+09:00$/m);
});

it('alerts backtest leaves out columns before it cuts names', async () => {
  const { stdout } = await run(['alerts', 'backtest', '--rules', RULES, TEAM]);
  expect(stdout).toMatch(/^ModelCostHigh /m);
  const rules = [{ alert: 'AgentFailureRateAboveFivePercent', expr: 'llm_requests_total > 0' }];
  const path = join(folder, 'long.yml');
  writeFileSync(path, JSON.stringify({ groups: [{ name: 'g', rules }] }));
  const long = (await run(['alerts', 'backtest', '--rules', path, TEAM])).stdout;
  expect(long).toMatch(/^AgentFailureRateAboveFivePercent .*100%/m);
  expect(widest(long)).toBeLessThanOrEqual(80);
});

it('alerts presets describes each of them whole', async () => {
  const wide = (await run(['alerts', 'presets'], { terminal: false })).stdout;
  const narrow = (await run(['alerts', 'presets'], { columns: 60 })).stdout;
  expect(widest(narrow)).toBeLessThanOrEqual(60);
  const rows = wide.trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows) {
    const [name, , help] = row.split(/ {2,}/);
    expect(joined(narrow)).toContain(`\n${name} ${help}`);
  }
});

it('finds rule files above the working folder, and names them as they are reached', async () => {
  mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
  mkdirSync(join(folder, 'rules'));
  const rules = [{ alert: 'A', expr: 'nothing > 0' }];
  writeFileSync(join(folder, 'rules', 'a.yml'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
  const args = ['alerts', 'check', '--rules', '../../rules/*.yml', '-f', 'json', TEAM];
  const { code, stdout } = await run(args, { cwd: join(folder, 'deep', 'er') });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).rules[0].file).toBe('../../rules/a.yml');
  const none = await run(['alerts', 'check', '--rules', 'no-*.yml', TEAM]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--rules no-*.yml: nothing matches')]);
});

describe('control characters in label values', () => {
  const args = ['metrics', '--label', 'job=a\x1b[31mb\x07'];

  it('are visible in metrics on a terminal', async () => {
    const { raw } = await run([...args, TEAM]);
    expect(raw).toContain('job="a\\x1b[31mb\\x07"');
    expect(raw).not.toMatch(/[\x1b\x07]/);
    expect(raw).toMatch(/^# TYPE /m);
  });

  it('stay in metrics for pipes', async () => {
    expect((await run([...args, TEAM], { terminal: false })).raw).toContain('job="a\x1b[31mb\x07"');
  });
});

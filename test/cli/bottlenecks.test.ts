import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Run } from '../agentobs.ts';
import { inProcess } from '../answer.ts';
import { fakeSession } from './fake-session.ts';

const TEAM = 'fixtures/demo/team.jsonl';
const DEPLOYS = 'fixtures/bottlenecks/twelve-deploys.jsonl';
const ask = (...args: string[]): Promise<Run> => inProcess(['bottlenecks', '--no-config', ...args]);

/** As a terminal of so many columns shows it. */
async function onTerminal(columns: number, ...args: string[]): Promise<string> {
  const { session, stdout } = fakeSession({ terminal: true, columns });
  await runProgram(['bottlenecks', '--no-config', '--color', 'never', ...args], session, () => 'test');
  await new Promise(setImmediate);
  return stdout();
}

describe('the table', () => {
  it.each([80, 120])('fits %i columns, and keeps what matters most', async (columns) => {
    for (const args of [[TEAM], [DEPLOYS], ['--by', 'path', 'fixtures/demo/deploy-app.log']]) {
      const text = await onTerminal(columns, ...args);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      expect(text).toMatch(/SHARE +SAVES/);
    }
  });

  it('says where there are no times, and once', async () => {
    const attributes = [{ key: 'gen_ai.request.model', value: { stringValue: 'm' } }];
    const spans = [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'chat m', attributes }];
    const folder = mkdtempSync(join(tmpdir(), 'agentobs-bottlenecks-'));
    const path = join(folder, 'timeless.json');
    writeFileSync(path, JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
    const { code, stdout } = await ask(path);
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
    const [first, , heading, row] = stdout.split('\n');
    expect(first).toBe(
      '1 run; there are no times in the input, so what decides how long they take is not known',
    );
    expect(heading).toMatch(/^STEP +CALLS +TIME +SHARE +SAVES +SELF/);
    expect(row).toMatch(/^llm m +1 +– +– +– +– +– +–/);
    expect(stdout).not.toContain('0ms');
  });

  it('tells the end of call paths, which is where they differ', async () => {
    expect(await onTerminal(80, '--by', 'path', 'fixtures/demo/deploy-app.log')).toContain(
      '… › tool install ',
    );
  });

  it('ends with a sentence', async () => {
    const { stdout } = await ask(DEPLOYS);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '◆ install decides 49% of the time of a run: without it runs would take 19.0s instead of 25.4s; ' +
        'it took up to 3.4× as long as usual in 2 of 12 runs: trace de900000000000000000000000000006',
    );
  });

  it('compares one run with the others of the data', async () => {
    const { stdout } = await ask('--trace', 'de900000000000000000000000000006', DEPLOYS);
    expect(stdout).toMatch(/^tool install .*◆ 3\.4× the usual$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '◆ install decides 70% of the run: without it the run would take 19.0s instead of 44.0s; ' +
        'it took 3.4× as long as usual',
    );
  });

  it('shows twenty rows unless it is asked for more, programs get all', async () => {
    const limited = await ask('--limit', '2', '-f', 'json', TEAM);
    const answer = JSON.parse(limited.stdout);
    expect(answer.rows).toHaveLength(2);
    expect(answer.others).toMatchObject({ rows: 9, critical_ms: 34_000 });
    expect((await ask('--limit', '2', TEAM)).stdout).toContain('\n(9 more steps: 58%, ');
  });
});

describe('limits', () => {
  it.each([
    ['critical_share > 40%', 1, 0.487689, 'share'],
    ['critical > 1m', 0, 12.379167, 'seconds'],
    ['removable > 6', 1, 6.379167, 'seconds'],
    ['removable > 50%', 0, 0.251313, 'share'],
    ['p50 >= 9s', 1, 9.025, 'seconds'],
    ['p95 > 1m', 0, 29.02, 'seconds'],
    ['slow_runs > 1', 1, 2, 'count'],
  ])('%s', async (expression, code, value, unit) => {
    const answer = await ask('--fail-on', expression, '-f', 'json', DEPLOYS);
    const [limit] = JSON.parse(answer.stdout).limits;
    expect(limit).toMatchObject({ expression, step: 'tool install', holds: code === 1, unit });
    expect(limit.value).toBeCloseTo(value, 6);
    expect(answer.code).toBe(code);
  });

  it('cannot tell without a history or without any time', async () => {
    const { code, stdout } = await ask('--fail-on', 'slow_runs > 1', TEAM);
    expect(code).toBe(3);
    expect(stdout).toContain('? slow_runs > 1: cannot tell');
    const nothing = await ask('--fail-on', 'p95 > 1s', '--where', 'tool=nobody', TEAM);
    expect(nothing.code).toBe(3);
  });

  it('are about the step of the verdict, however few rows are shown', async () => {
    const args = ['--by', 'tool', '--limit', '1', '--fail-on', 'critical > 2s', '-f', 'json', TEAM];
    const { code, stdout } = await ask(...args);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: [{ step: '(agent loop)', kind: null }],
      limits: [{ step: 'run_tests', value: 2.4 }],
    });
  });

  it('say where waste is measured, and what else can be limited', async () => {
    expect(await ask('--fail-on', 'waste > 10%', TEAM)).toMatchObject({
      code: 2,
      stderr: "agentobs: --fail-on 'waste > 10%': waste is not looked for\n  Ask for it with --waste.\n",
    });
    const { code, stderr } = await ask('--fail-on', 'p96 > 1s', TEAM);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "Did you mean 'p95'? Measures: critical, critical_share, removable, p50, p95, slow_runs.",
    );
  });
});

describe('filters', () => {
  it('leave the paths as they are and count the chosen spans', async () => {
    const { stdout, stderr } = await ask('--where', 'kind=tool', '-f', 'json', TEAM);
    const { rows, total } = JSON.parse(stdout);
    expect(rows.map(({ step }: { step: string }) => step)).toEqual([
      'tool run_tests',
      'tool search_docs',
      'tool send_mail',
    ]);
    expect(total).toMatchObject({ traces: 3, duration_ms: 44_000, critical_ms: 16_000 });
    expect(stderr).toContain('count only the spans that meet the filters');
  });
});

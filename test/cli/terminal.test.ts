import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { wantsColor, zoneOf } from '../../src/cli/terminal.ts';
import { cellWidth } from '../../src/render/text.ts';
import { fakeSession } from './fake-session.ts';

const TEAM = 'fixtures/demo/team.jsonl';
const DEPLOY = 'fixtures/demo/deploy-app.log';
/** One column wide in their text form, which is what terminals show without a variation selector. */
const NARROW = /[✔✖]/g;
const COLORS = /\x1b\[\d+m/g;

async function run(args: readonly string[], ends: Parameters<typeof fakeSession>[0] = {}) {
  const fake = fakeSession(ends);
  const code = await runProgram(args, fake.session, () => '0.0.0');
  return { code, stdout: fake.stdout(), stderr: fake.stderr() };
}

describe('on a terminal', () => {
  it.each([
    ['trace list', ['trace', 'list', TEAM]],
    ['trace show', ['trace', 'show', DEPLOY]],
    ['cost', ['cost', '--by', 'user,model', TEAM]],
  ])('%s fits 80, 120 and 200 columns', async (_name, args) => {
    for (const columns of [80, 120, 200]) {
      const { code, stdout } = await run(args, { terminal: true, columns });
      expect(code).toBe(0);
      const [table = ''] = stdout.split('\n\n');
      const widths = table
        .split('\n')
        .map((line) => cellWidth(line.replace(COLORS, '').replace(NARROW, 'x')));
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    }
  });

  it('colours, and means the same without', async () => {
    const [colored, plain] = await Promise.all([
      run(['cost', TEAM], { terminal: true, columns: 120 }),
      run(['cost', TEAM], { terminal: true, columns: 120, env: { NO_COLOR: '1' } }),
    ]);
    expect(colored.stdout).toMatch(COLORS);
    expect(plain.stdout).not.toMatch(COLORS);
    expect(colored.stdout.replace(COLORS, '')).toBe(plain.stdout);
  });

  it('shows no progress on what is quickly read', async () => {
    expect((await run(['cost', TEAM], { terminal: true })).stderr).toBe('');
  });

  it('says what to type when there is nothing to read, and does not wait', async () => {
    const { code, stdout, stderr } = await run(['cost'], { terminal: true, stdinTerminal: true });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/^ {2}.*agentobs (trace|cost)/gm)).toHaveLength(2);
  });
});

describe('in a pipe', () => {
  it('cuts nothing and does not colour', async () => {
    const { stdout } = await run(['trace', 'list', TEAM], { columns: 40 });
    expect(stdout).toContain('a1b2c3d4e5f60718293a4b5c6d7e8f01');
    expect(stdout).toContain('llm claude-sonnet-4-20250514');
    expect(stdout).not.toMatch(COLORS);
  });
});

describe('colour', () => {
  it.each([
    ['never', { FORCE_COLOR: '1' }, true, false],
    ['always', { NO_COLOR: '1' }, false, true],
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { TERM: 'dumb' }, true, false],
  ] as const)('--color %s with %j on a terminal (%s): %s', (mode, env, terminal, expected) => {
    expect(wantsColor(mode, env, terminal)).toBe(expected);
  });
});

describe('the time zone', () => {
  it('is UTC in a pipe, local on a terminal, and what is asked for before that', () => {
    expect(zoneOf(undefined, false)).toBe('UTC');
    expect(zoneOf(undefined, true)).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(zoneOf('asia/tokyo', false)).toBe('Asia/Tokyo');
  });

  it('suggests the zone that was meant', () => {
    expect(() => zoneOf('Europe/Berln', false)).toThrow("--tz 'Europe/Berln': no such time zone");
  });
});

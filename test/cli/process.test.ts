import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentobs, root, run } from '../agentobs.ts';

const BIN = join(root, 'bin/agentobs.js');
const TEAM = join(root, 'fixtures/demo/team.jsonl');
let folder = '';
let large = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentobs-cli-'));
  large = join(folder, 'large.jsonl');
  const line = readFileSync(TEAM, 'utf8').split('\n')[0]!;
  const lines = Array.from({ length: 2000 }, (_, i) =>
    line.replaceAll(/"traceId":"[0-9a-f]{28}/g, `"traceId":"${i.toString(16).padStart(28, '0')}`),
  );
  writeFileSync(large, `${lines.join('\n')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a closed pipe', () => {
  it.each(['table', 'json', 'jsonl', 'csv', 'markdown'])('ends %s silently', async (format) => {
    const command = `{ "${process.execPath}" "${BIN}" trace list -f ${format} "${large}"; echo "exit $?" >&2; } | head -1`;
    const { stdout, stderr } = await run('sh', ['-c', command], {});
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('exit 0\n');
  });

  it('ends the summary on stderr silently too', async () => {
    const command = `{ "${process.execPath}" "${BIN}" cost "${large}" 2>&1 >/dev/null; echo "exit $?" >&2; } | true`;
    expect((await run('sh', ['-c', command], {})).stderr).toBe('exit 0\n');
  });
});

describe('Ctrl-C', () => {
  it.each(['1', '2'])('prints what is known by then and exits with 130: %s thread(s)', async (threads) => {
    const child = spawn(process.execPath, [BIN, 'trace', 'list', '-f', 'json'], {
      env: { PATH: process.env['PATH'], TZ: 'UTC', AGENTOBS_THREADS: threads },
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    // More than a pipe holds: once it is all written, most of it has been read.
    await new Promise((resolve) => child.stdin.write(readFileSync(large), resolve));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    const answer = JSON.parse(Buffer.concat(stdout).toString());
    expect(answer.input.complete).toBe(false);
    expect(answer.traces.length).toBeGreaterThan(100);
    expect(Buffer.concat(stderr).toString()).toContain('interrupted');
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C, where the pipe stays open', () => {
  /** A pipe that nobody closes, and the program once it has read what is in it but for what a pipe holds. */
  async function reading(name: string, env: Record<string, string> = {}) {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    const pipe = await open(path, 'r+');
    const child = spawn(process.execPath, [BIN, 'trace', 'list', '-f', 'json', path], {
      env: { PATH: process.env['PATH'], TZ: 'UTC', ...env },
    });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    await pipe.writeFile(readFileSync(large));
    return { child, pipe, ended };
  }

  it.each(['1', '2'])('ends with what is known: %s thread(s)', async (threads) => {
    const { child, pipe, ended } = await reading(`idle-${threads}`, { AGENTOBS_THREADS: threads });
    const stdout: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(JSON.parse(Buffer.concat(stdout).toString()).traces.length).toBeGreaterThan(100);
    await pipe.close();
  });

  it('ends at once the second time', async () => {
    const { child, pipe, ended } = await reading('twice');
    child.kill('SIGINT');
    // The answer is more than is taken from it here: the program waits until it can write the rest.
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    await once(child, 'exit');
    child.stdout.destroy();
    expect(await ended).toBe('SIGINT');
    await pipe.close();
  });
});

describe.skipIf(!existsSync('/usr/bin/script'))('Ctrl-C on a terminal that shows how far it is', () => {
  it('ends with what is known', async () => {
    const path = join(folder, 'shown');
    execFileSync('mkfifo', [path]);
    const pipe = await open(path, 'r+');
    const command = `stty cols 80; exec "${process.execPath}" "${BIN}" cost "${path}"`;
    const child = spawn('/usr/bin/script', ['-q', '-e', '-c', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm', TZ: 'UTC' },
    });
    let screen = '';
    child.stdout.on('data', (bytes: Buffer) => {
      screen += bytes;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Nothing is shown of what is done within 300 ms, or of no bytes.
    while (!/reading \d+ MB/.test(screen)) {
      await pipe.writeFile(readFileSync(large));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    child.stdin.write('\x03');
    expect(await ended).toBe(130);
    expect(screen).toContain('claude-sonnet-4-20250514');
    expect(screen).toContain('interrupted: this is what was read until then');
    await pipe.close();
  });
});

describe('--output', () => {
  const written = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('writes what stdout would have had, and leaves nothing else behind', async () => {
    const before = readdirSync(folder);
    const { stdout } = await agentobs(['cost', '-f', 'csv', TEAM]);
    const run = await agentobs(['cost', '-f', 'csv', '-o', join(folder, 'cost.csv'), TEAM]);
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(written('cost.csv')).toBe(stdout);
    expect(readdirSync(folder).sort()).toEqual([...before, 'cost.csv'].sort());
  });

  it('writes to stdout for -', async () => {
    const args = ['cost', '-f', 'csv', TEAM];
    expect(await agentobs([...args, '-o', '-'])).toEqual(await agentobs(args));
    expect(readdirSync(root)).not.toContain('-');
  });

  it('keeps the file that is there when the run fails', async () => {
    writeFileSync(join(folder, 'kept.csv'), 'before');
    const { code } = await agentobs(['cost', '-o', join(folder, 'kept.csv'), join(folder, 'nowhere.jsonl')]);
    expect(code).toBe(2);
    expect(written('kept.csv')).toBe('before');
  });

  it('follows a symbolic link instead of replacing it', async () => {
    writeFileSync(join(folder, 'target.csv'), 'before');
    symlinkSync('target.csv', join(folder, 'link.csv'));
    await agentobs(['cost', '-f', 'csv', '-o', join(folder, 'link.csv'), TEAM]);
    expect(written('target.csv')).toMatch(/^model,/);
    expect(written('link.csv')).toBe(written('target.csv'));
  });

  it('never colours a file unless told to', async () => {
    const path = join(folder, 'tree.txt');
    await agentobs(['trace', 'show', '--trace', 'a1b2c3d4e5f60718293a4b5c6d7e8f01', '-o', path, TEAM], {
      env: { NO_COLOR: '' },
    });
    expect(written('tree.txt')).not.toContain('\x1b');
  });
});

it.each([
  ['--since', '2023-02-30'],
  ['--until', '9999999999999d'],
  ['--since', 'soon'],
])('refuses %s %s before anything is read', async (option, time) => {
  const { code, stderr } = await agentobs(['cost', option, time, join(folder, 'nowhere.jsonl')]);
  expect(code).toBe(2);
  expect(stderr).toContain(time);
  expect(stderr).not.toContain('nowhere');
});

it.skipIf(process.platform === 'win32')(
  'reads pipes: of the shell, and standard input by its path',
  async () => {
    const program = `"${process.execPath}" "${BIN}" cost -f csv`;
    const { stdout } = await agentobs(['cost', '-f', 'csv', TEAM]);
    expect((await run('bash', ['-c', `${program} <(cat "${TEAM}")`], {})).stdout).toBe(stdout);
    expect((await run('sh', ['-c', `cat "${TEAM}" | ${program} /dev/stdin`], {})).stdout).toBe(stdout);
    // Here it is a socket.
    const input = readFileSync(TEAM);
    expect((await agentobs(['cost', '-f', 'csv', '/dev/stdin', '-'], { input })).stdout).toBe(stdout);
  },
);

it('says the version', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const args of [['--version'], ['-V'], ['cost', '--version']]) {
    expect(await agentobs(args)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  }
});

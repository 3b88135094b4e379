import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. Examples and fixtures are named relative to it. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

type Settings = {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs the built program as a user would, in a plain environment: no colour, UTC, no configuration but the checkout's. */
export function agentobs(
  args: readonly string[],
  { cwd = root, input = '', env = {} }: Settings = {},
): Promise<Run> {
  return run(process.execPath, [join(root, 'bin/agentobs.js'), ...args], { cwd, input, env });
}

export function run(
  command: string,
  args: readonly string[],
  { cwd = root, input = '', env = {} }: Settings,
) {
  return new Promise<Run>((resolve, reject) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(command, args, { cwd, env: { PATH, HOME, NO_COLOR: '1', TZ: 'UTC', ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program that stops reading early closes the pipe; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

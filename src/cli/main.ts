import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Session } from './session.ts';

const INTERRUPTED = 130;
const argv = process.argv.slice(2);

process.exitCode = await start();

/** Answers what needs nothing loaded at once; everything else starts the program. */
async function start(): Promise<number> {
  const [first] = argv;
  if (first === undefined || (argv.length === 1 && ['--help', '-h', 'help'].includes(first))) {
    const { mainHelp } = await import('./help.ts');
    (first === undefined ? process.stderr : process.stdout).write(mainHelp(version()));
    return first === undefined ? 2 : 0;
  }
  if (argv.length === 1 && (first === '--version' || first === '-V')) {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const [{ runProgram }, { reportFailure }] = await Promise.all([
    import('./program.ts'),
    import('./failure.ts'),
  ]);
  const fail = (error: unknown): void => process.exit(reportFailure(error, process));
  process.on('uncaughtException', fail);
  const interrupted = new AbortController();
  const code = await runProgram(argv, session(interrupted, fail), version);
  if (!interrupted.signal.aborted) return code;
  // A pipe that nobody closes would keep the process alive.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(INTERRUPTED);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function session(interrupted: AbortController, fail: (error: unknown) => void): Session {
  // Whoever read along has seen enough (`| head`): that is no fault, and nobody is left to tell.
  const ended = (error: NodeJS.ErrnoException): void =>
    error.code === 'EPIPE' ? process.exit(0) : fail(error);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ended);
  process.on('SIGINT', () => {
    if (interrupted.signal.aborted) process.exit(INTERRUPTED);
    interrupted.abort();
  });
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interrupted: interrupted.signal,
  };
}

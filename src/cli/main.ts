import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { plainStream } from './plain-stream.ts';
import type { Session } from './session.ts';

const INTERRUPTED = 130;
/** What Node answers when nothing is left to wait for and no answer was given. */
const UNSETTLED = 13;

/** The program as a process: what is typed behind its name is answered, and the exit code says how that went. */
export function main(argv: readonly string[]): void {
  let exitCode = UNSETTLED;
  // Nothing is left to wait for; the system takes the memory back sooner than V8 does.
  process.on('beforeExit', () => process.exit(exitCode));
  void start(argv).then((code) => {
    exitCode = code;
  });
}

/** What answers everything but the shortest questions, loaded when one is asked. */
export async function loadProgram() {
  const [{ runProgram }, { reportFailure }] = await Promise.all([
    import('./program.ts'),
    import('./failure.ts'),
  ]);
  return { runProgram, reportFailure };
}

/** Starts the program, where there is something to be answered. */
async function start(argv: readonly string[]): Promise<number> {
  if (argv.length === 0) {
    standard(2, failed).write(asset('dist/help.txt'));
    return 2;
  }
  const { runProgram, reportFailure } = await loadProgram();
  const fail = (error: unknown): void => process.exit(reportFailure(error, process));
  process.on('uncaughtException', fail);
  const interrupted = new AbortController();
  const code = await runProgram(argv, session(interrupted, fail), version);
  if (!interrupted.signal.aborted) return code;
  // A pipe that nobody closes would keep the process alive.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(INTERRUPTED);
}

/** A file of the package. */
function asset(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function version(): string {
  return (JSON.parse(asset('package.json')) as { version: string }).version;
}

function failed(error: unknown): never {
  throw error;
}

function session(interrupted: AbortController, fail: (error: unknown) => void): Session {
  const interrupt = (): void => {
    interrupted.abort();
    // The second one is left to the system, which ends the process whatever it is busy with. Only from the next turn on: a
    // spinner's listener (signal-exit), called after this one, ends the process at once where it finds itself alone.
    setImmediate(() => process.off('SIGINT', interrupt));
  };
  process.on('SIGINT', interrupt);
  const [stdout, stderr] = [once(() => standard(1, fail)), once(() => standard(2, fail))];
  return {
    env: process.env,
    cwd: process.cwd(),
    get home() {
      return homedir();
    },
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return stdout();
    },
    get stderr() {
      return stderr();
    },
    interrupted: interrupted.signal,
  };
}

/** Standard output or error, made when something is to be written. */
function standard(file: 1 | 2, fail: (error: unknown) => void): Session['stdout'] {
  // Whoever read along has seen enough (`| head`): that is no fault, and nobody is left to tell.
  const ended = (error: unknown): void =>
    (error as NodeJS.ErrnoException).code === 'EPIPE' ? process.exit(0) : fail(error);
  const open = (): NodeJS.WriteStream => {
    const stream = file === 1 ? process.stdout : process.stderr;
    return stream.on('error', ended);
  };
  return plainStream(file, open, ended) ?? open();
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

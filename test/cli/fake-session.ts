import { PassThrough } from 'node:stream';
import type { Session } from '../../src/cli/session.ts';
import { root } from '../agentobs.ts';

/** A process to run in, with a terminal or pipes at its ends. */
export type FakeSession = {
  readonly session: Session;
  readonly stdout: () => string;
  readonly stderr: () => string;
};

type Ends = {
  readonly columns?: number;
  readonly terminal?: boolean;
  readonly stdinTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupted?: AbortSignal;
};

export function fakeSession({
  columns = 80,
  terminal = false,
  stdinTerminal = false,
  env = {},
  interrupted = new AbortController().signal,
}: Ends = {}): FakeSession {
  const [stdout, stderr] = [collected(terminal, columns), collected(false, columns)];
  const stdin = Object.assign(new PassThrough(), { isTTY: stdinTerminal });
  stdin.end();
  return {
    session: {
      env,
      cwd: root,
      home: root,
      stdin: stdin as unknown as Session['stdin'],
      stdout: stdout.stream,
      stderr: stderr.stream,
      interrupted,
    },
    stdout: stdout.text,
    stderr: stderr.text,
  };
}

function collected(isTTY: boolean, columns: number) {
  const pieces: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (bytes: Buffer) => pieces.push(bytes.toString()));
  return {
    stream: Object.assign(stream, { isTTY, columns }) as unknown as Session['stdout'],
    text: () => pieces.join(''),
  };
}

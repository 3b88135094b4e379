import type { PlainStream } from './plain-stream.ts';

/** What the process offers a run: nothing below `main.ts` reaches for `process` itself. */
export type Session = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The user's own folder. */
  readonly home: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream | PlainStream;
  readonly stderr: NodeJS.WriteStream | PlainStream;
  /** Aborted by the first Ctrl-C: what is known by then is the answer. */
  readonly interrupted: AbortSignal;
};

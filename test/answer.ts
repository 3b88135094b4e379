import { PassThrough } from 'node:stream';
import { runProgram } from '../src/cli/program.ts';
import { root } from './agentobs.ts';

// Answers of the program as a script sees them (`--format json`), asked for without a process of their own: for tests
// that ask hundreds of times.

export type Answer = {
  readonly input: {
    readonly sources: readonly unknown[];
    readonly spans: number;
    readonly duplicates: number;
    readonly traces: number;
    readonly roots: number;
    readonly orphans: number;
    readonly errors: number;
    readonly open_spans: number;
    readonly logs: number;
    readonly skipped: readonly { readonly reason: string }[];
    readonly warnings: readonly { readonly kind: string }[];
    readonly complete: boolean;
  };
  readonly traces: readonly {
    readonly trace_id: string;
    readonly duration_ms: number;
    readonly spans: number;
  }[];
  readonly rows: readonly CostRow[];
  readonly total: CostRow;
  readonly excluded?: { readonly rollups: unknown; readonly duplicates: { readonly spans: number } };
};

export type CostRow = {
  readonly key?: Readonly<Record<string, string>>;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cost_usd: string | null;
  readonly unpriced_calls: number;
  readonly errors: number;
};

/** Runs the program in this process; throws what it says on stderr unless it ends with 0. */
export async function ask(args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await inProcess([...args, '--format', 'json', '--no-config']);
  if (code !== 0) throw new Error(`agentobs ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

/** The program with streams of its own; what it throws beyond its own error messages is a bug and passes through. */
export async function inProcess(args: readonly string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [out, err] = [collect(stdout), collect(stderr)];
  stdin.end();
  const code = await runProgram(
    args,
    {
      env: {},
      cwd: root,
      home: root,
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stderr as unknown as NodeJS.WriteStream,
      interrupted: new AbortController().signal,
    },
    () => 'test',
  );
  return { code, stdout: out(), stderr: err() };
}

function collect(stream: PassThrough): () => string {
  const pieces: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => pieces.push(bytes));
  return () => {
    for (let left = stream.read() as Buffer | null; left !== null; left = stream.read() as Buffer | null)
      pieces.push(left);
    return Buffer.concat(pieces).toString();
  };
}

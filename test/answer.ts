import { runProgram } from '../src/cli/program.ts';
import type { InputSummary } from '../src/model/index.ts';
import type { Run } from './agentobs.ts';
import { fakeSession } from './cli/fake-session.ts';

// Answers of the program as a script sees them (`--format json`), asked for without a process of their own: for tests
// that ask hundreds of times.

/** What `trace list`, `trace show` and `cost` say together; an answer holds its command's part. */
export type Answer = {
  readonly input: InputSummary;
  readonly traces: readonly {
    readonly trace_id: string;
    readonly duration_ms: number;
    readonly spans: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cost_usd: string | null;
    readonly unpriced_calls: number;
    readonly roots: readonly SpanNode[];
  }[];
  readonly rows: readonly CostRow[];
  readonly total: CostRow;
  readonly coverage?: { readonly unpriced: readonly { readonly calls: number; readonly reason: string }[] };
  readonly audit?: {
    readonly balance: { readonly lines: readonly { readonly cost_usd: string | null }[] };
    readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
  };
  readonly excluded?: { readonly rollups: unknown; readonly duplicates: { readonly spans: number } };
};

export type SpanNode = {
  readonly span_id: string;
  readonly name: string;
  readonly duration_ms: number | null;
  readonly cost_usd: string | null;
  readonly cost_status: string;
  readonly children: readonly SpanNode[];
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

/** The program in this process, its output into pipes. */
export async function inProcess(args: readonly string[]): Promise<Run> {
  const { session, stdout, stderr } = fakeSession();
  const code = await runProgram(args, session, () => 'test');
  // What was written last reaches the end of the pipe in the next turn.
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

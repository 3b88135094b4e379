import type { OptionSpec, RawOptions } from '../options.ts';
import type { Session } from '../session.ts';

/** What a command's file exports: runs it and returns the exit code. */
export type Run = (inputs: readonly string[], options: RawOptions, session: Session) => Promise<number>;

/** One command as data; its file is loaded when it is asked for. */
export type CommandSpec = {
  readonly words: readonly [string] | readonly [string, string];
  readonly alias?: string;
  readonly answers: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    words: ['trace', 'list'],
    alias: 'ls',
    answers: 'which runs are in here: start, duration, errors, tokens, cost, slowest step',
    options: [
      { flags: '--sort <key>', help: 'start, duration, cost, errors or tokens; default start' },
      { flags: '--limit <n>', help: 'the first n runs only' },
      { flags: '--pick <which>', help: 'slowest or costliest: those runs first' },
    ],
    examples: ['agentobs trace list traces/', 'agentobs trace list --sort cost --limit 10 run.jsonl'],
    load: () => import('./trace-list.ts'),
  },
  {
    words: ['trace', 'show'],
    answers: 'what happened inside a run, as a tree',
    options: [
      { flags: '--pick <which>', help: 'slowest, costliest, latest, errors or all' },
      { flags: '--depth <n>', help: 'levels to show' },
      { flags: '--min-share <percent>', help: 'fold spans below this share of the run, e.g. 2%' },
      { flags: '--only <what>', help: 'critical, errors, llm or tools' },
      {
        flags: '--attributes [glob]',
        help: "attributes of every span, or those that match, e.g. 'gen_ai.*'",
      },
      { flags: '--content', help: 'prompts and completions too' },
      { flags: '--logs', help: 'log records that belong to a span' },
      { flags: '--no-fold', help: 'show repeated steps one by one' },
    ],
    examples: ['agentobs trace show run.jsonl', 'agentobs trace show --pick slowest --only critical traces/'],
    load: () => import('./trace-show.ts'),
  },
  {
    words: ['cost'],
    answers: 'who and what spent how much, and how sure we are',
    options: [
      { flags: '--by <keys>', help: 'what the rows are, e.g. user or user,model', repeatable: true },
      { flags: '--sort <column>', help: 'a column of the answer; default cost' },
      { flags: '--limit <n>', help: 'the first n rows only; the total stays whole' },
      { flags: '--unpriced', help: 'the calls without a price, and how to price them' },
    ],
    examples: [
      'agentobs cost --by user,model traces/',
      'kubectl logs deploy/agent | agentobs cost --by tool',
    ],
    load: () => import('./cost.ts'),
  },
];

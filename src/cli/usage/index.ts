import type { OptionSpec, RawOptions } from '../options.ts';
import type { Session } from '../session.ts';

/** What a command's file exports: runs it and returns the exit code. */
export type Run = (inputs: readonly string[], options: RawOptions, session: Session) => Promise<number>;

/** How one command is used, as data; what runs it is loaded when it is to run. */
export type Usage = {
  /** What stands behind the options; `[inputs...]` unless it says so. */
  readonly operands?: string;
  readonly options: readonly OptionSpec[];
  /** What else its page says. */
  readonly more?: string;
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
};

/** One command of the list: its name, and what it answers. How it is used is loaded when somebody names it. */
export type CommandSpec = {
  readonly words: readonly [string] | readonly [string, string];
  readonly alias?: string;
  readonly answers: string;
  readonly load: () => Promise<{ readonly usage: Usage }>;
};

export const COMMANDS: readonly CommandSpec[] = [
  {
    words: ['trace', 'list'],
    alias: 'ls',
    answers: 'which runs are in here: when, how long, errors, cost',
    load: () => import('./trace-list.ts'),
  },
  {
    words: ['trace', 'show'],
    answers: 'what happened inside a run, as a tree',
    load: () => import('./trace-show.ts'),
  },
  {
    words: ['trace', 'diff'],
    answers: 'what changed between two runs or two sets of runs',
    load: () => import('./trace-diff.ts'),
  },
  {
    words: ['cost'],
    answers: 'who and what spent how much, and how sure we are',
    load: () => import('./cost.ts'),
  },
  {
    words: ['bottlenecks'],
    answers: 'which steps decide how long runs take',
    load: () => import('./bottlenecks.ts'),
  },
  {
    words: ['stats'],
    answers: 'is it reliable: success, percentiles, retries, targets',
    load: () => import('./stats.ts'),
  },
  {
    words: ['check'],
    answers: 'one gate for CI: budgets, limits, regression, shape',
    load: () => import('./check.ts'),
  },
  {
    words: ['metrics'],
    answers: 'counters, histograms and gauges for Prometheus',
    load: () => import('./metrics.ts'),
  },
  {
    words: ['metrics', 'query'],
    answers: 'what a PromQL expression says of this data',
    load: () => import('./metrics-query.ts'),
  },
  {
    words: ['metrics', 'dashboards'],
    answers: 'dashboards for Grafana, and rule files',
    load: () => import('./metrics-dashboards.ts'),
  },
  {
    words: ['alerts', 'check'],
    alias: 'eval',
    answers: 'which alerts fire on this data, when, and on which traces',
    load: () => import('./alerts-check.ts'),
  },
  {
    words: ['alerts', 'backtest'],
    answers: 'how often each alert would have fired, over many dumps',
    load: () => import('./alerts-backtest.ts'),
  },
  {
    words: ['alerts', 'test'],
    answers: 'do the rules pass their unit tests, as promtool runs them',
    load: () => import('./alerts-test.ts'),
  },
  {
    words: ['alerts', 'lint'],
    answers: 'rules that never or always fire, or mean something else',
    load: () => import('./alerts-lint.ts'),
  },
  {
    words: ['alerts', 'presets'],
    answers: 'rules that come with agentobs, to print or to use',
    load: () => import('./alerts-presets.ts'),
  },
  {
    words: ['alerts', 'notify'],
    answers: 'hand firing alerts to Slack, PagerDuty, Sentry, …',
    load: () => import('./alerts-notify.ts'),
  },
  {
    words: ['explain'],
    answers: 'why a span is as it is: meaning, owner, price by line',
    load: () => import('./explain.ts'),
  },
  {
    words: ['doctor'],
    answers: 'what is missing from this telemetry, and the line to add',
    load: () => import('./doctor.ts'),
  },
  {
    words: ['prices', 'list'],
    answers: 'every price there is, of every layer, with its dates',
    load: () => import('./prices-list.ts'),
  },
  {
    words: ['prices', 'show'],
    answers: 'which price a model has, which layer decides, and why',
    load: () => import('./prices-show.ts'),
  },
  {
    words: ['prices', 'import'],
    answers: "a file's prices from today on; older calls keep theirs",
    load: () => import('./prices-import.ts'),
  },
  {
    words: ['prices', 'diff'],
    answers: 'these prices against others, for all models or one run',
    load: () => import('./prices-diff.ts'),
  },
  {
    words: ['prices', 'reset'],
    answers: 'forget what was imported',
    load: () => import('./prices-reset.ts'),
  },
  {
    words: ['formats'],
    answers: 'what is read: every format, and what writes it',
    load: () => import('./formats.ts'),
  },
];

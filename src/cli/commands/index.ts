import { METRIC_OPTIONS, type OptionSpec, type RawOptions } from '../options.ts';
import type { Session } from '../session.ts';

/** What a command's file exports: runs it and returns the exit code. */
export type Run = (inputs: readonly string[], options: RawOptions, session: Session) => Promise<number>;

/** One command as data; its file is loaded when it is asked for. */
export type CommandSpec = {
  readonly words: readonly [string] | readonly [string, string];
  readonly alias?: string;
  readonly answers: string;
  /** What stands behind the options; `[inputs...]` unless it says so. */
  readonly operands?: string;
  readonly options: readonly OptionSpec[];
  /** What else its page says. */
  readonly more?: string;
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly run: Run }>;
};

/** What commands that judge rules have in common: which rules, what ends with an exit code, how data is replayed. */
const RULE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--rules <file>', help: 'a rule file of Prometheus', repeatable: true },
  { flags: '--preset <name>', help: 'rules that come with agentobs', repeatable: true },
];
const GATE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--fail-on <severity>', help: 'exit 1 from there on: critical, …; default any' },
  { flags: '--inconclusive <what>', help: 'pending, no data: warn (default), fail (exit 3)' },
];
const REPLAY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--ignore-for', help: 'fires if it is true once, however short the data' },
  { flags: '--tail <time>', help: 'how long after the data rules are evaluated' },
  { flags: '--scrape-interval <time>', help: 'of scrapes and evaluations; default 15s' },
  { flags: '--prometheus <version>', help: '3 (default) or 2: whose answers these are' },
  ...METRIC_OPTIONS,
];

export const COMMANDS: readonly CommandSpec[] = [
  {
    words: ['trace', 'list'],
    alias: 'ls',
    answers: 'which runs are in here: when, how long, errors, cost',
    options: [
      { flags: '--sort <key>', help: 'start (default), duration, cost, errors or tokens' },
      { flags: '--limit <n>', help: 'the first n runs only' },
      { flags: '--pick <which>', help: 'the ten slowest or costliest' },
    ],
    examples: ['agentobs trace list traces/', 'agentobs trace list --sort cost --limit 10 run.jsonl'],
    load: () => import('./trace-list.ts'),
  },
  {
    words: ['trace', 'show'],
    answers: 'what happened inside a run, as a tree',
    options: [
      { flags: '--pick <which>', help: 'slowest, costliest, latest, errors or all' },
      { flags: '--depth <n>', help: 'levels below the top' },
      { flags: '--min-share <percent>', help: 'no spans below this share of the run, e.g. 2%' },
      { flags: '--only <what>', help: 'critical, errors, llm or tools, and what is above' },
      { flags: '--attributes [glob]', help: "all attributes, or such as 'gen_ai.*'" },
      { flags: '--content', help: 'prompts, completions, arguments and results too' },
      { flags: '--logs', help: 'log records that belong to a span' },
      { flags: '--no-fold', help: 'repeated steps one by one' },
      { flags: '--fix-skew', help: 'put clocks of hosts right, and say how far' },
    ],
    examples: ['agentobs trace show run.jsonl', 'agentobs trace show --pick slowest --only critical traces/'],
    load: () => import('./trace-show.ts'),
  },
  {
    words: ['trace', 'diff'],
    answers: 'what changed between two runs or two sets of runs',
    operands: 'A B [inputs...]',
    options: [
      { flags: '--tolerance <percent>', help: 'smaller changes are none; default 20%, and 1 ms' },
      { flags: '--limit <n>', help: 'the n steps that changed most' },
      { flags: '--all', help: 'unchanged steps, too' },
    ],
    more: `A is before, B is after: files, folders or globs in quotes, or two traces of the
inputs behind them, by their ids or the beginnings of them. Steps are matched by
their place in the tree, never by id. The cost difference is told in terms that
add up to it exactly.`,
    examples: [
      'agentobs trace diff before.jsonl after.jsonl',
      'agentobs trace diff 4bf92f35 a3ce929d run.jsonl',
    ],
    load: () => import('./trace-diff.ts'),
  },
  {
    words: ['cost'],
    answers: 'who and what spent how much, and how sure we are',
    options: [
      { flags: '--by <keys>', help: 'a row for each, e.g. user,model; default model', repeatable: true },
      { flags: '--sort <key>', help: 'cost (default), key, or a measure such as calls' },
      { flags: '--limit <n>', help: 'the first n rows only; the total stays whole' },
      { flags: '--audit', help: 'the proof of the total, rule by rule' },
      { flags: '--unpriced', help: 'the calls without a price, and how to price them' },
      { flags: '--carried', help: 'what results of tools cost again in later calls' },
    ],
    more: `Keys: user organization workspace session workflow root agent tool step model
provider service environment node connector operation kind status error trace
day hour, and attr:<key>, resource:<key> for any attribute.`,
    examples: [
      'agentobs cost --by user,model traces/',
      'kubectl logs deploy/agent | agentobs cost --by tool',
    ],
    load: () => import('./cost.ts'),
  },
  {
    words: ['bottlenecks'],
    answers: 'which steps decide how long runs take',
    options: [
      { flags: '--by <key>', help: 'step (default), path, tool or agent' },
      { flags: '--limit <n>', help: 'the first n rows only; default 20, for programs 1000' },
      { flags: '--waste', help: 'loops, retry storms, failed branches, missed caches' },
      { flags: '--fail-on <expr>', help: "exit 1 if it holds: 'waste > 10%'", repeatable: true },
      { flags: '--fix-skew', help: 'put clocks of hosts right, and say how far' },
    ],
    more: `An expression is about the step that decides most: critical, critical_share,
removable, p50, p95, slow_runs; or with --waste about that: waste, findings, …`,
    examples: [
      'agentobs bottlenecks traces/',
      "agentobs bottlenecks --fail-on 'critical_share > 40%' traces/",
      "agentobs bottlenecks --waste --fail-on 'waste > 10%' traces/",
    ],
    load: () => import('./bottlenecks.ts'),
  },
  {
    words: ['stats'],
    answers: 'is it reliable: success, percentiles, retries, targets',
    options: [
      { flags: '--by <keys>', help: 'a row for each, e.g. tool; default agent', repeatable: true },
      { flags: '--sort <key>', help: 'calls (default), key, or a column such as p95' },
      { flags: '--limit <n>', help: 'the first n rows only' },
      { flags: '--fail-on <what>', help: 'exit 1 if a target is missed: any, or its name', repeatable: true },
    ],
    more: `Targets: success > 95%, errors < 2%, p95 < 3s, p99 < 5s, llm_p95 < 2s,
confidence > 0.7, hallucination < 10%, cache_hits > 60%, accuracy > 85%.
agentobs.yaml changes them under targets:. Exit code 3: the data cannot tell.`,
    examples: ['agentobs stats --by tool traces/', 'agentobs stats --by model --fail-on llm_p95 traces/'],
    load: () => import('./stats.ts'),
  },
  {
    words: ['check'],
    answers: 'one gate for CI: budgets, limits, regression, shape',
    options: [
      { flags: '--budget <usd>', help: 'the most that all runs together may cost' },
      {
        flags: '--budget-per <dim=usd>',
        help: 'the most for each, e.g. user=2.50,trace=1',
        repeatable: true,
      },
      { flags: '--max-duration <time>', help: 'the longest that a run may take: 90s' },
      { flags: '--max-errors <n>', help: 'the most failed spans' },
      { flags: '--max-tokens <n>', help: 'the most tokens, in and out' },
      { flags: '--max-waste <percent>', help: 'the largest wasted share of the cost' },
      { flags: '--max-unpriced <n>', help: 'the most calls without a price' },
      { flags: '--baseline <file>', help: 'compare with it' },
      { flags: '--save-baseline <file>', help: 'write what a later check compares with' },
      {
        flags: '--max-increase <what=percent>',
        help: 'most by which it may grow: cost=10%',
        repeatable: true,
      },
      {
        flags: '--min-change <what=amount>',
        help: 'less than that is no change: cost=0.001',
        repeatable: true,
      },
      { flags: '--pair-by <key>', help: 'compare runs alike in it: attr:eval.case' },
      { flags: '--shape <file>', help: 'the runs have this shape' },
      { flags: '--save-shape <file>', help: 'write the shape of the runs' },
      { flags: '--seed <n>', help: 'of the resampling; default 1' },
    ],
    more: `Exit codes: 0 all gates hold, 1 one does not, 3 the data cannot tell.
Gates may stand in agentobs.yaml under gates:. Formats for CI besides the usual
ones: junit, and github for annotations and a step summary.`,
    examples: [
      'agentobs check --budget 2.50 --max-errors 0 traces/',
      'agentobs check --baseline base.json --max-increase cost=10% traces/',
    ],
    load: () => import('./check.ts'),
  },
  {
    words: ['metrics'],
    answers: 'counters, histograms and gauges for Prometheus',
    options: [
      ...METRIC_OPTIONS,
      { flags: '--timestamps', help: 'samples over time, for promtool to make blocks' },
      { flags: '--scrape-interval <time>', help: 'of these samples; default 15s' },
      { flags: '--push <url>', help: 'to a Pushgateway, in place of what was there' },
      { flags: '--serve <port>', help: 'on 127.0.0.1 at /metrics, until Ctrl-C' },
    ],
    more: `Profiles: default, genxai, opencell, valuecanvas, otel, none, or a YAML file.
Formats besides the usual ones: prometheus (default), and openmetrics, which
has exemplars: the trace and span behind a figure. Metrics of your own stand
in agentobs.yaml under metrics:.`,
    examples: [
      'agentobs metrics traces/ -o /var/lib/node_exporter/agents.prom',
      'agentobs metrics --timestamps -o runs.om traces/',
      'agentobs metrics --push http://127.0.0.1:9091 --label job=nightly traces/',
    ],
    load: () => import('./metrics.ts'),
  },
  {
    words: ['metrics', 'query'],
    answers: 'what a PromQL expression says of this data',
    operands: 'EXPR [inputs...]',
    options: [
      { flags: '--at <time>', help: 'then; default the end of the data' },
      { flags: '--range', help: 'all along the data, or from --start to --end' },
      { flags: '--start <time>', help: 'the first point: ISO 8601, or 1h before the end' },
      { flags: '--end <time>', help: 'the last point' },
      { flags: '--step <time>', help: 'between two points; default 15s' },
      { flags: '--prometheus <version>', help: '3 (default) or 2: whose answers these are' },
      { flags: '--scrape-interval <time>', help: 'between two samples of a series; default 15s' },
      ...METRIC_OPTIONS,
    ],
    more: `The data is replayed as if Prometheus had scraped the application every 15 s, it
had exported zeros before the first span, and stayed up after the last one.`,
    examples: [
      "agentobs metrics query 'sum by (model) (llm_cost_total)' traces/",
      "agentobs metrics query --range 'rate(llm_requests_total[5m])' run.jsonl",
    ],
    load: () => import('./metrics-query.ts'),
  },
  {
    words: ['metrics', 'dashboards'],
    answers: 'dashboards for Grafana, and rule files',
    operands: '',
    options: [
      { flags: '--to <folder>', help: 'where they are written; made if need be' },
      ...METRIC_OPTIONS.filter(({ flags }) => /^--(profile|metric-prefix)/.test(flags)),
    ],
    more: 'Files of the same names that are there already are replaced.',
    examples: [
      'agentobs metrics dashboards --to grafana/',
      'agentobs metrics dashboards --to grafana/ --profile genxai',
    ],
    load: () => import('./metrics-dashboards.ts'),
  },
  {
    words: ['alerts', 'check'],
    alias: 'eval',
    answers: 'which alerts fire on this data, when, and on which traces',
    options: [...RULE_OPTIONS, ...GATE_OPTIONS, ...REPLAY_OPTIONS],
    more: `The data is replayed as if Prometheus had scraped the application all the while.
Exit codes: 0 nothing fires, 1 something does, 2 a rule or file is faulty, 3 the
data cannot tell. Formats for CI besides the usual ones: junit, and github.`,
    examples: [
      'agentobs alerts check --rules rules.yml traces/',
      'agentobs alerts check --rules rules.yml --fail-on critical -f junit run.jsonl',
    ],
    load: () => import('./alerts-check.ts'),
  },
  {
    words: ['alerts', 'backtest'],
    answers: 'how often each alert would have fired, over many dumps',
    options: [...RULE_OPTIONS, ...REPLAY_OPTIONS],
    more: 'Every file is a run of its own.',
    examples: ["agentobs alerts backtest --rules rules.yml 'nightly/*.jsonl'"],
    load: () => import('./alerts-backtest.ts'),
  },
  {
    words: ['alerts', 'test'],
    answers: 'do the rules pass their unit tests, as promtool runs them',
    operands: 'FILE...',
    options: [{ flags: '--prometheus <version>', help: 'as Prometheus 3 (default) or 2 counts' }],
    more: `FILE is a unit test file of promtool (promtool test rules), or a glob in quotes.
Exit codes: 0 all cases pass, 1 one does not, 2 a file is faulty.
Formats for CI besides the usual ones: junit, and github for annotations.`,
    examples: [
      'agentobs alerts test rules-test.yml',
      "agentobs alerts test --prometheus 2 -f junit 'tests/*.yml'",
    ],
    load: () => import('./alerts-test.ts'),
  },
  {
    words: ['alerts', 'lint'],
    answers: 'rules that never or always fire, or mean something else',
    operands: 'FILE... [inputs...]',
    options: [
      {
        flags: '--rules <file>',
        help: 'a rule file, whatever its name ends in',
        repeatable: true,
      },
      { flags: '--fail-on <severity>', help: 'error, warning (default), info or never: exit 1' },
      { flags: '--prometheus <version>', help: '3 (default) or 2: who reads the rules' },
      { flags: '--scrape-interval <time>', help: 'between two samples of a series; default 15s' },
      ...METRIC_OPTIONS.filter(({ flags }) => !flags.startsWith('--max-series')),
    ],
    more: `FILE is a rule file of Prometheus. With inputs it also says which rules find
nothing in them. Each finding tells the expression to write instead.`,
    examples: ['agentobs alerts lint rules.yml', 'agentobs alerts lint rules.yml traces/ -f github'],
    load: () => import('./alerts-lint.ts'),
  },
  {
    words: ['alerts', 'presets'],
    answers: 'rules that come with agentobs, to print or to use',
    operands: '[NAME]',
    options: METRIC_OPTIONS.filter(({ flags }) => /^--(profile|metric-prefix)/.test(flags)),
    more: 'With NAME it prints the rule file, in the names of the profile.',
    examples: [
      'agentobs alerts presets',
      'agentobs alerts presets valuecanvas --profile genxai -o rules.yml',
      'agentobs alerts check --preset valuecanvas traces/',
    ],
    load: () => import('./alerts-presets.ts'),
  },
  {
    words: ['alerts', 'notify'],
    answers: 'hand firing alerts to Slack, PagerDuty, Sentry, …',
    options: [
      {
        flags: '--to <receiver>',
        help: 'a receiver: slack, pagerduty, sentry, email, …',
        repeatable: true,
      },
      { flags: '--dry-run', help: 'print what would be sent, and send nothing' },
      ...RULE_OPTIONS,
      ...GATE_OPTIONS,
      ...REPLAY_OPTIONS,
    ],
    more: `Receivers: slack, pagerduty, alertmanager, webhook, sentry, email.
Where to is said by the environment alone: AGENTOBS_SLACK_WEBHOOK,
AGENTOBS_PAGERDUTY_KEY, AGENTOBS_ALERTMANAGER_WEBHOOK, AGENTOBS_WEBHOOK_URL,
AGENTOBS_SENTRY_DSN; for mail AGENTOBS_SMTP_URL (smtp:// or smtps://),
AGENTOBS_SMTP_USER, AGENTOBS_SMTP_PASSWORD, AGENTOBS_EMAIL_FROM and
AGENTOBS_EMAIL_TO. Answer and exit code are those of alerts check; a receiver
that is not there is a warning.`,
    examples: [
      'agentobs alerts notify --to slack --preset valuecanvas traces/',
      'agentobs alerts notify --to pagerduty --dry-run --rules rules.yml traces/',
    ],
    load: () => import('./alerts-notify.ts'),
  },
  {
    words: ['explain'],
    answers: 'why a span is as it is: meaning, owner, price by line',
    operands: 'SPAN [inputs...]',
    options: [{ flags: '--pick <which>', help: 'costliest, slowest, latest, error or unpriced' }],
    more: `SPAN is an id, the beginning of one, trace:span, or a name or step such as
'llm gpt-4o'. With --pick it chooses among those, and may be left out.`,
    examples: [
      'agentobs explain 00f067aa0ba902b7 run.jsonl',
      "agentobs explain 'tool install' run.jsonl",
      'agentobs explain --pick costliest traces/',
    ],
    load: () => import('./explain.ts'),
  },
  {
    words: ['doctor'],
    answers: 'what is missing from this telemetry, and the line to add',
    options: [
      {
        flags: '--fail-on <what>',
        help: 'exit 1 for error, warning, info (or worse), or a finding',
        repeatable: true,
      },
    ],
    more: `Formats for CI besides the usual ones: junit, and github for annotations and a
step summary (-f github | tee -a "$GITHUB_STEP_SUMMARY").`,
    examples: ['agentobs doctor traces/', 'agentobs doctor --fail-on error,user_missing -f junit traces/'],
    load: () => import('./doctor.ts'),
  },
  {
    words: ['prices', 'list'],
    answers: 'every price there is, of every layer, with its dates',
    operands: '[MODEL...]',
    options: [{ flags: '--at <date>', help: 'only the prices that hold then' }],
    more: `A model is a name, a provider, or a glob: anthropic, 'openai/gpt-5*'.`,
    examples: ['agentobs prices list anthropic', "agentobs prices list 'openai/gpt-4o*' --at 2026-07-01"],
    load: () => import('./prices-list.ts'),
  },
  {
    words: ['prices', 'show'],
    answers: 'which price a model has, which layer decides, and why',
    operands: 'MODEL',
    options: [{ flags: '--at <date>', help: 'then; default today' }],
    examples: ['agentobs prices show claude-sonnet-4', 'agentobs prices show azure/gpt-4o --at 2026-07-01'],
    load: () => import('./prices-show.ts'),
  },
  {
    words: ['prices', 'import'],
    answers: "a file's prices from today on; older calls keep theirs",
    operands: '--from FILE',
    options: [
      { flags: '--from <file>', help: 'a price list: JSON, or YAML as --prices takes it' },
      { flags: '--as <format>', help: 'auto (default), genai, litellm, models.dev, agentobs' },
      { flags: '--as-of <date>', help: 'the day from which the prices hold; default today' },
      { flags: '--force', help: 'even if most known prices would double or halve' },
      { flags: '--dry-run', help: 'say what would change, and write nothing' },
    ],
    examples: [
      'agentobs prices import --from model_prices_and_context_window.json',
      'agentobs prices import --from prices.yaml --as-of 2026-07-01',
    ],
    load: () => import('./prices-import.ts'),
  },
  {
    words: ['prices', 'diff'],
    answers: 'these prices against others, for all models or one run',
    options: [
      { flags: '--against <file>', help: 'another price list; default the shipped prices' },
      { flags: '--as <format>', help: 'its format; found from its content otherwise' },
      { flags: '--at <date>', help: 'then; default today' },
    ],
    examples: [
      'agentobs prices diff --against model_prices_and_context_window.json',
      'agentobs prices diff --against api.json traces/',
    ],
    load: () => import('./prices-diff.ts'),
  },
  {
    words: ['prices', 'reset'],
    answers: 'forget what was imported',
    operands: '',
    options: [],
    examples: ['agentobs prices reset'],
    load: () => import('./prices-reset.ts'),
  },
  {
    words: ['formats'],
    answers: 'what is read: every format, and what writes it',
    operands: '',
    options: [],
    examples: ['agentobs formats', 'agentobs formats --format markdown'],
    load: () => import('./formats.ts'),
  },
];

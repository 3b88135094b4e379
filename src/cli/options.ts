/** One option as data: the parser, the help pages and the tests read it. Nothing here loads anything. */
export type OptionSpec = {
  /** As commander reads it: `-f, --format <name>`. */
  readonly flags: string;
  readonly help: string;
  /** May be given several times; the values become a list. */
  readonly repeatable?: boolean;
  /** Understood, but not shown. */
  readonly hidden?: boolean;
};

export const FORMATS = ['table', 'json', 'jsonl', 'csv', 'markdown'] as const;
/** For CI systems, from commands that check something. */
export const CHECK_FORMATS = [...FORMATS, 'junit', 'github'] as const;
/** For Prometheus, from the command that tells metrics. */
export const METRIC_FORMATS = ['prometheus', 'openmetrics', ...FORMATS] as const;
export type FormatName = (typeof CHECK_FORMATS)[number] | (typeof METRIC_FORMATS)[number];

export const COST_MODES = ['auto', 'computed', 'recorded'] as const;
export const COLOR_MODES = ['auto', 'always', 'never'] as const;

/** Options every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '-f, --format <name>', help: 'table (default), json, jsonl, csv, markdown' },
  { flags: '-o, --output <file>', help: 'write to a file, whole or not at all' },
  { flags: '--input-format <name>', help: 'read as this format instead of recognising it' },
  { flags: '--since <time>', help: 'from then on: ISO 8601, or 24h before the newest' },
  { flags: '--until <time>', help: 'up to then, not including it' },
  {
    flags: '--where <condition>',
    help: "only such spans: user=ana, 'duration>2s', 'name~^a'",
    repeatable: true,
  },
  { flags: '--trace <id>', help: 'one trace; the beginning of its id is enough' },
  { flags: '--prices <file>', help: 'prices that go before the built-in ones' },
  { flags: '--cost-mode <mode>', help: 'auto (default), computed, recorded' },
  { flags: '--config <file>', help: 'instead of the nearest agentobs.yaml' },
  { flags: '--no-config', help: 'read no configuration' },
  { flags: '--color <when>', help: 'auto (default), always, never' },
  { flags: '--no-color', help: 'the same as --color never', hidden: true },
  { flags: '--tz <zone>', help: 'zone of the times shown; UTC when not on a terminal' },
  { flags: '--strict', help: 'exit 2 if a total is incomplete or a call unpriced' },
  { flags: '-q, --quiet', help: 'no progress and no summary on stderr' },
];

/** Options of every command that looks at metrics. */
export const METRIC_OPTIONS: readonly OptionSpec[] = [
  { flags: '--profile <name>', help: 'names of metrics: genxai, otel, … or a file' },
  { flags: '--metric-prefix <text>', help: 'before the name of every metric' },
  { flags: '--label <name=value>', help: 'a label that all series have', repeatable: true },
  { flags: '--split-by <what>', help: 'resource: every process by itself, as instance' },
  { flags: '--max-series <n>', help: 'of one metric; more are "other"; default 10000' },
];

/** What the parser hands over: one entry per option given, keyed by its camel-cased name. */
export type RawOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

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
export type FormatName = (typeof FORMATS)[number];

export const COST_MODES = ['auto', 'computed', 'recorded'] as const;
export const COLOR_MODES = ['auto', 'always', 'never'] as const;

/** Options every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '-f, --format <name>', help: `${FORMATS.join(', ')}; default table` },
  { flags: '-o, --output <file>', help: 'write there, all or nothing, instead of stdout' },
  { flags: '--input-format <name>', help: 'read as this format instead of recognising it' },
  {
    flags: '--since <time>',
    help: 'spans that start then or later: ISO 8601, or 24h before the newest span',
  },
  { flags: '--until <time>', help: 'spans that start before then' },
  {
    flags: '--where <condition>',
    help: "only such spans, e.g. 'user=ana', 'duration>2s', 'attr:key~regex'; repeatable",
    repeatable: true,
  },
  { flags: '--trace <id>', help: 'one trace; the beginning of its id is enough' },
  { flags: '--prices <file>', help: 'prices that go before the built-in ones' },
  { flags: '--cost-mode <mode>', help: `${COST_MODES.join(', ')}; default auto` },
  { flags: '--config <file>', help: 'instead of the nearest agentobs.yaml' },
  { flags: '--no-config', help: 'read no configuration' },
  { flags: '--color <when>', help: `${COLOR_MODES.join(', ')}; default auto` },
  { flags: '--no-color', help: 'the same as --color never', hidden: true },
  { flags: '--tz <zone>', help: 'time zone to show, e.g. Europe/Berlin; UTC when not on a terminal' },
  { flags: '--strict', help: 'exit 2 when a total is incomplete: damaged input, calls without a price' },
  { flags: '-q, --quiet', help: 'no progress, no summary of what was skipped' },
];

/** What the parser hands over: one entry per option given, keyed by its camel-cased name. */
export type RawOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

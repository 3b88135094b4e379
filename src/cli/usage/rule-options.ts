import { METRIC_OPTIONS, type OptionSpec } from '../options.ts';

/** What commands that judge rules have in common: which rules, what ends with an exit code, how data is replayed. */
export const RULE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--rules <file>', help: 'a rule file of Prometheus', repeatable: true },
  { flags: '--preset <name>', help: 'rules that come with agentobs', repeatable: true },
];
export const GATE_OPTIONS: readonly OptionSpec[] = [
  { flags: '--fail-on <severity>', help: 'exit 1 from there on: critical, …; default any' },
  { flags: '--inconclusive <what>', help: 'pending, no data: warn (default), fail (exit 3)' },
];
export const REPLAY_OPTIONS: readonly OptionSpec[] = [
  { flags: '--ignore-for', help: 'fires if it is true once, however short the data' },
  { flags: '--tail <time>', help: 'how long after the data rules are evaluated' },
  { flags: '--scrape-interval <time>', help: 'of scrapes and evaluations; default 15s' },
  { flags: '--prometheus <version>', help: '3 (default) or 2: whose answers these are' },
  ...METRIC_OPTIONS,
];

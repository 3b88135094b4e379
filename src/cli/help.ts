import { GLOBAL_OPTIONS, type OptionSpec } from './options.ts';
import { COMMANDS, type CommandSpec, type Usage } from './usage/index.ts';

/** The page of the whole program. Built from data alone, so that asking for help starts nothing. */
export function mainHelp(version: string): string {
  const commands = COMMANDS.map((command): Line => [nameOf(command), command.answers]);
  return `agentobs ${version}: traces and costs of AI agents, from any telemetry dump

Usage: agentobs [options] <command> [inputs...]

An input is a file, a folder, a glob, or - for standard input, which is also
read when no input is named. Its format is found from its content; compressed,
or scattered between other log lines, is fine.

Commands:
${columns(commands)}

Options, before or after the command:
${columns(optionLines(GLOBAL_OPTIONS))}

${EXAMPLES}

Options of one command: agentobs <command> --help
Exit codes: 0 done; 1 an alert fires, a gate or --fail-on says so; 2 wrong usage
or input, incomplete with --strict; 3 a gate cannot tell; 130 interrupted
`;
}

/** The page of a group of commands, such as `trace`. */
export function groupHelp(name: string): string {
  const within = COMMANDS.filter(({ words }) => words[0] === name);
  return `Usage: agentobs ${name} <command> [inputs...]

Commands:
${columns(within.map((one): Line => [nameOf(one), one.answers]))}
`;
}

/** The page of one command. */
export function commandHelp(command: CommandSpec, usage: Usage): string {
  return `agentobs ${nameOf(command)}: ${command.answers}

Usage: ${['agentobs', ...command.words, '[options]', usage.operands ?? '[inputs...]'].join(' ').trimEnd()}
${usage.options.length === 0 ? '' : `\nOptions:\n${columns(optionLines(usage.options))}\n`}${usage.more === undefined ? '' : `\n${usage.more}\n`}
Options of every command:
${columns(optionLines(GLOBAL_OPTIONS))}

Examples:
${usage.examples.map((example) => `  ${example}`).join('\n')}
`;
}

/** What is said when there is nothing to read. */
export const NO_INPUT = `agentobs: nothing to read: no input is named and standard input is a terminal

Examples:
  agentobs trace show run.jsonl
  kubectl logs deploy/agent | agentobs cost --by user

More: agentobs --help
`;

const EXAMPLES = `Examples:
  agentobs trace show run.jsonl                         what happened, as a tree
  agentobs trace list --pick slowest traces/            which runs take longest
  agentobs cost --by user,model traces/ more.log.gz     who spent what on what
  kubectl logs deploy/agent | agentobs cost --by tool   any log with spans in it`;

type Line = readonly [left: string, right: string];

const nameOf = (command: CommandSpec): string => command.words.join(' ');

function optionLines(options: readonly OptionSpec[]): Line[] {
  const shown = options.filter((option) => option.hidden !== true);
  const lines = shown.map(({ flags, help }): Line => [flags.startsWith('--') ? `    ${flags}` : flags, help]);
  return options === GLOBAL_OPTIONS ? [...lines, ...STANDARD] : lines;
}

const STANDARD: readonly Line[] = [
  ['-V, --version', 'the version'],
  ['-h, --help', 'this page, or the page of a command'],
];

function columns(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

import { existsSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../model/errors.ts';
import { reportFailure } from './failure.ts';
import { commandHelp, groupHelp, mainHelp } from './help.ts';
import { GLOBAL_OPTIONS, type OptionSpec } from './options.ts';
import type { Session } from './session.ts';
import { COMMANDS, type CommandSpec } from './usage/index.ts';

/** Reads the command line, runs what it asks for and returns the exit code. Says on stderr what went wrong. */
export async function runProgram(
  argv: readonly string[],
  session: Session,
  version: () => string,
): Promise<number> {
  let code = 0;
  const { program, usages } = createProgram(session, version, (result) => {
    code = result;
  });
  try {
    // Commander shows the page of `help <command>` without a word before.
    if (argv.includes('help')) for (const loadUsage of usages.values()) await loadUsage();
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // `agentobs trace` alone: commander has shown which commands there are.
      if (error.code === 'commander.help') return 2;
      return reportFailure(usageError(error, argv), session);
    }
    return reportFailure(error, session);
  }
}

/** What makes a command complete, for every command that nobody has named yet. */
type Usages = Map<Command, () => Promise<void>>;

function createProgram(
  session: Session,
  version: () => string,
  finish: (code: number) => void,
): { readonly program: Command; readonly usages: Usages } {
  const usages: Usages = new Map();
  const program = new Command('agentobs')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => session.stdout.write(text),
      writeErr: (text) => session.stderr.write(text),
      outputError: () => undefined,
      // Pages of help are written as they are: nobody has to ask the terminal.
      getOutHelpWidth: () => 0,
      getErrHelpWidth: () => 0,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .option('-V, --version')
    .on('option:version', () => {
      session.stdout.write(`${version()}\n`);
      throw new CommanderError(0, 'agentobs.version', '');
    });
  addOptions(program, GLOBAL_OPTIONS);
  program.helpInformation = () => mainHelp(version());
  for (const spec of COMMANDS) addCommand(program, spec, usages, session, finish);
  for (const parent of [program, ...program.commands])
    parent.hook('preSubcommand', (_, named) => usages.get(named)?.());
  return { program, usages };
}

/** A command that is no more than a name until it is named. */
function addCommand(
  program: Command,
  spec: CommandSpec,
  usages: Usages,
  session: Session,
  finish: (code: number) => void,
): void {
  const [first, second] = spec.words;
  let parent = program;
  if (second !== undefined)
    parent = program.commands.find((one) => one.name() === first) ?? group(program, first);
  const command = parent.command(second ?? first).argument('[inputs...]');
  if (spec.alias !== undefined) command.alias(spec.alias);
  usages.set(command, async () => {
    usages.delete(command);
    const { usage } = await spec.load();
    addOptions(command, usage.options);
    command.helpInformation = () => commandHelp(spec, usage);
    command.action(async (inputs: string[], _own: unknown, self: Command) => {
      const { run } = await usage.load();
      finish(await run(inputs, self.optsWithGlobals(), session));
    });
  });
}

function group(program: Command, name: string): Command {
  const command = program.command(name);
  command.helpInformation = () => groupHelp(name);
  return command;
}

function addOptions(command: Command, specs: readonly OptionSpec[]): void {
  for (const spec of specs) {
    const option = new Option(spec.flags);
    if (spec.repeatable === true) {
      option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
    }
    command.addOption(option);
  }
}

/** Commander's complaint in this program's words. */
function usageError(error: CommanderError, argv: readonly string[]): UserError {
  const [complaint = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = /\(Did you mean (?:one of )?([^,?)]+)/.exec(rest.join('\n'))?.[1];
  const unknown = /^unknown command '(.*)'$/.exec(complaint)?.[1];
  if (near === undefined && unknown !== undefined && (existsSync(unknown) || /[./*\\]/.test(unknown))) {
    return new UserError(`'${unknown}' is no command`, {
      hint: `To read it: agentobs trace show ${unknown}`,
    });
  }
  const group = argv.find((word) => COMMANDS.some(({ words }) => words.length === 2 && words[0] === word));
  const page = unknown !== undefined && group !== undefined ? `agentobs ${group} --help` : 'agentobs --help';
  return new UserError(complaint, { hint: near === undefined ? `See ${page}.` : `Did you mean ${near}?` });
}

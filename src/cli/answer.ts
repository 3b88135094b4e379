import type { PriceBook, Report } from '../model/index.ts';
import type { Dataset, LoadOptions } from '../pipeline.ts';
import { costNotes, inputNotes, noteLines, RENDERERS } from '../render/index.ts';
import { checkTelemetry, emptyNotes, incompleteness } from './completeness.ts';
import type { Config } from './config.ts';
import { FAILED } from './failure.ts';
import { NO_INPUT } from './help.ts';
import type { RawOptions } from './options.ts';
import { openOutput } from './output.ts';
import { priceAgeNotes } from './price-age.ts';
import { readAndAsk } from './read.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';

/** What a command asks of the data. */
export type Question = {
  /** `--by` keys whose values must be read. */
  readonly by?: readonly string[];
  /** Error messages are shown whole. */
  readonly wholeMessages?: boolean;
  /** What spans tell besides usage and money is read too: `table.observations`. */
  readonly observations?: boolean;
  /** Trees tell repeated steps in one line unless this is false. */
  readonly fold?: boolean;
  /** Looks over the shoulder of the price book. */
  readonly pricedBy?: (book: PriceBook) => PriceBook;
  /** It reads the input once more, for the attributes, events and logs of the spans it shows. */
  readonly details?: boolean;
  /** Sees every span as it is read, with all of its attributes. */
  readonly observe?: LoadOptions['observe'];
  /** The report holds checks: it can be written for CI systems. */
  readonly checks?: boolean;
  readonly ask: (data: Dataset, prices: PriceBook, config: Config) => Report | Promise<Report>;
  /** What the answer makes of the exit code where nothing else does; `--strict` goes first. */
  readonly exitCode?: (report: Report) => number;
};

/** Reads the inputs, asks, writes the answer to stdout or a file, and says on stderr what is to be said about it. */
export async function answer(
  inputs: readonly string[],
  options: RawOptions,
  session: Session,
  question: Question,
): Promise<number> {
  if (inputs.length === 0 && session.stdin.isTTY === true) {
    session.stderr.write(NO_INPUT);
    return FAILED;
  }
  const settings = readSettings(options, session, question.checks);
  const output = await openOutput(settings.output, session);
  const say = (lines: readonly string[]): void => {
    if (!settings.quiet) for (const line of lines) session.stderr.write(`${line}\n`);
  };
  const { data, report, prices } = await readAndAsk(inputs, question, settings, session, question.ask);
  const interrupted = session.interrupted.aborted;
  const input = interrupted ? { ...data.input, complete: false } : data.input;
  if (input.spans === 0) say(inputNotes(input));
  const notes = interrupted ? ['interrupted: this is what was read until then'] : checkTelemetry(input);
  await output.write(
    await RENDERERS[settings.format](report, input, { ...settings.render, fold: question.fold ?? true }),
  );
  if (input.spans > 0) say(inputNotes(input));
  say([...notes, ...data.notes, ...emptyNotes(report, data), ...report.notes]);
  say(priceAgeNotes(data, prices.source));
  // Formats for programs have no place for what stands below a table; JSON has it in its body.
  if (settings.format === 'csv' || settings.format === 'jsonl') say(noteLines(costNotes(report)));
  const reasons = settings.strict ? incompleteness(input, data) : [];
  if (reasons.length === 0) return question.exitCode?.(report) ?? 0;
  session.stderr.write(`agentobs: incomplete, and --strict is set: ${reasons.join('; ')}\n`);
  return FAILED;
}

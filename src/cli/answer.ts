import type { Input } from '../input/resolve.ts';
import type { InputSummary, PriceBook, Report } from '../model/index.ts';
import type { Dataset, LoadOptions } from '../pipeline.ts';
import { costNotes, inputNotes, noteLines, RENDERERS } from '../render/index.ts';
import { checkTelemetry, emptyNotes, incompleteness } from './completeness.ts';
import type { Config } from './config.ts';
import { FAILED } from './failure.ts';
import { NO_INPUT } from './help.ts';
import { joinedInput } from './joined-input.ts';
import type { RawOptions } from './options.ts';
import { openOutput } from './output.ts';
import { priceAgeNotes } from './price-age.ts';
import { readAndAsk } from './read.ts';
import type { Session } from './session.ts';
import { type Formats, readSettings, type Settings } from './settings.ts';

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
  /** `--fix-skew`, where the command has it: undefined where it has not. */
  readonly fixSkew?: boolean;
  /** Sees every span as it is read, with all of its attributes. */
  readonly observe?: LoadOptions['observe'];
  /** The report holds checks: it can be written for CI systems. */
  readonly checks?: boolean;
  /** What it can be written as, where that is something else than usual. */
  readonly formats?: Formats;
  /** Where it goes instead of standard output or a file, after everything has been said about it. */
  readonly deliver?: (report: Report) => Promise<void>;
  /** No rows are an answer, too: nothing is to be said about them. */
  readonly emptyAnswer?: boolean;
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
  return tell(options, session, question, async (settings) => {
    const { data, answer, prices } = await readAndAsk(inputs, question, settings, session, question.ask);
    return { told: [toldOf(data, prices, question, settings, session)], report: answer };
  });
}

/**
 * The same of several data sets with the same options, the first and the second one and so on. Only what `each` makes of one
 * is held on to; a set of which it makes nothing has no part in the answer.
 */
export async function answerAll<Part>(
  inputs: readonly (readonly string[] | readonly Input[])[],
  options: RawOptions,
  session: Session,
  question: Omit<Question, 'ask' | 'details'> & {
    readonly each: (data: Dataset) => Part | undefined;
    readonly ask: (parts: readonly Part[], prices: PriceBook) => Report | Promise<Report>;
  },
): Promise<number> {
  return tell(options, session, question, async (settings) => {
    const told: Told[] = [];
    const parts: Part[] = [];
    let book: PriceBook | undefined;
    for (const some of inputs) {
      const { data, answer, prices } = await readAndAsk(some, question, settings, session, question.each);
      book = prices;
      if (answer !== undefined) parts.push(answer);
      told.push({ ...toldOf(data, prices, question, settings, session), asked: answer !== undefined });
    }
    return { told, report: await question.ask(parts, book!) };
  });
}

/** What is to be said of a data set that was read. */
type Told = {
  readonly input: InputSummary;
  /** It has a part in the answer. */
  readonly asked: boolean;
  readonly notes: readonly string[];
  readonly empty: (report: Report) => Promise<readonly string[]>;
  readonly priceAge: readonly string[];
  /** Why `--strict` does not let it pass. */
  readonly reasons: readonly string[];
};

function toldOf(
  data: Dataset,
  prices: PriceBook,
  { emptyAnswer = false }: Pick<Question, 'emptyAnswer'>,
  { strict, where }: Settings,
  { interrupted: { aborted: interrupted } }: Session,
): Told {
  const { input } = data;
  return {
    input,
    asked: true,
    notes: data.notes,
    empty: emptyAnswer ? nothing : (report) => emptyNotes(report, data, where),
    priceAge: priceAgeNotes(data, prices.source),
    reasons: strict ? incompleteness({ ...input, complete: input.complete && !interrupted }, data) : [],
  };
}

/** Made here, where it holds on to no data. */
const nothing = async (): Promise<readonly string[]> => [];

type Answered = { readonly told: readonly Told[]; readonly report: Report };

async function tell(
  options: RawOptions,
  session: Session,
  question: Omit<Question, 'ask'>,
  ask: (settings: Settings) => Promise<Answered>,
): Promise<number> {
  const settings = readSettings(options, session, question.formats ?? question.checks);
  const output = await openOutput(settings.output, session);
  const say = (lines: readonly string[]): void => {
    if (!settings.quiet) for (const line of new Set(lines)) session.stderr.write(`${line}\n`);
  };
  const { told, report } = await ask(settings);
  const interrupted = session.interrupted.aborted;
  const whole = joinedInput(told.map(({ input }) => input));
  const asked = told.filter((one) => one.asked).map((one) => one.input);
  const input = interrupted ? { ...whole, complete: false } : whole;
  if (input.spans === 0) say(inputNotes(input));
  const notes = interrupted
    ? ['interrupted: this is what was read until then']
    : (asked.length > 0 ? asked : [whole]).flatMap(checkTelemetry);
  if (question.deliver === undefined) {
    await output.write(
      await RENDERERS[settings.format](report, input, { ...settings.render, fold: question.fold ?? true }),
    );
  }
  if (input.spans > 0) say(inputNotes(input));
  const empty = (await Promise.all(told.map(({ empty }) => empty(report)))).flat();
  say([...notes, ...told.flatMap(({ notes }) => notes), ...empty, ...report.notes]);
  say(told.flatMap(({ priceAge }) => priceAge));
  // Formats for programs have no place for what stands below a table; JSON has it in its body.
  if (settings.format === 'csv' || settings.format === 'jsonl') say(noteLines(costNotes(report)));
  const reasons = [...new Set(told.flatMap(({ reasons }) => reasons))];
  if (!interrupted) await question.deliver?.(report);
  if (reasons.length === 0) return question.exitCode?.(report) ?? 0;
  session.stderr.write(`agentobs: incomplete, and --strict is set: ${reasons.join('; ')}\n`);
  return FAILED;
}

import { runGroups, writeBaseline } from '../analyses/baseline.ts';
import type { KeyedRuns } from '../analyses/run-keys.ts';
import { type Gate, type PriceBook, UserError } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { formatCount } from '../render/format.ts';
import { safeText } from '../render/text.ts';
import { incompleteness } from './completeness.ts';
import type { RawOptions } from './options.ts';
import { type Output, openOutput } from './output.ts';
import type { Session } from './session.ts';

/** Files that `check` is to write, known to be writable before anything is read. */
export type Saves = { readonly baseline: Save | undefined; readonly shape: Save | undefined };
type Save = { readonly name: string; readonly output: Output };

export async function openSaves(options: RawOptions, session: Session): Promise<Saves> {
  const open = async (option: string, name: RawOptions[string]): Promise<Save | undefined> => {
    if (typeof name !== 'string') return undefined;
    if (name === '-') {
      throw new UserError(`${option} -: standard output is for the answer`, {
        hint: `Name a file: ${option} runs.${option === '--save-shape' ? 'shape' : 'json'}`,
      });
    }
    return { name, output: await openOutput(name, session, option) };
  };
  return {
    baseline: await open('--save-baseline', options['saveBaseline']),
    shape: await open('--save-shape', options['saveShape']),
  };
}

/**
 * Writes what is to be compared with later, and says so; not where a gate has failed or the data are not whole, because the
 * next comparison would take that for what is usual.
 */
export async function writeSaves(
  { baseline, shape }: Saves,
  data: Dataset,
  { pairBy, runs }: KeyedRuns,
  { prices, gates, strict, session }: Decided,
): Promise<readonly string[]> {
  const named = [baseline, shape].flatMap((save) => (save === undefined ? [] : [save.name]));
  if (named.length === 0) return [];
  const reason = reasonNotTo(data, gates, strict, session);
  if (reason !== undefined) return named.map((name) => `${name} was not written: ${reason}`);
  const notes: string[] = [];
  if (baseline !== undefined) {
    const groups = runGroups(runs);
    await baseline.output.write([writeBaseline({ prices: prices.source, pairBy, groups })]);
    const paired = pairBy === null ? '' : `, paired by ${safeText(pairBy)}`;
    const of = groups.length === 1 ? '' : ` in ${formatCount(groups.length)} groups`;
    notes.push(`baseline of ${things(runs.length)}${of}${paired}: ${baseline.name}`);
  }
  if (shape !== undefined) {
    const { shapeOf, writeShape } = await import('../analyses/shape.ts');
    await shape.output.write([writeShape(shapeOf(data))]);
    notes.push(`shape of ${things(runs.length)}: ${shape.name}`);
  }
  return notes;
}

type Decided = {
  readonly prices: PriceBook;
  readonly gates: readonly Gate[];
  readonly strict: boolean;
  readonly session: Session;
};

function reasonNotTo(
  data: Dataset,
  gates: readonly Gate[],
  strict: boolean,
  { interrupted }: Session,
): string | undefined {
  if (interrupted.aborted) return 'the input was not read to its end';
  if (data.input.spans === 0) return 'there are no spans';
  if (strict && incompleteness(data.input, data).length > 0)
    return 'the data are not whole, and --strict is set';
  const failed = gates.find(({ ok }) => ok === false);
  return failed === undefined ? undefined : `${failed.name} does not hold`;
}

const things = (runs: number): string => `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}`;

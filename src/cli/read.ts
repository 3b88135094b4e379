import { openInputs } from '../input/index.ts';
import type { Input } from '../input/resolve.ts';
import type { Forest, PriceBook } from '../model/index.ts';
import { type Dataset, load } from '../pipeline.ts';
import { createPriceBook } from '../pricing/index.ts';
import type { Question } from './answer.ts';
import type { Config } from './config.ts';
import { interruptible } from './interrupt.ts';
import { loadPriceSources } from './price-sources.ts';
import { createProgress, watched } from './progress.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/**
 * Reads the inputs as the settings say and asks the data, with the prices that hold here. Shows progress while it takes
 * long. What was kept of standard input is let go of at the end.
 */
export async function readAndAsk<Answer>(
  inputs: readonly string[] | readonly Input[],
  {
    by = [],
    wholeMessages = false,
    observations = false,
    pricedBy = (book) => book,
    observe,
    details = false,
    fixSkew,
  }: Pick<Question, 'by' | 'wholeMessages' | 'observations' | 'pricedBy' | 'observe' | 'details' | 'fixSkew'>,
  settings: Settings,
  session: Session,
  ask: (data: Dataset, prices: PriceBook, config: Config) => Answer | Promise<Answer>,
): Promise<{ readonly data: Dataset; readonly answer: Answer; readonly prices: PriceBook }> {
  const { config, sources } = await loadPriceSources(settings, session);
  const prices = pricedBy(createPriceBook(sources));
  const progress = createProgress(session, settings.quiet);
  const names = inputs.map((input) => (typeof input === 'string' ? input : input.name));
  const soFar = { name: names.length === 0 ? 'stdin' : names.join(', '), bytes: 0 };
  const source = await openInputs(inputs, {
    get stdin() {
      return session.stdin;
    },
    inputFormat: settings.inputFormat,
    once: !details,
    scanner: scannerOf(session),
    threads: threadsOf(session),
    onProgress: (bytes, total) => {
      soFar.bytes = bytes;
      progress.report(bytes, total);
    },
  });
  try {
    const gated = interruptible(source, session.interrupted, () => soFar);
    const loaded = await load(watched(gated, progress), {
      prices,
      costMode: settings.costMode ?? config.prices?.costMode ?? 'auto',
      by,
      wholeMessages,
      observations,
      observe,
      fixSkew,
      where: settings.where,
      since: settings.since,
      until: settings.until,
      trace: settings.trace,
    });
    const data =
      fixSkew === undefined ? loaded : { ...loaded, notes: [...loaded.notes, ...(await clockNotes(loaded))] };
    return { data, answer: await ask(data, prices, config), prices };
  } finally {
    progress.stop();
    await source.close();
  }
}

/** What was done about clocks that differ, or could be. */
async function clockNotes(data: Dataset): Promise<readonly string[]> {
  if (data.skew === undefined && !beginsOutside(data.forest)) return [];
  return (await import('./clock-notes.ts')).clockNotes(data);
}

/** Does a span begin before or after a parent of another process? In most inputs none does, and that is all there is to it. */
function beginsOutside(forest: Forest): boolean {
  const { table, row, parent, length } = forest;
  if (table.profiles.resources.length < 2) return false;
  for (let p = 0; p < length; p++) {
    const above = parent[p]!;
    if (above < 0 || table.resourceIdOf(row[p]!) === table.resourceIdOf(row[above]!)) continue;
    const [start, from] = [forest.offset(p), forest.offset(above)];
    if (start === undefined || from === undefined) continue;
    if (start < from || start > from + forest.duration(above)) return true;
  }
  return false;
}

/** For whoever wants to compare the two. */
function scannerOf({ env }: Session): 'ts' | 'wasm' | undefined {
  const name = env['AGENTOBS_SCANNER'];
  return name === 'ts' || name === 'wasm' ? name : undefined;
}

/** For whoever wants to leave a processor to others, or to see that the answer is the same. */
function threadsOf({ env }: Session): 1 | 2 | undefined {
  const number = env['AGENTOBS_THREADS'];
  return number === '1' ? 1 : number === '2' ? 2 : undefined;
}

import { openInputs } from '../input/index.ts';
import type { PriceBook } from '../model/index.ts';
import { type Dataset, load } from '../pipeline.ts';
import { createPriceBook } from '../pricing/index.ts';
import { loadConfig, loadPriceFile } from './config.ts';
import { interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** Reads the inputs as the settings say, with the prices that hold here. Shows progress while it takes long. */
export async function readInputs(
  inputs: readonly string[],
  by: readonly string[],
  settings: Settings,
  session: Session,
): Promise<{ readonly data: Dataset; readonly prices: PriceBook }> {
  const config = await loadConfig(settings.config, session);
  const files = settings.prices === undefined ? [] : [await loadPriceFile(settings.prices, session.cwd)];
  const prices = createPriceBook(config.prices === undefined ? { files } : { config: config.prices, files });
  const progress = createProgress(session, settings.quiet);
  try {
    const source = await openInputs(inputs, {
      stdin: session.stdin,
      inputFormat: settings.inputFormat,
      onProgress: progress.report,
    });
    const data = await load(interruptible(source, session.interrupted), {
      prices,
      costMode: settings.costMode ?? config.prices?.costMode ?? 'auto',
      by,
      where: settings.where,
      since: settings.since,
      until: settings.until,
      trace: settings.trace,
    });
    return { data, prices };
  } finally {
    progress.stop();
  }
}

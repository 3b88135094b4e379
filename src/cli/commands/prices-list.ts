import { createPriceBook } from '../../pricing/index.ts';
import { createLayers } from '../../pricing/layers.ts';
import { priceList } from '../../pricing/views/list.ts';
import { loadPriceSources } from '../price-sources.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optionalSecond } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** `agentobs prices list`: every row of every layer. */
export const run: Run = async (patterns, options, session) => {
  const settings = readSettings(options, session);
  const at = optionalSecond('--at', options['at']);
  const { sources } = await loadPriceSources(settings, session);
  const { source } = createPriceBook(sources);
  const report = priceList(createLayers(sources), sources.imported, { patterns, at, source });
  return answerWithoutInput(report, settings, session);
};

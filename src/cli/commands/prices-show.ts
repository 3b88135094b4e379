import { UserError } from '../../model/index.ts';
import { createEnquiry } from '../../pricing/enquiry.ts';
import { createPriceBook } from '../../pricing/index.ts';
import { createLayers } from '../../pricing/layers.ts';
import { priceShow } from '../../pricing/views/show.ts';
import { loadPriceSources } from '../price-sources.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optionalSecond } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** `agentobs prices show MODEL`: which price a model has, and why. */
export const run: Run = async (models, options, session) => {
  const settings = readSettings(options, session);
  const [model, ...others] = models;
  if (model === undefined || others.length > 0)
    throw new UserError('prices show takes one model', {
      hint: 'Such as: agentobs prices show anthropic/claude-sonnet-4; prices list takes several.',
    });
  const at = optionalSecond('--at', options['at']) ?? Math.floor(Date.now() / 1000);
  const { sources } = await loadPriceSources(settings, session);
  const layers = createLayers(sources);
  const { source } = createPriceBook(sources);
  const report = priceShow(model, createEnquiry(layers), layers, { at, source });
  return answerWithoutInput(report, settings, session);
};

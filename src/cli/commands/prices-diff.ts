import { type PriceImport, UserError } from '../../model/index.ts';
import { createEnquiry } from '../../pricing/enquiry.ts';
import { createPriceBook, type PriceSources } from '../../pricing/index.ts';
import { createLayers } from '../../pricing/layers.ts';
import { type CallLedger, keepLedger, priceDiff, priceDiffOfCalls } from '../../pricing/views/diff.ts';
import { dayOf } from '../../pricing/written-rates.ts';
import { answer } from '../answer.ts';
import { type PriceListFile, readPriceList } from '../price-list-file.ts';
import { loadPriceSources } from '../price-sources.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optionalSecond } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** `agentobs prices diff`: the prices that hold here against others, for all models or for those of some traces. */
export const run: Run = async (inputs, options, session) => {
  const settings = readSettings(options, session);
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? options[name] : undefined;
  const at = optionalSecond('--at', options['at']) ?? Math.floor(Date.now() / 1000);
  const named = text('against');
  if (named === undefined && text('as') !== undefined)
    throw new UserError('--as says what --against is, which is not given');
  const list = named === undefined ? undefined : await readPriceList(named, text('as'), session.cwd);
  const { sources } = await loadPriceSources(settings, session);
  const others = otherPrices(list);
  const compared = {
    here: createEnquiry(createLayers(sources)),
    there: createEnquiry(createLayers(others)),
    against: list && importOf(list, at),
    at,
  };
  if (inputs.length === 0) {
    const models = list === undefined ? ownModels(sources) : list.prices.models;
    return answerWithoutInput(priceDiff(compared, models), settings, session);
  }
  let ledger: CallLedger | undefined;
  return answer(inputs, options, session, {
    pricedBy: (book) => {
      ledger = keepLedger(book, createPriceBook(others), list !== undefined);
      return ledger.book;
    },
    ask: ({ forest, bill }) => {
      // Calls are priced when they are asked about; the ledger wants to see all of them.
      for (let p = 0; p < forest.length; p++) bill.status(p);
      return priceDiffOfCalls(compared, ledger!);
    },
  });
};

/** The list on top of the shipped prices, or those alone. */
function otherPrices(list: PriceListFile | undefined): PriceSources {
  if (list === undefined) return {};
  const models = list.prices.models.map(({ provider, model, rows }) => ({
    key: `${provider}/${model}`,
    rows,
    at: list.origin,
  }));
  return { imported: { imports: [], models } };
}

function importOf({ origin, format, sha256 }: PriceListFile, at: number): PriceImport {
  return { origin, format, sha256, as_of: dayOf(at) };
}

/** What stands above the shipped prices under a full name. */
function ownModels({ config, files = [], imported }: PriceSources) {
  const configured = [...(config?.models ?? []), ...files.flatMap(({ prices }) => prices.models)];
  const keys = [...configured, ...(imported?.models ?? [])].map(({ key }) => key);
  return [...new Set(keys)]
    .filter((key) => !key.includes('*'))
    .map((key) => ({ provider: undefined, model: key }));
}

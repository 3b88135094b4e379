import { type PriceImport, UserError } from '../../model/index.ts';
import { createEnquiry } from '../../pricing/enquiry.ts';
import { type ImportPlan, planImport } from '../../pricing/import-plan.ts';
import { importedText } from '../../pricing/imported-file.ts';
import { createLayers } from '../../pricing/layers.ts';
import { LEFT_OUT, type SourcePrices } from '../../pricing/sources/source.ts';
import { importReport, summaryOf } from '../../pricing/views/import.ts';
import { dateOf } from '../../pricing/written-rates.ts';
import { loadImported, priceDataFile, saveImported } from '../price-data.ts';
import { readPriceList } from '../price-list-file.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optionalSecond } from '../values.ts';
import { answerWithoutInput } from '../without-input.ts';

/** More leaps than this share of the known models look like another unit, not like other prices. */
const SUSPICIOUS = 0.5;
const MOST_EXAMPLES = 3;
const DAY = 86_400;

/** `agentobs prices import`: prices of a file from a day on, kept for every run from now on. */
export const run: Run = async (named, options, session) => {
  const settings = readSettings(options, session);
  const from = typeof options['from'] === 'string' ? [options['from']] : [];
  const [path, ...others] = [...from, ...named];
  if (path === undefined || others.length > 0)
    throw new UserError('prices import takes one file', {
      hint: 'Such as: agentobs prices import --from model_prices_and_context_window.json',
    });
  const as = typeof options['as'] === 'string' ? options['as'] : undefined;
  const now = Math.floor(Date.now() / 1000);
  const day = Math.floor((optionalSecond('--as-of', options['asOf']) ?? now) / DAY) * DAY;
  const { prices, format, origin, sha256 } = await readPriceList(path, as, session.cwd);
  if (prices.models.length === 0)
    throw new UserError(`${path}: holds no price of a model that can be taken`, {
      hint: whyNothing(prices.left),
    });

  const before = loadImported(session);
  const made: PriceImport = { origin, format, sha256, as_of: dateOf(day) };
  const plan = planImport(before, prices.models, createEnquiry(createLayers({ imported: before })), made);
  if (options['force'] !== true) refuseLeaps(path, plan);
  const file = priceDataFile(session);
  const written = options['dryRun'] !== true;
  if (written) await saveImported(file, importedText(plan.imported));
  return answerWithoutInput(importReport(plan, prices.left, { made, file, written }), settings, session);
};

/** What was left out, and an example of each reason. */
function whyNothing(left: SourcePrices['left']): string {
  const reasons = [...left].map(
    ([reason, [first, ...more]]) => `${LEFT_OUT[reason]}: ${first}${more.length > 0 ? ', …' : ''}`,
  );
  return ['Nothing was imported', ...reasons].join('; ');
}

function refuseLeaps(path: string, { leaps, common }: ImportPlan): void {
  if (leaps.length <= SUSPICIOUS * common) return;
  const examples = leaps.slice(0, MOST_EXAMPLES).map((one) => `${one.model}: ${summaryOf(one)}`);
  throw new UserError(
    [
      `${path}: ${leaps.length} of ${common} known prices would more than double or halve; nothing was imported`,
      ...examples,
    ].join('\n'),
    { hint: 'If that is right, and not another unit: --force.' },
  );
}
